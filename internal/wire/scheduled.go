package wire

import (
	"encoding/json"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// Scheduled is a message that is to be sent later.
type Scheduled struct {
	ID             string                 `json:"id"`
	ConversationID string                 `json:"conversationId"`
	Type           message.Kind           `json:"type"`
	Preview        string                 `json:"preview" doc:"How lists show it"`
	Content        json.RawMessage        `json:"content" doc:"As it was sent: the type, and under its name what belongs to it"`
	ReplyTo        *string                `json:"replyTo"`
	SendAt         Time                   `json:"sendAt"`
	Status         message.ScheduledState `json:"status"`
	Failure        *message.Failure       `json:"failure,omitempty"`
	MessageID      *string                `json:"messageId" doc:"Once it is SENT"`
	CreatedByID    *string                `json:"createdById"`
	CreatedAt      Time                   `json:"createdAt"`
	SettledAt      *Time                  `json:"settledAt"`
	NeedsGuest     bool                   `json:"needsGuest" doc:"The 24-hour window will be closed by then unless the guest writes before: it would fail"`
}

// ScheduledOf writes a scheduled message of a conversation.
func ScheduledOf(s message.Scheduled, c conversation.Conversation) Scheduled {
	out := Scheduled{
		ID: s.ID.String(), ConversationID: s.ConversationID.String(), Content: s.Content, ReplyTo: orNull(s.ReplyTo), SendAt: At(s.SendAt),
		Status: s.State, Failure: s.Failure, CreatedAt: At(s.CreatedAt), SettledAt: atOrNull(s.SettledAt),
	}
	if said, err := content.Decode(s.Content); err == nil {
		out.Type, out.Preview = said.Kind(), said.Shown()
		out.NeedsGuest = s.State == message.StillScheduled && out.Type != message.Template && !c.TakesText(s.SendAt)
	}
	if !s.MessageID.IsZero() {
		m := s.MessageID.String()
		out.MessageID = &m
	}
	if !s.MadeBy.IsZero() {
		by := s.MadeBy.String()
		out.CreatedByID = &by
	}
	return out
}
