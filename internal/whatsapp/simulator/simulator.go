package simulator

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

// Simulator holds accounts, guests and what was said between them. Make one with New, serve Handler, end with Close.
// All methods are safe for concurrent use.
type Simulator struct {
	opts    Options
	log     *slog.Logger
	ids     idSource
	clock   *scheduler
	client  *http.Client
	knobs   atomic.Pointer[Knobs]
	tuning  sync.Mutex
	faults  faultBook
	count   counters
	late    codeBook // failed statuses
	meter   atomic.Pointer[loadMeter]
	opaque  *opaqueBook
	media   *mediaStore
	sends   *ring[Send]
	tried   *ring[Delivery]
	unknown *ring[UnknownRequest]
	changed broadcast // any transcript, or the work left

	mu         sync.RWMutex
	accounts   map[string]*account
	businesses map[string]*business
	app        appState
	links      linkCache

	ctx    context.Context //nolint:containedctx // the simulator's own life: ends background work at Close
	stop   context.CancelFunc
	open   atomic.Int64 // sends being answered: their statuses are still to come
	workMu sync.Mutex
	work   sync.WaitGroup
	closed bool
}

// background runs work that Close waits for; after Close it refuses.
func (s *Simulator) background(work func()) bool {
	s.workMu.Lock()
	defer s.workMu.Unlock()
	if s.closed {
		return false
	}
	s.work.Go(work)
	return true
}

func (s *Simulator) isClosed() bool {
	s.workMu.Lock()
	defer s.workMu.Unlock()
	return s.closed
}

// New starts a simulator. It panics on options that cannot work (a bad account, an unknown knob mode): those are
// mistakes of the program, accounts of users go through AddAccount.
func New(opts Options) *Simulator {
	opts.Webhooks, opts.Bounds = opts.Webhooks.withDefaults(), opts.Bounds.withDefaults()
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Now == nil {
		opts.Now = time.Now //nolint:forbidigo // the package imports nothing of ours, so here is its own clock
	}
	s := &Simulator{
		opts: opts, log: opts.Logger, clock: newScheduler(opts.Now), accounts: map[string]*account{},
		businesses: map[string]*business{},
		opaque:     newOpaqueBook(opts.Bounds.Opaque), media: newMediaStore(opts.Bounds.MediaBytes),
		sends: newRing[Send](opts.Bounds.Sends), tried: newRing[Delivery](opts.Bounds.Deliveries),
		unknown: newRing[UnknownRequest](200), client: newWebhookClient(opts.Webhooks),
	}
	s.ids.seed = seedOr(opts.Seed)
	s.faults.seed, s.faults.now = func() uint64 { return s.ids.seed }, s.clock.time
	knobs := DefaultKnobs()
	if opts.Knobs != nil {
		knobs = *opts.Knobs
	}
	must(s.SetKnobs(knobs))
	for _, a := range opts.Accounts {
		_, err := s.AddAccount(a)
		must(err)
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.background(func() { s.clock.run(s.ctx) })
	return s
}

func seedOr(seed uint64) uint64 {
	if seed != 0 {
		return seed
	}
	var b [8]byte
	_, _ = rand.Read(b[:]) // crypto/rand ends the process when it has no randomness
	return binary.LittleEndian.Uint64(b[:])
}

func must(err error) {
	if err != nil {
		panic("simulator: " + err.Error())
	}
}

func newWebhookClient(w Webhooks) *http.Client {
	return &http.Client{
		Timeout: w.Timeout,
		// Meta follows no redirect: anything but 200 is a failure.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			MaxIdleConnsPerHost: 256, IdleConnTimeout: time.Minute, DisableCompression: true,
		},
	}
}

// Close stops webhooks and statuses, releases held answers and waits for what is in flight, at most until ctx ends.
// Undelivered webhooks are lost.
func (s *Simulator) Close(ctx context.Context) error {
	s.workMu.Lock()
	s.closed = true
	s.workMu.Unlock()
	s.stop()
	done := make(chan struct{})
	go func() { s.work.Wait(); close(done) }()
	select {
	case <-done:
		s.client.CloseIdleConnections()
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close simulator: %w", ctx.Err())
	}
}

// Now is the simulator's clock.
func (s *Simulator) Now() time.Time { return s.clock.time() }

// Advance moves the simulator's clock forward: windows close, media expires, retries and statuses become due.
func (s *Simulator) Advance(d time.Duration) { s.clock.advance(d) }

