package content

import (
	"strings"

	"github.com/botreserva/botreserva/internal/domain/message"
)

// Carousel shows pictures or videos side by side, each with a text and a button that opens
// an address. It needs no template, so only the 24-hour window allows it.
type Carousel struct {
	Body  string `json:"body"`
	Cards []Card `json:"cards"`
}

// Card is one of them. All of a carousel have an image, or all a video.
type Card struct {
	Header Header `json:"header"`
	Body   string `json:"body,omitempty"`
	Label  string `json:"label"`
	URL    string `json:"url"`
}

// Kind implements Content.
func (Carousel) Kind() message.Kind { return message.Interactive }

// Shown implements Content.
func (k Carousel) Shown() string { return k.Body }

func (Carousel) name() string { return "carousel" }

func (k Carousel) check(c *checker) {
	c.required("body", k.Body, maxBody)
	c.size("cards", len(k.Cards), minCards, maxCards)
	for i, card := range k.Cards {
		path := at("cards", i, "header")
		c.absent(path, card.Header.Text != "" || card.Header.Document != nil, "A card shows an image or a video.")
		card.Header.check(c, path)
		c.absent(path, (card.Header.Video != nil) != (k.Cards[0].Header.Video != nil),
			"All cards of a carousel show images, or all show videos.")
		c.text(at("cards", i, "body"), card.Body, maxCardBody)
		if strings.Count(card.Body, "\n") > maxCardBreaks {
			c.add(at("cards", i, "body"), "too_many_lines", "A card's text may have %d line breaks at most.", maxCardBreaks)
		}
		c.required(at("cards", i, "label"), card.Label, maxButtonTitle)
		c.link(at("cards", i, "url"), card.URL)
	}
}
