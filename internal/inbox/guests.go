package inbox

import (
	"context"
	"slices"
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
		if m.Becomes != nil {
			aliases = append(aliases, m.Becomes.Aliases()...)
		}
	}
	known, err := a.tx.ContactsByAlias(ctx, aliases)
	if err != nil {
		return nil, err
	}
	b := newGuestBook(known)
	order := make([]id.Contact, len(messages))
	a.origins = make([]id.Contact, len(messages))
	for i, m := range messages {
		order[i], a.origins[i] = b.meet(m.From, m.Becomes, m.At)
	}
	if err := a.nameFromBook(ctx, &b); err != nil {
		return nil, err
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
	if err := a.tx.RetireAliases(ctx, b.retired); err != nil {
		return nil, err
	}
	if err := a.tx.TakeAliases(ctx, b.taken); err != nil {
		return nil, err
	}
	if err := a.tx.GiveAliases(ctx, b.inherited...); err != nil {
		return nil, err
	}
	b.stamp(a.now)
	if err := a.tellOfMoves(ctx, &b); err != nil {
		return nil, err
	}
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
	taken     map[contact.Alias]contact.Contact // aliases that others had given up
	inherited []contact.OwnedAlias              // those of learned that were learned by an alias with an origin
	retired   map[contact.Alias]time.Time       // aliases that their guests have given up, or have again
	moved     []id.Contact                      // guests with another number or id
	same      []sameGuest
	fresh     []id.Contact
	touched   []id.Contact
}

// sameGuest are two records that WhatsApp says are one person.
type sameGuest struct{ one, other id.Contact }

func newGuestBook(known map[contact.Alias]contact.Known) guestBook {
	if known == nil {
		known = map[contact.Alias]contact.Known{}
	}
	return guestBook{
		byAlias: known, people: map[id.Contact]*contact.Contact{}, learned: map[contact.Alias]contact.Contact{},
		taken: map[contact.Alias]contact.Contact{}, retired: map[contact.Alias]time.Time{},
	}
}

// meet returns the guest with this identity at a time and notes what is new about them:
// what a message teaches, and who they have become. The strongest alias that is known
// decides; an alias that already belongs to another guest stays with that guest.
func (b *guestBook) meet(who contact.Identity, becomes *contact.Identity, at time.Time) (guestID, origin id.Contact) {
	aliases := who.Aliases()
	guest, origin := b.find(aliases, at)
	if guest == nil && becomes != nil {
		guest, origin = b.find(becomes.Aliases(), at) // whoever wrote from the new number already
	}
	if guest == nil {
		guest = &contact.Contact{ID: id.NewContact()}
		b.people[guest.ID] = guest
		b.fresh = append(b.fresh, guest.ID)
	}
	b.change(guest, guest.Learn(who, at))
	b.own(guest, origin, aliases, at)
	if becomes != nil {
		b.become(guest, origin, who, *becomes, at)
	}
	return guest.ID, origin
}

func (b *guestBook) change(guest *contact.Contact, learned contact.Contact) {
	if learned != *guest {
		*guest = learned
		b.touched = append(b.touched, guest.ID)
	}
}

// own notes that aliases are a guest's, unless they are somebody else's.
func (b *guestBook) own(guest *contact.Contact, origin id.Contact, aliases []contact.Alias, at time.Time) {
	for _, alias := range aliases {
		k, known := b.byAlias[alias]
		switch {
		case known && k.IsAt(at):
			if k.ID != guest.ID {
				b.same = append(b.same, sameGuest{guest.ID, k.ID})
			}
			continue
		case known && k.ID == guest.ID: // had it before, and has it again
			b.retired[alias] = time.Time{}
		case known:
			b.taken[alias] = *guest
		default:
			b.learned[alias] = *guest
			if !origin.IsZero() {
				b.inherited = append(b.inherited, contact.OwnedAlias{Alias: alias, Contact: guest.ID, Origin: origin})
			}
		}
		b.byAlias[alias] = contact.Known{Contact: *guest, Origin: origin}
	}
}

// become gives a guest another number or id. The old ones stay: what was sent before comes
// late, and belongs to the same person. Whoever writes from the old number afterwards is
// somebody else.
func (b *guestBook) become(guest *contact.Contact, origin id.Contact, was, is contact.Identity, at time.Time) {
	b.own(guest, origin, is.Aliases(), at)
	b.change(guest, guest.Became(is, at))
	b.moved = append(b.moved, guest.ID)
	for _, alias := range was.Aliases() {
		k := b.byAlias[alias]
		if alias.Kind != contact.ByPhone || is.WAID == "" || k.ID != guest.ID || !k.IsAt(at) || slices.Contains(is.Aliases(), alias) {
			continue
		}
		k.Until = at
		b.byAlias[alias], b.retired[alias] = k, at
	}
}

// find returns the guest with the strongest alias that is known to be theirs at a time, and
// whose it was.
func (b *guestBook) find(aliases []contact.Alias, at time.Time) (*contact.Contact, id.Contact) {
	for _, alias := range aliases {
		if c, ok := b.byAlias[alias]; ok && c.IsAt(at) {
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
