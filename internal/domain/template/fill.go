package template

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Need is one thing that must, or may, be given with a template.
type Need struct {
	Path     string `json:"path" doc:"Where it belongs in what is sent: body[0], header, buttons[1]"`
	Kind     string `json:"kind" enum:"text,image,video,document,location,product,gif,urlSuffix,copyCode,payload,flow,catalogue,products,time"`
	Name     string `json:"name,omitempty" doc:"Of a gap: its name or number. Of a button: what is on it"`
	Index    *int   `json:"index,omitempty" doc:"Of a button: its place among the template's"`
	Required bool   `json:"required"`
	Example  string `json:"example,omitempty"`
}

// Needs lists what is given with a template, in the order in which it is read.
func (f Form) Needs() []Need { return f.needs("") }

func (f Form) needs(at string) []Need {
	var out []Need
	if h := f.Header; h != nil {
		switch {
		case h.Format != Text:
			out = append(out, Need{Path: at + "header", Kind: strings.ToLower(h.Format), Required: true})
		case len(Gaps(h.Text)) > 0:
			out = append(out, Need{Path: at + "header.text", Kind: "text", Name: Gaps(h.Text)[0], Required: true, Example: h.Example})
		}
	}
	for i, name := range Gaps(f.Body) {
		n := Need{Path: fmt.Sprintf("%sbody[%d]", at, i), Kind: "text", Name: name, Required: true}
		if i < len(f.Examples) {
			n.Example = f.Examples[i]
		}
		out = append(out, n)
	}
	if f.Offer != nil && f.Offer.Expires {
		out = append(out, Need{Path: at + "limitedTimeOffer", Kind: "time", Required: true})
	}
	for i, b := range f.Buttons {
		if kind, required := b.need(); kind != "" {
			out = append(out, Need{Path: fmt.Sprintf("%sbuttons[%d]", at, i), Kind: kind, Name: b.Text, Index: &i, Required: required, Example: b.Example})
		}
	}
	for i, card := range f.Cards {
		out = append(out, card.needs(fmt.Sprintf("%scards[%d].", at, i))...)
	}
	return out
}

// need is what is filled into a button, and whether Meta insists.
func (b Button) need() (kind string, required bool) {
	switch b.Type {
	case QuickReply:
		return "payload", false
	case URLButton:
		if len(Gaps(b.URL)) == 0 {
			return "", false
		}
		return "urlSuffix", true
	case OTP:
		return "urlSuffix", true
	case CopyCode:
		return "copyCode", true
	case FlowButton:
		return "flow", false
	case Catalogue:
		return "catalogue", false
	case Products:
		return "products", true
	}
	return "", false
}

// Shown is a template as the guest sees it.
type Shown struct {
	HeaderFormat string        `json:"headerFormat,omitempty"`
	Header       string        `json:"header,omitempty"`
	Body         string        `json:"body"`
	Footer       string        `json:"footer,omitempty"`
	Buttons      []ShownButton `json:"buttons,omitempty"`
	Cards        []Shown       `json:"cards,omitempty"`
}

// ShownButton is one of its buttons.
type ShownButton struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	URL   string `json:"url,omitempty"`
	Phone string `json:"phoneNumber,omitempty"`
}

// Text is all that it says.
func (s Shown) Text() string {
	parts := slices.DeleteFunc([]string{s.Header, s.Body, s.Footer}, func(text string) bool { return text == "" })
	return strings.Join(parts, "\n")
}

// maxRendered is how long a body may be when it is filled (code 132005 of Meta's beyond).
const maxRendered = 1024

// Fill puts what is sent into the form. It returns how it reads, also where something is
// missing, and the content as it must be sent: values that were given in the order of a
// named template's gaps get their names. The error is content.ErrInvalid, with everything
// that is wrong at once.
func (f Form) Fill(t content.Template) (Shown, content.Template, error) {
	k := &filler{}
	shown := k.form("", f, part{t.Header, t.Body, t.Buttons})
	t.Body = named(f.Body, t.Body)
	t.Header = namedHeader(f.Header, t.Header)
	t.Cards = slices.Clone(t.Cards)
	if len(t.Cards) != len(f.Cards) {
		k.add("cards", "wrong_number", "The template has %d cards, these are %d.", len(f.Cards), len(t.Cards))
	}
	for i, form := range f.Cards {
		at, card := fmt.Sprintf("cards[%d].", i), content.TemplateCard{}
		if i < len(t.Cards) {
			card = t.Cards[i]
			t.Cards[i].Body = named(form.Body, card.Body)
		}
		shown.Cards = append(shown.Cards, k.form(at, form, part{headerOf(card), card.Body, card.Buttons}))
	}
	switch wants := f.Offer != nil && f.Offer.Expires; {
	case wants && t.Offer == nil:
		k.add("limitedTimeOffer", "required", "Say when the offer ends.")
	case !wants && t.Offer != nil:
		k.add("limitedTimeOffer", "not_allowed", "The template holds no offer that ends.")
	}
	if len(k.wrong) > 0 {
		return shown, t, content.ErrInvalid.With(k.wrong...)
	}
	return shown, t, nil
}

func headerOf(c content.TemplateCard) *content.TemplateHeader {
	if c.Header == (content.TemplateHeader{}) {
		return nil
	}
	return &c.Header
}

// part is what is given for a template or one of its cards.
type part struct {
	header  *content.TemplateHeader
	body    []content.Parameter
	buttons []content.TemplateButton
}

type filler struct{ wrong []fault.Detail }

func (k *filler) add(path, code, format string, args ...any) {
	k.wrong = append(k.wrong, fault.Detail{Path: path, Code: code, Message: fmt.Sprintf(format, args...)})
}

