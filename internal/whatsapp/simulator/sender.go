package simulator

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Meta's legacy header
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// sender delivers an account's webhooks. Each guest has a lane: its events go out in order, one at a time, and wait
// while an earlier one is retried; lanes go in parallel, up to Webhooks.Concurrency. With Webhooks.Unordered every
// event has a lane of its own. Goroutines exist only while there is something to send.
//
// Locks: sender.mu may be taken while account.mu is held, never the other way round.
type sender struct {
	sim *Simulator
	acc *account

	mu      sync.Mutex
	lanes   map[string]*lane
	ready   []*lane
	running int
	waiting int // items
	serial  uint64
	batch   []item
	bytes   int
	held    map[string][]item
}

// lane is in sender.lanes while it has jobs; it is then ready, being worked on, or waiting for a retry.
type lane struct {
	key  string
	jobs []*delivery
}

type delivery struct {
	items    []item
	body     []byte
	fault    *Fault // strikes the first attempt
	attempts int
	first    time.Time
}

// Delivery is one attempt to deliver a webhook.
type Delivery struct {
	At        time.Time     `json:"at"`
	AccountID string        `json:"accountId"`
	Attempt   int           `json:"attempt"`
	Items     int           `json:"items"`
	Bytes     int           `json:"bytes"`
	Status    int           `json:"status"` // 0: no answer
	Err       string        `json:"error,omitempty"`
	Took      time.Duration `json:"tookNs"`
}

// Deliveries lists the last webhook attempts, oldest first.
func (s *Simulator) Deliveries() []Delivery { return s.tried.all() }

// maxWebhookBytes leaves room below Meta's limit of 3 MB for a payload.
const maxWebhookBytes = 2_800_000

func newSender(s *Simulator, a *account) *sender {
	return &sender{sim: s, acc: a, lanes: map[string]*lane{}, held: map[string][]item{}}
}

// enqueue takes an item and its extra copies. It never blocks.
func (d *sender) enqueue(it item) {
	k := d.sim.knobs.Load()
	if info := d.acc.info.Load(); len(info.Fields) > 0 && !slices.Contains(info.Fields, it.name()) {
		d.drop([]item{it}) // the app did not subscribe
		return
	}
	info := d.acc.info.Load()
	f := d.sim.faults.take(attempt{
		plane: PlaneWebhook, account: info.PhoneNumberID, waba: info.WABAID, recipient: it.guest, kind: it.kind,
	})
	switch {
	case f.is(EffectLost):
		d.drop([]item{it})
	case f.is(EffectLate):
		d.sim.clock.after(millis(f.DelayMs), func() { d.admitAll(it, k) })
	case f.is(EffectDuplicate):
		d.admitAll(it, k)
		it.done = nil
		for range orInt(f.Copies, 1) {
			d.sim.clock.after(millis(f.DelayMs), func() { d.admitAll(it, k) })
		}
	default:
		it.fault = f
		d.admitAll(it, k)
	}
}

func (d *sender) admitAll(it item, k *Knobs) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for range k.Duplicates + 1 {
		d.admit(it, k)
		it.done, it.fault = nil, nil
	}
}

func (d *sender) admit(it item, k *Knobs) {
	d.sim.count.items.Add(1)
	if d.waiting >= d.sim.opts.Bounds.Webhooks {
		d.drop([]item{it})
		return
	}
	d.waiting++
	d.sim.count.waiting.Add(1)
	if k.OutOfOrder <= 0 {
		d.collect(it, k)
		return
	}
	if d.held[it.guest] = append(d.held[it.guest], it); len(d.held[it.guest]) == 1 {
		d.sim.clock.after(k.OutOfOrder, func() { d.releaseHeld(it.guest) })
	}
}

// releaseHeld lets a guest's collected events go, the last one first.
func (d *sender) releaseHeld(guest string) {
	k := d.sim.knobs.Load()
	d.mu.Lock()
	defer d.mu.Unlock()
	items := d.held[guest]
	delete(d.held, guest)
	slices.Reverse(items)
	for _, it := range items {
		d.collect(it, k)
	}
}

