package desk

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Call is a request for a person: of a bot, or of somebody at the hotel for a guest.
type Call struct {
	By        user.User // zero for the bot
	Phone     string    // as flows write it, or a BSUID
	Reason    escalation.Reason
	Detail    string
	Unit      string // in any spelling; one that the hotel does not have is only noted
	Priority  conversation.Priority
	AIContext json.RawMessage
	History   []Said // kept as messages only of a guest of whom we have none
}

func (c Call) isBots() bool { return c.By.ID.IsZero() }

// Answered is what came of a Call.
type Answered struct {
	Escalation escalation.Escalation
	Card       conversation.Card
}

// Escalate locks the bot out of a guest's conversation and calls for a person, all
// in one transaction: once it returns, no message of the bot is taken or handed to
// Meta any more; one that Meta is being asked to send at that moment still goes. A guest
// who is not known yet is created, so that a call for help never fails. Calling again
// while a call is still waiting returns that call. People escalate only what they may
// see: a conversation that begins with their call, in their unit unless they say another.
func (d *Desk) Escalate(ctx context.Context, tenant id.Tenant, call Call) (Answered, error) {
	hotel, err := d.directory.Hotel(ctx, tenant)
	if err != nil {
		return Answered{}, err
	}
	if unit, known := hotel.Unit(call.Unit); known {
		call.Unit = unit
	}
	var a Answered
	for range 3 {
		err = d.db.InTx(ctx, tenant, func(tx *postgres.Tx) (err error) {
			a, err = d.escalate(ctx, tx, hotel, call)
			return err
		})
		if !errors.Is(err, postgres.ErrRepeated) {
			break // else the guest has just written for the first time: look again
		}
	}
	return a, err
}

func (d *Desk) escalate(ctx context.Context, tx *postgres.Tx, hotel *directory.Hotel, call Call) (Answered, error) {
	now := d.clock.Now()
	card, isNewGuest, err := d.conversationFor(ctx, tx, call.Phone)
	if err != nil {
		return Answered{}, err
	}
	before := card
	if !call.isBots() {
		if card, err = call.ofPerson(card); err != nil {
			return Answered{}, err
		}
	}
	waiting, err := tx.PendingEscalation(ctx, card.ID)
	if err == nil && card.Lock.Locked && waiting.Reason == call.Reason {
		return Answered{waiting, card}, nil
	}
	if err != nil && !errors.Is(err, escalation.ErrNotFound) {
		return Answered{}, err
	}
	card = call.applied(hotel, card, now)
	if isNewGuest {
		if card, err = remember(ctx, tx, hotel, card, call.History, now); err != nil {
			return Answered{}, err
		}
	}
	return d.announce(ctx, tx, call, before, card, now)
}

// ofPerson checks that somebody may see the conversation they escalate. One that begins
// with their call is in their own unit unless they name another.
func (c Call) ofPerson(card conversation.Card) (conversation.Card, error) {
	if begun := card.Revision == 1; begun && card.Unit == "" { // one that was there before is locked, so counted on
		card.Source, card.Unit = "manual", c.By.Unit
	}
	if !card.VisibleTo(c.By.Scope()) {
		return card, conversation.ErrNotFound
	}
	return card, nil
}

// applied returns the conversation as the call leaves it.
func (c Call) applied(hotel *directory.Hotel, card conversation.Card, now time.Time) conversation.Card {
	card.Conversation = card.Escalate(now)
	card.Priority, card.LastMessageAt = c.Priority, now
	if c.isBots() {
		card.Source = "n8n"
	}
	if unit, known := hotel.Unit(c.Unit); known {
		card.Unit = unit
	}
	return card
}

// announce stores the escalation, tells screens and writes the audit entry.
func (d *Desk) announce(ctx context.Context, tx *postgres.Tx, call Call, before, card conversation.Card, now time.Time) (Answered, error) {
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
	actor := "bot"
	if !call.isBots() {
		actor = call.By.ID.String()
	}
	return Answered{e, card}, tx.Audit(ctx, postgres.Entry{
		Actor: actor, Action: "ESCALATE", Entity: "conversation", EntityID: card.ID.String(),
		Detail: map[string]any{"reason": call.Reason, "priority": call.Priority, "hotelUnit": card.Unit}, At: now,
	})
}

// conversationFor returns the guest's conversation, locked; guest and conversation
// are made if need be. It reports whether the guest was not known before.
func (d *Desk) conversationFor(ctx context.Context, tx *postgres.Tx, phone string) (card conversation.Card, isNewGuest bool, err error) {
	now := d.clock.Now()
	card, err = outbox.ConversationOf(ctx, tx, phone, now)
	if !errors.Is(err, outbox.ErrGuest) {
		return card, false, err
	}
	alias, err := outbox.AliasOf(phone)
	if err != nil {
		return card, false, err
	}
	if _, err := outbox.GuestOf(ctx, tx, alias, now); err != nil {
		return card, false, err
	}
	card, err = outbox.ConversationOf(ctx, tx, phone, now)
	return card, true, err
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
