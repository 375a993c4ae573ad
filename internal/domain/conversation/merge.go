package conversation

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
)

// WroteBefore reports whether the guest of c wrote last before the guest of other did:
// when two guests turn out to be one, c is the conversation that ends.
func (c Conversation) WroteBefore(other Conversation) bool {
	for _, pair := range [][2]time.Time{{c.LastInboundAt, other.LastInboundAt}, {c.LastMessageAt, other.LastMessageAt}, {c.CreatedAt, other.CreatedAt}} {
		if !pair[0].Equal(pair[1]) {
			return pair[0].Before(pair[1])
		}
	}
	return bytes.Compare(c.ID.UUID[:], other.ID.UUID[:]) < 0
}

// MergedKey is the note in the metadata of a conversation that was closed because its
// guest goes on in another one: that one's id.
const MergedKey = "mergedInto"

// MergedInto returns the conversation closed because its guest goes on in another, with
// a note that says so.
func (c Conversation) MergedInto(other id.Conversation, now time.Time) Conversation {
	notes := map[string]any{}
	if len(c.Metadata) > 0 && json.Unmarshal(c.Metadata, &notes) != nil || notes == nil {
		notes = map[string]any{}
	}
	notes[MergedKey] = other.String()
	if text, err := json.Marshal(notes); err == nil {
		c.Metadata = text
	}
	return c.To(Closed, now)
}

// TakeOver returns the conversation with what was under way in another one of the same
// guest: who holds it and works on it, how urgent it is, whether it is an opportunity.
// Nobody who waited for a person is given to the bot.
func (c Conversation) TakeOver(other Conversation, now time.Time) Conversation {
	before := c.Holder()
	if other.Lock.Locked && !c.Lock.Locked {
		c.Lock = other.Lock
	}
	if c.AssignedTo.IsZero() {
		c.AssignedTo = other.AssignedTo
	}
	if c.State == BotHandling && other.State != BotHandling {
		c.State = Open
		if !c.AssignedTo.IsZero() {
			c.State = InProgress
		}
	}
	if c.Unit == "" {
		c.Unit = other.Unit
	}
	if slices.Index(Priorities, other.Priority) > slices.Index(Priorities, c.Priority) {
		c.Priority = other.Priority
	}
	if other.IsOpportunity && !c.IsOpportunity {
		c.IsOpportunity, c.OpportunityAt = true, other.OpportunityAt
	}
	if c.EscalatedAt.IsZero() {
		c.EscalatedAt = other.EscalatedAt
	}
	return c.passed(before, now)
}

// Without returns the conversation, which merging guests changed from before to after, as
// it is when that is undone: what was changed since stays.
func (c Conversation) Without(before, after Conversation, now time.Time) Conversation {
	held := c.Holder()
	back(&c.State, before.State, after.State)
	back(&c.AssignedTo, before.AssignedTo, after.AssignedTo)
	back(&c.Priority, before.Priority, after.Priority)
	back(&c.Unit, before.Unit, after.Unit)
	back(&c.IsOpportunity, before.IsOpportunity, after.IsOpportunity)
	if c.Lock.Locked == after.Lock.Locked && c.Lock.By == after.Lock.By && c.Lock.At.Equal(after.Lock.At) {
		c.Lock = before.Lock
	}
	for _, f := range []struct {
		now           *time.Time
		before, after time.Time
	}{
		{&c.ClosedAt, before.ClosedAt, after.ClosedAt},
		{&c.OpportunityAt, before.OpportunityAt, after.OpportunityAt},
		{&c.EscalatedAt, before.EscalatedAt, after.EscalatedAt},
	} {
		if f.now.Equal(f.after) {
			*f.now = f.before
		}
	}
	if sameJSON(c.Metadata, after.Metadata) {
		c.Metadata = before.Metadata
	}
	return c.passed(held, now)
}

// back puts a value back to what it was before, unless it is not what it was made to be.
func back[T comparable](now *T, before, after T) {
	if *now == after {
		*now = before
	}
}

// sameJSON compares texts whatever blanks they have; the order of fields is the
// database's, which is the same each time.
func sameJSON(a, b json.RawMessage) bool {
	var x, y bytes.Buffer
	if json.Compact(&x, a) != nil || json.Compact(&y, b) != nil {
		return bytes.Equal(a, b)
	}
	return bytes.Equal(x.Bytes(), y.Bytes())
}