func (k *filler) form(at string, f Form, p part) Shown {
	out := Shown{Footer: f.Footer, Body: k.body(at+"body", f.Body, p.body)}
	if f.Header != nil {
		out.HeaderFormat = f.Header.Format
	}
	out.Header = k.header(at+"header", f.Header, p.header)
	out.Buttons = k.buttons(at+"buttons", f.Buttons, p.buttons)
	return out
}

func (k *filler) body(path, text string, given []content.Parameter) string {
	names := Gaps(text)
	values := map[string]string{}
	byName := len(given) > 0 && given[0].Name != ""
	switch {
	case len(given) != len(names):
		k.add(path, "wrong_number", "The template has %d gaps%s, these are %d values.", len(names), inBrackets(names), len(given))
	case byName && !isNamed(names):
		k.add(path, "wrong_form", "The template numbers its gaps: leave the names out.")
	}
	for i, p := range given {
		switch {
		case !byName && i < len(names):
			values[names[i]] = p.Written()
		case byName && slices.Contains(names, p.Name):
			values[p.Name] = p.Written()
		case byName && isNamed(names):
			k.add(fmt.Sprintf("%s[%d].name", path, i), "unknown", "The template has no gap %s%s.", p.Name, inBrackets(names))
		}
	}
	out := filled(text, values)
	if n := content.Units(out); n > maxRendered {
		k.add(path, "too_long", "With these values the text has %d characters; WhatsApp allows %d.", n, maxRendered)
	}
	return out
}

func inBrackets(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// named gives values that come in the order of a named template's gaps their names.
func named(text string, given []content.Parameter) []content.Parameter {
	names := Gaps(text)
	if !isNamed(names) || len(given) != len(names) || given[0].Name != "" {
		return given
	}
	given = slices.Clone(given)
	for i := range given {
		given[i].Name = names[i]
	}
	return given
}

func namedHeader(f *Header, given *content.TemplateHeader) *content.TemplateHeader {
	if f == nil || given == nil || given.Text == nil || given.Text.Name != "" || !isNamed(Gaps(f.Text)) {
		return given
	}
	out, text := *given, *given.Text
	text.Name = Gaps(f.Text)[0]
	out.Text = &text
	return &out
}

func (k *filler) header(path string, f *Header, given *content.TemplateHeader) string {
	wants := ""
	switch {
	case f == nil:
	case f.Format != Text:
		wants = f.Format
	case len(Gaps(f.Text)) > 0:
		wants = Text
	}
	if has := formatOf(given); has != wants {
		switch {
		case wants == "":
			k.add(path, "not_allowed", "There is nothing to fill in the template's header: leave it out.")
		case has == "":
			k.add(path, "required", "The template's header needs its %s, even if it never changes.", strings.ToLower(wants))
		default:
			k.add(path, "wrong_form", "The template's header is %s, this is %s.", strings.ToLower(wants), strings.ToLower(has))
		}
	}
	if f == nil {
		return ""
	}
	values := map[string]string{}
	if names := Gaps(f.Text); len(names) > 0 && given != nil && given.Text != nil {
		if name := given.Text.Name; name != "" && name != names[0] {
			k.add(path+".text.name", "unknown", "The template's header has no gap %s (%s).", name, names[0])
		}
		values[names[0]] = given.Text.Written()
	}
	return filled(f.Text, values)
}

func formatOf(h *content.TemplateHeader) string {
	switch {
	case h == nil:
		return ""
	case h.Text != nil:
		return Text
	case h.Image != nil:
		return Image
	case h.Video != nil:
		return Video
	case h.Document != nil:
		return Document
	case h.Location != nil:
		return Location
	case h.Product != nil:
		return Product
	}
	return ""
}

func (k *filler) buttons(path string, form []Button, given []content.TemplateButton) []ShownButton {
	byIndex := map[int]content.TemplateButton{}
	for i, b := range given {
		if b.Index < 0 || b.Index >= len(form) {
			k.add(fmt.Sprintf("%s[%d].index", path, i), "out_of_range", "The template has %d buttons, counted from 0.", len(form))
			continue
		}
		byIndex[b.Index] = b
		if wants, _ := form[b.Index].need(); kindOf(b) != wants && kindOf(b) != "" {
			k.add(fmt.Sprintf("%s[%d]", path, i), "wrong_form", "Button %d (%s) is not filled with %s%s.", b.Index, form[b.Index].Text, kindOf(b), wanted(wants))
		}
	}
	var out []ShownButton
	for i, b := range form {
		if kind, required := b.need(); required {
			if _, ok := byIndex[i]; !ok {
				k.add(path, "required", "Button %d (%s) needs %s.", i, b.Text, kind)
			}
		}
		shown := ShownButton{Type: b.Type, Text: b.Text, URL: b.URL, Phone: b.Phone}
		if suffix := byIndex[i].URLSuffix; suffix != "" {
			values := map[string]string{}
			for _, name := range Gaps(b.URL) {
				values[name] = suffix
			}
			shown.URL = filled(b.URL, values)
		}
		out = append(out, shown)
	}
	return out
}

func wanted(kind string) string {
	if kind == "" {
		return ": leave it out"
	}
	return " but with " + kind
}

// kindOf names what a button is filled with.
func kindOf(b content.TemplateButton) string {
	kinds := map[string]bool{
		"payload": b.Payload != "", "urlSuffix": b.URLSuffix != "", "copyCode": b.CopyCode != "", "flow": b.Flow != nil,
		"catalogue": b.Catalogue != nil, "products": b.Products != nil,
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		if kinds[kind] {
			return kind
		}
	}
	return ""
}