// collect puts an item into the open batch, or sends it alone.
func (d *sender) collect(it item, k *Knobs) {
	if k.Batch.Window <= 0 || it.fault != nil {
		d.dispatch(it.guest, []item{it}, k)
		return
	}
	if len(d.batch) > 0 && d.bytes+it.size() > maxWebhookBytes {
		d.flush(k)
	}
	d.batch = append(d.batch, it)
	d.bytes += it.size()
	switch {
	case len(d.batch) >= k.Batch.Max:
		d.flush(k)
	case len(d.batch) == 1:
		d.sim.clock.after(k.Batch.Window, func() {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.flush(d.sim.knobs.Load())
		})
	}
}

// flush sends the open batch. All batches share one lane, because they mix guests.
func (d *sender) flush(k *Knobs) {
	if len(d.batch) == 0 {
		return
	}
	items := d.batch
	d.batch, d.bytes = nil, 0
	d.dispatch("", items, k)
}

func (d *sender) dispatch(key string, items []item, k *Knobs) {
	if d.sim.opts.Webhooks.Unordered {
		d.serial++
		key = strconv.FormatUint(d.serial, 10)
	}
	job := &delivery{
		items: items, first: d.sim.clock.time(), fault: items[0].fault,
		body: buildEnvelope(*d.acc.info.Load(), items, k.Batch.Shape, k.EscapeSlash),
	}
	if l := d.lanes[key]; l != nil {
		l.jobs = append(l.jobs, job)
		return
	}
	l := &lane{key: key, jobs: []*delivery{job}}
	d.lanes[key] = l
	d.makeReady(l)
}

// makeReady queues a lane and starts a worker when one is missing. The caller holds d.mu.
func (d *sender) makeReady(l *lane) {
	d.ready = append(d.ready, l)
	if d.running < d.sim.opts.Webhooks.Concurrency && d.sim.background(d.work) {
		d.running++
	}
}

func (d *sender) work() {
	for {
		l, job := d.takeReady()
		if l == nil {
			return
		}
		d.settle(l, job, d.attempt(job))
	}
}

// takeReady hands out a ready lane and its first job; with nil the worker has to end.
func (d *sender) takeReady() (*lane, *delivery) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.ready) == 0 || d.sim.ctx.Err() != nil {
		d.running--
		return nil, nil
	}
	l := d.ready[0]
	d.ready[0] = nil
	d.ready = d.ready[1:]
	return l, l.jobs[0]
}

// errUnreachable ends an event at once: no address, or nobody subscribed.
var errUnreachable = errors.New("no webhook address, or not subscribed")

// settle moves a lane on after an attempt of its first job.
func (d *sender) settle(l *lane, job *delivery, err error) {
	retry, wait := false, time.Duration(0)
	if err != nil && !errors.Is(err, errUnreachable) {
		wait, retry = d.nextWait(job)
	}
	if retry {
		d.sim.clock.after(wait, func() {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.makeReady(l)
		})
		return
	}
	for _, it := range job.items {
		if it.done != nil {
			it.done(err == nil)
		}
	}
	d.finish(l, len(job.items), err)
}

func (d *sender) finish(l *lane, items int, err error) {
	if err != nil {
		d.sim.count.dropped.Add(int64(items))
		d.sim.log.Warn("webhook given up", "phone_number_id", d.acc.info.Load().PhoneNumberID, "items", items, "err", err)
	}
	d.mu.Lock()
	l.jobs[0] = nil
	if l.jobs = l.jobs[1:]; len(l.jobs) > 0 {
		d.makeReady(l)
	} else {
		delete(d.lanes, l.key)
	}
	d.waiting -= items
	d.mu.Unlock()
	if d.sim.count.waiting.Add(int64(-items)) == 0 {
		d.sim.changed.notify()
	}
}

