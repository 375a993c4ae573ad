package httpapi

import (
	"cmp"
	"context"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/wire"
)

// NewMessage is what an attendant sends. Exported for huma: see ConversationPath.
type NewMessage struct {
	Content    string `json:"content" minLength:"1" maxLength:"8192" doc:"The text, at most 4096 characters"`
	Type       string `json:"type,omitempty" enum:"TEXT,IMAGE,VIDEO,AUDIO,DOCUMENT" default:"TEXT"`
	ClientID   string `json:"clientId,omitempty" maxLength:"200" doc:"The same id sent twice is one message"`
	PreviewURL bool   `json:"previewUrl,omitempty"`
	Metadata   any    `json:"metadata,omitempty" doc:"Ignored; the original took it"`
}

type sendInput struct {
	ConversationPath
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"200"`
	Body           NewMessage
}

type sendToInput struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"200"`
	Body           struct {
		NewMessage
		ConversationID string `json:"conversationId"`
	}
}

func (s *server) sendMessage(ctx context.Context, c caller, in *sendInput) (*reply[wire.Message], error) {
	return s.send(ctx, c, in.ConversationPath, in.Body, in.IdempotencyKey)
}

func (s *server) sendMessageTo(ctx context.Context, c caller, in *sendToInput) (*reply[wire.Message], error) {
	return s.send(ctx, c, ConversationPath{in.Body.ConversationID}, in.Body.NewMessage, in.IdempotencyKey)
}

func (s *server) send(ctx context.Context, c caller, p ConversationPath, m NewMessage, key string) (*reply[wire.Message], error) {
	conversationID, err := p.id()
	if err != nil {
		return nil, err
	}
	if message.Kind(m.Type) != message.Text {
		return nil, outbox.ErrKind
	}
	return s.say(ctx, c, outbox.Request{
		ConversationID: conversationID, Content: content.Text{Body: m.Content, PreviewURL: m.PreviewURL},
		ClientID: cmp.Or(m.ClientID, key),
	})
}

// say sends what a person says.
func (s *server) say(ctx context.Context, c caller, r outbox.Request) (*reply[wire.Message], error) {
	r.Sender, r.By = message.Person, c.User
	q, err := s.deps.Sender.Send(ctx, c.tenant, r)
	if err != nil {
		return nil, err
	}
	return answer(wire.MessageOf(c.tenant, q.Message, s.deps.Links.Of)), nil
}
