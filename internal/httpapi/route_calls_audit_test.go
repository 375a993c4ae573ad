package httpapi_test

import (
	"maps"
	"net/http"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
)

const (
	noEntry  = "audit_log_not_found"
	noEvent  = "webhook_event_not_found"
	noLetter = "dead_letter_not_found"
)

// entry makes one in the hotel's audit log, for calls that name it.
func (c chat) entry() string {
	entry := uuid.NewString()
	c.w.exec("INSERT INTO audit_entry (tenant_id, id, actor, action, entity, detail) VALUES ($1, $2, $3, 'TEST', 'test', '{}')", c.hotel.ID, entry, c.other.ID)
	return entry
}

// event makes a webhook call with one message.
func (c chat) event() string {
	d := postgres.Delivery{
		ID: id.NewDelivery(), TenantID: c.hotel.ID, PhoneNumberID: c.hotel.Number.PhoneNumberID, Fate: postgres.Queued,
		Body: []byte(envelope(entry("", changeOf(value(c.hotel.Number.PhoneNumberID, []string{c.w.text(string(c.card.Contact.Phone[1:]), "Oi")}, nil))))),
	}
	if err := c.w.db.SystemStoreDeliveries(c.w.t.Context(), []postgres.Delivery{d}); err != nil {
		c.w.t.Fatal(err)
	}
	return d.ID.String()
}

func (c chat) letter() string {
	letter := uuid.NewString()
	c.w.exec("INSERT INTO dead_letter (tenant_id, id, kind, key, payload, code, reason) VALUES ($1, $2, 'handoff', $3, '{}', 'refused', 'The flow refused it.')",
		c.hotel.ID, letter, c.card.ID.String())
	return letter
}

func init() { maps.Copy(calls, auditCalls) }

var auditCalls = map[string]call{
	"GET /api/audit-logs": {query: func(c chat) string {
		return "?action=LOGIN&entity=user&userId=" + c.other.ID.String() + "&startDate=2026-01-01&endDate=2026-12-31&page=1&limit=5"
	}},
	"POST /api/audit-logs/client-error": {body: func(chat) map[string]any {
		return map[string]any{"message": "TypeError: x is undefined", "stack": "at f (app.js:1:2)", "componentStack": "in Chat", "url": "/dashboard?q=x", "userAgent": "Mozilla/5.0"}
	}},
	"GET /api/audit-logs/export": {query: func(chat) string { return "?startDate=2026-01-01" }},
	"GET /api/audit-logs/{id}":   {names: byThing, id: chat.entry, missing: noEntry},

	"GET /api/webhook-events":              {query: func(chat) string { return "?fate=QUEUED&startDate=2026-01-01T00:00:00Z&page=1&limit=5" }},
	"GET /api/webhook-events/{id}":         {names: byThing, id: chat.event, missing: noEvent, platform: http.StatusNotFound},
	"POST /api/webhook-events/{id}/replay": {names: byThing, id: chat.event, missing: noEvent, platform: http.StatusNotFound},
	"DELETE /api/webhook-events/{id}":      {names: byThing, id: chat.event, missing: noEvent, platform: http.StatusNotFound},

	"GET /api/dead-letters":              {query: func(chat) string { return "?kind=handoff&page=1&limit=5" }},
	"POST /api/dead-letters/replay-all":  {body: only("kind", "handoff")},
	"POST /api/dead-letters/{id}/replay": {names: byThing, id: chat.letter, missing: noLetter},
}
