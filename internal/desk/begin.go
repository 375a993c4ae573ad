package desk

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/postgres"
)

// ErrElsewhere is returned when colleagues already talk with the guest, where the
// person may not look.
var ErrElsewhere = fault.New(fault.Conflict, "conversation_elsewhere",
	"Colleagues already have a conversation with this guest. Ask the hotel's administrators for it.")

// Opening is a conversation that somebody at the hotel begins.
type Opening struct {
	Phone      string // as people write it
	State      conversation.State
	Priority   conversation.Priority
	Source     string
	AssignedTo id.User
	Metadata   json.RawMessage
}

// Begun is what came of an Opening.
type Begun struct {
	Card  conversation.Card
	IsNew bool // else the guest had an active conversation: a guest has one at most
}

// Begin opens a conversation with a guest, who is created if need be. The guest's
// active conversation is returned as it is if there is one. Whoever opens a conversation
// sees it: it is in their unit, or theirs.
func (d *Desk) Begin(ctx context.Context, tenant id.Tenant, by user.User, o Opening) (Begun, error) {
	hotel, err := d.directory.Hotel(ctx, tenant)
	if err != nil {
		return Begun{}, err
	}
	alias, err := outbox.AliasOf(o.Phone)
	if err != nil {
		return Begun{}, err
	}
	var b Begun
	for range 3 {
		err = d.db.InTx(ctx, tenant, func(tx *postgres.Tx) (err error) {
			b, err = d.begin(ctx, tx, hotel, by, alias, o)
			return err
		})
		if !errors.Is(err, postgres.ErrRepeated) {
			break // else the guest has just written: look again
		}
	}
	return b, err
}

func (d *Desk) begin(ctx context.Context, tx *postgres.Tx, hotel *directory.Hotel, by user.User, alias contact.Alias, o Opening) (Begun, error) {
	now := d.clock.Now()
	guest, err := outbox.GuestOf(ctx, tx, alias, now)
	if err != nil {
		return Begun{}, err
	}
	active, err := tx.ActiveCards(ctx, guest)
	if err != nil {
		return Begun{}, err
	}
	if len(active) > 0 {
		if !active[0].VisibleTo(by.Scope()) {
			return Begun{}, ErrElsewhere
		}
		active[0].Revision-- // nothing is written
		return Begun{Card: active[0]}, nil
	}
	c, err := o.conversation(ctx, tx, guest, by, now)
	if err != nil {
		return Begun{}, err
	}
	if line, ok := hotel.Line(c.NumberID); ok {
		c.NumberID = line.ID
	}
	card, err := d.store(ctx, tx, c, by)
	return Begun{card, true}, err
}

// conversation is the one to be stored: it goes on where the guest's last one ended.
func (o Opening) conversation(ctx context.Context, tx *postgres.Tx, guest id.Contact, by user.User, now time.Time) (conversation.Conversation, error) {
	last, err := tx.LatestConversation(ctx, guest)
	if err != nil && !errors.Is(err, conversation.ErrNotFound) {
		return conversation.Conversation{}, err
	}
	c := conversation.Begin(guest, o.Source, last.Unit, now)
	c.NumberID, c.LastInboundAt, c.LastMessageAt = last.NumberID, last.LastInboundAt, now
	c.Priority, c.Metadata = o.Priority, o.Metadata
	scope := by.Scope()
	if scope.Unit != "" {
		c.Unit = scope.Unit
	}
	c = c.To(o.State, now)
	if !o.AssignedTo.IsZero() {
		if _, err := tx.Colleague(ctx, o.AssignedTo); err != nil {
			return c, err
		}
		c.AssignedTo = o.AssignedTo
	}
	if !c.VisibleTo(scope) {
		c.AssignedTo = by.ID
	}
	return c, nil
}

// store writes a new conversation and tells of it.
func (d *Desk) store(ctx context.Context, tx *postgres.Tx, c conversation.Conversation, by user.User) (conversation.Card, error) {
	if err := tx.InsertConversations(ctx, c); err != nil {
		return conversation.Card{}, err
	}
	if err := tx.SaveConversations(ctx, c); err != nil {
		return conversation.Card{}, err
	}
	cards, err := tx.Cards(ctx, c.ID)
	if err != nil {
		return conversation.Card{}, err
	}
	tx.Emit(event.Event{Name: event.ConversationNew, Card: &cards[0]})
	return cards[0], tx.Audit(ctx, postgres.Entry{
		Actor: by.ID.String(), Action: "CREATE_CONVERSATION", Entity: "conversation", EntityID: c.ID.String(),
		After: map[string]any{"status": c.State, "priority": c.Priority, "hotelUnit": c.Unit, "assignedToId": c.AssignedTo.Ptr()}, At: c.CreatedAt,
	})
}
