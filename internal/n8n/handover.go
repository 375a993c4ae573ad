package n8n

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/tenant"
)

// What flows are told of, besides turns.
const (
	EventMessage = "message.received"
	EventTest    = "test"          // somebody asks whether the flow can be reached; nothing of a guest is in it
	EventFile    = "message.media" // the file of a message that was handed over without it

	EventReaction = "message.reaction" // the guest put an emoji on a message, or took it back
)

// Handover is one message of a guest on its way to the hotel's flow.
type Handover struct {
	DeliveryID string // the same at every attempt; flows recognise a repeat by it
	Event      string // EventMessage when empty
	TenantSlug string
	Number     tenant.Number // the number that the guest wrote to
	Card       conversation.Card
	Turn       int64        // which hand-over of the conversation this is
	Style      tenant.Style // empty is tenant.Legacy
	Message    message.Message
	Press      *Press // what is known of the button that the message is, if it is one
	IsNew      bool   // the message opened the conversation
	IsRetry    bool   // an earlier attempt may have arrived
	Now        time.Time
	Facts      []Fact // what a flow that subscribed gets besides, in the flat style
}

// errNobody is returned for a guest to whom no answer could be addressed.
var errNobody = errors.New("the contact has neither a phone number nor a business-scoped id")

// Body writes the JSON that the flow gets. Unless the hotel has another style, every key is there twice, at the top and under "body": n8n's webhook node
// puts what arrives under $json.body, flows made for the original read $json.body.body.phone, new ones $json.body.phone.
// It fails for a contact without any address.
func Body(h Handover) ([]byte, error) {
	p, err := payloadOf(h)
	if err != nil {
		return nil, err
	}
	p.dress(h.Style)
	return written(p, h.Style, h.Facts)
}

// written writes a payload as a hotel wants it.
func written(payload any, style tenant.Style, facts []Fact) ([]byte, error) {
	if len(facts) > 0 {
		return joined(payload, facts)
	}
	var inner bytes.Buffer
	encoder := json.NewEncoder(&inner)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(payload); err != nil {
		return nil, fmt.Errorf("write payload: %w", err)
	}
	object := bytes.TrimRight(inner.Bytes(), "\n")
	if style == tenant.Flat || style == tenant.ZAPI {
		return object, nil
	}
	return twice(object), nil
}

// dress gives a payload Z-API's values where a hotel wants them: the event in type, WhatsApp's id
// in messageId, a shared card in contact.
func (p *payload) dress(style tenant.Style) {
	if style == tenant.ZAPI {
		p.Type, p.MessageID = "ReceivedCallback", p.ExternalMessageID
		if g, ok := p.Contact.(guest); ok && p.Card != nil {
			p.Contact, p.Guest = p.Card, &g
		}
	}
}

// twice turns {…} into {…,"body":{…}}.
func twice(object []byte) []byte {
	const key = `,"body":`
	out := make([]byte, 0, 2*len(object)+len(key))
	out = append(out, object[:len(object)-1]...)
	out = append(out, key...)
	out = append(out, object...)
	return append(out, '}')
}

// payload has the original's names first, then Z-API's, then ours. Where the two knew the same thing by two names,
// both are given; where they clash ("type"), the original wins, because its flows are the ones in use.
type payload struct {
	Phone             string `json:"phone"`
	ContactPhone      string `json:"contactPhone"`
	Type              string `json:"type"`
	MessageID         string `json:"messageId"`         // ours
	ExternalMessageID string `json:"externalMessageId"` // Meta's wamid
	Timestamp         int64  `json:"timestamp"`         // seconds
	ContactName       string `json:"contactName,omitempty"`
	ConversationID    string `json:"conversationId"`
	IsNewConversation bool   `json:"isNewConversation"`
	Channel           string `json:"channel"`

	TimestampMillis    int64   `json:"momment"` //nolint:misspell // Z-API spells it so
	SenderName         string  `json:"senderName,omitempty"`
	ChatName           string  `json:"chatName"`
	SenderPhoto        string  `json:"senderPhoto,omitempty"`
	ConnectedPhone     string  `json:"connectedPhone"`
	InstanceID         string  `json:"instanceId"`
	Status             string  `json:"status"`
	FromMe             bool    `json:"fromMe"`
	FromAPI            bool    `json:"fromApi"`
	IsGroup            bool    `json:"isGroup"`
	IsNewsletter       bool    `json:"isNewsletter"`
	Broadcast          bool    `json:"broadcast"`
	IsEdit             bool    `json:"isEdit"`
	IsStatusReply      bool    `json:"isStatusReply"`
	Forwarded          bool    `json:"forwarded"`
	WaitingMessage     bool    `json:"waitingMessage"`
	ViewOnce           bool    `json:"viewOnce"`
	ExpirationSeconds  int     `json:"messageExpirationSeconds"`
	ParticipantPhone   *string `json:"participantPhone"` // of groups, which are not handed over
	ParticipantLID     *string `json:"participantLid"`
	Photo              string  `json:"photo,omitempty"`
	ReferenceMessageID string  `json:"referenceMessageId,omitempty"` // the wamid that the guest quoted

	Event           string     `json:"event"`
	DeliveryID      string     `json:"deliveryId"`
	IsRetry         bool       `json:"isRetry"`
	TenantSlug      string     `json:"tenantSlug"`
	SessionID       string     `json:"sessionId"` // n8n's memory nodes pick it up
	ChatInput       string     `json:"chatInput"` // n8n's AI Agent picks it up
	HotelUnit       string     `json:"hotelUnit,omitempty"`
	WithinWindow    bool       `json:"withinWindow"`
	WindowExpiresAt *time.Time `json:"windowExpiresAt"`
	IALocked        bool       `json:"iaLocked"`
	Contact         any        `json:"contact"` // the guest; in Z-API's style the card that a message shares, if it is one
	Guest           *guest     `json:"guest,omitempty"`
	Ball            ball       `json:"ball"`
	Turn            int64      `json:"turn"`
	TurnToken       string     `json:"turnToken"` // sent back with an answer, it is refused once the turn is over
	Handback        *handback  `json:"handback,omitempty"`

	content
}

