package desk

import (
	"context"
	"encoding/json"
	"maps"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/postgres"
)

// What a bot notes about a guest's conversation. It begins none: a guest without one has
// nothing to be noted about.

// BotSetUnit says for which unit the guest asks, in any spelling. It returns ErrUnit for
// one that the hotel does not have.
func (d *Desk) BotSetUnit(ctx context.Context, tenant id.Tenant, phone, unit string) (conversation.Card, error) {
	unit, err := d.unit(ctx, tenant, unit)
	if err != nil {
		return conversation.Card{}, err
	}
	return d.botDoes(ctx, tenant, phone, "SET_HOTEL_UNIT", func(_ context.Context, _ *postgres.Tx, c *conversation.Card, _ time.Time) error {
		c.Unit = unit
		return nil
	})
}

// Opportunity is why a bot takes a conversation for a possible sale.
type Opportunity struct {
	Reason      string
	Description string         // for people
	Notes       map[string]any // more of it, as the original's dashboards read it
	IsFollowUp  bool           // because the bot asked the guest again
}

// BotMarkOpportunity shows a conversation to those who sell. It stays with the bot, and
// with whoever works on it already.
func (d *Desk) BotMarkOpportunity(ctx context.Context, tenant id.Tenant, phone string, o Opportunity) (conversation.Card, error) {
	return d.botDoes(ctx, tenant, phone, "MARK_OPPORTUNITY", func(_ context.Context, _ *postgres.Tx, c *conversation.Card, now time.Time) error {
		c.Conversation = c.MarkOpportunity(true, now)
		if c.State != conversation.InProgress {
			c.State = conversation.Open
		}
		c.Metadata = noted(c.Metadata, o.notes(now))
		return nil
	})
}

func (o Opportunity) notes(now time.Time) map[string]any {
	at := now.UTC().Format(isoTime)
	notes := map[string]any{"opportunityReason": o.Reason, "opportunityReasonDescription": o.Description, "markedAsOpportunityAt": at}
	if o.IsFollowUp {
		notes["followupSent"], notes["followupSentAt"], notes["followupFlowType"] = true, at, "default"
	}
	maps.Copy(notes, o.Notes)
	return notes
}

// isoTime is how times look in JSON.
const isoTime = "2006-01-02T15:04:05.000Z"

// noted adds to what is noted of a conversation. What is no object is replaced.
func noted(metadata json.RawMessage, notes map[string]any) json.RawMessage {
	all := map[string]any{}
	if json.Unmarshal(metadata, &all) != nil || all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, notes)
	text, err := json.Marshal(all)
	if err != nil {
		return metadata // texts and what was JSON before
	}
	return text
}

// activeOf returns the active conversation of a guest, locked.
func activeOf(ctx context.Context, tx *postgres.Tx, alias contact.Alias) (conversation.Card, error) {
	found, err := tx.ContactsByAlias(ctx, []contact.Alias{alias})
	if err != nil {
		return conversation.Card{}, err
	}
	guest, known := found[alias]
	if !known {
		return conversation.Card{}, outbox.ErrGuest
	}
	active, err := tx.ActiveCards(ctx, guest.ID)
	if err != nil {
		return conversation.Card{}, err
	}
	if len(active) == 0 {
		return conversation.Card{}, conversation.ErrNotFound
	}
	return active[0], nil
}
