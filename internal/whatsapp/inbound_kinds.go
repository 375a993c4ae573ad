package whatsapp

import (
	"encoding/json"
	"path"
	"strconv"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/message"
)

type wireText struct {
	Body loose `json:"body"`
}

// wireMedia is a file of the guest's. The url that Meta adds since November 2025 is not read: files are fetched by
// id, so that our token goes to Meta's own host only.
type wireMedia struct {
	ID       loose `json:"id"`
	MimeType loose `json:"mime_type"`
	SHA256   loose `json:"sha256"` // base64 in most samples, hex in others
	Caption  loose `json:"caption"`
	Filename loose `json:"filename"`
	Voice    bool  `json:"voice"`
	Animated bool  `json:"animated"`
}

type wireLocation struct {
	Latitude  json.RawMessage `json:"latitude"`
	Longitude json.RawMessage `json:"longitude"`
	Name      loose           `json:"name"`
	Address   loose           `json:"address"`
}

type wireReaction struct {
	MessageID loose `json:"message_id"`
	Emoji     loose `json:"emoji"`
}

type wireButton struct {
	Payload loose `json:"payload"`
	Text    loose `json:"text"`
}

type wireInteractive struct {
	Type        loose      `json:"type"`
	ButtonReply wireChoice `json:"button_reply"`
	ListReply   wireChoice `json:"list_reply"`

	Form       json.RawMessage `json:"nfm_reply"`
	Permission json.RawMessage `json:"call_permission_reply"`
}

type wireChoice struct {
	ID          loose `json:"id"`
	Title       loose `json:"title"`
	Description loose `json:"description"`
}

// read fills in the content of the kinds that we show, and reports whether it could.
func (m *wireMessage) read(in *Inbound) bool {
	switch m.Type {
	case "text":
		in.Kind, in.Content = message.Text, cut(string(m.Text.Body), maxText)
		return in.Content != ""
	case "image":
		return m.Image.read(in, message.Image)
	case "video":
		return m.Video.read(in, message.Video)
	case "audio":
		return m.Audio.read(in, message.Audio)
	case "voice": // the name of a voice note in older payloads
		m.Voice.Voice = true
		return m.Voice.read(in, message.Audio)
	case "document":
		return m.Document.read(in, message.Document)
	case "sticker":
		return m.Sticker.read(in, message.Sticker)
	case "location":
		return m.Location.read(in)
	case "reaction":
		return m.Reaction.read(in)
	case "button":
		return wireChoice{ID: loose(first(m.Button.Payload, m.Button.Text)), Title: m.Button.Text}.read(in, &in.Metadata.Button)
	case "interactive":
		return m.Interactive.read(in)
	default:
		return m.readSeldom(in)
	}
}

func (f wireMedia) read(in *Inbound, kind message.Kind) bool {
	if f.ID == "" || len(f.ID) > maxLabel {
		return false
	}
	in.Kind = kind
	in.Metadata = message.Metadata{
		MediaID:  string(f.ID),
		MimeType: cut(string(f.MimeType), maxLabel),
		SHA256:   cut(string(f.SHA256), maxLabel),
		Caption:  cut(string(f.Caption), maxText),
		Voice:    f.Voice,
		Animated: f.Animated,
	}
	in.Content = in.Metadata.Caption
	if kind == message.Document {
		in.Metadata.Filename = shownFilename(string(f.Filename))
		if in.Content == "" {
			in.Content = in.Metadata.Filename
		}
	}
	return true
}

const (
	maxFilename  = 120 // code points, so that it fits any disk in UTF-8
	maxExtension = 12
)

// shownFilename makes a name chosen by a guest fit to be shown and saved: no folders, controls or characters that
// reverse the text, and short, with its extension kept.
func shownFilename(name string) string {
	name = path.Base("/" + strings.ReplaceAll(name, `\`, "/"))
	extension := contact.CleanName(path.Ext(name))
	if len(extension) > maxExtension {
		extension = ""
	}
	stem := contact.CleanName(strings.TrimSuffix(name, path.Ext(name)))
	if extension == "" {
		stem = contact.CleanName(name)
	}
	shown := cut(stem, maxFilename-len(extension)) + extension
	if strings.Trim(shown, "./ ") == "" {
		return ""
	}
	return shown
}

// read refuses coordinates that are no place on earth, or no numbers.
func (l wireLocation) read(in *Inbound) bool {
	latitude, okLatitude := degrees(l.Latitude, 90)
	longitude, okLongitude := degrees(l.Longitude, 180)
	if !okLatitude || !okLongitude {
		return false
	}
	place := message.Place{
		Latitude: latitude, Longitude: longitude,
		Name: cut(string(l.Name), maxLabel), Address: cut(string(l.Address), maxLabel),
	}
	in.Kind, in.Content, in.Metadata.Location = message.Location, string(mustMarshal(place)), &place
	return true
}

func degrees(number json.RawMessage, limit float64) (float64, bool) {
	value, err := strconv.ParseFloat(string(number), 64)
	return value, err == nil && value >= -limit && value <= limit
}

// read takes a missing emoji for a removed reaction, as it does the empty one of older payloads.
func (r wireReaction) read(in *Inbound) bool {
	to := wamid(r.MessageID)
	if to == "" {
		return false
	}
	in.Change = &message.Change{
		ID: in.WAMID, Target: to, Kind: message.Reacting, By: message.Inbound, At: in.At, Emoji: cut(string(r.Emoji), 32),
	}
	return true
}

func (i wireInteractive) read(in *Inbound) bool {
	switch {
	case i.ButtonReply.read(in, &in.Metadata.Button), i.ListReply.read(in, &in.Metadata.List):
		return true
	case len(i.Form) > 0:
		return readForm(i.Form, in)
	case len(i.Permission) > 0:
		return readPermission(i.Permission, in)
	default:
		return false
	}
}

// read makes a choice into the text that the guest would have typed.
func (c wireChoice) read(in *Inbound, where **message.Choice) bool {
	label := cut(first(c.Title, c.ID), maxLabel)
	if label == "" {
		return false
	}
	in.Kind, in.Content = message.Text, label
	*where = &message.Choice{
		ID: cut(string(c.ID), maxLabel), Title: label, Description: cut(string(c.Description), maxLabel),
	}
	return true
}
