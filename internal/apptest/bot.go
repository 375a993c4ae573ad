package apptest

import (
	"net/http"
	"net/url"

	"github.com/botreserva/botreserva/internal/logtest"
)

// Bot is a hotel's flow when it speaks: the product's API for n8n.
type Bot struct{ h *Hotel }

func (b *Bot) headers() headers { return headers{"X-API-Key": b.h.APIKey} }

// Says sends a text to a guest's phone number or business-scoped id.
func (b *Bot) Says(phone, text string) Answer {
	b.h.w.t.Helper()
	return b.SaysOnce("", phone, text)
}

// Answers sends a text as an answer to a hand-over.
func (b *Bot) Answers(p Post, text string) Answer {
	b.h.w.t.Helper()
	body := map[string]any{"phone": p.Value("phone"), "message": text, "turnToken": p.Value("turnToken")}
	return b.h.w.call(http.MethodPost, "/api/n8n/send-text", b.headers(), body)
}

// SaysOnce is Says with an Idempotency-Key.
func (b *Bot) SaysOnce(key, phone, text string) Answer {
	b.h.w.t.Helper()
	h := b.headers()
	if key != "" {
		h["Idempotency-Key"] = key
	}
	logtest.Said(text)
	return b.h.w.call(http.MethodPost, "/api/n8n/send-text", h, map[string]string{"phone": phone, "message": text})
}

// Escalates calls for a person of a unit.
func (b *Bot) Escalates(phone, unit string) Answer {
	b.h.w.t.Helper()
	return b.h.w.call(http.MethodPost, "/api/n8n/escalate", b.headers(), map[string]any{
		"phone": phone, "reason": "USER_REQUESTED", "hotelUnit": unit, "priority": "HIGH",
		"aiContext": map[string]string{"summary": "Quer falar com alguém."},
	})
}

// IsLockedOut asks whether a person holds the conversation with a guest.
func (b *Bot) IsLockedOut(phone string) bool {
	b.h.w.t.Helper()
	a := b.h.w.call(http.MethodGet, "/api/n8n/check-ia-lock?phone="+url.QueryEscape(phone), b.headers(), nil)
	if a.Status != http.StatusOK {
		b.h.w.t.Fatalf("check lock: %d %s", a.Status, a.Raw)
	}
	locked, ok := a.At("locked").(bool)
	if !ok {
		b.h.w.t.Fatalf("check lock: %s", a.Raw)
	}
	return locked
}