// nextWait is how long to wait after the present failure, or false when the time is up.
func (d *sender) nextWait(job *delivery) (time.Duration, bool) {
	steps := d.sim.opts.Webhooks.Retry
	wait := steps[min(job.attempts-1, len(steps)-1)]
	return wait, d.sim.clock.time().Add(wait).Sub(job.first) <= d.sim.opts.Webhooks.GiveUpAfter
}

// drop tells an item's owner that it will never be delivered. The owner may hold account.mu now, so it is told later.
func (d *sender) drop(items []item) {
	d.sim.count.dropped.Add(int64(len(items)))
	for _, it := range items {
		if it.done != nil {
			d.sim.clock.after(0, func() { it.done(false) })
		}
	}
}

// attempt posts a job once; only status 200 is success.
func (d *sender) attempt(job *delivery) error {
	job.attempts++
	url, secret, subscribed := d.acc.target()
	if url == "" || !subscribed {
		return errUnreachable
	}
	start := d.sim.opts.Now()
	status, err := d.post(job, url, secret)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("webhook answered %d", status)
	}
	d.record(job, start, status, err)
	return err
}

func (d *sender) record(job *delivery, start time.Time, status int, err error) {
	entry := Delivery{
		At: d.sim.clock.time(), AccountID: d.acc.info.Load().PhoneNumberID, Attempt: job.attempts,
		Items: len(job.items), Bytes: len(job.body), Status: status, Took: d.sim.opts.Now().Sub(start),
	}
	c := &d.sim.count
	c.attempts.Add(1)
	if err == nil {
		c.webhookOK.Add(1)
	} else {
		entry.Err = err.Error()
		c.webhookFail.Add(1)
		d.sim.log.Debug("webhook not accepted", "attempt", job.attempts, "status", status, "err", err)
	}
	if m := d.sim.meter.Load(); m != nil {
		m.add(entry.Took, status)
	}
	d.sim.tried.add(entry)
}

// post sends a job, spoilt by its fault when this is the first attempt.
func (d *sender) post(job *delivery, url, secret string) (int, error) {
	body, signed, mode := job.body, job.body, d.sim.knobs.Load().Signature
	if f := job.fault; f != nil && job.attempts == 1 {
		switch f.Effect {
		case EffectSignature:
			mode = f.Mode
		case EffectMangle:
			body = mangle(body, f.Mode)
			if f.Mode != MangleReserialised {
				signed = body
			}
		case EffectForeign:
			d.sim.replay(f.Target, secret, body)
		}
	}
	return d.sim.post(url, body, d.sim.signatures(secret, signed, mode))
}

// replay posts an account's signed bytes to another account's address, and lets the answer be.
func (s *Simulator) replay(target, secret string, body []byte) {
	if other := s.account(target); other != nil {
		if url, _, _ := other.target(); url != "" {
			_, err := s.post(url, body, s.signatures(secret, body, SignatureValid))
			s.log.Debug("webhook sent to another account", "err", err)
		}
	}
}

// signatures are the headers of a webhook.
func (s *Simulator) signatures(secret string, body []byte, mode string) http.Header {
	h := http.Header{}
	if s.knobs.Load().Rules.SHA1 || mode == SignatureSHA1 {
		mac := hmac.New(sha1.New, []byte(secret))
		_, _ = mac.Write(body)
		h.Set("X-Hub-Signature", "sha1="+hex.EncodeToString(mac.Sum(nil)))
	}
	switch mode {
	case SignatureMissing, SignatureSHA1:
		return h
	case SignatureWrong:
		secret = "not " + secret
	case SignatureOther:
		secret += " of another app"
	}
	h.Set("X-Hub-Signature-256", Sign(secret, body))
	return h
}

// post sends bytes and returns the status of the answer.
func (s *Simulator) post(url string, body []byte, signature http.Header) (int, error) {
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("build webhook request: %w", err)
	}
	req.Header = signature
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "facebookexternalua")
	req.Header.Set("Accept", "*/*")
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("post webhook: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // read to the end so that the connection is kept
	return resp.StatusCode, nil
}

// Sign is the value of X-Hub-Signature-256 for these bytes.
func Sign(appSecret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(appSecret))
	_, _ = mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}
