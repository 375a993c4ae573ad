// Package lane works ordered, durable queues. A lane holds the work of one guest
// or one conversation; its items are done in order, by one worker at a time, and
// lanes of one tenant never starve those of another. Where lanes are stored is
// package postgres' business; what is done with their items is inbox's and
// outbox's. Start with Runner.
package lane

import (
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/id"
)

// Kind is what sort of work a lane holds.
type Kind string

// The kinds of lanes.
const (
	Inbox   Kind = "inbox"   // what Meta told us, keyed by guest
	Handoff Kind = "handoff" // messages for the hotel's flow, keyed by conversation
	Deliver Kind = "deliver" // messages for Meta, keyed by conversation
	Media   Kind = "media"   // files of guests to be fetched from Meta, keyed by conversation and message
	Listen  Kind = "listen"  // recordings of guests to be put into words, keyed by conversation and message
	Tell    Kind = "tell"    // what subscribers are told, keyed by subscription and conversation
)

// Item is one piece of work.
type Item struct {
	ID       int64
	NumberID id.Number // the hotel's number concerned, where that matters
	Payload  []byte
	QueuedAt time.Time
}

// New is an item to be put into the lane named Key.
type New struct {
	Key      string
	NumberID id.Number
	Payload  []byte
}

// Lane is a lane leased to us, with its first items.
type Lane struct {
	TenantID id.Tenant
	Kind     Kind
	Key      string
	Lease    uuid.UUID
	Attempts int       // failed attempts at the first item so far
	Expires  time.Time // when others may take the lane from us
	Items    []Item
}

// Left returns how long the lease still lasts.
func (l *Lane) Left() time.Duration {
	return time.Until(l.Expires) //nolint:forbidigo // leases run by the database's clock, which no test sets
}

// Outcome says what became of a leased lane.
type Outcome struct {
	Lane     *Lane
	Done     []Item        // finished: they are removed
	Delay    time.Duration // before what remains is tried again
	Attempts int           // failed attempts at the first remaining item
}

// Finished is the outcome of a lane whose claimed items are all done.
func (l *Lane) Finished() Outcome { return Outcome{Lane: l, Done: l.Items} }

// Retry is the outcome of a lane whose first n items are done and whose next one
// failed and is to be tried again after delay.
func (l *Lane) Retry(n int, delay time.Duration) Outcome {
	attempts := 1
	if n == 0 {
		attempts = l.Attempts + 1
	}
	return Outcome{Lane: l, Done: l.Items[:n], Delay: delay, Attempts: attempts}
}

// Hold is the outcome of a lane whose first n items are done and whose next one
// must wait for a reason that is not a failure.
func (l *Lane) Hold(n int, delay time.Duration) Outcome {
	attempts := 0
	if n == 0 {
		attempts = l.Attempts
	}
	return Outcome{Lane: l, Done: l.Items[:n], Delay: delay, Attempts: attempts}
}
