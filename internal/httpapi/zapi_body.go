package httpapi

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/content"
)

// zapiBody is the body of a call of Z-API's, worded as ours when it is read: not before it is
// known who asks.
type zapiBody struct {
	io.ReadCloser
	call, ending string
	worded       *bytes.Reader
	refusal      error // what cannot be worded
}

// Read implements io.Reader.
func (z *zapiBody) Read(p []byte) (int, error) {
	if z.worded == nil {
		data, err := io.ReadAll(io.LimitReader(z.ReadCloser, maxFileJSON+1))
		if err != nil {
			return 0, err
		}
		z.worded = bytes.NewReader(z.word(data))
	}
	return z.worded.Read(p)
}

// word leaves alone what is no object: that is refused as any such body.
func (z *zapiBody) word(data []byte) []byte {
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil || fields == nil {
		return data
	}
	if quoted, ok := fields["messageId"]; ok && !zapiNamesMessage[z.call] && fields["replyTo"] == nil {
		fields["replyTo"] = quoted
	}
	add := map[string]any{}
	switch z.call {
	case "send-document":
		if fields["fileName"] == nil && zapiEnding.MatchString(z.ending) {
			add["fileName"] = "documento." + strings.ToLower(z.ending)
		}
	case "send-contact", "send-contacts":
		add["type"], add["contacts"] = "contacts", zapiCards(data)
	case "send-button-actions":
		if add, z.refusal = zapiActions(data); z.refusal != nil {
			return nil
		}
	case "send-remove-reaction":
		add["reaction"] = ""
	}
	for name, value := range add {
		fields[name], _ = json.Marshal(value) // texts and contents
	}
	out, _ := json.Marshal(fields)
	return out
}

var zapiEnding = regexp.MustCompile(`^[A-Za-z0-9]{1,8}$`)

// zapiNamesMessage are the calls whose messageId is what they are about; that of the others is
// quoted.
var zapiNamesMessage = map[string]bool{"send-reaction": true, "send-remove-reaction": true, "read-message": true}

// zapiCards reads one card out of an address book, or several.
func zapiCards(data []byte) content.Contacts {
	var b struct {
		Name     loose `json:"contactName"`
		Phone    loose `json:"contactPhone"`
		Contacts looseList[struct {
			Name   loose            `json:"name"`
			Phones looseList[loose] `json:"phones"`
		}] `json:"contacts"`
	}
	_ = json.Unmarshal(data, &b) // what is read here never refuses
	card := func(name loose, phones ...loose) content.ContactCard {
		c := content.ContactCard{Name: content.ContactName{Formatted: string(name), First: string(name)}}
		for _, p := range phones {
			c.Phones = append(c.Phones, content.ContactPhone{Phone: string(p), WAID: digitsOf(string(p))})
		}
		return c
	}
	var out content.Contacts
	if b.Phone != "" || b.Name != "" {
		out.Cards = append(out.Cards, card(b.Name, b.Phone))
	}
	for _, c := range b.Contacts {
		out.Cards = append(out.Cards, card(c.Name, c.Phones...))
	}
	return out
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// zapiActions reads buttons that answer, or one that opens an address: WhatsApp has no message
// with both, and calls only in templates.
func zapiActions(data []byte) (map[string]any, error) {
	var b struct {
		Message loose                `json:"message"`
		Title   loose                `json:"title"`
		Footer  loose                `json:"footer"`
		Actions looseList[botButton] `json:"buttonActions"`
	}
	_ = json.Unmarshal(data, &b) // as above
	var header *content.Header
	if b.Title != "" {
		header = &content.Header{Text: string(b.Title)}
	}
	if len(b.Actions) == 1 && strings.EqualFold(string(b.Actions[0].Type), "URL") {
		link := content.Link{Header: header, Body: string(b.Message), Footer: string(b.Footer), Label: b.Actions[0].button().Title, URL: string(b.Actions[0].URL)}
		return map[string]any{"type": "link", "link": link}, nil
	}
	buttons := content.Buttons{Header: header, Body: string(b.Message), Footer: string(b.Footer)}
	for _, a := range b.Actions {
		if a.Type != "" && !strings.EqualFold(string(a.Type), "REPLY") {
			return nil, wrongField("buttonActions", "Use up to three of type REPLY, or a single one of type URL: WhatsApp shows other buttons only in approved templates (send-template).")
		}
		buttons.Buttons = append(buttons.Buttons, a.button())
	}
	return map[string]any{"type": "buttons", "buttons": buttons}, nil
}
