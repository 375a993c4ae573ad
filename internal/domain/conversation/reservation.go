package conversation

import (
	"encoding/json"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// Outcome is what became of a request for a reservation.
type Outcome string

// The outcomes.
const (
	ToBeDecided Outcome = "OPEN"
	Won         Outcome = "WON"
	Lost        Outcome = "LOST"
)

// Reservation is what a guest wants to book, as people at the hotel write it down. It is
// kept with the conversation's metadata, and goes with it when the guest is erased.
type Reservation struct {
	CheckIn    string  `json:"checkIn"` // days, as 2026-12-24
	CheckOut   string  `json:"checkOut"`
	Adults     int     `json:"adults"`
	Children   int     `json:"children"`
	Unit       string  `json:"hotelUnit"`
	Room       string  `json:"room"`
	ValueCents int64   `json:"valueCents"`
	Outcome    Outcome `json:"outcome"`
	Reason     string  `json:"reason"` // why it was lost, or won
	SavedBy    id.User `json:"savedBy"`
	SavedAt    string  `json:"savedAt"`
}

const longestStay = 365 // nights

// Check refuses stays that end before they begin, and losses that nobody explains.
func (r Reservation) Check() error {
	from, errFrom := time.Parse(time.DateOnly, r.CheckIn)
	to, errTo := time.Parse(time.DateOnly, r.CheckOut)
	switch {
	case errFrom != nil:
		return wrong("checkIn", "Use a day such as 2026-12-24.")
	case errTo != nil:
		return wrong("checkOut", "Use a day such as 2026-12-27.")
	case !to.After(from) || to.Sub(from) > longestStay*24*time.Hour:
		return wrong("checkOut", "The guest leaves at least a day, and at most a year, after arriving.")
	case r.Outcome == Lost && r.Reason == "":
		return wrong("reason", "Say why the reservation was lost.")
	}
	return nil
}

func wrong(path, message string) error {
	return fault.ErrInvalid.With(fault.Detail{Path: path, Message: message})
}

// ReservationIn finds the request in a conversation's metadata; its Outcome is empty
// where there is none.
func ReservationIn(metadata json.RawMessage) Reservation {
	var all struct {
		Reservation Reservation `json:"reservation"`
	}
	if json.Unmarshal(metadata, &all) != nil {
		return Reservation{}
	}
	return all.Reservation
}
