package content

import (
	"strconv"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/message"
)

// Template is a message that Meta has approved, with what fills its gaps. It is the only
// content that may be sent outside the 24-hour window.
type Template struct {
	Name     string           `json:"name"`
	Language string           `json:"language"` // pt_BR
	Header   *TemplateHeader  `json:"header,omitempty"`
	Body     []Parameter      `json:"body,omitempty"`
	Buttons  []TemplateButton `json:"buttons,omitempty"` // only those with something to fill in
	Offer    *Offer           `json:"limitedTimeOffer,omitempty"`
	Cards    []TemplateCard   `json:"cards,omitempty"`
	// Text is how the template reads with its parameters, when the sender knows: it is for
	// people and not sent.
	Text string `json:"text,omitempty"`
}

// TemplateHeader fills a template's header: exactly one of these. A media header always
// needs it, even if its file never changes.
type TemplateHeader struct {
	Text     *Parameter  `json:"text,omitempty"`
	Image    *File       `json:"image,omitempty"`
	Video    *File       `json:"video,omitempty"`
	Document *Attachment `json:"document,omitempty"`
	Location *Location   `json:"location,omitempty"`
	Product  *ProductRef `json:"product,omitempty"` // only on cards
}

// ProductRef names a product of a catalogue.
type ProductRef struct {
	Catalogue string `json:"catalogueId"`
	Product   string `json:"productId"`
}

// Parameter fills one gap: with a text, a sum or a time. Its name is given when the
// template names its gaps, and for all or none of them.
type Parameter struct {
	Name     string    `json:"name,omitempty"`
	Text     string    `json:"text,omitempty"`
	Currency *Currency `json:"currency,omitempty"`
	DateTime *DateTime `json:"dateTime,omitempty"`
}

// Currency is a sum of money; phones may write it in their own way.
type Currency struct {
	Fallback   string `json:"fallback"`   // how it is written otherwise
	Code       string `json:"code"`       // BRL
	Amount1000 int64  `json:"amount1000"` // in thousandths
}

// DateTime is a point in time, as it is written.
type DateTime struct {
	Fallback string `json:"fallback"`
}

// Offer says when a limited-time offer ends.
type Offer struct {
	ExpirationMs int64 `json:"expirationMs"` // milliseconds since 1970
}

// TemplateCard fills one card of a carousel. There must be as many as the template has.
type TemplateCard struct {
	Header  TemplateHeader   `json:"header"`
	Body    []Parameter      `json:"body,omitempty"`
	Buttons []TemplateButton `json:"buttons,omitempty"`
}

// Kind implements Content.
func (Template) Kind() message.Kind { return message.Template }

// Shown implements Content. What the template says is known to whoever looked it up.
func (t Template) Shown() string {
	switch {
	case t.Text != "":
		return t.Text
	case len(t.Cards) > 0:
		return "[Carousel: " + t.Name + "] " + strconv.Itoa(len(t.Cards)) + " cards"
	}
	return strings.Join(append([]string{"[Template: " + t.Name + "]"}, texts(t.Body)...), " ")
}

// texts is how parameters are written.
func texts(parameters []Parameter) []string {
	var out []string
	for _, p := range parameters {
		out = append(out, p.Written())
	}
	return out
}

// Written is what stands in the gap.
func (p Parameter) Written() string {
	switch {
	case p.Currency != nil:
		return p.Currency.Fallback
	case p.DateTime != nil:
		return p.DateTime.Fallback
	default:
		return p.Text
	}
}

func (Template) name() string { return "template" }

func (t Template) check(c *checker) {
	c.templateName("name", t.Name)
	c.language("language", t.Language)
	t.Header.check(c, "header")
	c.absent("header.product", t.Header != nil && t.Header.Product != nil, "Only the cards of a carousel show products.")
	c.parameters("body", t.Body)
	c.templateButtons("buttons", t.Buttons, maxTemplateButtons)
	if t.Offer != nil && t.Offer.ExpirationMs <= 0 {
		c.add("limitedTimeOffer.expirationMs", "out_of_range", "Say when the offer ends, in milliseconds since 1970.")
	}
	c.text("text", t.Text, maxText)
	if len(t.Cards) > 0 {
		c.absent("header", t.Header != nil, "A carousel has headers on its cards only.")
		c.absent("buttons", len(t.Buttons) > 0, "A carousel has buttons on its cards only.")
		c.size("cards", len(t.Cards), minCards, maxCards)
	}
	for i, card := range t.Cards {
		card.check(c, at("cards", i, ""), t.Cards[0])
	}
}

