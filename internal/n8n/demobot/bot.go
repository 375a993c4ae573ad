package demobot

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Options configures New. APIBase, Keys and Secret are needed; zero values of the rest take the default named there.
type Options struct {
	// APIBase is where the product's API is, such as "http://127.0.0.1:3001".
	APIBase string
	// Keys returns a hotel's X-API-Key, "slug:secret"; empty means that there is no flow for this hotel.
	Keys func(slug string) string
	// Secret returns the secret with which the product signs what it posts for this hotel; with an empty one
	// everything is refused.
	Secret func(slug string) string
	// HotelName returns how the bot calls the hotel in its greeting ("nosso hotel").
	HotelName func(slug string) string
	// Units returns the hotel's units: a person is called to the one that the guest names (none).
	Units func(slug string) []string
	// HTTP makes the calls to the API (an own client, 20 s for a call: a send waits for Meta's answer).
	HTTP *http.Client
	// Logger gets ids and outcomes, never a guest's words. Nil discards.
	Logger *slog.Logger
	// Now is the clock by which the age of signatures is judged (the machine's).
	Now func() time.Time
	// Waits are the pauses between attempts of one call; the number of attempts is one more (250 ms to 60 s, ten
	// attempts).
	Waits []time.Duration
	// Bounds caps memory.
	Bounds Bounds
}

// Bounds caps what is kept in memory. Zero fields take the default named beside them.
type Bounds struct {
	PerGuest   int // messages of one guest that wait (32); further ones get 503, which the product repeats
	Waiting    int // messages that wait in all (10,000)
	Talks      int // conversations remembered, the longest silent go first (10,000)
	Deliveries int // delivery ids remembered to notice repeats (50,000)
}

// Bot is the flow. It serves POST /webhook/{slug}. Make one with New, end it with Close.
type Bot struct {
	opts Options
	mux  *http.ServeMux
	ctx  context.Context //nolint:containedctx // the bot's own life: ends its work at Close
	stop context.CancelFunc
	work sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	lanes   map[string][]delivery // a lane exists while its goroutine does
	waiting int
	seen    *recent[string, struct{}]
	talks   *recent[string, talk]
}

// New makes a bot. It starts nothing: goroutines exist only while messages wait.
func New(o Options) *Bot {
	o = o.withDefaults()
	ctx, stop := context.WithCancel(context.Background())
	b := &Bot{
		opts: o, mux: http.NewServeMux(), ctx: ctx, stop: stop,
		lanes: map[string][]delivery{},
		seen:  newRecent[string, struct{}](o.Bounds.Deliveries),
		talks: newRecent[string, talk](o.Bounds.Talks),
	}
	b.mux.HandleFunc("POST /webhook/{slug}", b.receive)
	b.mux.HandleFunc("/", notRegistered)
	return b
}

// ServeHTTP implements http.Handler.
func (b *Bot) ServeHTTP(w http.ResponseWriter, r *http.Request) { b.mux.ServeHTTP(w, r) }

// Close drops what waits, cuts short what runs, and returns when nothing does. Further posts get 503.
func (b *Bot) Close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.stop()
	b.work.Wait()
	b.opts.HTTP.CloseIdleConnections()
}

func (o Options) withDefaults() Options {
	if o.HTTP == nil {
		o.HTTP = newHTTP()
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now //nolint:forbidigo // the package imports nothing of ours, so here is its own clock
	}
	if o.HotelName == nil {
		o.HotelName = func(string) string { return "" }
	}
	if o.Units == nil {
		o.Units = func(string) []string { return nil }
	}
	if o.Waits == nil {
		o.Waits = []time.Duration{
			250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second,
			8 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute,
		}
	}
	o.Bounds.PerGuest = orDefault(o.Bounds.PerGuest, 32)
	o.Bounds.Waiting = orDefault(o.Bounds.Waiting, 10_000)
	o.Bounds.Talks = orDefault(o.Bounds.Talks, 10_000)
	o.Bounds.Deliveries = orDefault(o.Bounds.Deliveries, 50_000)
	return o
}

func orDefault(n, fallback int) int {
	if n > 0 {
		return n
	}
	return fallback
}

// newHTTP makes a client for one host that many guests' turns share.
func newHTTP() *http.Client {
	return &http.Client{
		Timeout: 20 * time.Second,
		Transport: &http.Transport{
			MaxConnsPerHost:     64,
			MaxIdleConnsPerHost: 64,
			IdleConnTimeout:     30 * time.Second,
		},
	}
}
