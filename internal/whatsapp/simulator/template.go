package simulator

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// States of a template (Meta's templates page; the ones that the simulator brings about).
const (
	TemplateApproved = "APPROVED"
	TemplatePending  = "PENDING"
	TemplateRejected = "REJECTED"
	TemplatePaused   = "PAUSED"
	TemplateDisabled = "DISABLED"
	TemplateDeleting = "PENDING_DELETION"
)

// template is a live template: what is said of it, and its history.
type template struct {
	Template

	form     templateForm
	edits    []time.Time // when it was edited while approved
	previous string      // category before Meta moved it
	pauses   int
	until    time.Time // end of a pause
	byPacing bool      // paused by pacing: it ends by hand only
	toHold   int       // messages that pacing will still hold
	held     []heldMessage
}

// heldMessage waits for pacing's verdict.
type heldMessage struct{ release, drop func() }

// templateForm is a template taken apart, for checking what is sent with it.
type templateForm struct {
	header   string // TEXT, IMAGE, VIDEO, DOCUMENT, LOCATION, or nothing
	headText string
	body     string
	footer   string
	buttons  []templateButton
	cards    []templateForm
	offer    bool // limited_time_offer
}

type templateButton struct {
	Type    string          `json:"type"`
	Text    string          `json:"text"`
	URL     string          `json:"url"`
	Phone   string          `json:"phone_number"`
	FlowID  json.RawMessage `json:"flow_id"`
	OTP     string          `json:"otp_type"`
	Example json.RawMessage `json:"example"`
}

type componentJSON struct {
	Type     string           `json:"type"`
	Format   string           `json:"format"`
	Text     string           `json:"text"`
	Buttons  []templateButton `json:"buttons"`
	Cards    []cardJSON       `json:"cards"`
	Example  json.RawMessage  `json:"example"`
	Offer    *offerJSON       `json:"limited_time_offer"`
	Security bool             `json:"add_security_recommendation"`
	Minutes  *int             `json:"code_expiration_minutes"`
}

type cardJSON struct {
	Components []componentJSON `json:"components"`
}

type offerJSON struct {
	Text    string `json:"text"`
	Expires bool   `json:"has_expiration"`
}

// formOf takes a template apart. A template without components has a body and quick replies, as in Account.Templates.
func formOf(t Template) (templateForm, error) {
	if len(t.Components) == 0 {
		f := templateForm{body: t.Body}
		for _, label := range t.Buttons {
			f.buttons = append(f.buttons, templateButton{Type: "QUICK_REPLY", Text: label})
		}
		return f, nil
	}
	var parts []componentJSON
	if err := json.Unmarshal(t.Components, &parts); err != nil {
		return templateForm{}, fmt.Errorf("read components: %w", err)
	}
	f := formOfParts(parts)
	if f.body == "" && strings.EqualFold(t.Category, "AUTHENTICATION") {
		f.body = "{{1}} é seu código de verificação." // Meta writes the text of these itself
	}
	return f, nil
}

func formOfParts(parts []componentJSON) templateForm {
	var f templateForm
	for _, p := range parts {
		switch strings.ToUpper(p.Type) {
		case "HEADER":
			f.header, f.headText = strings.ToUpper(p.Format), p.Text
		case "BODY":
			f.body = p.Text
		case "FOOTER":
			f.footer = p.Text
		case "BUTTONS":
			f.buttons = p.Buttons
		case "LIMITED_TIME_OFFER":
			f.offer = true
		case "CAROUSEL":
			for _, card := range p.Cards {
				f.cards = append(f.cards, formOfParts(card.Components))
			}
		}
	}
	for i := range f.buttons {
		f.buttons[i].Type = strings.ToUpper(f.buttons[i].Type)
	}
	return f
}

// components is what GET shows: as created, or made from the short form.
func (t Template) components() json.RawMessage {
	if len(t.Components) > 0 {
		return t.Components
	}
	parts := []any{map[string]any{"type": "BODY", "text": t.Body}}
	if len(t.Buttons) > 0 {
		buttons := []any{}
		for _, label := range t.Buttons {
			buttons = append(buttons, map[string]any{"type": "QUICK_REPLY", "text": label})
		}
		parts = append(parts, map[string]any{"type": "BUTTONS", "buttons": buttons})
	}
	return asciiJSON(parts, false)
}

// fields is a template as the Graph API shows it.
func (t *template) fields() map[string]any {
	out := map[string]any{
		"id": t.ID, "name": t.Name, "language": t.Language, "category": t.Category, "status": t.Status,
		"components": t.components(), "parameter_format": t.ParameterFormat,
		"quality_score":   map[string]any{"score": t.Quality},
		"rejected_reason": t.RejectedReason,
	}
	if t.previous != "" {
		out["previous_category"] = t.previous
	}
	if t.TTL != 0 {
		out["message_send_ttl_seconds"] = t.TTL
	}
	return out
}

// withDefaults fills what a short form leaves out.
func (t Template) withDefaults() Template {
	fill := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	fill(&t.Status, TemplateApproved)
	fill(&t.Category, "UTILITY")
	fill(&t.Quality, "UNKNOWN")
	fill(&t.RejectedReason, "NONE")
	fill(&t.ParameterFormat, paramFormat(t.Body+string(t.Components)))
	t.Category = strings.ToUpper(t.Category)
	return t
}

// paramFormat tells named from positional parameters.
func paramFormat(text string) string {
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if m[1][0] < '0' || m[1][0] > '9' {
			return "NAMED"
		}
	}
	return "POSITIONAL"
}
