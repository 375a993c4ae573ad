package message

import (
	"encoding/json"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
)

// SharedContact is a person or business whose card a guest shared. It is the guest's
// word: none of it is checked.
type SharedContact struct {
	Name    string        `json:"name,omitempty"`
	Company string        `json:"company,omitempty"`
	Phones  []SharedPhone `json:"phones,omitempty"`
	Emails  []string      `json:"emails,omitempty"`
	Asked   bool          `json:"asked,omitempty"` // the guest's own card, for which the hotel had asked
}

// SharedPhone is a number on a shared card.
type SharedPhone struct {
	Phone string `json:"phone"`
	WAID  string `json:"waId,omitempty"` // set when the number has WhatsApp
	Type  string `json:"type,omitempty"`
}

// Order is what a guest put into the basket of the hotel's catalogue. The prices are
// what the guest's phone says: the catalogue's own count.
type Order struct {
	CatalogID string      `json:"catalogId,omitempty"`
	Text      string      `json:"text,omitempty"`
	Items     []OrderItem `json:"items"`
	More      int         `json:"more,omitempty"` // items beyond those listed
}

// OrderItem is one product of an order. Quantity and Price are kept as written.
type OrderItem struct {
	ProductID string `json:"productId"`
	Quantity  string `json:"quantity,omitempty"`
	Price     string `json:"price,omitempty"`
	Currency  string `json:"currency,omitempty"`
}

// Product is one of the hotel's catalogue.
type Product struct {
	CatalogID string `json:"catalogId,omitempty"`
	ProductID string `json:"productId"`
}

// Form is a guest's answer to a form of the hotel's (a WhatsApp flow). Its fields are
// the hotel's own; they come back through the guest's phone.
type Form struct {
	Name    string          `json:"name,omitempty"`
	Token   string          `json:"token,omitempty"` // tells which form it was, if the hotel gave one
	Answers json.RawMessage `json:"answers,omitempty"`
	Failed  bool            `json:"failed,omitempty"` // no answers could be read
}

// CallPermission is the answer to whether the hotel may call.
type CallPermission struct {
	Accepted  bool      `json:"accepted"`
	Until     time.Time `json:"until,omitzero"`
	Automatic bool      `json:"automatic,omitempty"` // not by the guest's own act
}

// WhatHappened is what a Notice tells.
type WhatHappened struct {
	Type     string    `json:"type"`
	By       string    `json:"by,omitempty"`       // the name of whoever did it
	To       string    `json:"to,omitempty"`       // the name of whoever was given the guest
	Note     string    `json:"note,omitempty"`     // why
	Mentions []id.User `json:"mentions,omitempty"` // colleagues whom a note calls
}

// The types of notices.
const (
	NumberChanged   = "number_changed"   // the guest has another number; it is still the same person
	IDChanged       = "id_changed"       // the guest has another id of Meta's
	IdentityChanged = "identity_changed" // the guest may have another phone, or somebody else has the number
	CallMissed      = "call_missed"      // the guest called; calls are not taken
	HandedBack      = "handed_back"      // ours: the bot has the guest again
	BotUnheard      = "bot_unheard"      // ours: the bot neither heard the guest nor answered, and people were called
	NoteLeft        = "note"             // ours: what somebody left for colleagues
	TakenBy         = "taken_over"       // ours: somebody answers now
	GivenTo         = "assigned"         // ours: somebody else is to answer
	ClosedBy        = "closed"           // ours
	ReopenedBy      = "reopened"         // ours
)
