package inbox

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// A guest who wants no offers says so to WhatsApp, to the hotel with a word ("SAIR"), or has
// said it before and WhatsApp refuses an offer. The latest word counts, wherever it was said.

// How somebody's wish was learned, for the audit log.
const (
	toldByWhatsApp = "whatsapp_preference"
	toldByWord     = "message"
	toldByRefusal  = "offer_refused"
)

// optedOut is Meta's code for an offer to somebody who asked for none.
const optedOut = 131050

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
		if _, err := a.wish(ctx, guests[i], p.Stopped, p.At, toldByWhatsApp); err != nil {
			return err
		}
	}
	return nil
}

// wish notes what a guest wants to be sent, unless something newer is known, and reports
// whether that is another wish than before.
func (a *application) wish(ctx context.Context, guest contact.Contact, stopped bool, at time.Time, how string) (bool, error) {
	if known, isKnown := a.wished[guest.ID]; isKnown { // in this batch, after the guest was looked up
		guest.NoOffers = known
	}
	isNews, err := a.tx.SavePreference(ctx, guest.ID, stopped, at, a.now)
	if err != nil || !isNews || guest.NoOffers == stopped {
		return false, err
	}
	if a.wished == nil {
		a.wished = map[id.Contact]bool{}
	}
	a.wished[guest.ID] = stopped
	action := "RESUME_OFFERS"
	if stopped {
		action = "STOP_OFFERS"
	}
	guest.NoOffers, guest.UpdatedAt = stopped, a.now
	a.tx.Emit(event.Event{Name: event.ContactUpdated, Contact: &guest})
	return true, a.tx.Audit(ctx, postgres.Entry{
		Actor: "system", Action: action, Entity: "contact", EntityID: guest.ID.String(), Detail: map[string]any{"toldBy": how, "toldAt": at}, At: a.now,
	})
}

// wishes notes what guests asked for with a word, and confirms it to them.
func (a *application) wishes(ctx context.Context, fresh []received, guests []contact.Contact, talks map[id.Contact]*talk) error {
	for i, m := range fresh {
		if m.ours || m.Observed || m.Kind != message.Text {
			continue
		}
		wish := contact.WishOf(m.Content)
		if wish == contact.NoWish {
			continue
		}
		stop := wish == contact.StopOffers
		isNews, err := a.wish(ctx, guests[i], stop, m.At, toldByWord)
		if err != nil {
			return err
		}
		if !isNews {
			continue
		}
		if err := a.confirm(ctx, talks[guests[i].ID], m, stop); err != nil {
			return err
		}
	}
	return nil
}

// confirm answers a guest's wish once. What comes days late is not answered.
func (a *application) confirm(ctx context.Context, t *talk, m received, stopped bool) error {
	line, ok := a.hotel.Line(m.number)
	if !ok || a.now.Sub(m.At) >= conversation.Window {
		return nil
	}
	text := "Pronto, você não receberá mais ofertas deste hotel por aqui. Sobre a sua reserva continuamos à disposição. Para voltar a receber ofertas, responda RECEBER OFERTAS."
	if !stopped {
		text = "Pronto, você voltará a receber ofertas deste hotel por aqui. Para parar, responda SAIR."
	}
	return outbox.Confirm(ctx, a.tx, a.hotel, t.Card, line, text, a.now)
}

// refusedOffer is an offer of which WhatsApp says that its guest wants none.
type refusedOffer struct {
	in id.Conversation
	at time.Time
}

// refusedOffers notes who wants no offers, by what WhatsApp refused.
func (a *application) refusedOffers(ctx context.Context, all []refusedOffer) error {
	for _, r := range all {
		cards, err := a.tx.Cards(ctx, r.in)
		if err != nil || len(cards) == 0 {
			return err
		}
		guest := cards[0].Contact
		if guest.NoOffers, err = a.tx.WantsNoOffers(ctx, guest.ID); err != nil {
			return err
		}
		if _, err := a.wish(ctx, guest, true, r.at, toldByRefusal); err != nil {
			return err
		}
	}
	return nil
}
