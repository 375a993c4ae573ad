package subscription

import (
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// Happening is something that subscribers can be told about.
type Happening struct {
	Name           Name
	ConversationID id.Conversation
	MessageID      id.Message
	EscalationID   id.Escalation
	Status         message.Status // of message.status
	WakesBot       bool           // of message.received
}

// Ref is a happening as the work of telling it is stored: ids, not what anybody said.
type Ref struct {
	DeliveryID     id.Subscribed   `json:"id"`
	Event          Name            `json:"event"`
	ConversationID id.Conversation `json:"conversationId,omitzero"`
	MessageID      id.Message      `json:"messageId,omitzero"`
	EscalationID   id.Escalation   `json:"escalationId,omitzero"`
	Status         message.Status  `json:"status,omitempty"`
	At             time.Time       `json:"at"`
}

// Ref returns the happening as it is stored.
func (h Happening) Ref(at time.Time) Ref {
	return Ref{
		DeliveryID: id.NewSubscribed(), Event: h.Name, ConversationID: h.ConversationID, MessageID: h.MessageID,
		EscalationID: h.EscalationID, Status: h.Status, At: at,
	}
}

// Standing is what of a conversation tells whether it was opened, closed, taken or handed back.
type Standing struct {
	Active, Locked bool
}

// StandingOf returns how a conversation stands.
func StandingOf(c conversation.Conversation) Standing {
	return Standing{c.State.IsActive(), c.Lock.Locked}
}

// Happenings returns what an event is to subscribers. was is how its conversation stood
// before, nil when it is new.
func Happenings(e event.Event, was *Standing) []Happening {
	if e.Card == nil || e.Name == event.ConversationDeleted {
		return nil
	}
	h := Happening{ConversationID: e.Card.ID}
	out := moves(h, e, was)
	switch e.Name {
	case event.MessageNew:
		out = append(out, said(h, *e.Message)...)
	case event.MessageUpdated:
		h.Name, h.MessageID = MessageUpdated, e.Message.ID
		out = append(out, h)
	case event.MessageStatus:
		if e.Message.Direction == message.Outbound {
			h.Name, h.MessageID, h.Status = MessageStatus, e.Message.ID, e.Message.Status
			out = append(out, h)
		}
	case event.ConversationUpdated:
		h.Name = ConversationUpdated
		out = append(out, h)
	case event.EscalationNew:
		h.Name, h.EscalationID = EscalationCreated, e.Escalation.ID
		out = append(out, h)
	case event.EscalationUpdated:
		if !e.Escalation.State.IsOpen() {
			h.Name, h.EscalationID = EscalationClosed, e.Escalation.ID
			out = append(out, h)
		}
	default:
	}
	return out
}

// moves tells whether the conversation was opened, closed, taken or handed back.
func moves(h Happening, e event.Event, was *Standing) []Happening {
	is := StandingOf(e.Card.Conversation)
	before := Standing{Active: is.Active, Locked: is.Locked}
	switch {
	case was != nil:
		before = *was
	case e.Name == event.ConversationNew:
		before = Standing{}
	}
	var out []Happening
	add := func(happened bool, name Name) {
		if happened {
			h.Name = name
			out = append(out, h)
		}
	}
	add(is.Active && !before.Active, ConversationOpened)
	add(is.Locked && !before.Locked, BotLocked)
	add(!is.Locked && before.Locked, BotUnlocked)
	add(!is.Active && before.Active, ConversationClosed)
	return out
}

func said(h Happening, m message.Message) []Happening {
	if m.Direction == message.Outbound && m.Kind == message.Notice {
		return nil // for colleagues: nothing was sent
	}
	h.MessageID = m.ID
	if m.Direction == message.Outbound {
		h.Name = MessageSent
		return []Happening{h}
	}
	h.Name, h.WakesBot = MessageReceived, m.Kind.WakesBot() && !m.IsRevoked()
	out := []Happening{h}
	if m.Metadata.Button != nil || m.Metadata.List != nil {
		h.Name = ButtonClicked
		out = append(out, h)
	}
	return out
}
