package inbox

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

// noteOrigins notes by whose aliases merged guests wrote, so that a merge that is undone
// leaves everybody their own words.
//
// Guests were looked up before anything was locked. By now their conversations are ours
// until the end of the transaction: guests who were merged, or a merge that was undone, in
// between are noticed here, and the batch is done again; whoever comes later waits, and
// sees what is noted here. Nobody else's messages pay for that.
func (a *application) noteOrigins(ctx context.Context, fresh []received, guests []contact.Contact, talks map[id.Contact]*talk, stored []message.Message) error {
	origins := map[id.Message]id.Contact{}
	var check []int
	for i, origin := range a.origins {
		if !origin.IsZero() {
			origins[stored[i].ID] = origin
		}
		if !origin.IsZero() || changedSince(guests[i], talks[guests[i].ID]) {
			check = append(check, i)
		}
	}
	if err := a.areStill(ctx, fresh, guests, check); err != nil {
		return err
	}
	return a.tx.NoteOrigins(ctx, a.now, origins)
}

// changedSince reports whether somebody changed a guest, perhaps by merging, between our
// looking the guest up and our holding the guest's conversation.
func changedSince(guest contact.Contact, t *talk) bool {
	return !t.isNew && !t.Contact.UpdatedAt.Equal(guest.UpdatedAt.Truncate(time.Microsecond))
}

// areStill returns postgres.ErrRepeated unless the senders of some messages are still
// known as they were when they were looked up.
func (a *application) areStill(ctx context.Context, fresh []received, guests []contact.Contact, which []int) error {
	var aliases []contact.Alias
	for _, i := range which {
		aliases = append(aliases, fresh[i].From.Aliases()...)
	}
	known, err := a.tx.ContactsByAlias(ctx, aliases)
	if err != nil {
		return err
	}
	for _, i := range which {
		b := newGuestBook(known)
		guest, origin := b.find(fresh[i].From.Aliases(), fresh[i].At)
		if guest == nil || guest.ID != guests[i].ID || origin != a.origins[i] {
			return postgres.ErrRepeated
		}
	}
	return nil
}
