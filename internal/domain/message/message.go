// Package message says what a message is: its kind, who said it, its content,
// and how its status may move. Nothing here stores or sends. Start with Message.
package message

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// Kind is the sort of content of a message, with the names of the contract.
type Kind string

// The kinds of messages. The first nine are the original's; the rest are ours.
const (
	Text        Kind = "TEXT"
	Image       Kind = "IMAGE"
	Video       Kind = "VIDEO"
	Audio       Kind = "AUDIO"
	Document    Kind = "DOCUMENT"
	Location    Kind = "LOCATION"
	Sticker     Kind = "STICKER"
	Template    Kind = "TEMPLATE"
	Interactive Kind = "INTERACTIVE"
	Reaction    Kind = "REACTION"
	Unsupported Kind = "UNSUPPORTED" // kept raw and shown as such
	Notice      Kind = "NOTICE"      // WhatsApp tells of the guest: nobody wrote it, nobody is to answer it

	SharedContacts Kind = "CONTACTS" // cards out of an address book
)

// Direction is the way a message went.
type Direction string

// The directions.
const (
	Inbound  Direction = "INBOUND"  // from the guest
	Outbound Direction = "OUTBOUND" // from the hotel
)

// Sender says who spoke.
type Sender string

// The senders.
const (
	Guest  Sender = "GUEST"
	Bot    Sender = "BOT"
	Person Sender = "PERSON" // somebody at the hotel
)

// Message is one message of a conversation.
type Message struct {
	ID             id.Message
	ConversationID id.Conversation
	ContactID      id.Contact
	NumberID       id.Number
	WAMID          string // Meta's id; empty until Meta answered
	ClientID       string // the idempotency key of whoever sent it; may be empty
	Direction      Direction
	Sender         Sender
	Kind           Kind
	Content        string // what people read: the text, the caption, the title chosen
	Metadata       Metadata
	Status         Status
	Failure        *Failure
	SentBy         id.User // zero unless a person sent it
	Timestamp      time.Time
	CreatedAt      time.Time
	Progress       Progress
	Resends        int    // how often somebody had it sent again after it failed
	Quoted         *Quote // what it answers, where somebody looked that up; not stored with it
}

// Quote is what a message answers, as it is now.
type Quote struct {
	ID        id.Message `json:"id"`
	Direction Direction  `json:"direction"`
	Sender    Sender     `json:"sender"`
	Kind      Kind       `json:"type"`
	Content   string     `json:"content"`
}

// Quote returns the message as others quote it.
func (m Message) Quote() *Quote {
	return &Quote{ID: m.ID, Direction: m.Direction, Sender: m.Sender, Kind: m.Kind, Content: m.Preview().Content}
}

// Failure says why a message could not be delivered.
type Failure struct {
	Code    int    `json:"code"` // Meta's error code, 0 when the failure is ours
	Message string `json:"message"`
	Details string `json:"details,omitempty"`

	MessageEN string `json:"messageEn,omitempty"` // Message in English
	CanRetry  bool   `json:"canRetry"`            // the same message may get through another time
}

// Metadata carries what the kind needs beyond Content. Its JSON keys are those
// that the original's dashboards read (contract §3).
type Metadata struct {
	MediaID    string          `json:"mediaId,omitempty"`
	MediaURL   string          `json:"mediaUrl,omitempty"`
	MimeType   string          `json:"mimeType,omitempty"`
	SHA256     string          `json:"sha256,omitempty"`
	Filename   string          `json:"filename,omitempty"`
	Caption    string          `json:"caption,omitempty"`
	Voice      bool            `json:"voice,omitempty"`
	Animated   bool            `json:"animated,omitempty"`
	*Shown                     // nil without a file, or while it is not ours yet
	Heard      *Transcription  `json:"transcription,omitempty"` // nil until somebody listened
	Button     *Choice         `json:"button,omitempty"`
	List       *Choice         `json:"list,omitempty"`
	Location   *Place          `json:"location,omitempty"`
	Reaction   *ReactionTo     `json:"reaction,omitempty"`
	Context    *Context        `json:"context,omitempty"`
	Referral   json.RawMessage `json:"referral,omitempty"`
	Contacts   []SharedContact `json:"contacts,omitempty"`
	Order      *Order          `json:"order,omitempty"`
	Form       *Form           `json:"form,omitempty"`
	Permission *CallPermission `json:"callPermission,omitempty"`
	Notice     *WhatHappened   `json:"notice,omitempty"` // only for Notice
	Reactions  []Reacted       `json:"reactions,omitempty"`
	EditedAt   time.Time       `json:"editedAt,omitzero"`   // its text is not the first one
	RevokedAt  time.Time       `json:"revokedAt,omitzero"`  // whoever wrote it took it back: what it said is gone
	FromPhone  bool            `json:"fromPhone,omitempty"` // written in the WhatsApp app of the hotel's phone
	Raw        json.RawMessage `json:"raw,omitempty"`       // only for Unsupported
	Type       string          `json:"type,omitempty"`      // Meta's type, only for Unsupported
	ClockWrong bool            `json:"clockWrong,omitempty"`
	PreviewURL bool            `json:"previewUrl,omitempty"`
	TurnToken  string          `json:"turnToken,omitempty"` // of the hand-over that a bot's message answers, if it said so

	Said *Spoken `json:"said,omitempty"` // only for the bot's

	ImportedFrom string `json:"importedFrom,omitempty"` // who told us of a message that did not come through us
	OriginalRole string `json:"originalRole,omitempty"` // and who said it, in their words

	*Rich // nil for texts and for what guests say
}

// Choice is what a guest picked from buttons or a list.
type Choice struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// Place is a point on the map.
type Place struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
}

// ReactionTo is an emoji put on another message; the empty emoji takes it back.
type ReactionTo struct {
	WAMID string `json:"messageId"`
	Emoji string `json:"emoji"`

	IsToHotel bool `json:"isToHotel,omitempty"` // on a message of the hotel's
}

// Context says what a message answers and how it reached the guest's phone.
type Context struct {
	WAMID               string `json:"id,omitempty"`
	From                string `json:"from,omitempty"`
	Forwarded           bool   `json:"forwarded,omitempty"`
	FrequentlyForwarded bool   `json:"frequentlyForwarded,omitempty"`

	Product *Product `json:"product,omitempty"` // the guest asks about it
}

// WakesBot reports whether a message of this kind is handed to the bot: a
// reaction never is, nor is what nobody wrote.
func (k Kind) WakesBot() bool { return k != Reaction && k != Notice }

// HasMedia reports whether messages of this kind carry a file.
func (k Kind) HasMedia() bool {
	switch k {
	case Image, Video, Audio, Document, Sticker:
		return true
	default:
		return false
	}
}

// previewLength is how much of a message lists show, in characters.
const previewLength = 300

// Preview returns the message as lists show it.
func (m Message) Preview() conversation.Preview {
	content := m.Content
	if runes := []rune(content); len(runes) > previewLength {
		content = string(runes[:previewLength]) + "…"
	}
	return conversation.Preview{
		ID: m.ID, Content: content, Direction: string(m.Direction), Type: string(m.Kind), Timestamp: m.Timestamp,
		Sender: string(m.Sender), SentBy: m.SentBy,
	}
}

// SendersID returns the idempotency key as the sender gave it: it is stored behind
// the sender's name, so that people and flows cannot take each other's.
func (m Message) SendersID() string {
	_, own, _ := strings.Cut(m.ClientID, ":")
	return own
}
