package simulator

import (
	"context"
	"fmt"
)

// Transcript is everything said in this chat, oldest first, at most Bounds.Transcript entries. It is nil for a guest
// that does not exist.
func (g *Guest) Transcript() []Entry {
	entries, _, _ := g.Since(0)
	return entries
}

// Since returns the entries that changed after a revision and the present revision of the chat, and whether the
// guest exists.
func (g *Guest) Since(rev int64) ([]Entry, int64, bool) {
	a := g.sim.account(g.account)
	if a == nil {
		return nil, 0, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	guest := a.guests[canonicalPhone(g.phone)]
	if guest == nil {
		return nil, 0, false
	}
	return guest.entriesAfter(rev), guest.rev, true
}

// changes returns a channel that closes at the chat's next change.
func (g *Guest) changes() <-chan struct{} {
	if a := g.sim.account(g.account); a != nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		if guest := a.guests[canonicalPhone(g.phone)]; guest != nil {
			return guest.changed.wait()
		}
	}
	return g.sim.changed.wait()
}

// Await waits until the transcript satisfies the condition and returns it; when ctx ends first the error says so and
// the transcript of that moment is returned.
func (g *Guest) Await(ctx context.Context, satisfied func([]Entry) bool) ([]Entry, error) {
	for {
		changed := g.changes()
		entries := g.Transcript()
		if satisfied(entries) {
			return entries, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return entries, fmt.Errorf("await chat of %d messages: %w", len(entries), ctx.Err())
		case <-g.sim.ctx.Done():
			return entries, ErrClosed
		}
	}
}

// AwaitText waits for a message of the hotel's whose readable text is exactly this and that reached the phone.
func (g *Guest) AwaitText(ctx context.Context, text string) (Entry, error) {
	var found Entry
	_, err := g.Await(ctx, func(entries []Entry) bool {
		for _, e := range entries {
			if e.From == FromHotel && e.Text == text && (e.Status == StatusDelivered || e.Status == StatusRead) {
				found = e
				return true
			}
		}
		return false
	})
	return found, err
}

// Taken is a condition for Await: the guest's message with this wamid got its 200.
func Taken(wamid string) func([]Entry) bool {
	return func(entries []Entry) bool {
		for _, e := range entries {
			if e.ID == wamid {
				return e.Status == StatusDelivered || e.Status == StatusRead
			}
		}
		return false
	}
}
