package desk

import (
	"context"
	"encoding/json"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// SaveReservation writes down what a guest wants to book, and what became of it. A request
// that is to be decided makes the conversation an opportunity. What else is noted of the
// conversation stays.
func (d *Desk) SaveReservation(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation, r conversation.Reservation) (conversation.Card, error) {
	r.Room, r.Reason = contact.CleanLine(r.Room), contact.CleanLine(r.Reason)
	if err := r.Check(); err != nil {
		return conversation.Card{}, err
	}
	if r.Unit != "" {
		unit, err := d.unit(ctx, tenant, r.Unit)
		if err != nil {
			return conversation.Card{}, err
		}
		r.Unit = unit
	}
	return d.do(ctx, tenant, by, c, "SAVE_RESERVATION", func(_ context.Context, _ *postgres.Tx, c *conversation.Card, now time.Time) error {
		r.SavedBy, r.SavedAt = by.ID, now.UTC().Format(isoTime)
		c.Metadata = noted(c.Metadata, map[string]any{"reservation": r})
		if r.Outcome == conversation.ToBeDecided {
			c.Conversation = c.MarkOpportunity(true, now)
		}
		return nil
	})
}

// keepingReservation lets metadata be replaced without losing a sale: programs that write
// it may know nothing of reservations.
func keepingReservation(before, after json.RawMessage) json.RawMessage {
	r := conversation.ReservationIn(before)
	if r.Outcome == "" || conversation.ReservationIn(after).Outcome != "" {
		return after
	}
	return noted(after, map[string]any{"reservation": r})
}
