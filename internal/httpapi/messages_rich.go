package httpapi

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/wire"
)

// What the original's dashboards send beside texts and files, in their words. All of it is
// held against WhatsApp's limits by package content, all at once.

// NewTemplate is an approved template whose body is filled with texts. Templates with more to
// fill in go to …/messages/content. Exported for huma.
type NewTemplate struct {
	Name       string   `json:"templateName" minLength:"1" maxLength:"512"`
	Parameters []string `json:"parameters,omitempty" maxItems:"100"`
	Language   string   `json:"languageCode,omitempty" minLength:"2" maxLength:"15" default:"pt_BR"`
}

func (n NewTemplate) content() content.Content {
	out := content.Template{Name: n.Name, Language: n.Language}
	for _, p := range n.Parameters {
		out.Body = append(out.Body, content.Parameter{Text: p})
	}
	return out
}

// NewButtons is a text with up to three buttons. Exported for huma.
type NewButtons struct {
	Text    string      `json:"bodyText" doc:"At most 1024 characters, counted in UTF-16 units as all limits of WhatsApp's"`
	Header  string      `json:"headerText,omitempty" doc:"At most 60 characters"`
	Footer  string      `json:"footerText,omitempty" doc:"At most 60 characters"`
	Buttons []newButton `json:"buttons" nullable:"false" doc:"One to three"`
}

type newButton struct {
	ID    string `json:"id" doc:"Comes back when it is pressed. At most 256 characters"`
	Title string `json:"title" doc:"At most 20 characters, no two alike"`
}

func (n NewButtons) content() content.Content {
	out := content.Buttons{Body: n.Text, Footer: n.Footer}
	if n.Header != "" {
		out.Header = &content.Header{Text: n.Header}
	}
	for _, b := range n.Buttons {
		out.Buttons = append(out.Buttons, content.Button(b))
	}
	return out
}

// NewChoices is a text with a list to choose from. Exported for huma.
type NewChoices struct {
	Text     string       `json:"bodyText" doc:"At most 4096 characters"`
	Header   string       `json:"headerText,omitempty" doc:"At most 60 characters"`
	Footer   string       `json:"footerText,omitempty" doc:"At most 60 characters"`
	Button   string       `json:"buttonText" doc:"Opens the list. At most 20 characters"`
	Sections []newSection `json:"sections" nullable:"false" doc:"One to ten, with at most ten rows together"`
}

type newSection struct {
	Title string   `json:"title,omitempty" doc:"At most 24 characters; needed when there is another section"`
	Rows  []newRow `json:"rows" nullable:"false"`
}

type newRow struct {
	ID          string `json:"id" doc:"Comes back when it is chosen. At most 200 characters"`
	Title       string `json:"title" doc:"At most 24 characters"`
	Description string `json:"description,omitempty" doc:"At most 72 characters"`
}

func (n NewChoices) content() content.Content {
	out := content.List{Header: n.Header, Body: n.Text, Footer: n.Footer, Button: n.Button}
	for _, section := range n.Sections {
		s := content.Section{Title: section.Title}
		for _, row := range section.Rows {
			s.Rows = append(s.Rows, content.Row(row))
		}
		out.Sections = append(out.Sections, s)
	}
	return out
}

// ourNames are what these calls call the parts of a content.
var ourNames = map[string]string{
	"header": "headerText", "header.text": "headerText", "body": "bodyText", "footer": "footerText", "button": "buttonText",
}

// renamed points a refusal at the fields of the call, as it calls them.
func renamed(err error, names map[string]string) error {
	if len(names) == 0 {
		return err
	}
	return repointed(err, func(path string) string { return renamedPath(path, names) })
}

// repointed points a refusal of a content at where the call has its parts.
func repointed(err error, field func(path string) string) error {
	if !errors.Is(err, content.ErrInvalid) {
		return err
	}
	f := *fault.Of(err)
	f.Details = slices.Clone(f.Details)
	for i := range f.Details {
		f.Details[i].Path = field(f.Details[i].Path)
	}
	return &f
}

// renamedPath gives a part of a content the name that a call has for it.
func renamedPath(path string, names map[string]string) string {
	first, rest := path, "" // body[0].text is a part of body
	if cut := strings.IndexAny(path, "[."); cut > 0 {
		first, rest = path[:cut], path[cut:]
	}
	switch {
	case names[path] != "":
		return names[path]
	case names[first] != "":
		return names[first] + rest
	}
	return path
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

// templateNames are those of the parts of a template.
var templateNames = map[string]string{"name": "templateName", "language": "languageCode", "body": "parameters"}

func (s *server) sendTemplate(ctx context.Context, c caller, in *rich[NewTemplate]) (*reply[wire.Message], error) {
	return s.sendRich(ctx, c, in.ConversationPath, in.Body.content(), in.IdempotencyKey, templateNames)
}

func (s *server) sendButtons(ctx context.Context, c caller, in *rich[NewButtons]) (*reply[wire.Message], error) {
	return s.sendRich(ctx, c, in.ConversationPath, in.Body.content(), in.IdempotencyKey, ourNames)
}

func (s *server) sendChoices(ctx context.Context, c caller, in *rich[NewChoices]) (*reply[wire.Message], error) {
	return s.sendRich(ctx, c, in.ConversationPath, in.Body.content(), in.IdempotencyKey, ourNames)
}

func (s *server) sendTemplateTo(ctx context.Context, c caller, in *richTo[TemplateTo]) (*reply[wire.Message], error) {
	return s.sendRich(ctx, c, ConversationPath{in.Body.ConversationID}, in.Body.content(), in.IdempotencyKey, templateNames)
}

func (s *server) sendButtonsTo(ctx context.Context, c caller, in *richTo[ButtonsTo]) (*reply[wire.Message], error) {
	return s.sendRich(ctx, c, ConversationPath{in.Body.ConversationID}, in.Body.content(), in.IdempotencyKey, ourNames)
}

func (s *server) sendChoicesTo(ctx context.Context, c caller, in *richTo[ChoicesTo]) (*reply[wire.Message], error) {
	return s.sendRich(ctx, c, ConversationPath{in.Body.ConversationID}, in.Body.content(), in.IdempotencyKey, ourNames)
}

func (s *server) sendRich(ctx context.Context, c caller, p ConversationPath, what content.Content, key string, names map[string]string) (*reply[wire.Message], error) {
	return s.say(ctx, c, p, saying{content: func() (content.Content, error) { return what, nil }, key: key, named: names})
}
