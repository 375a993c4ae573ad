// Package stay says what guests ask for who ask for a room, and which rooms a table of
// tariffs has for them at what price. Where tariffs come from, and who else may know, is
// package availability's. Start with Query.
package stay

import (
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/tenant"
)

// Query is a stay that somebody asks about. Dates are midnights in UTC.
type Query struct {
	Unit     string // as the hotel spells it
	In, Out  time.Time
	Adults   int
	Children int
	Ages     []int // of the children, as far as they were told
}

const (
	maxNights = 365
	maxPeople = 100
	day       = 24 * time.Hour
)

// Nights returns how many nights the stay has.
func (q Query) Nights() int { return int(q.Out.Sub(q.In) / day) }

// Check returns fault.ErrInvalid with what is wrong, by the names of contract §2.3.
// Yesterday is taken for today: it still is, in some time zone.
func (q Query) Check(today time.Time) error {
	var wrong []fault.Detail
	add := func(path, code, message string) {
		wrong = append(wrong, fault.Detail{Path: path, Code: code, Message: message})
	}
	switch {
	case q.In.IsZero():
		add("checkin", "not_a_date", "Write the day of arrival as 31/12/2026.")
	case q.In.Before(today.Truncate(day).Add(-day)):
		add("checkin", "in_the_past", "The day of arrival has passed.")
	}
	switch {
	case q.Out.IsZero():
		add("checkout", "not_a_date", "Write the day of departure as 31/12/2026.")
	case !q.In.IsZero() && q.Nights() < 1:
		add("checkout", "out_of_range", "The day of departure must come after that of arrival.")
	case !q.In.IsZero() && q.Nights() > maxNights:
		add("checkout", "out_of_range", "A stay has at most 365 nights.")
	}
	if q.Adults < 1 || q.Adults > maxPeople {
		add("adults", "out_of_range", "Say how many adults come: 1 or more.")
	}
	if q.Children < 0 || q.Children > maxPeople {
		add("children", "out_of_range", "Say how many children come: 0 or more.")
	}
	if len(wrong) > 0 {
		return fault.ErrInvalid.With(wrong...)
	}
	return nil
}

// ParseDate reads a day as 31/12/2026 or 2026-12-31; the zero time is none.
func ParseDate(text string) time.Time {
	text = strings.TrimSpace(text)
	for _, layout := range []string{"02/01/2006", "2/1/2006", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil && at.Year() >= 2000 && at.Year() < 3000 {
			return at
		}
	}
	return time.Time{}
}

// Brazilian writes a day as flows do.
func Brazilian(day time.Time) string { return day.Format("02/01/2006") }

// Room is one sort of room, and whether it is free for a stay.
type Room struct {
	ID            string   `json:"id"`
	Name          string   `json:"name"`
	Description   string   `json:"description,omitempty"`
	Price         *Cents   `json:"price,omitempty"`
	OriginalPrice *Cents   `json:"originalPrice,omitempty"`
	Available     bool     `json:"available"`
	MaxAdults     *int     `json:"maxAdults,omitempty"`
	MaxChildren   *int     `json:"maxChildren,omitempty"`
	Amenities     []string `json:"amenities,omitempty"`
	ImageURL      string   `json:"imageUrl,omitempty"`
}

// Named finds a room by its name or id, in any spelling; else the only one whose name has
// the words in it.
func Named(rooms []Room, name string) (Room, bool) {
	want := tenant.Fold(name)
	var within []Room
	for _, r := range rooms {
		switch {
		case want == "":
		case tenant.Fold(r.Name) == want, tenant.Fold(r.ID) == want:
			return r, true
		case strings.Contains(tenant.Fold(r.Name), want):
			within = append(within, r)
		}
	}
	if len(within) == 1 {
		return within[0], true
	}
	return Room{}, false
}
