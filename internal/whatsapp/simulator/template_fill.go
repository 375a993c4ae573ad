package simulator

import (
	"strconv"
	"strings"
	"unicode/utf16"
)

// longestBody is what a template's text may have once its parameters are in (Meta's templates page).
const longestBody = 1024

// fillTemplate looks the template up, holds the parameters against it and renders it. While a business account has no
// templates everything well-formed is taken.
func (c *checker) fillTemplate(a *account, req *sendRequest, name, code string, p templateParams) {
	req.category, req.text = "utility", "["+name+"]"
	for _, param := range p.body {
		req.text += " " + param.text
	}
	b := a.business()
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.named(name, code)
	switch {
	case t != nil:
		req.template, req.category = t, t.Category
		c.templateStatus(t)
		c.templateRecipient(t, req)
		c.fits(t.form, p, "")
		req.text = c.render(t.form.body, p.body, "body")
		if len(utf16.Encode([]rune(req.text))) > longestBody {
			c.refuse(132005, "body: the text is longer than 1024 characters with its parameters")
		}
		req.choices = templateChoices(t.form, p)
	case len(b.templates) > 0:
		c.refuse(132001, "template name ("+name+") does not exist in "+code)
	default:
		req.choices = looseChoices(p)
	}
}

// refuse is fail with a code of its own, which the knob for validation errors leaves alone.
func (c *checker) refuse(code int, details string) {
	if c.err == nil {
		c.err = refusal(code, details)
	}
}

func (c *checker) templateStatus(t *template) {
	switch t.Status {
	case TemplateApproved, "FLAGGED", "REINSTATED", TemplateDeleting:
	case TemplatePaused:
		c.refuse(132015, "")
	case TemplateDisabled:
		c.refuse(132016, "")
	default:
		c.refuse(132001, "template name ("+t.Name+") is not approved")
	}
}

// templateRecipient: one-time codes need a phone number.
func (c *checker) templateRecipient(t *template, req *sendRequest) {
	if t.Category == "AUTHENTICATION" && req.to == "" {
		c.refuse(131062, "Authentication templates cannot be sent to business-scoped user IDs.")
	}
}

// fits holds parameters against the form of a template, or of one of its cards.
func (c *checker) fits(f templateForm, p templateParams, at string) {
	switch want := strings.ToLower(f.header); want {
	case "image", "video", "document", "location":
		if p.media != want {
			c.refuse(132012, at+"header: Format mismatch, expected "+f.header+", received "+orNone(p.media))
		}
	default:
		if p.media != "" {
			c.refuse(132012, at+"header: Format mismatch, expected "+orNone(f.header)+", received "+p.media)
		}
		c.render(f.headText, p.head, at+"header")
	}
	if at != "" {
		c.render(f.body, p.body, at+"body")
	}
	c.fitButtons(f, p, at)
	if f.offer != p.offer {
		c.refuse(132012, "limited_time_offer: the parameter must be there exactly when the template has an offer")
	}
	if len(f.cards) != len(p.cards) {
		c.refuse(132012, "carousel: expected "+strconv.Itoa(len(f.cards))+" cards, received "+strconv.Itoa(len(p.cards)))
		return
	}
	for i, card := range f.cards {
		c.fits(card, p.cards[i], "card "+strconv.Itoa(i)+": ")
	}
}

func orNone(kind string) string {
	if kind == "" {
		return "NONE"
	}
	return strings.ToUpper(kind)
}

// buttonSorts pair what a template calls a button with what a send calls it.
var buttonSorts = map[string]string{
	"quick_reply": "QUICK_REPLY", "url": "URL", "copy_code": "COPY_CODE", "flow": "FLOW", "catalog": "CATALOG", "mpm": "MPM",
	"voice_call": "VOICE_CALL",
}

func (c *checker) fitButtons(f templateForm, p templateParams, at string) {
	for index, param := range p.buttons {
		if index >= len(f.buttons) || !fitsButton(f.buttons[index], param) {
			c.refuse(132018, at+"buttons: there is no "+param.sub+" button at index "+strconv.Itoa(index))
		}
	}
	for i, b := range f.buttons {
		_, given := p.buttons[i]
		needs := b.Type == "URL" && placeholder.MatchString(b.URL) || b.Type == "COPY_CODE" || b.Type == "OTP" || b.Type == "MPM"
		if needs && !given {
			c.refuse(131008, at+"buttons: Button at index "+strconv.Itoa(i)+" of type "+b.Type+" requires a parameter")
		}
	}
}

// fitsButton: a one-time code's button is sent as an url, with the code as its text.
func fitsButton(b templateButton, param buttonParam) bool {
	if b.Type == "OTP" {
		return param.sub == "url" && len(param.value) <= 15
	}
	return b.Type == buttonSorts[param.sub] && (b.Type != "URL" || placeholder.MatchString(b.URL))
}

// render fills the placeholders; their number must be that of the parameters, their names must be known.
func (c *checker) render(text string, params []templateParam, part string) string {
	holes := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		holes[m[1]] = true
	}
	if len(params) != len(holes) {
		c.refuse(132000, part+": number of localizable_params ("+strconv.Itoa(len(params))+
			") does not match the expected number of params ("+strconv.Itoa(len(holes))+")")
	}
	values := map[string]string{}
	for i, p := range params {
		key := p.name
		if key == "" {
			key = strconv.Itoa(i + 1)
		}
		if !holes[key] {
			c.refuse(132012, part+": parameter "+key+" is not in the template")
		}
		values[key] = p.text
	}
	return placeholder.ReplaceAllStringFunc(text, func(m string) string {
		return values[placeholder.FindStringSubmatch(m)[1]]
	})
}

// templateChoices are the buttons that answer: quick replies, whose payload is the label unless given, and flows.
func templateChoices(f templateForm, p templateParams) []Choice {
	var out []Choice
	for i, b := range f.buttons {
		switch b.Type {
		case "QUICK_REPLY":
			out = append(out, quickReply(b.Text, p.buttons[i].value))
		case "FLOW":
			out = append(out, Choice{Kind: ChoiceFlow, ID: "unused", Title: b.Text})
		case "REQUEST_CONTACT_INFO":
			out = append(out, Choice{Kind: ChoiceContact, ID: "share", Title: b.Text})
		}
	}
	for i, card := range f.cards {
		if i < len(p.cards) {
			out = append(out, templateChoices(card, p.cards[i])...)
		}
	}
	return out
}

// looseChoices are the quick replies of a template that nobody knows: the payloads are shown.
func looseChoices(p templateParams) []Choice {
	var out []Choice
	for i := range 10 {
		if b := p.buttons[i]; b.sub == "quick_reply" && b.value != "" {
			out = append(out, quickReply("", b.value))
		}
	}
	for _, card := range p.cards {
		out = append(out, looseChoices(card)...)
	}
	return out
}

func quickReply(label, payload string) Choice {
	choice := Choice{Kind: ChoiceQuick, ID: payload, Title: label}
	if choice.ID == "" {
		choice.ID = label
	}
	if choice.Title == "" {
		choice.Title = payload
	}
	return choice
}
