package desk

import (
	"context"
	"errors"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// staff is who somebody is among the hotel's people: the platform's operator is nobody.
func staff(u user.User) id.User {
	if u.TenantID.IsZero() {
		return id.User{}
	}
	return u.ID
}

// followUp lets what a conversation was escalated for go along with it: closing it or
// handing it back to the bot ends the escalations that are open, giving it to somebody
// ends their waiting.
func followUp(ctx context.Context, tx *postgres.Tx, by user.User, before, after conversation.Card, now time.Time) error {
	if before.EscalatedAt.IsZero() {
		return nil
	}
	var moved []escalation.Escalation
	var err error
	switch {
	case before.State.IsActive() && !after.State.IsActive(), before.Lock.Locked && !after.Lock.Locked:
		moved, err = tx.ResolveEscalations(ctx, after.ID, staff(by), now)
	case !after.AssignedTo.IsZero() && after.AssignedTo != before.AssignedTo:
		moved, err = tx.AttendEscalations(ctx, after.ID, after.AssignedTo, now)
	}
	for _, e := range moved {
		tx.Emit(event.Event{Name: event.EscalationUpdated, Card: &after, Escalation: &e})
	}
	return err
}

// Handling is what somebody does about an escalation. Nil fields stay.
type Handling struct {
	State      *escalation.State
	AssignedTo *id.User // gives them the conversation
	Notes      *string  // at most escalation.MaxNotes characters
	HandBack   bool     // gives the guest back to the bot; ends what is open
}

var errHandBack = fault.ErrInvalid.With(fault.Detail{
	Path: "handBack", Message: "Handing the guest back to the bot ends the escalation: send RESOLVED or CANCELLED with it, or no status.",
})

// Handle changes an escalation, and its conversation with it, in one transaction. It
// returns escalation.ErrNotFound for one whose conversation the person may not see.
func (d *Desk) Handle(ctx context.Context, tenant id.Tenant, by user.User, e id.Escalation, h Handling) (Answered, error) {
	if h.HandBack && h.State != nil && h.State.IsOpen() {
		return Answered{}, errHandBack
	}
	known, err := d.db.Escalation(ctx, tenant, e)
	if err != nil {
		return Answered{}, err
	}
	var a Answered
	err = d.db.InTx(ctx, tenant, func(tx *postgres.Tx) (err error) {
		a, err = d.handle(ctx, tx, by, known, h)
		return err
	})
	return a, err
}

func (d *Desk) handle(ctx context.Context, tx *postgres.Tx, by user.User, known escalation.Escalation, h Handling) (Answered, error) {
	card, err := tx.LockCard(ctx, known.ConversationID)
	if err != nil || !card.VisibleTo(by.Scope()) {
		return Answered{}, orNotFound(err)
	}
	was, err := tx.LockEscalation(ctx, known.ID)
	if err != nil {
		return Answered{}, err
	}
	before, now := card, d.clock.Now()
	if h.AssignedTo != nil {
		if err := assign(*h.AssignedTo)(ctx, tx, &card, now); err != nil {
			return Answered{}, err
		}
	}
	if h.HandBack {
		note := was.Notes
		if h.Notes != nil {
			note = *h.Notes
		}
		card.Conversation = card.GiveBack(by.Name, note, now)
	}
	is := h.applied(was, by, now)
	if err := d.saveHandled(ctx, tx, by, before, card, is, now); err != nil {
		return Answered{}, err
	}
	return Answered{is, card}, tx.Audit(ctx, handlingEntry(by, was, is, before, card, now))
}

// orNotFound hides what may not be seen.
func orNotFound(err error) error {
	if err == nil || errors.Is(err, conversation.ErrNotFound) {
		return escalation.ErrNotFound
	}
	return err
}

// applied returns the escalation as the handling leaves it.
func (h Handling) applied(e escalation.Escalation, by user.User, now time.Time) escalation.Escalation {
	who := staff(by)
	if h.AssignedTo != nil {
		who = *h.AssignedTo
	}
	switch {
	case h.State != nil:
		e = e.To(*h.State, who, now)
	case h.HandBack && e.State.IsOpen():
		e = e.To(escalation.Resolved, who, now)
	}
	if h.AssignedTo != nil && e.State == escalation.Pending {
		e = e.To(escalation.InProgress, who, now)
	}
	if h.Notes != nil {
		e.Notes = *h.Notes
	}
	return e
}

// saveHandled writes an escalation and its conversation, and then what else was
// escalated in it.
func (d *Desk) saveHandled(ctx context.Context, tx *postgres.Tx, by user.User, before, card conversation.Card, e escalation.Escalation, now time.Time) error {
	if err := tx.SaveEscalation(ctx, e); err != nil {
		return err
	}
	if err := tx.SaveConversations(ctx, card.Conversation); err != nil {
		return err
	}
	tx.Emit(event.Event{Name: event.ConversationUpdated, Card: &card, Before: &before})
	tx.Emit(event.Event{Name: event.EscalationUpdated, Card: &card, Escalation: &e})
	return followUp(ctx, tx, by, before, card, now)
}

// handlingEntry says what changed, but not the words of the notes.
func handlingEntry(by user.User, was, is escalation.Escalation, before, after conversation.Card, now time.Time) postgres.Entry {
	b, a := difference(before, after)
	if was.State != is.State {
		b["escalationStatus"], a["escalationStatus"] = was.State, is.State
	}
	if was.Notes != is.Notes {
		b["notes"], a["notes"] = len(was.Notes), len(is.Notes)
	}
	return postgres.Entry{
		Actor: by.ID.String(), Action: "UPDATE_ESCALATION", Entity: "escalation", EntityID: is.ID.String(),
		Detail: map[string]any{"conversationId": is.ConversationID.String()}, Before: b, After: a, At: now,
	}
}
