package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/wire"
)

type beginInput struct {
	Body struct {
		Phone        string         `json:"contactPhoneNumber" minLength:"10" maxLength:"40" doc:"10 to 15 digits with country and area code"`
		Status       string         `json:"status,omitempty" enum:"BOT_HANDLING,OPEN,IN_PROGRESS,WAITING,CLOSED" default:"OPEN"`
		Source       string         `json:"source,omitempty" enum:"n8n,manual,webhook,whatsapp" default:"manual"`
		Priority     string         `json:"priority,omitempty" enum:"LOW,MEDIUM,HIGH,URGENT" default:"MEDIUM"`
		Metadata     map[string]any `json:"metadata,omitempty" doc:"An object of at most 10,000 characters"`
		AssignedToID string         `json:"assignedToId,omitempty" format:"uuid"`
	}
}

type begun struct {
	wire.Conversation
	Existing bool `json:"existing" doc:"The guest had an active conversation, and this is it: a guest has one at most"`
}

func (s *server) beginConversation(ctx context.Context, c caller, in *beginInput) (*reply[begun], error) {
	o := desk.Opening{
		Phone: in.Body.Phone, State: conversation.State(in.Body.Status), Source: in.Body.Source,
		Priority: conversation.Priority(in.Body.Priority),
	}
	var err error
	if in.Body.AssignedToID != "" {
		if o.AssignedTo, err = id.ParseUser(in.Body.AssignedToID); err != nil {
			return nil, wrongField("assignedToId", "This is no id of a user.")
		}
	}
	if o.Metadata, err = metadataOf(in.Body.Metadata); err != nil {
		return nil, err
	}
	b, err := s.deps.Desk.Begin(ctx, c.tenant, c.User, o)
	if err != nil {
		return nil, err
	}
	return answer(begun{wire.ConversationOf(c.tenant, b.Card), !b.IsNew}), nil
}
