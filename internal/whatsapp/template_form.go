package whatsapp

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/template"
)

// wirePart is a component of a template's definition.
type wirePart struct {
	Type     string           `json:"type"`
	Format   string           `json:"format,omitempty"`
	Text     string           `json:"text,omitempty"`
	Example  *wireExample     `json:"example,omitempty"`
	Buttons  []wireButtonForm `json:"buttons,omitempty"`
	Cards    []wireCardForm   `json:"cards,omitempty"`
	Offer    *wireOfferForm   `json:"limited_time_offer,omitempty"`
	Security *bool            `json:"add_security_recommendation,omitempty"`
	Minutes  int              `json:"code_expiration_minutes,omitempty"`
}

type wireCardForm struct {
	Components []wirePart `json:"components"`
}

type wireOfferForm struct {
	Text    string `json:"text"`
	Expires bool   `json:"has_expiration"`
}

// wireExample shows Meta's people what fills the gaps. Positional texts of a body are a list
// of lists, of a header a list.
type wireExample struct {
	HeaderText  []string           `json:"header_text,omitempty"`
	HeaderNamed []wireNamedExample `json:"header_text_named_params,omitempty"`
	Handle      []string           `json:"header_handle,omitempty"`
	Body        [][]string         `json:"body_text,omitempty"`
	BodyNamed   []wireNamedExample `json:"body_text_named_params,omitempty"`
}

type wireNamedExample struct {
	Name    string `json:"param_name"`
	Example string `json:"example"`
}

type wireButtonForm struct {
	Type    string          `json:"type"`
	Text    string          `json:"text,omitempty"`
	URL     string          `json:"url,omitempty"`
	Phone   string          `json:"phone_number,omitempty"`
	Example json.RawMessage `json:"example,omitempty"` // a list, or the text of a code
	FlowID  loose           `json:"flow_id,omitempty"`
	Action  string          `json:"flow_action,omitempty"`
	Screen  string          `json:"navigate_screen,omitempty"`
	OTP     string          `json:"otp_type,omitempty"`
}

// formOf reads a template's components. What is odd is left out, what is unknown is named.
func formOf(components json.RawMessage) template.Form {
	var parts []json.RawMessage
	if json.Unmarshal(components, &parts) != nil {
		return template.Form{}
	}
	var f template.Form
	for _, raw := range parts {
		var p wirePart
		if readObject(raw, &p) == nil {
			p.addTo(&f)
		}
	}
	return f
}

func (p wirePart) addTo(f *template.Form) {
	example := wireExample{}
	if p.Example != nil {
		example = *p.Example
	}
	switch kind := strings.ToUpper(p.Type); kind {
	case "HEADER":
		f.Header = &template.Header{Format: strings.ToUpper(p.Format), Text: clean(p.Text)}
		switch {
		case len(example.HeaderText) > 0:
			f.Header.Example = clean(example.HeaderText[0])
		case len(example.HeaderNamed) > 0:
			f.Header.Example = clean(example.HeaderNamed[0].Example)
		case len(example.Handle) > 0:
			f.Header.Example = clean(example.Handle[0])
		}
	case "BODY":
		f.Body, f.Examples = clean(p.Text), example.body(p.Text)
		f.Security = f.Security || p.Security != nil && *p.Security
	case "FOOTER":
		f.Footer = clean(p.Text)
		f.Minutes = p.Minutes
	case "BUTTONS":
		for _, b := range p.Buttons {
			f.Buttons = append(f.Buttons, b.button())
		}
	case "LIMITED_TIME_OFFER":
		f.Offer = &template.Offer{}
		if p.Offer != nil {
			f.Offer.Text, f.Offer.Expires = clean(p.Offer.Text), p.Offer.Expires
		}
	case "CAROUSEL":
		for _, c := range p.Cards {
			var card template.Form
			for _, part := range c.Components {
				part.addTo(&card)
			}
			f.Cards = append(f.Cards, card)
		}
	default:
		f.Other = append(f.Other, cleanLabel(kind))
	}
}

// clean takes out what PostgreSQL cannot store.
func clean(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
}

