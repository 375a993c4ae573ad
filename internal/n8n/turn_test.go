package n8n_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/n8n"
)

// anas is what Ana says without a pause, after the bot greeted her and Bia wrote.
func anas(style tenant.Style) n8n.Turn {
	at := func(n int, m message.Message) message.Message {
		m.ID = id.Message{UUID: uuid.MustParse("01999999-0000-7000-8000-0000000000a" + string(rune('0'+n)))}
		m.WAMID, m.Timestamp = "wamid.A"+string(rune('0'+n)), wrote.Add(time.Duration(n)*time.Second)
		return m
	}
	voice := file("audio/ogg; codecs=opus", "")
	voice.Voice = true
	messages := []message.Message{
		at(0, message.Message{Kind: message.Text, Content: "Tem quarto"}),
		at(1, message.Message{Kind: message.Audio, Metadata: voice}),
		at(2, message.Message{Kind: message.Text, Content: "para sábado?", Metadata: message.Metadata{Context: &message.Context{WAMID: "wamid.B"}}}),
	}
	h := ana(func(h *n8n.Handover) {
		h.Style, h.Message, h.IsNew = style, messages[2], true
		h.Card.Tags = []conversation.Tag{{Name: "VIP"}}
		h.Card.Contact.Metadata = `{"aniversario": "2001-02-03"}`
	})
	before := func(n int, m message.Message) message.Message {
		m.Kind, m.Timestamp = message.Text, wrote.Add(-time.Duration(n)*time.Minute)
		return m
	}
	return n8n.Turn{
		Handover: h, Messages: messages,
		Before: []message.Message{
			before(5, message.Message{Direction: message.Inbound, Sender: message.Guest, Content: "oi"}),
			before(4, message.Message{Direction: message.Outbound, Sender: message.Bot, Content: "Olá, Ana!"}),
			before(3, message.Message{Direction: message.Outbound, Sender: message.Person, Content: "Aqui é a Bia."}),
		},
		Escalation: &escalation.Escalation{
			ID:     id.Escalation{UUID: uuid.MustParse("01999999-0000-7000-8000-0000000000e0")},
			Reason: escalation.UserRequested, CreatedAt: wrote.Add(-time.Hour),
		},
	}
}

func TestTurnBody(t *testing.T) {
	t.Parallel()
	for name, style := range map[string]tenant.Style{"turn": tenant.Legacy, "turn_flat": tenant.Flat, "turn_zapi": tenant.ZAPI} {
		body, err := n8n.TurnBody(anas(style))
		if err != nil {
			t.Fatal(err)
		}
		if style == tenant.Legacy {
			holdsItselfTwice(t, body)
		}
		golden(t, name, body)
	}
}

// TestStyles: only the original's style has everything twice.
func TestStyles(t *testing.T) {
	t.Parallel()
	for style, want := range map[tenant.Style]struct {
		twice bool
		typed string
	}{"": {true, "text"}, tenant.Legacy: {true, "text"}, tenant.Flat: {false, "text"}, tenant.ZAPI: {false, "ReceivedCallback"}} {
		body, _ := n8n.Body(ana(func(h *n8n.Handover) { h.Style = style }))
		var got struct {
			Type string
			Body *json.RawMessage
		}
		if err := json.Unmarshal(body, &got); err != nil || got.Type != want.typed || (got.Body != nil) != want.twice {
			t.Errorf("%q: %s, %v", style, body, err)
		}
	}
}
