package whatsapp

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
)

// wireEcho is a message that the hotel sent from the WhatsApp Business app, or that Meta's own agent sent.
type wireEcho struct {
	wireMessage
	To        loose           `json:"to"`
	ToUserID  loose           `json:"to_user_id"`
	Recipient loose           `json:"recipient"`
	Sent      json.RawMessage `json:"message"` // of an agent's: the request with which it was sent
}

// recipient names the guest.
func (e *wireEcho) recipient() person {
	return person{waID: e.To, bsuid: loose(first(e.ToUserID, e.Recipient))}
}

// unwrap takes the message out of the request with which an agent sent it.
func (e *wireEcho) unwrap(raw json.RawMessage) json.RawMessage {
	var inner wireEcho
	if e.Type != "" || len(e.Sent) == 0 || readObject(e.Sent, &inner) != nil {
		return raw
	}
	inner.ID, inner.Timestamp, raw = e.ID, e.Timestamp, e.Sent
	*e = inner
	return raw
}

func echoItem(raw json.RawMessage, book contactBook) Item {
	var e wireEcho
	_ = readLoosely(raw, &e) // what is no message has no id and is refused by ParseEcho
	_ = e.unwrap(raw)
	at, _ := readTime(e.Timestamp)
	who, known := book.find(e.recipient())
	return Item{ItemEcho, e.recipient().laneKey(known), wamid(e.ID), at, wrap("echo", raw, who)}
}

// ParseEcho reads the payload of an ItemEcho: a message of the hotel's own, with From as the guest to whom it
// went. Errors are those of ParseMessage; ErrNoSender means that it does not say to whom.
func ParseEcho(payload json.RawMessage, receivedAt time.Time) (Inbound, error) {
	var p struct {
		Echo    json.RawMessage `json:"echo"`
		Contact wireContact     `json:"contact"`
	}
	if err := readLoosely(payload, &p); err != nil {
		return Inbound{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	var e wireEcho
	if err := readObject(p.Echo, &e); err != nil {
		return Inbound{}, err
	}
	raw := e.unwrap(p.Echo)
	in := Inbound{WAMID: wamid(e.ID), From: e.recipient().identity(p.Contact), GroupID: cut(string(e.GroupID), maxLabel)}
	switch {
	case in.WAMID == "":
		return Inbound{}, ErrNoID
	case !in.From.IsKnown():
		return Inbound{}, ErrNoSender
	}
	e.fill(&in, raw, receivedAt)
	in.Metadata.FromPhone = true
	if in.Change != nil {
		in.Change.By = message.Outbound
	}
	return in, nil
}