// guest is what we know of who wrote.
type guest struct {
	ID                string `json:"id"`
	Name              string `json:"name,omitempty"`
	DisplayName       string `json:"displayName"`
	Phone             string `json:"phone,omitempty"`
	WAID              string `json:"waId,omitempty"`
	BSUID             string `json:"bsuid,omitempty"`
	Username          string `json:"username,omitempty"`
	Email             string `json:"email,omitempty"`
	ProfilePictureURL string `json:"profilePictureUrl,omitempty"`

	Company string          `json:"companyName,omitempty"`
	Fields  json.RawMessage `json:"fields,omitempty"` // what the hotel notes about the guest
	Tags    []string        `json:"tags,omitempty"`   // of the conversation
}

func payloadOf(h Handover) (payload, error) {
	c, m := h.Card.Contact, h.Message
	address := addressOf(c)
	if address == "" {
		return payload{}, errNobody
	}
	p := payload{
		Phone: address, ContactPhone: address,
		MessageID: m.ID.String(), ExternalMessageID: m.WAMID,
		Timestamp: m.Timestamp.Unix(), TimestampMillis: m.Timestamp.UnixMilli(),
		ContactName: c.Name, SenderName: c.Name, ChatName: c.DisplayName(), SenderPhoto: c.AvatarURL,
		ConversationID: h.Card.ID.String(), SessionID: h.Card.ID.String(),
		IsNewConversation: h.IsNew, Channel: "whatsapp",
		ConnectedPhone: digitsOf(h.Number.Display), InstanceID: h.Number.PhoneNumberID,
		Status: "RECEIVED", IsEdit: !m.Metadata.EditedAt.IsZero(), Photo: c.AvatarURL,
		Event: cmp.Or(h.Event, EventMessage), DeliveryID: h.DeliveryID, IsRetry: h.IsRetry, TenantSlug: h.TenantSlug,
		HotelUnit: h.Card.Unit, IALocked: h.Card.Lock.Locked,
		WithinWindow: h.Card.WithinWindow(h.Now),
		Contact:      guestOf(h.Card),
		Ball:         ballOf(h.Card), Turn: h.Turn, TurnToken: h.Card.TurnOf(h.Turn).Token(), Handback: handbackOf(h.Card.ToldOf(h.Turn)),
		content: contentOf(m),
	}
	p.press(h.Press)
	p.react(h)
	p.Type, p.ChatInput = p.kind, p.spoken
	p.WindowExpiresAt = orNil(h.Card.WindowEnds())
	if quoted := m.Metadata.Context; quoted != nil {
		p.ReferenceMessageID = quoted.WAMID
		p.Forwarded = quoted.Forwarded || quoted.FrequentlyForwarded
	}
	return p, nil
}

// addressOf is what the flow passes back to our API to answer the guest. Since Meta hides the numbers of guests who
// ask for it (June 2026) it may be a business-scoped id, which our API takes in the same place.
func addressOf(c contact.Contact) string {
	switch {
	case c.Phone != "":
		return string(c.Phone)
	case c.BSUID != "":
		return c.BSUID
	default:
		return c.WAID
	}
}

func guestOf(card conversation.Card) guest {
	c := card.Contact
	g := guest{
		ID: c.ID.String(), Name: c.Name, DisplayName: c.DisplayName(),
		Phone: string(c.Phone), WAID: c.WAID, BSUID: c.BSUID, Username: c.Username,
		Email: c.Email, ProfilePictureURL: c.AvatarURL, Company: c.CompanyName,
	}
	if json.Valid([]byte(c.Metadata)) && c.Metadata != "null" {
		g.Fields = json.RawMessage(c.Metadata)
	}
	for _, tag := range card.Tags {
		g.Tags = append(g.Tags, tag.Name)
	}
	return g
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
