package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/wire"
)

// What is more than a text is checked as it will be when it can be sent, and then
// refused: a flow author or dashboard learns of its own mistakes today.

// NewTemplate is an approved template with its parameters. Exported for huma.
type NewTemplate struct {
	Name       string   `json:"templateName" minLength:"1" maxLength:"512"`
	Parameters []string `json:"parameters,omitempty" maxItems:"100"`
	Language   string   `json:"languageCode,omitempty" minLength:"2" maxLength:"15" default:"pt_BR"`
}

// NewButtons is a text with up to three buttons. Exported for huma.
type NewButtons struct {
	Text    string      `json:"bodyText" minLength:"1" maxLength:"1024"`
	Header  string      `json:"headerText,omitempty" maxLength:"60"`
	Footer  string      `json:"footerText,omitempty" maxLength:"60"`
	Buttons []newButton `json:"buttons" minItems:"1" maxItems:"3" nullable:"false"`
}

type newButton struct {
	ID    string `json:"id" minLength:"1" maxLength:"256"`
	Title string `json:"title" minLength:"1" maxLength:"20"`
}

// NewChoices is a text with a list to choose from. Exported for huma.
type NewChoices struct {
	Text     string       `json:"bodyText" minLength:"1" maxLength:"1024"`
	Header   string       `json:"headerText,omitempty" maxLength:"60"`
	Footer   string       `json:"footerText,omitempty" maxLength:"60"`
	Button   string       `json:"buttonText" minLength:"1" maxLength:"20"`
	Sections []newSection `json:"sections" minItems:"1" maxItems:"10" nullable:"false"`
}

type newSection struct {
	Title string   `json:"title,omitempty" maxLength:"24"`
	Rows  []newRow `json:"rows" minItems:"1" nullable:"false"`
}

type newRow struct {
	ID          string `json:"id" minLength:"1" maxLength:"200"`
	Title       string `json:"title" minLength:"1" maxLength:"24"`
	Description string `json:"description,omitempty" maxLength:"72"`
}

// maxRows is how many choices a list may have in all its sections (Meta).
const maxRows = 10

func (n NewChoices) check() error {
	rows := 0
	for _, section := range n.Sections {
		rows += len(section.Rows)
	}
	if rows > maxRows {
		return wrongField("sections", "A list may have at most 10 rows in all its sections.")
	}
	return nil
}

// rich is a call that names its conversation in the path.
type rich[T any] struct {
	ConversationPath
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"200"`
	Body           T
}

// TemplateTo, ButtonsTo and ChoicesTo name their conversation in the body.
type (
	// TemplateTo is a template for a conversation.
	TemplateTo struct {
		NewTemplate
		ConversationID string `json:"conversationId"`
	}
	// ButtonsTo is a text with buttons for a conversation.
	ButtonsTo struct {
		NewButtons
		ConversationID string `json:"conversationId"`
	}
	// ChoicesTo is a text with a list for a conversation.
	ChoicesTo struct {
		NewChoices
		ConversationID string `json:"conversationId"`
	}
)

type richTo[T any] struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"200"`
	Body           T
}

func (s *server) sendTemplate(ctx context.Context, c caller, in *rich[NewTemplate]) (*reply[wire.Message], error) {
	return s.notYet(ctx, c, in.ConversationPath, nil)
}

func (s *server) sendButtons(ctx context.Context, c caller, in *rich[NewButtons]) (*reply[wire.Message], error) {
	return s.notYet(ctx, c, in.ConversationPath, nil)
}

func (s *server) sendChoices(ctx context.Context, c caller, in *rich[NewChoices]) (*reply[wire.Message], error) {
	return s.notYet(ctx, c, in.ConversationPath, in.Body.check())
}

func (s *server) sendTemplateTo(ctx context.Context, c caller, in *richTo[TemplateTo]) (*reply[wire.Message], error) {
	return s.notYet(ctx, c, ConversationPath{in.Body.ConversationID}, nil)
}

func (s *server) sendButtonsTo(ctx context.Context, c caller, in *richTo[ButtonsTo]) (*reply[wire.Message], error) {
	return s.notYet(ctx, c, ConversationPath{in.Body.ConversationID}, nil)
}

func (s *server) sendChoicesTo(ctx context.Context, c caller, in *richTo[ChoicesTo]) (*reply[wire.Message], error) {
	return s.notYet(ctx, c, ConversationPath{in.Body.ConversationID}, in.Body.check())
}

// notYet refuses what cannot be sent yet, after all that would be refused anyway.
func (s *server) notYet(ctx context.Context, c caller, p ConversationPath, wrong error) (*reply[wire.Message], error) {
	if _, err := s.visible(ctx, c, p); err != nil {
		return nil, err
	}
	if wrong != nil {
		return nil, wrong
	}
	return nil, outbox.ErrKind
}
