package desk

import (
	"context"
	"encoding/json"
	"time"

	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Clicked is a link that a guest opened.
type Clicked struct {
	Unit string    `json:"unidade,omitempty"`
	Room string    `json:"quarto,omitempty"`
	At   time.Time `json:"at"`
}

// clickPause is for how long further clicks on the same link say nothing new.
const clickPause = time.Minute

// NoteClick notes with a conversation that its guest opened a link, for whoever sells.
func (d *Desk) NoteClick(ctx context.Context, tenant id.Tenant, c id.Conversation, unit, room string) error {
	return d.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		card, err := tx.LockCard(ctx, c)
		if err != nil {
			return err
		}
		var before struct {
			Last Clicked `json:"lastClick"`
		}
		now := d.clock.Now().UTC()
		_ = json.Unmarshal(card.Metadata, &before) // whatever else flows and people noted
		if before.Last.Unit == unit && before.Last.Room == room && now.Sub(before.Last.At) < clickPause {
			return nil
		}
		old := card
		card.Metadata = noted(card.Metadata, map[string]any{"lastClick": Clicked{unit, room, now}})
		if err := tx.SaveConversations(ctx, card.Conversation); err != nil {
			return err
		}
		tx.Emit(event.Event{Name: event.ConversationUpdated, Card: &card, Before: &old})
		return tx.Audit(ctx, postgres.Entry{
			Actor: "system", Action: "TRACK_CLICK", Entity: "conversation", EntityID: c.String(),
			After: map[string]any{"unidade": unit, "quarto": room}, At: now,
		})
	})
}
