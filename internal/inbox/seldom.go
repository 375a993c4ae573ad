package inbox

import (
	"context"
	"errors"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

// errBeingSent says that Meta is being asked to send something in a conversation in which
// somebody wrote on the hotel's phone: what the phone tells may be the same message. The
// lane waits until Meta has answered.
var errBeingSent = errors.New("a message is being sent, and this may be it")

// sendingTakes is longer than Meta is waited for.
const sendingTakes = time.Minute

// lookUp loads what only few messages need, before they are applied: what was done to them
// already, what they answer, and whether they were answered on the hotel's phone. A batch of
// ordinary messages asks nothing.
func (a *application) lookUp(ctx context.Context, fresh []received, guests []contact.Contact, talks map[id.Contact]*talk, changed []postgres.Received) error {
	var err error
	if a.changes, err = a.tx.ChangesOf(ctx, changed...); err != nil {
		return err
	}
	var answers []postgres.Received
	for _, m := range fresh {
		if c := m.Metadata.Context; c != nil && c.WAMID != "" {
			answers = append(answers, postgres.Received{Number: m.number, WAMID: c.WAMID})
		}
	}
	if a.quoted, err = a.tx.MessagesNamed(ctx, answers...); err != nil {
		return err
	}
	return a.phoneReplies(ctx, fresh, guests, talks)
}

// phoneReplies finds out up to when somebody answered on the hotel's phone, in conversations
// where that matters: somebody just did, or the guest's message comes late.
func (a *application) phoneReplies(ctx context.Context, fresh []received, guests []contact.Contact, talks map[id.Contact]*talk) error {
	answered := map[id.Conversation]time.Time{}
	var late []id.Conversation
	for i, m := range fresh {
		t := talks[guests[i].ID]
		switch {
		case m.ours && m.At.After(t.replied):
			t.replied = m.At
			if !t.isNew {
				answered[t.ID] = m.At
			}
		case !m.ours && !t.isNew && m.At.Before(t.LastMessageAt):
			late = append(late, t.ID)
		}
	}
	if len(late) > 0 {
		known, err := a.tx.PhoneReplies(ctx, late...)
		if err != nil {
			return err
		}
		for _, t := range talks {
			if known[t.ID].After(t.replied) {
				t.replied = known[t.ID]
			}
		}
	}
	return a.answered(ctx, talks, answered)
}

// answered marks as read what somebody has answered on the hotel's phone.
func (a *application) answered(ctx context.Context, talks map[id.Contact]*talk, at map[id.Conversation]time.Time) error {
	if len(at) == 0 {
		return nil
	}
	var ids []id.Conversation
	for c := range at {
		ids = append(ids, c)
	}
	if sending, err := a.tx.BeingSent(ctx, a.now.Add(-sendingTakes), ids...); err != nil || len(sending) > 0 {
		return errors.Join(err, errBeingSent)
	}
	read, err := a.tx.MarkReadUntil(ctx, at)
	if err != nil {
		return err
	}
	for _, t := range talks {
		t.Conversation = t.MarkRead(read[t.ID])
	}
	return nil
}

// asChanged returns a message as it is after what was done to it before it came. What it
// said is kept if it was edited.
func (a *application) asChanged(in received, m message.Message) message.Message {
	changes := a.changes[in.key()]
	if len(changes) == 0 {
		return m
	}
	after := m.With(changes...)
	if !after.Metadata.EditedAt.IsZero() {
		a.before = append(a.before, originalOf(m))
	}
	return after
}

// originalOf is what a message says before its first change, as a change of its own.
func originalOf(m message.Message) postgres.Changed {
	return postgres.Changed{Number: m.NumberID, Change: message.Change{
		ID: m.WAMID, Target: m.WAMID, Kind: message.Original, By: m.Direction, At: m.Timestamp, Text: m.Says(),
	}}
}

// saveSeldom writes what only few messages bring.
func (a *application) saveSeldom(ctx context.Context, talks map[id.Contact]*talk, messages []message.Message) error {
	replied := map[id.Conversation]time.Time{}
	for _, t := range talks {
		if !t.replied.IsZero() {
			replied[t.ID] = t.replied
		}
	}
	if err := a.tx.SavePhoneReplies(ctx, replied); err != nil {
		return err
	}
	if err := a.tx.KeepChanges(ctx, true, a.before...); err != nil {
		return err
	}
	var changed, ours []message.Message
	for _, m := range messages {
		if len(a.changes[postgres.Received{Number: m.NumberID, WAMID: m.WAMID}]) > 0 {
			changed = append(changed, m)
		}
		if m.Direction == message.Outbound {
			ours = append(ours, m)
		}
	}
	if err := a.tx.ChangesApplied(ctx, changed...); err != nil {
		return err
	}
	return a.takeParked(ctx, ours)
}

// takeParked applies statuses that came before what was written on the hotel's phone.
func (a *application) takeParked(ctx context.Context, ours []message.Message) error {
	var moved []message.Message
	for _, m := range ours {
		parked, err := a.tx.TakeParked(ctx, postgres.Received{Number: m.NumberID, WAMID: m.WAMID})
		if err != nil {
			return err
		}
		for _, p := range parked {
			m = m.Told(p.Status, p.At, p.Failure, p.Pricing)
		}
		if len(parked) > 0 {
			moved = append(moved, m)
		}
	}
	return a.tx.SaveStatuses(ctx, moved...)
}
