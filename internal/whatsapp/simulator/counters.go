package simulator

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// Counters say what happened since the start or the last Reset.
type Counters struct {
	Requests        int64 `json:"requests"`        // Graph calls
	UnknownRequests int64 `json:"unknownRequests"` // calls the simulator does not know
	Sends           int64 `json:"sends"`           // POST …/messages that carried a message, whatever became of them
	Accepted        int64 `json:"accepted"`        // given a wamid
	Refused         int64 `json:"refused"`         // answered with an error, or reset before
	FailedLater     int64 `json:"failedLater"`     // accepted, then failed
	ReadMarks       int64 `json:"readMarks"`
	TypingMarks     int64 `json:"typingMarks"`
	// SentTwice counts acceptances beyond the first of one biz_opaque_callback_data.
	SentTwice int64 `json:"sentTwice"`
	// OpaqueForgotten counts values no longer remembered: while it is 0, SentTwice is exact.
	OpaqueForgotten int64 `json:"opaqueForgotten"`

	GuestMessages    int64 `json:"guestMessages"`
	WebhookItems     int64 `json:"webhookItems"`    // messages and statuses handed to the sender, copies included
	WebhookAttempts  int64 `json:"webhookAttempts"` // POSTs
	WebhookAccepted  int64 `json:"webhookAccepted"` // POSTs that got 200
	WebhookFailures  int64 `json:"webhookFailures"`
	WebhooksDropped  int64 `json:"webhooksDropped"`  // given up, no address, not subscribed or queue full
	WebhooksWaiting  int64 `json:"webhooksWaiting"`  // queued or in flight right now
	GuestsForgotten  int64 `json:"guestsForgotten"`  // dropped for Bounds.Guests
	MediaForgotten   int64 `json:"mediaForgotten"`   // dropped for Bounds.MediaBytes
	StatusesDropped  int64 `json:"statusesDropped"`  // kept back by the knob
	StatusesProduced int64 `json:"statusesProduced"` // states messages went through
}

type counters struct {
	requests, unknown, sends, accepted, refused, failedLater, reads, typing  atomic.Int64
	guestMessages, items, attempts, webhookOK, webhookFail, dropped, waiting atomic.Int64
	guestsForgotten, mediaForgotten, statusesDropped, statuses               atomic.Int64
}

// Counters returns a snapshot.
func (s *Simulator) Counters() Counters {
	c := &s.count
	out := Counters{
		Requests: c.requests.Load(), UnknownRequests: c.unknown.Load(), Sends: c.sends.Load(),
		Accepted: c.accepted.Load(), Refused: c.refused.Load(), FailedLater: c.failedLater.Load(),
		ReadMarks: c.reads.Load(), TypingMarks: c.typing.Load(), GuestMessages: c.guestMessages.Load(),
		WebhookItems: c.items.Load(), WebhookAttempts: c.attempts.Load(), WebhookAccepted: c.webhookOK.Load(),
		WebhookFailures: c.webhookFail.Load(), WebhooksDropped: c.dropped.Load(), WebhooksWaiting: c.waiting.Load(),
		GuestsForgotten: c.guestsForgotten.Load(), MediaForgotten: c.mediaForgotten.Load(),
		StatusesDropped: c.statusesDropped.Load(), StatusesProduced: c.statuses.Load(),
	}
	out.SentTwice, out.OpaqueForgotten = s.opaque.totals()
	return out
}

func (c *counters) reset() {
	for _, v := range []*atomic.Int64{
		&c.requests, &c.unknown, &c.sends, &c.accepted, &c.refused, &c.failedLater, &c.reads, &c.typing,
		&c.guestMessages, &c.items, &c.attempts, &c.webhookOK, &c.webhookFail, &c.dropped,
		&c.guestsForgotten, &c.mediaForgotten, &c.statusesDropped, &c.statuses,
	} {
		v.Store(0)
	}
}

// AcceptedWith is how many sends with this biz_opaque_callback_data were accepted: above 1 the caller sent twice.
func (s *Simulator) AcceptedWith(opaque string) int { return s.opaque.count(opaque) }

// SentTwice lists the biz_opaque_callback_data values that were accepted more than once, with how often; at most
// the first thousand are listed (Counters().SentTwice counts all).
func (s *Simulator) SentTwice() map[string]int { return s.opaque.doubles() }

// opaqueBook notices second acceptances of one biz_opaque_callback_data. It keeps hashes, so that millions of sends
// fit, and forgets the oldest beyond its limit.
type opaqueBook struct {
	mu        sync.Mutex
	seed      [2]maphash.Seed
	seen      map[[2]uint64]int32
	order     [][2]uint64
	next      int
	limit     int
	doubled   map[string]int
	extra     int64
	forgotten int64
}

const listedDoubles = 1000

func newOpaqueBook(limit int) *opaqueBook {
	b := &opaqueBook{limit: limit, seed: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
	b.clear()
	return b
}

func (b *opaqueBook) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen, b.order, b.next = map[[2]uint64]int32{}, nil, 0
	b.doubled, b.extra, b.forgotten = map[string]int{}, 0, 0
}

func (b *opaqueBook) key(opaque string) [2]uint64 {
	return [2]uint64{maphash.String(b.seed[0], opaque), maphash.String(b.seed[1], opaque)}
}

func (b *opaqueBook) accept(opaque string) {
	if opaque == "" {
		return
	}
	key := b.key(opaque)
	b.mu.Lock()
	defer b.mu.Unlock()
	n := b.seen[key] + 1
	b.seen[key] = n
	if n == 1 {
		b.remember(key)
		return
	}
	b.extra++
	if _, listed := b.doubled[opaque]; listed || len(b.doubled) < listedDoubles {
		b.doubled[opaque] = int(n)
	}
}

func (b *opaqueBook) remember(key [2]uint64) {
	if len(b.order) < b.limit {
		b.order = append(b.order, key)
		return
	}
	delete(b.seen, b.order[b.next])
	b.order[b.next] = key
	b.next = (b.next + 1) % b.limit
	b.forgotten++
}

func (b *opaqueBook) count(opaque string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return int(b.seen[b.key(opaque)])
}

func (b *opaqueBook) totals() (extra, forgotten int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.extra, b.forgotten
}

func (b *opaqueBook) doubles() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make(map[string]int, len(b.doubled))
	for k, v := range b.doubled {
		out[k] = v
	}
	return out
}

// codeBook counts late failures by code.
type codeBook struct {
	mu    sync.Mutex
	codes map[int]int
}

func (b *codeBook) add(code int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.codes == nil {
		b.codes = map[int]int{}
	}
	b.codes[code]++
}

func (b *codeBook) count(code int) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.codes[code]
}

func (b *codeBook) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.codes = nil
}
