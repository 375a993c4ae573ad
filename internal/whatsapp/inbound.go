package whatsapp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// Inbound is a message from a guest, or with Change something that a guest did to a message.
type Inbound struct {
	WAMID    string           // at most 512 bytes, opaque
	From     contact.Identity // tidy and known
	GroupID  string           // set when it was said in a group: it then opens no private conversation
	At       time.Time        // as Meta says, or the time of receipt with Metadata.ClockWrong
	Kind     message.Kind
	Content  string // what people read, at most 65,536 characters
	Metadata message.Metadata
	// Change is set instead of Kind and Content when a message was reacted to, edited or taken back.
	Change *message.Change `json:",omitempty"`
	// Becomes is who the guest is from At on, when WhatsApp gave them another number or id.
	Becomes *contact.Identity `json:",omitempty"`
	// Nothing says that there is nothing to show or do.
	Nothing bool `json:",omitempty"`
	// Observed says that Meta's own agent has the conversation: it may be shown, not answered.
	Observed bool `json:",omitempty"`
}

// maxText bounds a text and a caption, in code points. Meta documents no limit for what guests write.
const maxText = 65_536

// maxLabel bounds ids, titles, MIME types and other short texts, in code points.
const maxLabel = 1024

type wireMessage struct {
	messageHead
	GroupID     loose           `json:"group_id"`
	Type        loose           `json:"type"`
	Context     *wireContext    `json:"context"`
	Referral    json.RawMessage `json:"referral"`
	Errors      rawList         `json:"errors"`
	Text        wireText        `json:"text"`
	Image       wireMedia       `json:"image"`
	Video       wireMedia       `json:"video"`
	Audio       wireMedia       `json:"audio"`
	Voice       wireMedia       `json:"voice"`
	Document    wireMedia       `json:"document"`
	Sticker     wireMedia       `json:"sticker"`
	Location    wireLocation    `json:"location"`
	Reaction    wireReaction    `json:"reaction"`
	Button      wireButton      `json:"button"`
	Interactive wireInteractive `json:"interactive"`

	// What comes seldom is read only when it came.
	Contacts json.RawMessage `json:"contacts"`
	Order    json.RawMessage `json:"order"`
	Edit     json.RawMessage `json:"edit"`
	Revoke   json.RawMessage `json:"revoke"`
}

type wireContext struct {
	ID                  loose `json:"id"`
	From                loose `json:"from"`
	Forwarded           bool  `json:"forwarded"`
	FrequentlyForwarded bool  `json:"frequently_forwarded"`

	Product *struct {
		CatalogID  loose `json:"catalog_id"`
		RetailerID loose `json:"product_retailer_id"`
	} `json:"referred_product"`
}

// ParseMessage reads the payload of an ItemMessage. A message of a kind that we do not show is no error: it comes
// as message.Unsupported with a placeholder and its raw form. Errors are ErrUnreadable, ErrNoID and ErrNoSender,
// for which the item is to be put aside with its payload.
func ParseMessage(payload json.RawMessage, receivedAt time.Time) (Inbound, error) {
	var p struct {
		Message json.RawMessage `json:"message"`
		Contact wireContact     `json:"contact"`
		Standby bool            `json:"standby"`
	}
	if err := readLoosely(payload, &p); err != nil {
		return Inbound{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	var m wireMessage
	if err := readObject(p.Message, &m); err != nil {
		return Inbound{}, err
	}
	in := Inbound{WAMID: wamid(m.ID), From: m.sender().identity(p.Contact), GroupID: cut(string(m.GroupID), maxLabel), Observed: p.Standby}
	switch {
	case in.WAMID == "":
		return Inbound{}, ErrNoID
	case !in.From.IsKnown():
		return Inbound{}, ErrNoSender
	}
	m.fill(&in, p.Message, receivedAt)
	return in, nil
}

// fill reads what the message says and when; message is its raw form.
func (m *wireMessage) fill(in *Inbound, message json.RawMessage, receivedAt time.Time) {
	at, right := timeOr(m.Timestamp, receivedAt)
	in.At = at
	if !m.read(in) {
		m.keepRaw(in, message)
	}
	in.Metadata.ClockWrong = !right
	in.Metadata.Context = m.Context.read()
	in.Metadata.Referral = storable(m.Referral)
}

func readObject(raw json.RawMessage, into any) error {
	if trimmed := bytes.TrimLeft(raw, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return ErrUnreadable
	}
	if err := readLoosely(raw, into); err != nil {
		return fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return nil
}

func (c *wireContext) read() *message.Context {
	if c == nil {
		return nil
	}
	read := message.Context{
		WAMID:               wamid(c.ID),
		From:                cut(string(c.From), maxLabel),
		Forwarded:           c.Forwarded,
		FrequentlyForwarded: c.FrequentlyForwarded,
	}
	if p := c.Product; p != nil && p.RetailerID != "" {
		read.Product = &message.Product{CatalogID: cut(string(p.CatalogID), maxLabel), ProductID: cut(string(p.RetailerID), maxLabel)}
	}
	if read == (message.Context{}) {
		return nil
	}
	return &read
}

// keepRaw makes a message that we cannot show into one that says so and loses nothing.
func (m *wireMessage) keepRaw(in *Inbound, raw json.RawMessage) {
	in.Kind = message.Unsupported
	in.Content = m.placeholder()
	in.Metadata = message.Metadata{Type: cut(string(m.Type), 64), Raw: storable(raw)}
}