// Reset forgets guests, transcripts, faults, counters and logs, and restores the knobs of the options. Accounts stay;
// webhooks that are already queued still go out.
func (s *Simulator) Reset() {
	for _, a := range s.allAccounts() {
		a.forget()
	}
	for _, b := range s.allBusinesses() {
		b.forget()
	}
	s.faults.clear()
	s.opaque.clear()
	s.late.clear()
	s.count.reset()
	s.sends.clear()
	s.tried.clear()
	s.unknown.clear()
	knobs := DefaultKnobs()
	if s.opts.Knobs != nil {
		knobs = *s.opts.Knobs
	}
	must(s.SetKnobs(knobs))
	s.changed.notify()
}

// AddAccount puts an account in place, or replaces the settings of the one with the same PhoneNumberID. Missing ids,
// token, secret and verify token are made up and returned.
func (s *Simulator) AddAccount(info Account) (Account, error) {
	s.fillAccount(&info)
	if err := info.check(); err != nil {
		return Account{}, err
	}
	info.DisplayNumber = digitsOf(info.DisplayNumber)
	s.placeAccount(info)
	b := s.business(info.WABAID)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seed(info.Templates)
	return info, nil
}

func (s *Simulator) placeAccount(info Account) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.accounts[info.PhoneNumberID]; a != nil {
		a.info.Store(&info)
		return
	}
	s.accounts[info.PhoneNumberID] = newAccount(s, info)
}

func (s *Simulator) fillAccount(a *Account) {
	fill := func(field *string, value func() string) {
		if *field == "" {
			*field = value()
		}
	}
	fill(&a.PhoneNumberID, func() string { return s.ids.digits('4') })
	fill(&a.WABAID, func() string { return s.ids.digits('3') })
	fill(&a.DisplayNumber, func() string { return "5512" + s.ids.digits('3')[:8] })
	fill(&a.Name, func() string { return "Hotel" })
	fill(&a.AccessToken, func() string { return "EAASIM" + s.ids.secret() })
	fill(&a.AppSecret, s.ids.secret)
	fill(&a.VerifyToken, s.ids.secret)
	if a.WebhookVersion == 0 {
		a.WebhookVersion = 25
	}
}

// Accounts lists all accounts with their secrets, by PhoneNumberID.
func (s *Simulator) Accounts() []Account {
	var out []Account
	for _, a := range s.allAccounts() {
		out = append(out, *a.info.Load())
	}
	return out
}

func (s *Simulator) account(id string) *account {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.accounts[id]
}

func (s *Simulator) allAccounts() []*account {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ids := make([]string, 0, len(s.accounts))
	for id := range s.accounts {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	out := make([]*account, 0, len(ids))
	for _, id := range ids {
		out = append(out, s.accounts[id])
	}
	return out
}

// Send is one accepted message as the hotel asked for it.
type Send struct {
	At        time.Time `json:"at"`
	AccountID string    `json:"accountId"`
	WAMID     string    `json:"wamid"`
	To        string    `json:"to"`   // as given
	WaID      string    `json:"waId"` // as resolved
	Type      string    `json:"type"`
	Opaque    string    `json:"opaque,omitempty"`
	Body      string    `json:"body"` // the request, byte for byte
}

// Sends lists the accepted sends, oldest first, the last Bounds.Sends of them.
func (s *Simulator) Sends() []Send { return s.sends.all() }

// UnknownRequest is a call that neither Meta nor the simulator has.
type UnknownRequest struct {
	At     time.Time `json:"at"`
	Method string    `json:"method"`
	Path   string    `json:"path"`
}

// UnknownRequests lists the last calls the simulator refused for not knowing them. A test of a client wants none.
func (s *Simulator) UnknownRequests() []UnknownRequest { return s.unknown.all() }

// AwaitIdle waits until no status is due and every webhook was delivered or given up. Webhooks that wait for a retry
// count as not done.
func (s *Simulator) AwaitIdle(ctx context.Context) error {
	for {
		changed := s.changed.wait()
		if s.open.Load() == 0 && s.clock.waiting() == 0 && s.count.waiting.Load() == 0 {
			return nil
		}
		// Some work ends without a change that anybody else would want to hear of, so look again now and then.
		timer := time.NewTimer(5 * time.Millisecond)
		select {
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("await idle simulator: %w", ctx.Err())
		case <-changed:
			timer.Stop()
		case <-timer.C:
		}
	}
}
