package wire

import (
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// Event is what screens get, one shape for all names: the parts that an event does
// not have are left out. Seq counts the events of a tenant since Epoch began; a
// screen that finds Epoch changed or a gap reported by sync:required fetches anew.
type Event struct {
	ConversationID string            `json:"conversationId,omitempty"`
	Conversation   *Conversation     `json:"conversation,omitempty"`
	Message        *Message          `json:"message,omitempty"`
	MessageID      string            `json:"messageId,omitempty"`
	Status         message.Status    `json:"status,omitempty"`
	ExternalID     *string           `json:"externalMessageId,omitempty"`
	ErrorInfo      *message.Failure  `json:"errorInfo,omitempty"`
	LastMessage    *Preview          `json:"lastMessage,omitempty"`
	LastMessageAt  Time              `json:"lastMessageAt,omitempty"`
	Updates        *Updates          `json:"updates,omitempty"`
	Escalation     *Escalation       `json:"escalation,omitempty"`
	Scheduled      *Scheduled        `json:"scheduled,omitempty"`
	Contact        *Contact          `json:"contact,omitempty"`
	ContactID      string            `json:"contactId,omitempty"`
	Tag            *conversation.Tag `json:"tag,omitempty"`
	TagID          string            `json:"tagId,omitempty"`
	AccountEvent   *AccountEvent     `json:"accountEvent,omitempty"`
	Flow           *FlowState        `json:"flow,omitempty"`
	Epoch          string            `json:"epoch"`
	Seq            int64             `json:"seq"`
}

// Updates repeats what usually changes about a conversation, for the original's
// dashboards.
type Updates struct {
	Status       conversation.State `json:"status"`
	Priority     string             `json:"priority"`
	IALocked     bool               `json:"iaLocked"`
	IALockedBy   *string            `json:"iaLockedBy"`
	HotelUnit    *string            `json:"hotelUnit"`
	AssignedToID *string            `json:"assignedToId"`
	UnreadCount  int                `json:"unreadCount"`
}

// EventOf writes an event.
func EventOf(e event.Event, epoch string, seq int64, links Links) Event {
	out := Event{Epoch: epoch, Seq: seq}
	if e.Card != nil {
		c := ConversationOf(e.TenantID, *e.Card)
		out.ConversationID, out.Conversation = c.ID, &c
	}
	switch e.Name {
	case event.MessageNew, event.MessageUpdated:
		m := MessageOf(e.TenantID, *e.Message, links)
		out.Message = &m
	case event.MessageStatus:
		m := MessageOf(e.TenantID, *e.Message, links)
		out.Conversation = nil
		out.MessageID, out.Status, out.ExternalID, out.ErrorInfo = m.ID, m.Status, m.ExternalMessageID, m.Failure
	case event.MessageScheduled:
		s := ScheduledOf(*e.Scheduled, e.Card.Conversation)
		out.Conversation, out.Scheduled = nil, &s
	case event.ConversationDeleted:
		out.Conversation = nil
	case event.ConversationUpdated:
		c := out.Conversation
		out.LastMessage, out.LastMessageAt = c.LastMessage, c.LastMessageAt
		out.Updates = &Updates{
			Status: c.Status, Priority: c.Priority, IALocked: c.IALocked, IALockedBy: c.IALockedBy,
			HotelUnit: c.HotelUnit, AssignedToID: c.AssignedToID, UnreadCount: c.UnreadCount,
		}
	case event.EscalationNew, event.EscalationUpdated:
		escalation := EscalationOf(e.TenantID, *e.Escalation, &e.Card.Contact)
		out.Escalation = &escalation
	case event.TagCreated, event.TagUpdated:
		out.Tag, out.TagID = e.Tag, e.Tag.ID.String()
	case event.TagDeleted:
		out.TagID = e.Tag.ID.String()
	case event.ContactCreated, event.ContactUpdated:
		c := ContactOf(*e.Contact)
		out.Contact, out.ContactID = &c, c.ID
	case event.ContactDeleted:
		out.ContactID = e.Contact.ID.String()
	case event.AccountNews:
		n := AccountEventOf(*e.News)
		out.AccountEvent = &n
	case event.FlowIll, event.FlowRecovered:
		flow := FlowStateOf(*e.Flow)
		out.Flow = &flow
	case event.ConversationNew, event.WindowClosing, event.BotPaused, event.BotResumed:
	}
	return out
}
