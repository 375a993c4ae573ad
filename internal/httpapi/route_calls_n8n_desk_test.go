package httpapi_test

import (
	"maps"
	"net/http"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func init() { maps.Copy(calls, flowDeskCalls) }

func (c chat) guestPath() string { return "/api/n8n/contacts/" + string(c.card.Contact.Phone) }

var flowDeskCalls = map[string]call{
	"POST /api/n8n/send-location": sends(obj{"latitude": -23.7785, "longitude": "-45,3581", "title": "Hotel", "address": "Praia"}),
	"POST /api/n8n/send-content":  sends(obj{"type": "link", "link": obj{"body": "Fotos", "label": "Ver", "url": "https://hotel.example"}}),
	"POST /api/n8n/send-reaction": {names: byGuest, foreign: http.StatusNotFound, body: func(c chat) map[string]any {
		return obj{"phone": string(c.card.Contact.Phone), "messageId": c.message.ID.String(), "reaction": "👍"}
	}},
	"GET /api/n8n/conversation": {names: byGuest, foreign: http.StatusNotFound, query: func(c chat) string {
		return "?phone=" + string(c.card.Contact.Phone)
	}},
	"POST /api/n8n/lock":   sends(obj{}),
	"POST /api/n8n/unlock": sends(obj{}),
	"POST /api/n8n/notes":  sends(obj{"note": "Quer berço"}),
	"POST /api/n8n/tags": {names: byGuest, foreign: http.StatusNotFound, body: func(c chat) map[string]any {
		name := "VIP " + uuid.NewString()
		pgtest.Tag(c.w.t, c.w.db, c.hotel.ID, name)
		return obj{"phone": string(c.card.Contact.Phone), "add": name}
	}},
	"GET /api/n8n/contacts/{phone}":   {names: byGuest, foreign: http.StatusNotFound, at: chat.guestPath},
	"PATCH /api/n8n/contacts/{phone}": {names: byGuest, foreign: http.StatusNotFound, at: chat.guestPath, body: only("name", "Carla")},
}
