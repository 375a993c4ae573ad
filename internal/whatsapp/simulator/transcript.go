package simulator

import (
	"encoding/json"
	"time"
)

// Directions of an entry.
const (
	FromGuest = "guest"
	FromHotel = "hotel"
)

// States of an entry. A guest's message goes queued → delivered (webhook got 200) → read (marked by the hotel), or is
// dropped. A hotel's message goes accepted → sent → delivered → read → played (voice notes), or is failed.
const (
	StatusQueued    = "queued"
	StatusDropped   = "dropped"
	StatusAccepted  = "accepted"
	StatusSent      = "sent"
	StatusDelivered = "delivered"
	StatusRead      = "read"
	StatusPlayed    = "played"
	StatusFailed    = "failed"
)

// Entry is one message of a transcript with what became of it.
type Entry struct {
	Rev  int64     `json:"rev"` // grows with every change of the entry
	ID   string    `json:"id"`  // wamid
	From string    `json:"from"`
	Type string    `json:"type"`
	Text string    `json:"text"` // readable form, also of buttons, templates and places
	At   time.Time `json:"at"`
	// Status is the last state, see StatusQueued and its neighbours.
	Status string       `json:"status"`
	Error  *StatusError `json:"error,omitempty"`
	// Content is the object under the message's type, as sent by the hotel or as put into the webhook.
	Content json.RawMessage `json:"content,omitempty"`
	ReplyTo string          `json:"replyTo,omitempty"`
	Opaque  string          `json:"opaque,omitempty"` // biz_opaque_callback_data
	// Choices are what the guest can tap on.
	Choices []Choice `json:"choices,omitempty"`
	Chosen  string   `json:"chosen,omitempty"` // id of the last choice tapped
	// MediaID and MediaURL say where the file is: one the simulator holds, or a link of the hotel's.
	MediaID       string `json:"mediaId,omitempty"`
	MediaURL      string `json:"mediaUrl,omitempty"`
	GuestReaction string `json:"guestReaction,omitempty"`
	HotelReaction string `json:"hotelReaction,omitempty"`

	// Edited and Revoked are what became of a guest's message later; Echo marks one that was written on the hotel's own
	// phone.
	Edited  bool `json:"edited,omitempty"`
	Revoked bool `json:"revoked,omitempty"`
	Echo    bool `json:"echo,omitempty"`

	category string        // of a template, for the price
	ttl      time.Duration // how long it waits for the phone; 0 is Meta's 30 days
	inWindow bool
	free     bool // of a free entry point
	priced   bool
}

// Kinds of choices.
const (
	ChoiceReply = "reply" // button of an interactive message
	ChoiceRow   = "row"   // row of a list
	ChoiceQuick = "quick" // quick reply of a template

	ChoiceFlow       = "flow"            // opens a form; ID is its flow_token
	ChoicePermission = "call-permission" // accept or reject
	ChoiceContact    = "contact-info"    // shares the guest's own number
)

// Choice is a button or list row of a received message.
type Choice struct {
	Kind        string `json:"kind"`
	ID          string `json:"id"` // payload for a quick reply
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	Section     string `json:"section,omitempty"`
}

// entriesAfter copies what changed after rev. The caller holds the account's mutex.
func (g *guest) entriesAfter(rev int64) []Entry {
	out := make([]Entry, 0, 8)
	for _, e := range g.entries {
		if e.Rev > rev {
			out = append(out, *e)
		}
	}
	return out
}

func (g *guest) find(wamid string) *Entry {
	for i := len(g.entries) - 1; i >= 0; i-- {
		if g.entries[i].ID == wamid {
			return g.entries[i]
		}
	}
	return nil
}

var statusRank = map[string]int{
	StatusQueued: 0, StatusAccepted: 0, StatusDropped: 1, StatusSent: 1, StatusDelivered: 2, StatusRead: 3, StatusPlayed: 4, StatusFailed: 5,
}

// advance moves the state forward only and says whether it moved.
func (e *Entry) advance(to string) bool {
	if statusRank[to] <= statusRank[e.Status] {
		return false
	}
	e.Status = to
	return true
}
