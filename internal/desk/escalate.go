package desk

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Call is a bot's request for a person.
type Call struct {
	Phone     string // as flows write it, or a BSUID
	Reason    escalation.Reason
	Detail    string
	Unit      string // in any spelling; one that the hotel does not have is only noted
	Priority  conversation.Priority
	AIContext json.RawMessage
}

// Answered is what came of a Call.
type Answered struct {
	Escalation escalation.Escalation
	Card       conversation.Card
}

// Escalate locks the bot out of a guest's conversation and calls for a person, all
// in one transaction: once it returns, no message of the bot is taken or handed to
// Meta any more; one that Meta is being asked to send at that moment still goes. A guest
// who is not known yet is created, so that a call for help never fails. Calling again
// while a call is still waiting returns that call.
func (d *Desk) Escalate(ctx context.Context, tenant id.Tenant, call Call) (Answered, error) {
	hotel, err := d.directory.Hotel(ctx, tenant)
	if err != nil {
		return Answered{}, err
	}
	unit, _ := hotel.Unit(call.Unit)
	var a Answered
	for range 3 {
		err = d.db.InTx(ctx, tenant, func(tx *postgres.Tx) (err error) {
			a, err = d.escalate(ctx, tx, call, unit)
			return err
		})
		if !errors.Is(err, postgres.ErrRepeated) {
			break // else the guest has just written for the first time: look again
		}
	}
	return a, err
}

func (d *Desk) escalate(ctx context.Context, tx *postgres.Tx, call Call, unit string) (Answered, error) {
	now := d.clock.Now()
	card, err := d.conversationFor(ctx, tx, call.Phone)
	if err != nil {
		return Answered{}, err
	}
	waiting, err := tx.PendingEscalation(ctx, card.ID)
	if err == nil && card.Lock.Locked && waiting.Reason == call.Reason {
		return Answered{waiting, card}, nil
	}
	if err != nil && !errors.Is(err, postgres.ErrNoEscalation) {
		return Answered{}, err
	}
	before := card
	card.Conversation = card.Escalate(now)
	card.Priority, card.Source = call.Priority, "n8n"
	if unit != "" {
		card.Unit = unit
	}
	card.LastMessageAt = now
	e := escalation.Escalation{
		ID: id.NewEscalation(), ConversationID: card.ID, Reason: call.Reason, ReasonDetail: call.Detail,
		Unit: card.Unit, AIContext: call.AIContext, State: escalation.Pending, CreatedAt: now,
	}
	if e.Unit == "" {
		e.Unit = call.Unit
	}
	if err := tx.SaveConversations(ctx, card.Conversation); err != nil {
		return Answered{}, err
	}
	if err := tx.InsertEscalation(ctx, e); err != nil {
		return Answered{}, err
	}
	after := card
	tx.Emit(
		event.Event{Name: event.ConversationUpdated, Card: &after, Before: &before},
		event.Event{Name: event.ConversationNew, Card: &after},
		event.Event{Name: event.EscalationNew, Card: &after, Escalation: &e},
	)
	return Answered{e, card}, tx.Audit(ctx, postgres.Entry{
		Actor: "bot", Action: "ESCALATE", Entity: "conversation", EntityID: card.ID.String(),
		Detail: map[string]any{"reason": call.Reason, "priority": call.Priority, "hotelUnit": card.Unit}, At: now,
	})
}

// conversationFor returns the guest's conversation, locked; guest and conversation
// are made if need be.
func (d *Desk) conversationFor(ctx context.Context, tx *postgres.Tx, phone string) (conversation.Card, error) {
	now := d.clock.Now()
	card, err := outbox.ConversationOf(ctx, tx, phone, now)
	if !errors.Is(err, outbox.ErrGuest) {
		return card, err
	}
	alias, err := outbox.AliasOf(phone)
	if err != nil {
		return card, err
	}
	guest := contact.Contact{ID: id.NewContact()}
	if alias.Kind == contact.ByPhone {
		guest.Phone = contact.Phone(alias.Value)
	} else {
		guest.BSUID = alias.Value
	}
	if err := tx.InsertContacts(ctx, now, guest); err != nil {
		return card, err
	}
	if err := tx.InsertAliases(ctx, map[contact.Alias]contact.Contact{alias: guest}); err != nil {
		return card, err
	}
	return outbox.ConversationOf(ctx, tx, phone, now)
}

// IsLocked reports whether a person holds the conversation with a guest, and which
// conversation that is; zero when the guest has none.
func (d *Desk) IsLocked(ctx context.Context, tenant id.Tenant, phone string) (bool, id.Conversation, error) {
	alias, err := outbox.AliasOf(phone)
	if err != nil {
		return false, id.Conversation{}, err
	}
	return d.db.LockOf(ctx, tenant, alias)
}
