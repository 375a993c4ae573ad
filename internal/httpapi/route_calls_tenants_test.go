package httpapi_test

import (
	"fmt"
	"maps"
	"sync/atomic"

	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func init() { maps.Copy(calls, tenantCalls) }

// made numbers what calls make, so that no two have the same name.
var made atomic.Int64

func cancelled(row *postgres.TenantRow) { row.Status = tenant.Cancelled }

// hotelID names the hotel of the chat.
func (c chat) hotelID() string { return c.hotel.ID.String() }

var tenantCalls = map[string]call{
	"GET /api/tenants": {query: func(c chat) string { return "?status=ACTIVE&search=" + c.hotel.Slug + "&page=1&limit=5" }},
	"POST /api/tenants": {body: func(chat) map[string]any {
		n := made.Add(1)
		return map[string]any{
			"name": "New Hotel", "slug": fmt.Sprintf("new-hotel-%d", n), "email": fmt.Sprintf("new-hotel-%d@example.com", n),
			"plan": "PROFESSIONAL", "maxAttendants": 5, "maxMessages": 100, "trialEndsAt": "2030-01-01", "units": []string{"Camburi"},
		}
	}},
	"GET /api/tenants/{id}":       {id: chat.hotelID},
	"PATCH /api/tenants/{id}":     {id: chat.hotelID, body: func(chat) map[string]any { return map[string]any{"name": "Renamed", "maxUsers": 7} }},
	"DELETE /api/tenants/{id}":    {id: func(c chat) string { return c.w.hotel(cancelled).ID.String() }},
	"GET /api/tenants/{id}/stats": {id: chat.hotelID},

	"GET /api/tenants/current": {},
	"PATCH /api/tenants/current": {body: func(chat) map[string]any {
		return map[string]any{
			"name": "Hotel", "units": []string{"Ilhabela", "Camburi", "Paraty"}, "timeZone": "America/Manaus", "botPaused": false,
			"businessHours": map[string]any{"monday": map[string]any{"from": "07:30", "to": "24:00"}, "sunday": nil},
		}
	}},
	"GET /api/tenants/whatsapp-config": {},
	"POST /api/tenants/whatsapp-config": {body: func(c chat) map[string]any {
		return map[string]any{
			"whatsappPhoneNumberId": c.hotel.Number.PhoneNumberID, "whatsappAccessToken": "meta-token-new", "whatsappBusinessAccountId": "207",
			"whatsappAppSecret": c.hotel.appSecret,
		}
	}},
	"POST /api/tenants/whatsapp-config/check": {},
	"GET /api/tenants/numbers":                {},
	"POST /api/tenants/numbers": {body: func(chat) map[string]any {
		return map[string]any{"phoneNumberId": fmt.Sprintf("990%07d", made.Add(1)), "accessToken": "meta-token-more", "businessAccountId": "208"}
	}},
	"DELETE /api/tenants/numbers/{id}": {names: byThing, missing: "number_not_found", id: func(c chat) string {
		return pgtest.Number(c.w.t, c.w.db, c.hotel.ID).ID.String()
	}},
	"GET /api/tenants/n8n-config": {},
	"PUT /api/tenants/n8n-config": {body: func(chat) map[string]any {
		return map[string]any{"n8nWebhookUrl": "https://flows.example.com/webhook/bot", "paused": false, "legacyKey": true}
	}},
	"POST /api/tenants/n8n-config/test":         {},
	"POST /api/tenants/n8n-config/rotate-key":   {body: only("overlapHours", 1)},
	"PUT /api/tenants/n8n-config/ip-allow-list": {body: only("ipAllowList", []string{"0.0.0.0/0", "::/0", "203.0.113.7"})},

	"GET /api/usage-tracking":         {query: func(chat) string { return "?page=1&limit=5&startDate=2026-01-01&endDate=2099-01-01T00:00:00Z" }},
	"GET /api/usage-tracking/current": {},
}
