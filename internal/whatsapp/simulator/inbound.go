package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Inbound is what a guest sends, in friendly form; the constructors below make the usual ones. Type decides which
// fields count. Any type Meta has and this list lacks (order, system, …) can be sent with Raw.
type Inbound struct {
	Type string `json:"type"` // "text" when empty
	Text string `json:"text,omitempty"`

	// Media: MediaID names an upload (UploadMedia); without one a built-in sample of the type is sent.
	MediaID  string `json:"mediaId,omitempty"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
	Voice    bool   `json:"voice,omitempty"` // audio recorded in WhatsApp

	Latitude  float64 `json:"latitude,omitempty"`
	Longitude float64 `json:"longitude,omitempty"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`

	Contacts json.RawMessage `json:"contacts,omitempty"` // contacts[] as in the webhook

	MessageID string `json:"messageId,omitempty"` // what a reaction, an edit or a revocation is to
	Emoji     string `json:"emoji,omitempty"`     // empty takes the reaction back

	Unsupported string          `json:"unsupported,omitempty"` // the real type of an unsupported message
	ReplyTo     string          `json:"replyTo,omitempty"`     // wamid that is quoted
	Forwarded   bool            `json:"forwarded,omitempty"`
	Referral    json.RawMessage `json:"referral,omitempty"` // of a click-to-WhatsApp ad
	Raw         json.RawMessage `json:"raw,omitempty"`      // content of any other type, put under the type's name

	Animated bool            `json:"animated,omitempty"`            // of a sticker
	URL      string          `json:"url,omitempty"`                 // of a location
	Often    bool            `json:"frequentlyForwarded,omitempty"` // more than five times
	Product  json.RawMessage `json:"referredProduct,omitempty"`     // that the guest asks about
	GroupID  string          `json:"groupId,omitempty"`             // the guest writes in a group
	Code     int             `json:"code,omitempty"`                // of an unsupported message: 131051 unless said otherwise

	choice  *Choice        // of a tap
	answers map[string]any // of a flow
	from    *string        // of a system message: the number before
	fromID  string
}

// Text is a text message.
func Text(body string) Inbound { return Inbound{Type: "text", Text: body} }

// Image is a photograph, a built-in sample.
func Image(caption string) Inbound { return Inbound{Type: "image", Caption: caption} }

// Video is a short film, a built-in sample that is only a container.
func Video(caption string) Inbound { return Inbound{Type: "video", Caption: caption} }

// Audio is an audio file; Voice a recorded note. Both are built-in samples of two seconds of silence.
func Audio() Inbound { return Inbound{Type: "audio"} }

// Voice is a note recorded in WhatsApp.
func Voice() Inbound { return Inbound{Type: "audio", Voice: true} }

// Document is a one-page PDF, a built-in sample.
func Document(filename, caption string) Inbound {
	return Inbound{Type: "document", Filename: filename, Caption: caption}
}

// Sticker is a static sticker, a built-in sample.
func Sticker() Inbound { return Inbound{Type: "sticker"} }

// Location is a place; name and address may be empty.
func Location(latitude, longitude float64, name, address string) Inbound {
	return Inbound{Type: "location", Latitude: latitude, Longitude: longitude, Name: name, Address: address}
}

// ContactCard shares somebody's name and phone.
func ContactCard(name, phone string) Inbound {
	return Inbound{Type: "contacts", Contacts: asciiJSON([]any{map[string]any{
		"name":   map[string]any{"formatted_name": name, "first_name": name},
		"phones": []any{map[string]any{"phone": phone, "wa_id": digitsOf(phone), "type": "CELL"}},
		"origin": "other",
	}}, false)}
}

// Reaction is an emoji put on a message of the chat; an empty emoji takes it back.
func Reaction(wamid, emoji string) Inbound {
	return Inbound{Type: "reaction", MessageID: wamid, Emoji: emoji}
}

// Unsupported is a message Cloud API cannot carry, for instance "poll_creation".
func Unsupported(realType string) Inbound { return Inbound{Type: "unsupported", Unsupported: realType} }

// ErrBadInbound is wrapped by every refusal of what a guest tried to send.
var ErrBadInbound = errors.New("guest cannot send this")

func badInbound(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrBadInbound}, args...)...)
}

// check refuses what no phone could send.
func (m *Inbound) check() error {
	if m.Type == "" {
		m.Type = "text"
	}
	switch {
	case m.Raw != nil:
		if !json.Valid(m.Raw) {
			return badInbound("raw is no JSON")
		}
		return nil
	case m.Type == "text" && m.Text == "":
		return badInbound("text is empty")
	case m.Type == "contacts" && !json.Valid(m.Contacts):
		return badInbound("contacts is no JSON")
	case m.Type == "reaction" && m.MessageID == "":
		return badInbound("a reaction needs the message it is to")
	case m.Type == "location" && (m.Latitude < -90 || m.Latitude > 90 || m.Longitude < -180 || m.Longitude > 180):
		return badInbound("there is no such place")
	case m.Referral != nil && !json.Valid(m.Referral):
		return badInbound("referral is no JSON")
	}
	return m.checkType()
}

func (m *Inbound) checkType() error {
	switch {
	case plainTypes[m.Type]:
		if (m.Type == "edit" || m.Type == "revoke") && m.MessageID == "" || m.Type == "edit" && m.Text == "" {
			return badInbound("an edit needs messageId and text, a revocation messageId")
		}
		return nil
	case m.Type == "interactive", m.Type == "button":
		if m.choice != nil {
			return nil
		}
		return badInbound("type %q is sent by tapping, or with raw", m.Type)
	}
	return badInbound("type %q is not known, send it with raw", m.Type)
}

// fill puts the content into the webhook's message and the entry. Media were resolved before.
func (m *Inbound) fill(out *messageJSON, e *Entry, media *mediaJSON) {
	switch m.Type {
	case "text":
		out.Text, e.Text = &textJSON{Body: m.Text}, m.Text
	case "image":
		out.Image = media
	case "video":
		out.Video = media
	case "audio":
		out.Audio = media
	case "document":
		out.Document = media
	case "sticker":
		out.Sticker = media
	case "location":
		out.Location = &locationJSON{Latitude: m.Latitude, Longitude: m.Longitude, Name: m.Name, Address: m.Address, URL: m.URL}
		e.Text = m.Name
	case "contacts":
		out.Contacts = m.Contacts
	case "reaction":
		out.Reaction, e.Text = &reactionJSON{MessageID: m.MessageID, Emoji: m.Emoji}, m.Emoji
	case "unsupported":
		out.Unsupport = &unsupportedJSON{Type: m.Unsupported}
		failure := newStatusError(orInt(m.Code, 131051), "Message type is currently not supported.")
		failure.Title, failure.Message, failure.Href = "Message type unknown", "Message type unknown", ""
		out.Errors = []*StatusError{failure}
	}
	if media != nil {
		e.Text, e.MediaID = m.Caption, media.ID
	}
	if m.choice != nil {
		m.fillChoice(out, e)
	}
}

func (m *Inbound) fillChoice(out *messageJSON, e *Entry) {
	c := m.choice
	e.Text = c.Title
	switch c.Kind {
	case ChoiceQuick:
		out.Button = &buttonJSON{Payload: c.ID, Text: c.Title}
	case ChoiceRow:
		reply := &replyJSON{ID: c.ID, Title: c.Title, Description: c.Description}
		out.Interact = &interactiveJSON{Type: "list_reply", ListReply: reply}
	case ChoiceReply:
		out.Interact = &interactiveJSON{Type: "button_reply", ButtonReply: &replyJSON{ID: c.ID, Title: c.Title}}
	}
}

// encode gives the messages[] element.
func (m *Inbound) encode(out *messageJSON, escapeSlash bool) json.RawMessage {
	encoded := asciiJSON(out, escapeSlash)
	if m.Raw == nil {
		return encoded
	}
	var object map[string]json.RawMessage
	must(json.Unmarshal(encoded, &object))
	object[m.Type] = m.Raw
	return asciiJSON(object, escapeSlash)
}

// contentOf picks the object under the message's type for the transcript.
func (m *Inbound) contentOf(encoded json.RawMessage) json.RawMessage {
	var object map[string]json.RawMessage
	must(json.Unmarshal(encoded, &object))
	return object[m.Type]
}
