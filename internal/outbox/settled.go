package outbox

import (
	"context"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// Settled tells those who wait that nothing remains to be done for a message. News of
// what other instances deliver may be lost on the way: who waits looks at the database
// too.
type Settled struct {
	// Carry, if set, takes the news to the other instances. It must not block.
	Carry func(id.Message)

	mu      sync.Mutex
	waiting map[id.Message][]chan struct{}
}

// NewSettled makes an empty Settled.
func NewSettled() *Settled { return &Settled{waiting: map[id.Message][]chan struct{}{}} }

// Tell wakes those who wait for a message, wherever they are.
func (s *Settled) Tell(m id.Message) {
	s.Arrive(m)
	if s.Carry != nil {
		s.Carry(m)
	}
}

// Arrive wakes those who wait here.
func (s *Settled) Arrive(m id.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.waiting[m] {
		close(c)
	}
	delete(s.waiting, m)
}

func (s *Settled) listen(m id.Message) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := make(chan struct{})
	s.waiting[m] = append(s.waiting[m], c)
	return c
}

func (s *Settled) leave(m id.Message, c chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.waiting[m][:0]
	for _, other := range s.waiting[m] {
		if other != c {
			kept = append(kept, other)
		}
	}
	if s.waiting[m] = kept; len(kept) == 0 {
		delete(s.waiting, m)
	}
}

// Await returns a message as soon as its outcome is known, or as it stands after
// limit: then its status is PENDING or UNKNOWN.
func (d *Deliverer) Await(ctx context.Context, tenantID id.Tenant, m id.Message, limit time.Duration) (message.Message, error) {
	news := d.Settled.listen(m)
	defer d.Settled.leave(m, news)
	timer, again := time.NewTimer(limit), time.NewTicker(lookAgain)
	defer timer.Stop()
	defer again.Stop()
	for {
		now, err := d.db.Message(ctx, tenantID, m)
		if err != nil || now.Status.IsFinal() {
			return now, err
		}
		select {
		case <-again.C:
			continue
		case <-news:
		case <-timer.C:
		case <-ctx.Done():
		}
		return d.db.Message(context.WithoutCancel(ctx), tenantID, m)
	}
}

// lookAgain is how often somebody who waits looks at the database: news from another
// instance can be lost.
const lookAgain = time.Second
