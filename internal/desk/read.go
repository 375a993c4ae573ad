package desk

import (
	"context"
	"errors"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// MarkRead marks what the guest wrote as read by the hotel, and returns how many
// messages that were.
func (d *Desk) MarkRead(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation) (int, error) {
	var count int
	err := d.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		card, err := tx.LockCard(ctx, c)
		if err != nil {
			return err
		}
		if !card.VisibleTo(by.Scope()) {
			return conversation.ErrNotFound
		}
		if count, err = tx.MarkRead(ctx, c); err != nil || count == 0 && card.Unread == 0 {
			return err
		}
		card.Conversation = card.MarkRead(card.Unread)
		tx.Emit(event.Event{Name: event.ConversationUpdated, Card: &card})
		return tx.SaveConversations(ctx, card.Conversation)
	})
	return count, err
}

// MarkMessageRead marks one message of a guest's as read by the hotel and returns it,
// or postgres.ErrNoMessage for one that the hotel sent or that the person may not see.
// The guest is shown nothing: that is for whoever calls.
func (d *Desk) MarkMessageRead(ctx context.Context, tenant id.Tenant, by user.User, messageID id.Message) (message.Message, error) {
	m, err := d.db.Message(ctx, tenant, messageID)
	if err == nil && m.Direction != message.Inbound {
		err = postgres.ErrNoMessage
	}
	if err != nil {
		return m, err
	}
	return m, d.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		card, err := tx.LockCard(ctx, m.ConversationID)
		if errors.Is(err, conversation.ErrNotFound) || err == nil && !card.VisibleTo(by.Scope()) {
			return postgres.ErrNoMessage
		}
		if err != nil {
			return err
		}
		changed, err := tx.MarkMessageRead(ctx, messageID)
		if err != nil || !changed {
			return err
		}
		card.Conversation = card.MarkRead(1)
		tx.Emit(event.Event{Name: event.ConversationUpdated, Card: &card})
		return tx.SaveConversations(ctx, card.Conversation)
	})
}
