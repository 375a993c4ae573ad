package content

import (
	"encoding/json"
	"strings"
	"unicode"

	"github.com/botreserva/botreserva/internal/domain/message"
)

// Location is a point on the map.
type Location struct{ message.Place }

// Kind implements Content.
func (Location) Kind() message.Kind { return message.Location }

// Shown implements Content. It is the place as JSON, as dashboards know it.
func (l Location) Shown() string {
	text, err := json.Marshal(l.Place)
	if err != nil {
		return "" // a coordinate that is no number, which check refuses
	}
	return string(text)
}

func (Location) name() string                   { return "location" }
func (l Location) check(c *checker)             { l.checkAt(c, "") }
func (l Location) describe(m *message.Metadata) { m.Location = &l.Place }

func (l Location) checkAt(c *checker, path string) {
	degrees := func(field string, value, most float64) {
		if !(value >= -most && value <= most) { // also what is no number
			c.add(under(path, field), "out_of_range", "This is no place on earth: give degrees from -%g to %g.", most, most)
		}
	}
	degrees("latitude", l.Latitude, 90)
	degrees("longitude", l.Longitude, 180)
	c.text(under(path, "name"), l.Name, maxName)
	c.text(under(path, "address"), l.Address, maxName)
}

// Reaction is an emoji put on a message; the empty one takes it back.
type Reaction struct {
	WAMID string `json:"messageId"` // Meta's id of the message
	Emoji string `json:"emoji"`
}

// Kind implements Content.
func (Reaction) Kind() message.Kind { return message.Reaction }

// Shown implements Content.
func (r Reaction) Shown() string { return r.Emoji }

func (Reaction) name() string { return "reaction" }

func (r Reaction) check(c *checker) {
	c.required("messageId", r.WAMID, maxMessageID)
	c.text("emoji", r.Emoji, maxEmoji)
	word := func(x rune) bool { return unicode.IsLetter(x) || unicode.IsSpace(x) || unicode.IsControl(x) }
	sign := func(x rune) bool { return x > unicode.MaxLatin1 || x == '©' || x == '®' }
	if r.Emoji != "" && (strings.ContainsFunc(r.Emoji, word) || !strings.ContainsFunc(r.Emoji, sign)) {
		c.add("emoji", "wrong_form", "A reaction is one emoji; an empty one takes it back.")
	}
}

func (r Reaction) describe(m *message.Metadata) {
	m.Reaction = &message.ReactionTo{WAMID: r.WAMID, Emoji: r.Emoji}
}
