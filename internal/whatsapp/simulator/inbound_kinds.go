package simulator

import (
	"encoding/json"
	"time"
)

// Order is a shopping cart; items is product_items[] as in the webhook.
func Order(catalogue, text string, items json.RawMessage) Inbound {
	return Inbound{Type: "order", Raw: asciiJSON(map[string]any{"catalog_id": catalogue, "text": text, "product_items": items}, false)}
}

// OwnContact is the answer to a request for the guest's number.
func OwnContact(name, phone string) Inbound {
	m := ContactCard(name, phone)
	var cards []map[string]any
	must(json.Unmarshal(m.Contacts, &cards))
	cards[0]["origin"] = "contact_request"
	m.Contacts = asciiJSON(cards, false)
	return m
}

// FromAd is a text of somebody who clicked on an ad, and opens a free entry point once it is answered.
func FromAd(text string) Inbound {
	return Inbound{Type: "text", Text: text, Referral: json.RawMessage(`{"source_url":"https://fb.me/exemploAd","source_id":"900100000000001",` +
		`"source_type":"ad","headline":"Réveillon à beira-mar","body":"Pacotes com ceia","media_type":"image",` +
		`"image_url":"https://scontent.example/anuncio.jpg","ctwa_clid":"ClidDeExemplo123","welcome_message":{"text":"Olá! Como podemos ajudar?"}}`)}
}

// silentTypes do not open the service window: they are no message that somebody wrote.
var silentTypes = map[string]bool{"edit": true, "revoke": true, "system": true}

// plainTypes are sent with what Inbound has for them; the others need Raw.
var plainTypes = map[string]bool{
	"text": true, "image": true, "video": true, "audio": true, "document": true, "sticker": true, "location": true,
	"contacts": true, "reaction": true, "unsupported": true, "edit": true, "revoke": true, "request_welcome": true,
}

// change applies an edit or a revocation to its original and gives the webhook's object. The caller holds a.mu.
func (s *Simulator) change(a *account, g *guest, m *Inbound, now time.Time) error {
	if m.Type != "edit" && m.Type != "revoke" || m.Raw != nil {
		return nil
	}
	original := g.find(m.MessageID)
	if original == nil || original.From != FromGuest {
		return ErrNoMessage
	}
	age := now.Sub(original.At)
	switch {
	case m.Type == "revoke" && age > revokeWithin:
		return badInbound("a message can be taken back within two days")
	case m.Type == "edit" && (age > editWithin || original.Type != "text"):
		return badInbound("a text can be edited within 15 minutes")
	case m.Type == "revoke":
		original.Revoked = true
		m.Raw = asciiJSON(map[string]any{"original_message_id": m.MessageID}, false)
	default:
		original.Text, original.Edited = m.Text, true
		m.Raw = asciiJSON(map[string]any{"original_message_id": m.MessageID, "message": map[string]any{
			"context": map[string]any{"id": "M0"}, "type": "text", "text": map[string]any{"body": m.Text},
		}}, false)
		if s.knobs.Load().Rules.Edits == EditsAsUnsupported {
			m.Type, m.Unsupported, m.Raw = "unsupported", "edit", nil
		}
	}
	a.touch(g, original)
	return nil
}

// fillAnswer is what tapping on something else than a button or a row sends.
func (m *Inbound) fillAnswer(out *messageJSON, e *Entry, g *guest, now time.Time) {
	switch c := m.choice; c.Kind {
	case ChoiceFlow:
		answers := map[string]any{"flow_token": c.ID}
		for key, v := range m.answers {
			answers[key] = v
		}
		out.Interact = &interactiveJSON{Type: "nfm_reply", FlowReply: &flowReplyJSON{
			Name: "flow", Body: "Sent", Response: string(asciiJSON(answers, false)),
		}}
	case ChoicePermission:
		out.Interact = &interactiveJSON{Type: "call_permission_reply", Permission: &permissionJSON{
			Response: c.ID, Expires: now.Add(7 * 24 * time.Hour).Unix(), Source: "user_action",
		}}
	case ChoiceContact:
		own := OwnContact(orText(g.settings.Name, g.phone), "+"+g.phone)
		out.Type, out.Contacts, e.Type = "contacts", own.Contacts, "contacts"
		g.inBook = true // now the business knows the number
	}
}
