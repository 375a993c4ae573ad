package desk

import (
	"context"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Lines stand in a conversation though nobody said them to the guest: who took it, gave it away,
// closed it. Their words are for screens that know no better; ours write them in the reader's
// language.

// lineOf makes a line of what happened.
func lineOf(c conversation.Card, text string, what message.WhatHappened, now time.Time) message.Message {
	return message.Message{
		ID: id.NewMessage(), ConversationID: c.ID, ContactID: c.ContactID, NumberID: c.NumberID, Direction: message.Outbound,
		Sender: message.Bot, Kind: message.Notice, Content: text, Status: message.Sent, Timestamp: now.Truncate(time.Second), CreatedAt: now,
		Metadata: message.Metadata{Notice: &what},
	}
}

// lineBy makes a line of what somebody did, with their reason if they gave one.
func lineBy(by user.User, c conversation.Card, text string, what message.WhatHappened, now time.Time) message.Message {
	what.By = by.Name
	if what.Note != "" {
		text += ": " + what.Note
	}
	line := lineOf(c, text, what, now)
	line.Sender, line.SentBy = message.Person, staff(by)
	return line
}

func writeLine(ctx context.Context, tx *postgres.Tx, c conversation.Card, line message.Message, now time.Time) error {
	if err := tx.InsertMessages(ctx, now, line); err != nil {
		return err
	}
	tx.Emit(event.Event{Name: event.MessageNew, Card: &c, Message: &line})
	return nil
}

// tell writes the line of a change that somebody made, if colleagues are to know of it.
func tell(ctx context.Context, tx *postgres.Tx, by user.User, before, after conversation.Card, reason string, now time.Time) error {
	var line message.Message
	reason = strings.TrimSpace(reason)
	switch {
	case before.State.IsActive() && !after.State.IsActive():
		line = lineBy(by, after, "Encerrada por "+by.Name, message.WhatHappened{Type: message.ClosedBy, Note: reason}, now)
	case !before.State.IsActive() && after.State.IsActive():
		line = lineBy(by, after, "Reaberta por "+by.Name, message.WhatHappened{Type: message.ReopenedBy}, now)
	case after.AssignedTo != before.AssignedTo && !after.AssignedTo.IsZero() && after.AssignedTo != by.ID:
		to := after.Assignee.Name
		line = lineBy(by, after, "Passada para "+to+" por "+by.Name, message.WhatHappened{Type: message.GivenTo, To: to}, now)
	case takes(by, before, after):
		line = lineBy(by, after, "Assumida por "+by.Name, message.WhatHappened{Type: message.TakenBy}, now)
	default:
		return nil
	}
	return writeLine(ctx, tx, after, line, now)
}

// takes reports whether somebody has a conversation now who had not before.
func takes(by user.User, before, after conversation.Card) bool {
	return holds(by, after) && !holds(by, before)
}

func holds(by user.User, c conversation.Card) bool {
	return c.Holder() == conversation.HeldByPerson && (c.AssignedTo == by.ID || c.AssignedTo.IsZero() && c.Lock.By == by.ID.String())
}
