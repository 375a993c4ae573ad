package outbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

// reactable is how long Meta takes reactions to a message (messages reference, 2026).
const reactable = 30 * 24 * time.Hour

// Refusals of messages that point at another.
var (
	ErrPointed = fault.New(fault.Unprocessable, "message_unknown",
		"The message that is quoted or reacted to is not in this guest's conversations.")
	ErrPointedUnsent = fault.New(fault.Conflict, "message_not_sent",
		"The message that is quoted or reacted to has not reached WhatsApp. Wait until it is sent.")
	ErrReactTo = fault.New(fault.Unprocessable, "reaction_not_possible",
		"WhatsApp takes no reaction to a reaction, nor to a message that is older than 30 days.")
)

// pointed puts Meta's ids in the place of ours where a message quotes or reacts to
// another. That must be the same guest's, and known to Meta.
func (r Request) pointed(ctx context.Context, tx *postgres.Tx, card conversation.Card, line directory.Line, now time.Time) (content.Content, *message.Context, error) {
	if reaction, ok := r.Content.(content.Reaction); ok {
		to, err := find(ctx, tx, card, line, reaction.WAMID, "messageId")
		if err == nil && (to.Kind == message.Reaction || now.Sub(to.Timestamp) > reactable) {
			err = about(ErrReactTo, "messageId")
		}
		return content.Reaction{WAMID: to.WAMID, Emoji: reaction.Emoji}, nil, err
	}
	if r.ReplyTo == "" {
		return r.Content, nil, nil
	}
	quoted, err := find(ctx, tx, card, line, r.ReplyTo, "replyTo")
	return r.Content, &message.Context{WAMID: quoted.WAMID}, err
}

// about points a refusal at a field.
func about(f *fault.Fault, path string) error {
	return f.With(fault.Detail{Path: path, Code: f.Code, Message: f.Text})
}

func find(ctx context.Context, tx *postgres.Tx, card conversation.Card, line directory.Line, named, path string) (message.Message, error) {
	var m message.Message
	var err error
	if ours, no := id.ParseMessage(named); no == nil {
		m, err = tx.Message(ctx, ours)
	} else {
		m, err = tx.MessageReceived(ctx, postgres.Received{Number: line.ID, WAMID: named})
	}
	switch {
	case errors.Is(err, postgres.ErrNoMessage):
		return m, about(ErrPointed, path)
	case err != nil:
		return m, err
	case m.ContactID != card.ContactID || m.NumberID != line.ID:
		return message.Message{}, about(ErrPointed, path)
	case m.WAMID == "":
		return m, about(ErrPointedUnsent, path)
	}
	return m, nil
}

// repeats reports whether a stored message says what the request does. To what it points
// is not looked at: it may be named in two ways.
func (r Request) repeats(m message.Message) bool {
	// How a template reads is found out when it is stored.
	if r.Content.Kind() != m.Kind || m.Kind != message.Template && r.Content.Shown() != m.Content {
		return false
	}
	if m.Kind == message.Text || m.Kind == message.Reaction {
		return true
	}
	stored, err := content.Of(m)
	if err != nil {
		return false
	}
	before, err := content.Encode(stored)
	now, errNow := content.Encode(r.Content)
	return err == nil && errNow == nil && sameJSON(asAsked(before), asAsked(now))
}

// sameJSON compares what PostgreSQL may have put into another order.
func sameJSON(a, b json.RawMessage) bool {
	if bytes.Equal(a, b) {
		return true
	}
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	left, err := json.Marshal(x)
	right, errRight := json.Marshal(y)
	return err == nil && errRight == nil && bytes.Equal(left, right)
}
