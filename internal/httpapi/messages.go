package httpapi

import (
	"cmp"
	"context"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/wire"
)

// NewMessage is what an attendant sends, as the original's dashboards word it: a text, or a
// file whose address is the content. Exported for huma: see ConversationPath.
type NewMessage struct {
	Content    string    `json:"content" minLength:"1" maxLength:"8192" doc:"The text, at most 4096 characters; of other types the file: its id, the address that uploading gave, or a public https:// link"`
	Type       string    `json:"type,omitempty" enum:"TEXT,IMAGE,VIDEO,AUDIO,DOCUMENT,STICKER" default:"TEXT"`
	ClientID   string    `json:"clientId,omitempty" maxLength:"200" doc:"The same id sent twice is one message"`
	PreviewURL bool      `json:"previewUrl,omitempty" doc:"Show a preview of the first link"`
	ReplyTo    string    `json:"replyTo,omitempty" maxLength:"300" doc:"The message that is quoted: our id or WhatsApp's"`
	Metadata   *fileNote `json:"metadata,omitempty" doc:"Of files"`
}

// fileNote is what the original took beside a file.
type fileNote struct {
	URL      string `json:"url,omitempty" maxLength:"2048" doc:"Where the file is, if content is not that"`
	Caption  string `json:"caption,omitempty" doc:"At most 1024 characters"`
	Filename string `json:"filename,omitempty" doc:"Of documents, with its extension"`
	Voice    bool   `json:"voice,omitempty" doc:"Of audio: play it as a voice note; it must be OGG with Opus"`
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
	return s.say(ctx, c, p, saying{
		key: cmp.Or(m.ClientID, key), replyTo: m.ReplyTo, named: map[string]string{"body": "content", "": "content", "link": "content", "fileId": "content"},
		content: func() (content.Content, error) { return s.contentOf(ctx, c, m) },
	})
}

// contentOf reads what the original's dashboards send.
func (s *server) contentOf(ctx context.Context, c caller, m NewMessage) (content.Content, error) {
	if message.Kind(m.Type) == message.Text {
		return content.Text{Body: m.Content, PreviewURL: m.PreviewURL}, nil
	}
	note := fileNote{}
	if m.Metadata != nil {
		note = *m.Metadata
	}
	kind, of := m.Type, cmp.Or(note.URL, m.Content)
	if kind == string(message.Audio) && note.Voice {
		kind = voiceType
	}
	if note.Caption == "" && note.URL != "" && note.URL != m.Content {
		note.Caption = m.Content // the original stored it there
	}
	return s.mediaOf(ctx, c, kind, of, note.Caption, note.Filename)
}

// saying is a message on its way from a call to the outbox.
type saying struct {
	content func() (content.Content, error)
	key     string
	replyTo string
	named   map[string]string // what the call calls the fields of the content
}

// say sends what a person says.
func (s *server) say(ctx context.Context, c caller, p ConversationPath, what saying) (*reply[wire.Message], error) {
	conversationID, err := p.id()
	if err != nil {
		return nil, err
	}
	said, err := what.content()
	if err != nil {
		return nil, err
	}
	q, err := s.deps.Sender.Send(ctx, c.tenant, outbox.Request{
		ConversationID: conversationID, Sender: message.Person, By: c.User, Content: said, ReplyTo: what.replyTo, ClientID: what.key,
	})
	if err != nil {
		return nil, renamed(err, what.named)
	}
	return answer(wire.MessageOf(c.tenant, q.Message, s.deps.Links.Of)), nil
}
