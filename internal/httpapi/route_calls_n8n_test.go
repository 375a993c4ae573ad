package httpapi_test

import (
	"maps"
	"strings"

	"github.com/botreserva/botreserva/internal/click"
)

func init() { maps.Copy(calls, flowCalls) }

// sends is how a flow's send-* is called: to the guest of a conversation.
func sends(body map[string]any) call {
	return call{names: byGuest, foreign: 404, body: func(c chat) map[string]any {
		out := maps.Clone(body)
		out["phone"] = string(c.card.Contact.Phone)
		return out
	}}
}

// toAnybody is a call that needs no guest: to the other hotel, its number is somebody new.
func toAnybody(c call) call {
	c.foreign = 200
	return c
}

type (
	obj  = map[string]any
	list = []any
)

const cdn = "https://cdn.example.com/"

// clickAt is a link to the guest that the hotel's flow might have sent.
func (c chat) clickAt() string {
	link := c.w.clicks.To(click.Link{Tenant: c.hotel.ID, Conversation: c.card.ID, Redirect: "https://hotel.example.com/"})
	return strings.TrimPrefix(link, "https://api.example.com")
}

// aStay is asked about of the hotel's table, which is made for it.
func aStay(c chat) string {
	c.w.exec(`INSERT INTO availability_source (tenant_id, kind, updated_at) VALUES ($1, 'table', now()) ON CONFLICT (tenant_id) DO NOTHING`, c.hotel.ID)
	in := c.w.clock.Now().AddDate(0, 0, 10)
	return "?unidade=Camburi&adults=2&checkin=" + in.Format("02/01/2006") + "&checkout=" + in.AddDate(0, 0, 2).Format("02/01/2006")
}

var flowCalls = map[string]call{
	"POST /api/n8n/track-link": sends(obj{"unidade": "Camburi", "quarto": "Luxo", "redirect": "https://hotel.example.com/"}),
	"GET /api/n8n/track-click": {at: chat.clickAt},

	"GET /api/n8n/check-availability":       {query: aStay},
	"GET /api/n8n/check-room-availability":  {query: func(c chat) string { return aStay(c) + "&roomName=Luxo" }},
	"GET /api/tenants/availability":         {},
	"PUT /api/tenants/availability":         {body: only("kind", "table")},
	"GET /api/tenants/availability/tariffs": {},
	"PUT /api/tenants/availability/tariffs": {body: only("tariffs", list{obj{"unit": "Camburi", "room": "Luxo", "from": "2026-12-01", "until": "2026-12-31", "price": 450}})},

	"POST /api/n8n/set-hotel-unit":     sends(obj{"hotelUnit": "ilha bela"}),
	"POST /api/n8n/mark-followup-sent": sends(obj{}),
	"POST /api/n8n/mark-opportunity":   sends(obj{"reason": "wants_reservation", "followupResponse": "Sim"}),

	"POST /api/n8n/send-buttons":       sends(obj{"message": "Posso ajudar?", "buttons": list{obj{"id": "a", "label": "Sim"}}, "title": "Oi", "footer": "Hotel"}),
	"POST /api/n8n/send-list":          sends(obj{"message": "Qual?", "sections": list{obj{"title": "Litoral", "rows": list{obj{"id": "a", "title": "Ilhabela"}}}}}),
	"POST /api/n8n/send-option-list":   sends(obj{"message": "Qual?", "optionList": obj{"options": list{obj{"id": "a", "title": "Ilhabela"}}}}),
	"POST /api/n8n/send-media":         sends(obj{"type": "image", "url": cdn + "a.jpg", "caption": "Quarto"}),
	"POST /api/n8n/send-image":         sends(obj{"image": cdn + "a.jpg"}),
	"POST /api/n8n/send-video":         sends(obj{"video": cdn + "a.mp4"}),
	"POST /api/n8n/send-audio":         sends(obj{"audio": cdn + "a.mp3"}),
	"POST /api/n8n/send-document":      sends(obj{"document": cdn + "a.pdf", "fileName": "Tarifas.pdf"}),
	"POST /api/n8n/send-template":      toAnybody(sends(obj{"template": "ola", "parameters": list{"Ana"}})),
	"POST /api/n8n/send-carousel":      sends(obj{"message": "Quartos", "carousel": list{obj{"text": "Luxo", "buttons": list{obj{"id": "a", "label": "Reservar"}}}}}),
	"POST /api/n8n/send-quick-replies": sends(obj{"message": "Quando?", "quickReplies": list{obj{"title": "Hoje", "payload": "hoje"}}}),
}
