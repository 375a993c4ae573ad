package n8n

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
)

// Told is something that happened at the desk, on its way to a subscriber. Message is zero when
// it is not about a message.
type Told struct {
	Handover
	Event string
	At    time.Time
	Facts []Fact
}

// Fact is what a subscriber gets besides, under a key of its own.
type Fact struct {
	Key   string
	Value any
}

// about is what a subscriber gets of everything that is not a guest's message. Its keys are those of payload.
type about struct {
	Phone             string     `json:"phone,omitempty"`
	ContactPhone      string     `json:"contactPhone,omitempty"`
	ContactName       string     `json:"contactName,omitempty"`
	MessageID         string     `json:"messageId,omitempty"`
	ExternalMessageID string     `json:"externalMessageId,omitempty"`
	ConversationID    string     `json:"conversationId"`
	SessionID         string     `json:"sessionId"`
	Channel           string     `json:"channel"`
	ConnectedPhone    string     `json:"connectedPhone"`
	InstanceID        string     `json:"instanceId"`
	Event             string     `json:"event"`
	DeliveryID        string     `json:"deliveryId"`
	IsRetry           bool       `json:"isRetry"`
	TenantSlug        string     `json:"tenantSlug"`
	HotelUnit         string     `json:"hotelUnit,omitempty"`
	WithinWindow      bool       `json:"withinWindow"`
	WindowExpiresAt   *time.Time `json:"windowExpiresAt"`
	IALocked          bool       `json:"iaLocked"`
	Contact           guest      `json:"contact"`
}

// ToldBody writes the JSON that a subscriber gets. A guest's message looks as it does to the hotel's flow, but without
// the second copy under "body": subscribers are new, nobody reads $json.body.body of them.
func ToldBody(t Told) ([]byte, error) {
	var base any
	if m := t.Message; !m.ID.IsZero() && m.Direction == message.Inbound {
		p, err := payloadOf(t.Handover)
		if err != nil {
			return nil, err
		}
		p.Event = t.Event
		base = p
	} else {
		base = aboutOf(t)
	}
	facts := append([]Fact{{"occurredAt", t.At.UTC()}}, t.Facts...)
	return joined(base, facts)
}

func aboutOf(t Told) about {
	c := t.Card.Contact
	a := about{
		Phone: addressOf(c), ContactPhone: addressOf(c), ContactName: c.Name, ConversationID: t.Card.ID.String(),
		SessionID: t.Card.ID.String(), Channel: "whatsapp", ConnectedPhone: digitsOf(t.Number.Display),
		InstanceID: t.Number.PhoneNumberID, Event: t.Event, DeliveryID: t.DeliveryID, IsRetry: t.IsRetry, TenantSlug: t.TenantSlug,
		HotelUnit: t.Card.Unit, WithinWindow: t.Card.WithinWindow(t.Now), IALocked: t.Card.Lock.Locked,
		Contact: guestOf(t.Card),
	}
	if !t.Message.ID.IsZero() {
		a.MessageID, a.ExternalMessageID = t.Message.ID.String(), t.Message.WAMID
	}
	if ends := t.Card.WindowEnds(); !ends.IsZero() {
		ends = ends.UTC()
		a.WindowExpiresAt = &ends
	}
	return a
}

// joined writes an object with further keys behind its own.
func joined(base any, facts []Fact) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	write := func(v any) error {
		if err := encoder.Encode(v); err != nil {
			return fmt.Errorf("write what is told: %w", err)
		}
		out.Truncate(out.Len() - 1) // the line feed
		return nil
	}
	if err := write(base); err != nil {
		return nil, err
	}
	out.Truncate(out.Len() - 1) // the brace
	for _, f := range facts {
		fmt.Fprintf(&out, ",%q:", f.Key)
		if err := write(f.Value); err != nil {
			return nil, err
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// PingBody writes what a subscriber gets when somebody tries whether it can be reached.
func PingBody(slug, deliveryID string, at time.Time) ([]byte, error) {
	return joined(struct {
		Event      string    `json:"event"`
		DeliveryID string    `json:"deliveryId"`
		TenantSlug string    `json:"tenantSlug"`
		OccurredAt time.Time `json:"occurredAt"`
	}{"ping", deliveryID, slug, at.UTC()}, nil)
}
