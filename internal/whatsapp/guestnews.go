package whatsapp

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// BookEntry is how the hotel's phone calls a guest, or that it no longer does.
type BookEntry struct {
	Who     contact.Identity // with the name that the hotel wrote
	Removed bool
	At      time.Time
}

type wireBookEntry struct {
	Type    loose `json:"type"`
	Action  loose `json:"action"`
	Contact struct {
		FullName  loose `json:"full_name"`
		FirstName loose `json:"first_name"`
		Phone     loose `json:"phone_number"`
		UserID    loose `json:"user_id"`
	} `json:"contact"`
	Metadata struct {
		Timestamp loose `json:"timestamp"`
	} `json:"metadata"`
}

func entryItem(raw json.RawMessage, _ contactBook) Item {
	var w wireBookEntry
	_ = readLoosely(raw, &w) // what is no entry names nobody and is refused by ParseEntry
	at, _ := readTime(w.Metadata.Timestamp)
	return Item{Kind: ItemEntry, LaneKey: w.person().laneKey(wireContact{}), At: at, Payload: wrap("entry", raw, nil)}
}

func (w *wireBookEntry) person() person {
	return person{waID: w.Contact.Phone, bsuid: w.Contact.UserID}
}

// ParseEntry reads the payload of an ItemEntry. Errors are ErrUnreadable and ErrNoSender.
func ParseEntry(payload json.RawMessage, receivedAt time.Time) (BookEntry, error) {
	var p struct {
		Entry json.RawMessage `json:"entry"`
	}
	if err := readLoosely(payload, &p); err != nil {
		return BookEntry{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	var w wireBookEntry
	if err := readObject(p.Entry, &w); err != nil {
		return BookEntry{}, err
	}
	e := BookEntry{Who: w.person().identity(wireContact{}), Removed: w.Action == "remove"}
	e.Who.Name = contact.CleanName(first(w.Contact.FullName, w.Contact.FirstName))
	e.At, _ = timeOr(w.Metadata.Timestamp, receivedAt)
	if !e.Who.IsKnown() {
		return BookEntry{}, ErrNoSender
	}
	return e, nil
}

// Preference is what a guest decided about what they are sent.
type Preference struct {
	Who      contact.Identity
	Category string // "marketing_messages" is the only one that Meta has
	Stopped  bool
	At       time.Time
}

// MarketingMessages is the category of offers.
const MarketingMessages = "marketing_messages"

type wirePreference struct {
	WAID      loose `json:"wa_id"`
	UserID    loose `json:"user_id"`
	ParentID  loose `json:"parent_user_id"`
	Category  loose `json:"category"`
	Value     loose `json:"value"`
	Timestamp loose `json:"timestamp"`
}

func (w *wirePreference) person() person { return person{w.WAID, w.UserID, w.ParentID} }

func preferenceItem(raw json.RawMessage, book contactBook) Item {
	var w wirePreference
	_ = readLoosely(raw, &w) // what is no preference names nobody and is refused by ParsePreference
	at, _ := readTime(w.Timestamp)
	who, known := book.find(w.person())
	return Item{Kind: ItemPreference, LaneKey: w.person().laneKey(known), At: at, Payload: wrap("preference", raw, who)}
}

// ParsePreference reads the payload of an ItemPreference. Errors are ErrUnreadable, for a decision that is not
// known either, and ErrNoSender.
func ParsePreference(payload json.RawMessage, receivedAt time.Time) (Preference, error) {
	var p struct {
		Preference json.RawMessage `json:"preference"`
		Contact    wireContact     `json:"contact"`
	}
	if err := readLoosely(payload, &p); err != nil {
		return Preference{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	var w wirePreference
	if err := readObject(p.Preference, &w); err != nil {
		return Preference{}, err
	}
	out := Preference{Who: w.person().identity(p.Contact), Category: cleanLabel(string(w.Category)), Stopped: w.Value == "stop"}
	out.At, _ = timeOr(w.Timestamp, receivedAt)
	switch {
	case !out.Who.IsKnown():
		return Preference{}, ErrNoSender
	case w.Value != "stop" && w.Value != "resume" && w.Value != "signup":
		return Preference{}, fmt.Errorf("%w: preference %.20q", ErrUnreadable, w.Value)
	}
	return out, nil
}

type wireCall struct {
	messageHead
	To        loose `json:"to"`
	Event     loose `json:"event"`
	Direction loose `json:"direction"`
}

func callItem(raw json.RawMessage, book contactBook) Item {
	var w wireCall
	_ = readLoosely(raw, &w) // what is no call has no id and is refused by ParseCall
	at, _ := readTime(w.Timestamp)
	who, known := book.find(w.sender())
	return Item{ItemCall, w.sender().laneKey(known), wamid(w.ID), at, wrap("call", raw, who)}
}

// ParseCall reads the payload of an ItemCall. Calls are not taken: that a guest tried to call is a notice, which
// also lets the hotel write for 24 hours. Errors are those of ParseMessage.
func ParseCall(payload json.RawMessage, receivedAt time.Time) (Inbound, error) {
	var p struct {
		Call    json.RawMessage `json:"call"`
		Contact wireContact     `json:"contact"`
	}
	if err := readLoosely(payload, &p); err != nil {
		return Inbound{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	var w wireCall
	if err := readObject(p.Call, &w); err != nil {
		return Inbound{}, err
	}
	in := Inbound{WAMID: wamid(w.ID), From: w.sender().identity(p.Contact)}
	switch {
	case in.WAMID == "":
		return Inbound{}, ErrNoID
	case !in.From.IsKnown():
		return Inbound{}, ErrNoSender
	}
	at, right := timeOr(w.Timestamp, receivedAt)
	in.At = at
	in.note(message.CallMissed, "[O hóspede tentou ligar pelo WhatsApp]")
	in.Metadata.ClockWrong = !right
	in.Nothing = w.Event != "connect" || w.Direction == "BUSINESS_INITIATED"
	return in, nil
}
