package content

import "github.com/botreserva/botreserva/internal/domain/message"

// Text is a text.
type Text struct {
	Body       string `json:"body"`
	PreviewURL bool   `json:"previewUrl,omitempty"` // show a preview of the first link
}

// Kind implements Content.
func (Text) Kind() message.Kind { return message.Text }

// Shown implements Content.
func (t Text) Shown() string { return t.Body }

func (Text) name() string                   { return "text" }
func (t Text) check(c *checker)             { c.required("body", t.Body, maxText) }
func (t Text) describe(m *message.Metadata) { m.PreviewURL = t.PreviewURL }
