package httpapi_test

import (
	"maps"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

const noEscalation = "escalation_not_found"

// escalation makes one in the conversation, for calls that name it.
func (c chat) escalation() string {
	return pgtest.Escalation(c.w.t, c.w.db, c.hotel.ID, c.card).ID.String()
}

func init() { maps.Copy(calls, escalationCalls) }

var escalationCalls = map[string]call{
	"GET /api/escalations":               {query: func(chat) string { return "?status=PENDING&hotelUnit=camburi&page=1&limit=5" }},
	"GET /api/escalations/stats":         {},
	"GET /api/escalations/check-ia-lock": {query: func(c chat) string { return "?phoneNumber=" + string(c.card.Contact.Phone) }},
	// A call for help never fails: another hotel gets a guest of its own.
	"POST /api/escalations": {names: byConversation, foreign: 201, body: func(c chat) map[string]any {
		return map[string]any{
			"contactPhoneNumber": string(c.card.Contact.Phone), "reason": "COMPLAINT", "aiContext": map[string]any{"mood": "angry"},
			"messageHistory": []map[string]any{{"role": "user", "content": "Oi", "timestamp": "2026-01-02T03:04:05Z"}},
		}
	}},
	"GET /api/escalations/{id}":   {names: byConversation, id: chat.escalation, missing: noEscalation},
	"PATCH /api/escalations/{id}": {names: byConversation, id: chat.escalation, missing: noEscalation, body: only("status", "IN_PROGRESS")},
	"POST /api/escalations/{id}/assign": {names: byConversation, id: chat.escalation, missing: noEscalation, body: func(c chat) map[string]any {
		return map[string]any{"userId": c.other.ID.String()}
	}},
	"POST /api/escalations/{id}/resolve": {names: byConversation, id: chat.escalation, missing: noEscalation, body: only("handBack", true)},
}
