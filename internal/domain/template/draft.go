package template

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Draft is a template that is handed in to Meta, new or edited.
type Draft struct {
	Name, Language, Category string
	TTL                      int // seconds in which it is delivered or not at all; 0: Meta's own
	Form                     Form
}

// Limits of templates (templates reference, November 2026).
const (
	maxName        = 512
	maxHeader      = 60
	maxBody        = 1024
	maxFooter      = 60
	maxButtons     = 10
	maxButtonText  = 25
	maxURLButtons  = 2
	maxURL         = 2000
	maxPhone       = 20
	maxCode        = 20
	minCards       = 2
	maxCards       = 10
	maxCardBody    = 160
	maxCardButtons = 2
	maxOffer       = 16
	maxMinutes     = 90
)

var (
	goodName     = regexp.MustCompile(`^[a-z0-9_]{1,512}$`)
	goodLanguage = regexp.MustCompile(`^[A-Za-z]{2,3}(_[A-Za-z0-9]{2,8})?$`)
)

// Check holds a draft against what Meta documents, everything at once. The rest Meta's
// people decide.
func (d Draft) Check() error {
	k := &filler{}
	if !goodName.MatchString(d.Name) {
		k.add("name", "wrong_form", "A template's name has small letters, digits and _ only, at most %d.", maxName)
	}
	if !goodLanguage.MatchString(d.Language) {
		k.add("language", "wrong_form", "Name the language by its code: pt_BR, en_US, es.")
	}
	if !slices.Contains([]string{Marketing, Utility, Authentication}, d.Category) {
		k.add("category", "unknown", "Use MARKETING, UTILITY or AUTHENTICATION.")
	}
	k.draft(d)
	if len(k.wrong) > 0 {
		return fault.ErrInvalid.With(k.wrong...)
	}
	return nil
}

func (k *filler) draft(d Draft) {
	f := d.Form
	if d.Category == Authentication {
		k.authentication(f)
		return
	}
	k.draftHeader("header", f.Header)
	k.draftBody("body", f.Body, f.Examples, maxBody, true)
	k.text("footer", f.Footer, maxFooter)
	if len(Gaps(f.Footer)) > 0 {
		k.add("footer", "not_allowed", "A footer has no gaps.")
	}
	k.draftButtons("buttons", f.Buttons, maxButtons)
	if f.Offer != nil {
		k.required("limitedTimeOffer.text", f.Offer.Text, maxOffer)
		if f.Footer != "" {
			k.add("footer", "not_allowed", "A template with an offer that ends has no footer.")
		}
	}
	k.draftCards(f)
	if names := gapsOf(f); isNamed(names) && slices.ContainsFunc(names, func(n string) bool { return number(n) > 0 }) {
		k.add("body", "wrong_form", "Number all gaps, or name all of them.")
	}
}

func gapsOf(f Form) []string {
	names := Gaps(f.Body)
	if f.Header != nil {
		names = append(names, Gaps(f.Header.Text)...)
	}
	return names
}

// authentication templates have Meta's own text.
func (k *filler) authentication(f Form) {
	if f.Header != nil || f.Footer != "" || f.Offer != nil || len(f.Cards) > 0 {
		k.add("body", "not_allowed", "WhatsApp writes the text of authentication templates itself: give securityAdvice, codeExpirationMinutes and one button of type OTP.")
	}
	if f.Minutes < 0 || f.Minutes > maxMinutes {
		k.add("codeExpirationMinutes", "out_of_range", "A code is good for 1 to %d minutes.", maxMinutes)
	}
	if len(f.Buttons) != 1 || f.Buttons[0].Type != OTP {
		k.add("buttons", "required", "An authentication template has one button, of type OTP.")
	}
}

func (k *filler) draftHeader(path string, h *Header) {
	if h == nil {
		return
	}
	switch h.Format {
	case Text:
		k.required(path+".text", h.Text, maxHeader)
		names := Gaps(h.Text)
		if len(names) > 1 {
			k.add(path+".text", "too_many", "A header has one gap at most.")
		}
		if len(names) == 1 && h.Example == "" {
			k.add(path+".example", "required", "Give an example for the gap: Meta's people want to see one.")
		}
	case Image, Video, Document, GIF:
		if h.Example == "" && h.ExampleFile.IsZero() {
			k.add(path+".exampleFileId", "required", "Give an example: Meta's people want to see one.")
		}
	case Location, Product:
	default:
		k.add(path+".format", "unknown", "Use TEXT, IMAGE, VIDEO, DOCUMENT, LOCATION, PRODUCT or GIF.")
	}
}

