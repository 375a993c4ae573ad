package outbox

import (
	"context"
	"errors"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

// botsConversation is the one in which a flow speaks. A template may be the first word with
// somebody who has never written, as WhatsApp allows; everything else needs a guest.
func (r Request) botsConversation(ctx context.Context, tx *postgres.Tx, now time.Time) (conversation.Card, error) {
	card, err := ConversationOf(ctx, tx, r.Phone, now)
	if !errors.Is(err, ErrGuest) || r.Content.Kind() != message.Template {
		return card, err
	}
	alias, err := AliasOf(r.Phone)
	if err != nil {
		return card, err
	}
	if _, err := GuestOf(ctx, tx, alias, now); err != nil {
		return card, err
	}
	if card, err = ConversationOf(ctx, tx, r.Phone, now); err == nil {
		tx.Emit(event.Event{Name: event.ConversationNew, Card: &card})
	}
	return card, err
}

// GuestOf returns the guest that an alias names, made if need be.
func GuestOf(ctx context.Context, tx *postgres.Tx, alias contact.Alias, now time.Time) (id.Contact, error) {
	found, err := tx.ContactsByAlias(ctx, []contact.Alias{alias})
	if err != nil {
		return id.Contact{}, err
	}
	if guest, known := found[alias]; known {
		return guest.ID, nil
	}
	guest := contact.Contact{ID: id.NewContact()}
	if alias.Kind == contact.ByPhone {
		guest.Phone = contact.Phone(alias.Value)
	} else {
		guest.BSUID = alias.Value
	}
	if err := tx.InsertContacts(ctx, now, guest); err != nil {
		return id.Contact{}, err
	}
	guest.CreatedAt, guest.UpdatedAt = now, now
	tx.Emit(event.Event{Name: event.ContactCreated, Contact: &guest})
	return guest.ID, tx.InsertAliases(ctx, map[contact.Alias]contact.Contact{alias: guest})
}
