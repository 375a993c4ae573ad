package inbox

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// guests returns who sent each message: known guests with what the message teaches
// about them, or new ones. It notes for each whose the alias was by which a merged guest
// was found.
func (a *application) guests(ctx context.Context, messages []received) ([]contact.Contact, error) {
	var aliases []contact.Alias
	for _, m := range messages {
		aliases = append(aliases, m.From.Aliases()...)
	}
	known, err := a.tx.ContactsByAlias(ctx, aliases)
	if err != nil {
		return nil, err
	}
	b := guestBook{byAlias: known, people: map[id.Contact]*contact.Contact{}, learned: map[contact.Alias]contact.Contact{}}
	if b.byAlias == nil {
		b.byAlias = map[contact.Alias]contact.Known{}
	}
	order := make([]id.Contact, len(messages))
	a.origins = make([]id.Contact, len(messages))
	for i, m := range messages {
		order[i], a.origins[i] = b.meet(m.From)
	}
	if err := a.tx.InsertContacts(ctx, a.now, b.made()...); err != nil {
		return nil, err
	}
	if err := a.tx.SaveContacts(ctx, a.now, b.changed()...); err != nil {
		return nil, err
	}
	if err := a.tx.InsertAliases(ctx, b.learned); err != nil {
		return nil, err
	}
	if err := a.tx.GiveAliases(ctx, b.inherited...); err != nil {
		return nil, err
	}
	b.stamp(a.now)
	guests := make([]contact.Contact, len(messages))
	for i, g := range order {
		guests[i] = *b.people[g]
	}
	return guests, nil
}

// guestBook collects the guests of a batch.
type guestBook struct {
	byAlias   map[contact.Alias]contact.Known
	people    map[id.Contact]*contact.Contact
	learned   map[contact.Alias]contact.Contact // aliases to be stored
	inherited []contact.OwnedAlias              // those of them that were learned by an alias with an origin
	fresh     []id.Contact
	touched   []id.Contact
}

// meet returns the guest with this identity and notes what is new about them. The
// strongest alias that is known decides; an alias that already belongs to another
// guest stays with that guest.
func (b *guestBook) meet(who contact.Identity) (guestID, origin id.Contact) {
	aliases := who.Aliases()
	guest, origin := b.find(aliases)
	if guest == nil {
		guest = &contact.Contact{ID: id.NewContact()}
		b.people[guest.ID] = guest
		b.fresh = append(b.fresh, guest.ID)
	}
	if learned := guest.Learn(who); learned != *guest {
		*guest = learned
		b.touched = append(b.touched, guest.ID)
	}
	for _, alias := range aliases {
		if _, taken := b.byAlias[alias]; taken {
			continue
		}
		b.byAlias[alias] = contact.Known{Contact: *guest, Origin: origin}
		b.learned[alias] = *guest
		if !origin.IsZero() {
			b.inherited = append(b.inherited, contact.OwnedAlias{Alias: alias, Contact: guest.ID, Origin: origin})
		}
	}
	return guest.ID, origin
}

// find returns the guest with the strongest alias that is known, and whose it was.
func (b *guestBook) find(aliases []contact.Alias) (*contact.Contact, id.Contact) {
	for _, alias := range aliases {
		if c, ok := b.byAlias[alias]; ok {
			if b.people[c.ID] == nil {
				b.people[c.ID] = &c.Contact
			}
			return b.people[c.ID], c.Origin
		}
	}
	return nil, id.Contact{}
}

// stamp dates what was made and changed as the database has it, for events.
func (b *guestBook) stamp(now time.Time) {
	for _, i := range b.touched {
		b.people[i].UpdatedAt = now
	}
	for _, i := range b.fresh {
		b.people[i].CreatedAt, b.people[i].UpdatedAt = now, now
	}
}

func (b *guestBook) made() []contact.Contact { return b.list(b.fresh, nil) }

func (b *guestBook) changed() []contact.Contact { return b.list(b.touched, b.fresh) }

// list returns people once each, without those left out.
func (b *guestBook) list(ids, without []id.Contact) []contact.Contact {
	seen := map[id.Contact]bool{}
	for _, w := range without {
		seen[w] = true
	}
	var out []contact.Contact
	for _, i := range ids {
		if !seen[i] {
			seen[i] = true
			out = append(out, *b.people[i])
		}
	}
	return out
}
