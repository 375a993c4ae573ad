package stay

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/tenant"
)

// Tariff is a line of a hotel's table: what a room costs for a night, in a season, and how
// many of it there are. Of several lines for a night the last counts, so that exceptions
// stand below what they are exceptions of.
type Tariff struct {
	Unit        string    `json:"unit"`
	Room        string    `json:"room"`
	Description string    `json:"description,omitempty"`
	From        time.Time `json:"from"`                    // the first night
	Until       time.Time `json:"until"`                   // the last night
	Price       Cents     `json:"price"`                   // for a night
	Original    Cents     `json:"originalPrice,omitempty"` // before a discount; 0: there is none
	Vacancies   int       `json:"vacancies"`               // 0: closed
	MaxAdults   *int      `json:"maxAdults,omitempty"`
	MaxChildren *int      `json:"maxChildren,omitempty"`
	Amenities   []string  `json:"amenities,omitempty"`
	ImageURL    string    `json:"imageUrl,omitempty"`
}

const (
	// MaxTariffs is how many lines a hotel's table may have.
	MaxTariffs   = 2000
	maxRoom      = 100
	maxWords     = 1000
	maxAmenities = 30
)

// Check returns what is wrong with a line of the table.
func (t Tariff) Check(path string) []fault.Detail {
	var wrong []fault.Detail
	add := func(field, code, message string) {
		wrong = append(wrong, fault.Detail{Path: path + "." + field, Code: code, Message: message})
	}
	if n := utf8.RuneCountInString(t.Room); tenant.Fold(t.Room) == "" || n > maxRoom {
		add("room", "required", "Name the room, in at most 100 characters.")
	}
	if len(t.Description) > maxWords {
		add("description", "too_long", "Use at most 1000 characters.")
	}
	if t.From.IsZero() || t.Until.IsZero() || t.Until.Before(t.From) {
		add("from", "not_a_date", "Give the first and the last night, as 31/12/2026, in this order.")
	}
	if t.Price < 0 || t.Price > maxCents || t.Original < 0 || t.Original > maxCents {
		add("price", "out_of_range", "Give the price of a night: 450,00.")
	}
	if t.Vacancies < 0 || t.Vacancies > 10_000 {
		add("vacancies", "out_of_range", "Say how many rooms of this sort are free, from 0 to 10000.")
	}
	for _, n := range []*int{t.MaxAdults, t.MaxChildren} {
		if n != nil && (*n < 0 || *n > maxPeople) {
			add("maxAdults", "out_of_range", "Say how many people sleep in it, from 0 to 100.")
		}
	}
	if len(t.Amenities) > maxAmenities || len(strings.Join(t.Amenities, "")) > maxWords {
		add("amenities", "too_many", "Name at most 30 amenities, in 1000 characters.")
	}
	if u, err := url.Parse(t.ImageURL); t.ImageURL != "" && (err != nil || u.Scheme != "https" || u.Host == "" || len(t.ImageURL) > 2000) {
		add("imageUrl", "not_a_url", "Give an address that begins with https://.")
	}
	return wrong
}

// Why no room is free, for guests.
const (
	soldOut  = "Não há quartos livres em todas as noites deste período."
	tooMany  = "Nenhum quarto livre comporta esta quantidade de pessoas."
	noTariff = "Não há tarifas cadastradas para este período."
)

// Rooms says which rooms of a unit's table are free for the whole stay, and at what price,
// in the order of the table; and why none is.
func Rooms(q Query, tariffs []Tariff) (rooms []Room, reason string) {
	byRoom, order := map[string][]Tariff{}, []string{}
	for _, t := range tariffs {
		key := tenant.Fold(t.Room)
		if byRoom[key] == nil {
			order = append(order, key)
		}
		byRoom[key] = append(byRoom[key], t)
	}
	reason = noTariff
	for _, key := range order {
		room, why := q.room(byRoom[key])
		switch {
		case room.Available:
			reason = ""
		case reason != "" && why != noTariff && reason != tooMany:
			reason = why
		}
		rooms = append(rooms, room)
	}
	for _, r := range rooms {
		if r.Available {
			return rooms, ""
		}
	}
	return rooms, reason
}

// room sums a stay up from the lines of one room.
func (q Query) room(lines []Tariff) (Room, string) {
	last := lines[len(lines)-1]
	room := Room{
		ID: tenant.Fold(last.Room), Name: last.Room, Description: last.Description, MaxAdults: last.MaxAdults, MaxChildren: last.MaxChildren,
		Amenities: last.Amenities, ImageURL: last.ImageURL,
	}
	var price, original Cents
	for night := q.In; night.Before(q.Out); night = night.Add(day) {
		line, ok := lineFor(lines, night)
		switch {
		case !ok:
			return room, noTariff
		case line.Vacancies == 0:
			return room, soldOut
		}
		price += line.Price
		original += max(line.Original, line.Price)
	}
	room.Price = &price
	if original > price {
		room.OriginalPrice = &original
	}
	if room.MaxAdults != nil && q.Adults > *room.MaxAdults || room.MaxChildren != nil && q.Children > *room.MaxChildren {
		return room, tooMany
	}
	room.Available = true
	return room, ""
}

func lineFor(lines []Tariff, night time.Time) (Tariff, bool) {
	for i := len(lines) - 1; i >= 0; i-- {
		if !night.Before(lines[i].From) && !night.After(lines[i].Until) {
			return lines[i], true
		}
	}
	return Tariff{}, false
}

// Line says where a line stands in a table, for refusals.
func Line(n int) string { return fmt.Sprintf("tariffs[%d]", n) }
