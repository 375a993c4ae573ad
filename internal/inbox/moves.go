package inbox

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/news"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// nameFromBook gives guests whose numbers we have just learned the names that the hotel's
// phone has for these numbers.
func (a *application) nameFromBook(ctx context.Context, b *guestBook) error {
	owners := b.phonesLearned()
	if len(owners) == 0 {
		return nil
	}
	phones := make([]string, 0, len(owners))
	for phone := range owners {
		phones = append(phones, string(phone))
	}
	names, err := a.tx.TakeBookNames(ctx, phones...)
	if err != nil {
		return err
	}
	for phone, n := range names {
		if until := b.retired[contact.Alias{Kind: contact.ByPhone, Value: string(phone)}]; !until.IsZero() && !n.At.Before(until) {
			err = a.tx.SaveBookName(ctx, phone, n) // it is of whoever has the number now
		} else {
			b.nameFromBook(owners[phone], n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// phonesLearned returns the numbers that were nobody's before, and whose they are.
func (b *guestBook) phonesLearned() map[contact.Phone]id.Contact {
	owners := map[contact.Phone]id.Contact{}
	for _, learned := range []map[contact.Alias]contact.Contact{b.learned, b.taken} {
		for alias, guest := range learned {
			if alias.Kind == contact.ByPhone {
				owners[contact.Phone(alias.Value)] = guest.ID
			}
		}
	}
	return owners
}

// nameFromBook gives a guest the name of the hotel's phone, unless a person wrote another or a
// newer one is known.
func (b *guestBook) nameFromBook(owner id.Contact, n postgres.BookName) {
	g := b.people[owner]
	if at := n.At.Unix(); g.Learned.Book < at && (!g.NameKept || g.Learned.Book > 0) {
		named := *g
		named.Name, named.NameKept, named.Learned.Book = n.Name, true, at
		b.change(g, named)
	}
}

// addressBook takes over how the hotel's phone calls people. Whoever has not written yet is
// no guest: the name waits for them. Taking somebody out of the phone's book forgets nothing.
func (a *application) addressBook(ctx context.Context, entries []whatsapp.BookEntry) error {
	var aliases []contact.Alias
	for _, e := range entries {
		aliases = append(aliases, e.Who.Aliases()...)
	}
	known, err := a.tx.ContactsByAlias(ctx, aliases)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Removed || e.Who.Name == "" {
			continue
		}
		name := postgres.BookName{Name: e.Who.Name, At: e.At}
		b := newGuestBook(known)
		guest, _ := b.find(e.Who.Aliases(), e.At)
		if guest == nil {
			err = a.tx.SaveBookName(ctx, contact.Canonical(e.Who.WAID), name)
		} else {
			err = a.rename(ctx, *guest, name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *application) rename(ctx context.Context, guest contact.Contact, name postgres.BookName) error {
	isNews, err := a.tx.NameFromBook(ctx, guest.ID, name, a.now)
	if err != nil || !isNews {
		return err
	}
	guest.Name, guest.NameKept, guest.UpdatedAt = name.Name, true, a.now
	a.tx.Emit(event.Event{Name: event.ContactUpdated, Contact: &guest})
	return nil
}

// tellOfMoves tells screens of guests with another number or id, and administrators of
// records that WhatsApp says are one person: people decide whether to merge them.
func (a *application) tellOfMoves(ctx context.Context, b *guestBook) error {
	for _, guest := range b.moved {
		a.tx.Emit(event.Event{Name: event.ContactUpdated, Contact: b.people[guest]})
	}
	for _, s := range b.same {
		n := news.Event{
			ID: id.NewNews(), Kind: news.SameGuest, Name: "POSSIBLE_DUPLICATE", Severity: news.Info, At: a.now, SeenAt: a.now,
		}
		pair := []id.Contact{s.one, s.other}
		slices.SortFunc(pair, func(x, y id.Contact) int { return bytes.Compare(x.UUID[:], y.UUID[:]) })
		var err error
		if n.Data, err = json.Marshal(map[string][]id.Contact{"contactIds": pair}); err != nil {
			return err
		}
		n.Key = sha256.Sum256(append([]byte("same_guest"), n.Data...))
		if err := a.tx.TellNews(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// news notes what WhatsApp says of the account, its numbers and its templates.
func (a *application) news(ctx context.Context, all []whatsapp.AccountNews) error {
	for _, n := range all {
		if err := a.tx.TellNews(ctx, n.Event); err != nil {
			return err
		}
		if err := a.tx.SaveFacts(ctx, n.WABAID, n.Facts, n.At, a.now); err != nil {
			return err
		}
	}
	return nil
}
