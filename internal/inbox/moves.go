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

// nameFromBook gives new guests the names that the hotel's phone has for them.
func (a *application) nameFromBook(ctx context.Context, b *guestBook) error {
	var phones []string
	for _, guest := range b.fresh {
		if phone := b.people[guest].Phone; phone != "" {
			phones = append(phones, string(phone))
		}
	}
	if len(phones) == 0 {
		return nil
	}
	names, err := a.tx.TakeBookNames(ctx, phones...)
	if err != nil || len(names) == 0 {
		return err
	}
	for _, guest := range b.fresh {
		if n, known := names[b.people[guest].Phone]; known {
			g := b.people[guest]
			g.Name, g.NameKept, g.Learned.Book = n.Name, true, n.At.Unix()
		}
	}
	return nil
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
		if err := a.tell(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// tell stores news and tells administrators, unless it is known.
func (a *application) tell(ctx context.Context, n news.Event) error {
	isNew, err := a.tx.InsertNews(ctx, n)
	if err == nil && isNew {
		a.tx.Emit(event.Event{Name: event.AccountNews, News: &n})
	}
	return err
}

// news notes what WhatsApp says of the account, its numbers and its templates.
func (a *application) news(ctx context.Context, all []whatsapp.AccountNews) error {
	for _, n := range all {
		n.ID = id.NewNews()
		if err := a.tell(ctx, n.Event); err != nil {
			return err
		}
		if err := a.tx.SaveFacts(ctx, n.WABAID, n.Facts, n.At, a.now); err != nil {
			return err
		}
	}
	return nil
}

// preferences notes whether guests want offers. Of somebody who never wrote it is noted too.
func (a *application) preferences(ctx context.Context, all []whatsapp.Preference) error {
	var who []received
	var offers []whatsapp.Preference
	for _, p := range all {
		if p.Category == whatsapp.MarketingMessages {
			offers = append(offers, p)
			who = append(who, received{Inbound: whatsapp.Inbound{From: p.Who, At: p.At}})
		}
	}
	if len(who) == 0 {
		return nil
	}
	guests, err := a.guests(ctx, who)
	if err != nil {
		return err
	}
	for i, p := range offers {
		isNews, err := a.tx.SavePreference(ctx, guests[i].ID, p.Stopped, p.At, a.now)
		if err != nil {
			return err
		}
		if isNews {
			guest := guests[i]
			guest.UpdatedAt = a.now
			a.tx.Emit(event.Event{Name: event.ContactUpdated, Contact: &guest})
		}
	}
	return nil
}
