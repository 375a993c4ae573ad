package desk

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Delete removes a conversation for good, with all that belongs to it: messages,
// escalations, tags, files that nothing else shows, and work that waits for it. The guest
// stays. Bytes of files are removed from the store by the next upkeep.
func (d *Desk) Delete(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation) error {
	return d.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		card, err := tx.LockCard(ctx, c)
		if err != nil {
			return err
		}
		if !card.VisibleTo(by.Scope()) {
			return conversation.ErrNotFound
		}
		gone, err := tx.DeleteConversation(ctx, c, d.clock.Now())
		if err != nil {
			return err
		}
		tx.Emit(event.Event{Name: event.ConversationDeleted, Card: &card})
		return tx.Audit(ctx, postgres.Entry{
			Actor: by.ID.String(), Action: "DELETE_CONVERSATION", Entity: "conversation", EntityID: c.String(),
			Before: map[string]any{"status": card.State, "contactId": card.ContactID, "hotelUnit": card.Unit, "createdAt": card.CreatedAt},
			Detail: gone, At: d.clock.Now(),
		})
	})
}
