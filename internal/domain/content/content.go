// Package content says what the hotel can send in one message, from a text to a carousel
// of products, within WhatsApp's limits. It knows how each is checked (Check), how people
// read it in lists (Shown), what dashboards are told of it (Describe), and the form in
// which it is stored until it is sent (Encode, Decode). Meta's names for all this are
// package whatsapp's. What guests send is not here. Start with Content.
package content

import (
	"encoding/json"
	"fmt"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// Content is what one message says: a Text, an Image, Buttons, a Template and so on.
// Being one of them, it cannot be two.
type Content interface {
	// Kind is the sort of message that it is, in the words of dashboards.
	Kind() message.Kind
	// Shown is what people read of it in lists and in search.
	Shown() string

	name() string // in the stored form
	check(c *checker)
	describe(m *message.Metadata)
}

// known reads each sort of content, by its name.
var known = map[string]decoder{
	"text": read[Text], "image": read[Image], "video": read[Video], "audio": read[Audio], "voice": read[Voice],
	"document": read[Document], "sticker": read[Sticker], "location": read[Location], "contacts": read[Contacts],
	"reaction": read[Reaction], "buttons": read[Buttons], "list": read[List], "link": read[Link],
	"locationRequest": read[LocationRequest], "flow": read[Flow], "template": read[Template],
	"product": read[Product], "productList": read[ProductList], "catalogue": read[Catalogue],
	"carousel": read[Carousel], "productCarousel": read[ProductCarousel],
}

// decoder reads one sort of content.
type decoder func(data []byte) (Content, error)

func read[C Content](data []byte) (Content, error) {
	var c C
	err := json.Unmarshal(data, &c)
	return c, err
}

// Refusals of contents.
var (
	ErrNone    = fault.New(fault.Invalid, "content_missing", "Say what to send.")
	ErrInvalid = fault.ErrInvalid // with a detail for each thing that is wrong
	ErrStored  = fault.New(fault.Unprocessable, "content_unreadable",
		"The message was stored in a form that this version cannot send. Write it anew.")
)

// Check holds a content against WhatsApp's limits. It returns ErrInvalid with every
// violation at once, each with the path of the field from the content on.
func Check(c Content) error {
	if c == nil {
		return ErrNone
	}
	k := &checker{}
	c.check(k)
	return k.verdict()
}

// Encode writes a content as it is stored: {"type":"buttons","buttons":{…}}.
func Encode(c Content) (json.RawMessage, error) {
	if c == nil {
		return nil, ErrNone
	}
	out, err := json.Marshal(map[string]any{"type": c.name(), c.name(): c})
	if err != nil {
		return nil, fmt.Errorf("encode content: %w", err)
	}
	return out, nil
}

// Decode reads what Encode wrote, and leaves checking to Check. What it cannot read, from
// a newer version perhaps, is ErrStored.
func Decode(stored json.RawMessage) (Content, error) {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(stored, &keys); err != nil {
		return nil, ErrStored.Because(err)
	}
	var name string
	if err := json.Unmarshal(keys["type"], &name); err != nil {
		return nil, ErrStored.Because(err)
	}
	if known[name] == nil || keys[name] == nil {
		return nil, ErrStored.Because(fmt.Errorf("content %q is unknown or missing", name))
	}
	c, err := known[name](keys[name])
	if err != nil {
		return nil, ErrStored.Because(err)
	}
	return c, nil
}

// Describe returns what is kept with the message: the content itself, and what dashboards
// read of it (contract §3). A text needs nothing of the kind, it is the message's Content.
func Describe(c Content) (message.Metadata, error) {
	if text, ok := c.(Text); ok {
		return message.Metadata{PreviewURL: text.PreviewURL}, nil
	}
	stored, err := Encode(c)
	if err != nil {
		return message.Metadata{}, err
	}
	m := message.Metadata{Rich: &message.Rich{Outgoing: stored}}
	c.describe(&m)
	return m, nil
}

// Of returns what a stored message of the hotel's says.
func Of(m message.Message) (Content, error) {
	if m.Metadata.Rich != nil && m.Metadata.Outgoing != nil {
		return Decode(m.Metadata.Outgoing)
	}
	if m.Kind == message.Text {
		return Text{Body: m.Content, PreviewURL: m.Metadata.PreviewURL}, nil
	}
	return nil, ErrStored
}