// body returns examples in the order of the gaps.
func (e wireExample) body(text string) []string {
	if len(e.BodyNamed) == 0 {
		if len(e.Body) == 0 {
			return nil
		}
		out := make([]string, 0, len(e.Body[0]))
		for _, example := range e.Body[0] {
			out = append(out, clean(example))
		}
		return out
	}
	named := map[string]string{}
	for _, n := range e.BodyNamed {
		named[n.Name] = clean(n.Example)
	}
	var out []string
	for _, name := range template.Gaps(text) {
		out = append(out, named[name])
	}
	return out
}

func (b wireButtonForm) button() template.Button {
	out := template.Button{
		Type: strings.ToUpper(b.Type), Text: clean(b.Text), URL: clean(b.URL), Phone: clean(b.Phone), FlowID: clean(string(b.FlowID)),
		Action: strings.ToLower(b.Action), Screen: clean(b.Screen), OTP: strings.ToUpper(b.OTP),
	}
	var list []string
	var text loose
	switch {
	case json.Unmarshal(b.Example, &list) == nil && len(list) > 0:
		out.Example = clean(list[0])
	case len(b.Example) > 0 && text.UnmarshalJSON(b.Example) == nil:
		out.Example = clean(string(text))
	}
	return out
}

// partsOf writes a form as Meta wants to have it handed in.
func partsOf(f template.Form, category string, named bool) []wirePart {
	var out []wirePart
	if f.Header != nil {
		out = append(out, headerPart(*f.Header))
	}
	switch {
	case category == template.Authentication:
		out = append(out, wirePart{Type: "BODY", Security: &f.Security})
		if f.Minutes > 0 {
			out = append(out, wirePart{Type: "FOOTER", Minutes: f.Minutes})
		}
	case f.Body != "":
		out = append(out, bodyPart(f, named))
	}
	if f.Offer != nil {
		out = append(out, wirePart{Type: "LIMITED_TIME_OFFER", Offer: &wireOfferForm{f.Offer.Text, f.Offer.Expires}})
	}
	if f.Footer != "" {
		out = append(out, wirePart{Type: "FOOTER", Text: f.Footer})
	}
	if len(f.Buttons) > 0 {
		part := wirePart{Type: "BUTTONS"}
		for _, b := range f.Buttons {
			part.Buttons = append(part.Buttons, buttonPart(b))
		}
		out = append(out, part)
	}
	if len(f.Cards) > 0 {
		part := wirePart{Type: "CAROUSEL"}
		for _, card := range f.Cards {
			part.Cards = append(part.Cards, wireCardForm{partsOf(card, "", named)})
		}
		out = append(out, part)
	}
	return out
}

func headerPart(h template.Header) wirePart {
	p := wirePart{Type: "HEADER", Format: h.Format, Text: h.Text}
	names := template.Gaps(h.Text)
	switch {
	case h.Example == "" || h.Format == template.Text && len(names) == 0:
	case h.Format != template.Text:
		p.Example = &wireExample{Handle: []string{h.Example}}
	case isNumber(names[0]):
		p.Example = &wireExample{HeaderText: []string{h.Example}}
	default:
		p.Example = &wireExample{HeaderNamed: []wireNamedExample{{names[0], h.Example}}}
	}
	return p
}

func isNumber(name string) bool {
	_, err := strconv.Atoi(name)
	return err == nil
}

func bodyPart(f template.Form, named bool) wirePart {
	p := wirePart{Type: "BODY", Text: f.Body}
	names := template.Gaps(f.Body)
	switch {
	case len(names) == 0 || len(f.Examples) == 0:
	case named:
		p.Example = &wireExample{}
		for i, name := range names[:min(len(names), len(f.Examples))] {
			p.Example.BodyNamed = append(p.Example.BodyNamed, wireNamedExample{name, f.Examples[i]})
		}
	default:
		p.Example = &wireExample{Body: [][]string{f.Examples}}
	}
	return p
}

func buttonPart(b template.Button) wireButtonForm {
	out := wireButtonForm{
		Type: b.Type, Text: b.Text, URL: b.URL, Phone: b.Phone, FlowID: loose(b.FlowID), Action: b.Action, Screen: b.Screen, OTP: b.OTP,
	}
	switch {
	case b.Example == "":
	case b.Type == template.CopyCode:
		out.Example = mustMarshal(b.Example)
	default:
		out.Example = mustMarshal([]string{b.Example})
	}
	return out
}