func (k TemplateCard) check(c *checker, path string, first TemplateCard) {
	k.Header.check(c, path+".header")
	c.absent(path+".header", k.Header.Text != nil || k.Header.Document != nil || k.Header.Location != nil,
		"A card shows an image, a video or a product.")
	c.absent(path+".header", (k.Header.Video != nil) != (first.Header.Video != nil) || (k.Header.Product != nil) != (first.Header.Product != nil),
		"All cards of a carousel show the same sort of header.")
	c.parameters(path+".body", k.Body)
	c.templateButtons(path+".buttons", k.Buttons, maxCardButtons)
}

func (h *TemplateHeader) check(c *checker, path string) {
	if h == nil || !c.one(path, "text, image, video, document, location and product", h.Text != nil, h.Image != nil, h.Video != nil,
		h.Document != nil, h.Location != nil, h.Product != nil) {
		return
	}
	switch {
	case h.Text != nil:
		c.absent(path+".text", h.Text.Currency != nil || h.Text.DateTime != nil, "A header is filled with a text.")
		c.text(path+".text.name", h.Text.Name, maxIdentifier)
		c.filling(path+".text.text", h.Text.Text, maxTemplateHeader)
	case h.Image != nil:
		h.Image.check(c, path+".image")
	case h.Video != nil:
		h.Video.check(c, path+".video")
	case h.Document != nil:
		h.Document.check(c, path+".document")
	case h.Location != nil:
		h.Location.checkAt(c, path+".location")
	default:
		c.required(path+".product.catalogueId", h.Product.Catalogue, maxIdentifier)
		c.required(path+".product.productId", h.Product.Product, maxIdentifier)
	}
}

func (c *checker) templateName(path, name string) {
	c.required(path, name, maxTemplateName)
	if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		c.add(path, "wrong_form", "A template's name has small letters, digits and _ only.")
	}
}

func (c *checker) language(path, code string) {
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_'
	}
	if len(code) < 2 || len(code) > 15 || strings.ContainsFunc(code, odd) {
		c.add(path, "wrong_form", "Name the language as the template does: pt_BR, en_US, es.")
	}
}

func (c *checker) parameters(path string, all []Parameter) {
	c.size(path, len(all), 0, maxParameters)
	names := map[string]bool{}
	for i, p := range all {
		at := at(path, i, "")
		c.text(at+".name", p.Name, maxIdentifier)
		c.once(at+".name", p.Name, names)
		c.absent(at+".name", (p.Name == "") != (all[0].Name == ""), "Name all parameters or none: the template does the one or the other.")
		p.check(c, at)
	}
}

func (p Parameter) check(c *checker, path string) {
	if p.Currency == nil && p.DateTime == nil {
		c.filling(path+".text", p.Text, maxTemplateText)
		return
	}
	c.one(path, "text, currency and dateTime", p.Text != "", p.Currency != nil, p.DateTime != nil)
	if p.DateTime != nil {
		c.filling(path+".dateTime.fallback", p.DateTime.Fallback, maxTemplateText)
	}
	if p.Currency != nil {
		c.filling(path+".currency.fallback", p.Currency.Fallback, maxTemplateText)
		if len(p.Currency.Code) != 3 || strings.Trim(p.Currency.Code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			c.add(path+".currency.code", "wrong_form", "Name the currency by its three letters: BRL.")
		}
	}
}

// filling checks a text that fills a gap: Meta refuses empty ones, line breaks, tabs and
// more than four spaces in a row.
func (c *checker) filling(path, text string, limit int) {
	c.required(path, text, limit)
	if strings.ContainsAny(text, "\n\r\t") || strings.Contains(text, "     ") {
		c.add(path, "wrong_form", "What fills a template has no line breaks, no tabs and not more than four spaces in a row.")
	}
}
