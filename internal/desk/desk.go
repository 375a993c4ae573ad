// Package desk is what people at the hotel do with conversations, and how a bot asks
// for them: escalate.go, begin.go, change.go, read.go, erase.go and remind.go, and here assigning
// and closing; taking over and handing back are in handback.go. Speaking to guests is package outbox.
package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Desk changes conversations on behalf of people and bots.
type Desk struct {
	db        *postgres.DB
	directory *directory.Directory
	clock     clock.Clock
}

// New makes a desk.
func New(db *postgres.DB, dir *directory.Directory, c clock.Clock) *Desk {
	return &Desk{db: db, directory: dir, clock: c}
}

// act is one change of a conversation inside its transaction.
type act func(ctx context.Context, tx *postgres.Tx, c *conversation.Card, now time.Time) error

// do makes a change as one unit of work: the conversation locked, seen by the person
// or not found, saved, announced and audited.
func (d *Desk) do(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation, action string, change act) (conversation.Card, error) {
	return d.doBecause(ctx, tenant, by, c, action, "", change)
}

// doBecause is do with a reason that colleagues read.
func (d *Desk) doBecause(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation, action, reason string, change act) (conversation.Card, error) {
	var card conversation.Card
	var err error
	for range 3 {
		err = d.db.InTx(ctx, tenant, func(tx *postgres.Tx) (err error) {
			card, err = d.once(ctx, tx, by, c, action, reason, change)
			return err
		})
		if !errors.Is(err, postgres.ErrRepeated) {
			break // else the guest has just got another active conversation: look again
		}
	}
	return card, err
}

// once is do inside its transaction.
func (d *Desk) once(ctx context.Context, tx *postgres.Tx, by user.User, c id.Conversation, action, reason string, change act) (conversation.Card, error) {
	card, err := tx.LockCard(ctx, c)
	if err != nil {
		return card, err
	}
	if !card.VisibleTo(by.Scope()) {
		return card, conversation.ErrNotFound
	}
	before, now := card, d.clock.Now()
	if err := change(ctx, tx, &card, now); err != nil {
		return card, err
	}
	if err := tx.SaveConversations(ctx, card.Conversation); err != nil {
		return card, err
	}
	after := card
	tx.Emit(event.Event{Name: event.ConversationUpdated, Card: &after, Before: &before})
	if err := tell(ctx, tx, by, before, card, reason, now); err != nil {
		return card, err
	}
	if err := followUp(ctx, tx, by, before, card, now); err != nil {
		return card, err
	}
	was, is := difference(before, card)
	return card, tx.Audit(ctx, postgres.Entry{
		Actor: by.ID.String(), Action: action, Entity: "conversation", EntityID: c.String(), Before: was, After: is, At: now,
	})
}

// difference is what an audit entry says about a change: the fields, not the words.
func difference(before, after conversation.Card) (was, is map[string]any) {
	was, is = map[string]any{}, map[string]any{}
	note := func(field string, b, a any) {
		if b != a {
			was[field], is[field] = b, a
		}
	}
	note("status", before.State, after.State)
	note("priority", before.Priority, after.Priority)
	note("assignedToId", before.AssignedTo, after.AssignedTo)
	note("hotelUnit", before.Unit, after.Unit)
	note("iaLocked", before.Lock.Locked, after.Lock.Locked)
	note("isOpportunity", before.IsOpportunity, after.IsOpportunity)
	note("reservation", conversation.ReservationIn(before.Metadata).Outcome, conversation.ReservationIn(after.Metadata).Outcome)
	note("tags", tagNames(before.Tags), tagNames(after.Tags))
	return was, is
}

func tagNames(tags []conversation.Tag) string {
	names := make([]string, 0, len(tags))
	for _, t := range tags {
		names = append(names, t.Name)
	}
	return strings.Join(names, ", ")
}

// Assign gives a conversation to an active user of the hotel, or returns
// user.ErrNotFound.
func (d *Desk) Assign(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation, to id.User) (conversation.Card, error) {
	return d.do(ctx, tenant, by, c, "ASSIGN_CONVERSATION", assign(to))
}

func assign(to id.User) act {
	return func(ctx context.Context, tx *postgres.Tx, c *conversation.Card, now time.Time) error {
		colleague, err := tx.Colleague(ctx, to)
		if err != nil {
			return err
		}
		c.Conversation = c.Conversation.Assign(to, now)
		c.Assignee = &conversation.Assignee{ID: to, Name: colleague.Name, Email: colleague.Email}
		return nil
	}
}

// Unassign gives a conversation back to everybody.
func (d *Desk) Unassign(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation) (conversation.Card, error) {
	return d.do(ctx, tenant, by, c, "UNASSIGN_CONVERSATION", func(_ context.Context, _ *postgres.Tx, c *conversation.Card, now time.Time) error {
		c.Conversation, c.Assignee = c.Conversation.Unassign(now), nil
		return nil
	})
}

// Close ends a conversation and hands the guest back to the bot. The reason is for colleagues and may
// be empty.
func (d *Desk) Close(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation, reason string) (conversation.Card, error) {
	return d.doBecause(ctx, tenant, by, c, "CLOSE_CONVERSATION", reason, moveTo(conversation.Closed))
}

// Archive puts a conversation away, where only those look who ask for it.
func (d *Desk) Archive(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation) (conversation.Card, error) {
	return d.do(ctx, tenant, by, c, "ARCHIVE_CONVERSATION", moveTo(conversation.Archived))
}

// Unarchive puts an archived conversation back among the closed ones.
func (d *Desk) Unarchive(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation) (conversation.Card, error) {
	return d.do(ctx, tenant, by, c, "UNARCHIVE_CONVERSATION", func(_ context.Context, _ *postgres.Tx, c *conversation.Card, now time.Time) error {
		if c.State == conversation.Archived {
			c.Conversation = c.To(conversation.Closed, now)
		}
		return nil
	})
}

// moveTo changes the state. A closed conversation opens again only if the guest has
// no newer one.
func moveTo(s conversation.State) act {
	return func(ctx context.Context, tx *postgres.Tx, c *conversation.Card, now time.Time) error {
		if s.IsActive() && !c.State.IsActive() {
			active, err := tx.ActiveCards(ctx, c.ContactID)
			if err != nil {
				return err
			}
			if len(active) > 0 {
				return conversation.ErrClosed
			}
		}
		c.Conversation = c.To(s, now)
		return nil
	}
}