func (k *filler) draftBody(path, text string, examples []string, limit int, needed bool) {
	if needed {
		k.required(path, text, limit)
	} else {
		k.text(path, text, limit)
	}
	names := Gaps(text)
	trimmed := strings.TrimSpace(text)
	if place := gap.FindAllStringIndex(trimmed, -1); len(place) > 0 && (place[0][0] == 0 || place[len(place)-1][1] == len(trimmed)) {
		k.add(path, "gap_at_edge", "Meta takes no gap at the very beginning or end of the text. Write a word there.")
	}
	for i, name := range names {
		if !isNamed(names) && number(name) != i+1 {
			k.add(path, "wrong_form", "Number the gaps from {{1}} on without leaving one out: {{%d}} is missing.", i+1)
			break
		}
	}
	if len(examples) != len(names) {
		k.add(strings.TrimSuffix(path, "body")+"examples", "wrong_number", "Give an example for each of the %d gaps%s, these are %d.", len(names), inBrackets(names), len(examples))
	}
	for i, example := range examples {
		if strings.TrimSpace(example) == "" {
			k.add(fmt.Sprintf("%sexamples[%d]", strings.TrimSuffix(path, "body"), i), "required", "Give an example that is not empty.")
		}
	}
}

func (k *filler) draftCards(f Form) {
	if len(f.Cards) == 0 {
		return
	}
	if len(f.Cards) < minCards || len(f.Cards) > maxCards {
		k.add("cards", "wrong_number", "A carousel has %d to %d cards.", minCards, maxCards)
	}
	if f.Header != nil || len(f.Buttons) > 0 {
		k.add("cards", "not_allowed", "A carousel has headers and buttons on its cards only.")
	}
	for i, card := range f.Cards {
		at := fmt.Sprintf("cards[%d].", i)
		if card.Header == nil || !slices.Contains([]string{Image, Video, Product}, card.Header.Format) {
			k.add(at+"header", "required", "A card shows an image, a video or a product.")
		} else {
			k.draftHeader(at+"header", card.Header)
		}
		k.draftBody(at+"body", card.Body, card.Examples, maxCardBody, false)
		k.draftButtons(at+"buttons", card.Buttons, maxCardButtons)
		if shape(card) != shape(f.Cards[0]) {
			k.add(strings.TrimSuffix(at, "."), "wrong_form", "All cards of a carousel are made alike: the same sort of header, body and buttons.")
		}
	}
}

// shape says how a card is made.
func shape(f Form) string {
	out := fmt.Sprint(f.Body != "")
	if f.Header != nil {
		out += f.Header.Format
	}
	for _, b := range f.Buttons {
		out += " " + b.Type
	}
	return out
}

func (k *filler) draftButtons(path string, all []Button, most int) {
	if len(all) > most {
		k.add(path, "too_many", "WhatsApp allows at most %d buttons here, these are %d.", most, len(all))
	}
	count, groups := map[string]int{}, 0
	for i, b := range all {
		count[b.Type]++
		if i == 0 || (b.Type == QuickReply) != (all[i-1].Type == QuickReply) {
			groups++
		}
		k.draftButton(fmt.Sprintf("%s[%d]", path, i), b)
	}
	if groups > 2 {
		k.add(path, "wrong_order", "Put quick replies beside each other, before or after all other buttons.")
	}
	for kind, limit := range map[string]int{URLButton: maxURLButtons, PhoneButton: 1, CopyCode: 1} {
		if count[kind] > limit {
			k.add(path, "too_many", "WhatsApp allows at most %d of type %s.", limit, kind)
		}
	}
}

func (k *filler) draftButton(at string, b Button) {
	if b.Type != CopyCode && b.Type != OTP {
		k.required(at+".text", b.Text, maxButtonText)
	}
	switch b.Type {
	case URLButton:
		k.draftURL(at, b)
	case PhoneButton:
		k.required(at+".phoneNumber", b.Phone, maxPhone)
	case CopyCode:
		k.required(at+".example", b.Example, maxCode)
	case FlowButton:
		k.required(at+".flowId", b.FlowID, maxURL)
	case QuickReply, Catalogue, Products, OneProduct, "VOICE_CALL", "REQUEST_CONTACT_INFO":
	default:
		k.add(at+".type", "unknown", "There are no buttons of type %q.", b.Type)
	}
}

func (k *filler) draftURL(at string, b Button) {
	k.required(at+".url", b.URL, maxURL)
	plain := gap.ReplaceAllString(b.URL, "x")
	if u, err := url.Parse(plain); err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		k.add(at+".url", "wrong_form", "Give a whole address that begins with https://.")
	}
	places := gap.FindAllStringIndex(b.URL, -1)
	if len(places) > 1 || len(places) == 1 && places[0][1] != len(b.URL) {
		k.add(at+".url", "wrong_form", "An address has one gap at most, at its end.")
	}
	if len(places) > 0 && b.Example == "" {
		k.add(at+".example", "required", "Give the whole address as an example.")
	}
}

func (k *filler) text(path, text string, limit int) {
	if n := content.Units(text); n > limit {
		k.add(path, "too_long", "WhatsApp allows %d characters here, these are %d. Shorten it.", limit, n)
	}
}

func (k *filler) required(path, text string, limit int) {
	if strings.TrimSpace(text) == "" {
		k.add(path, "required", "Fill this in: Meta takes no template without it.")
		return
	}
	k.text(path, text, limit)
}
