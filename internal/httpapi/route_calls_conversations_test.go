package httpapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func init() { maps.Copy(calls, conversationCalls) }

var conversationCalls = map[string]call{
	"GET /api/conversations/stats": {},
	"GET /api/conversations/counts": {query: func(chat) string {
		return "?priority=LOW&hotelUnit=Camburi&isOpportunity=false&windowClosing=true&windowHours=2"
	}},
	"GET /api/messages/search": {query: func(chat) string { return "?query=message" }},
	"POST /api/conversations": {body: func(chat) map[string]any {
		return map[string]any{"contactPhoneNumber": newPhone(), "priority": "LOW", "metadata": map[string]any{"a": 1}}
	}},
	"PUT /api/conversations/{id}/reservation":        {names: byConversation, body: func(chat) map[string]any { return aReservation(nil) }},
	"POST /api/conversations/{id}/archive":           {names: byConversation},
	"POST /api/conversations/{id}/unarchive":         {names: byConversation},
	"DELETE /api/conversations/{id}":                 {names: byConversation},
	"GET /api/conversations/{id}/messages/stats":     {names: byConversation},
	"GET /api/messages/conversations/{id}/stats":     {names: byConversation},
	"POST /api/messages/{id}/read":                   {names: byConversation, missing: "message_not_found", id: messageOf},
	"POST /api/conversations/{id}/messages/template": rich(false, aTemplate, 0),
	"POST /api/conversations/{id}/messages/buttons":  rich(false, aButton, 0),
	"POST /api/conversations/{id}/messages/list":     rich(false, aChoice, 0),
	"POST /api/messages/template":                    rich(true, aTemplate, 0),
	"POST /api/messages/buttons":                     rich(true, aButton, 0),
	"POST /api/messages/list":                        rich(true, aChoice, 0),
	"POST /api/conversations/{id}/messages/media":    rich(false, aFile, 0),
	"POST /api/conversations/{id}/messages/content":  rich(false, aPlace, 0),
	"POST /api/messages/media":                       rich(true, aFile, 0),
	"POST /api/messages/content":                     rich(true, aPlace, 0),
	"POST /api/conversations/{id}/typing":            {names: byConversation},
	"POST /api/conversations/{id}/scheduled":         rich(false, aLater, 0),
	"POST /api/conversations/{id}/notes": {names: byConversation, body: func(c chat) map[string]any {
		return map[string]any{"text": "Pediu berço", "mentions": []string{c.hotel.Admin.ID.String()}, "clientId": newPhone()}
	}},
	"GET /api/conversations/{id}/scheduled": {names: byConversation, query: func(chat) string { return "?status=SCHEDULED" }},
	"DELETE /api/scheduled-messages/{id}":   {names: byConversation, missing: "scheduled_not_found", id: scheduledOf},
	"POST /api/messages/{id}/resend": {names: byConversation, missing: "message_not_found", id: failedOf, body: func(chat) map[string]any {
		return map[string]any{"resends": 0}
	}},
}

func messageOf(c chat) string { return c.message.ID.String() }

// scheduledOf is a message that waits for its time.
func scheduledOf(c chat) string {
	item := message.Scheduled{
		ID: id.NewScheduled(), ConversationID: c.card.ID, Content: json.RawMessage(`{"type":"text","text":{"body":"Até amanhã"}}`),
		MadeBy: c.hotel.Admin.ID, SendAt: c.w.clock.Now().Add(time.Hour), CreatedAt: c.w.clock.Now(),
	}
	pgtest.InTx(c.w.t, c.w.db, c.hotel.ID, func(tx *postgres.Tx) error { return tx.InsertScheduled(c.w.t.Context(), item) })
	return item.ID.String()
}

// failedOf is a message of the hotel's that failed.
func failedOf(c chat) string {
	return pgtest.Message(c.w.t, c.w.db, c.hotel.ID, c.card, func(m *message.Message) {
		m.Direction, m.Sender, m.Status = message.Outbound, message.Person, message.Failed
	}).ID.String()
}

// newPhone is of a guest whom no hotel knows yet.
func newPhone() string { return fmt.Sprintf("55129%08d", 50_000_000+rand.IntN(49_000_000)) }

var (
	aTemplate = map[string]any{"templateName": "reserva_confirmada", "parameters": []string{"Ana"}}
	aFile     = map[string]any{"type": "IMAGE", "url": "https://cdn.example.com/quarto.jpg", "caption": "Quarto"}
	aLater    = map[string]any{"type": "text", "text": map[string]any{"body": "Até amanhã"}, "sendAt": time.Now().Add(48 * time.Hour).Format(time.RFC3339)}
	aPlace    = map[string]any{"type": "location", "location": map[string]any{"latitude": -23.7, "longitude": -45.4, "name": "Hotel"}}
	aButton   = map[string]any{"bodyText": "Confirma?", "buttons": []any{map[string]any{"id": "1", "title": "Sim"}}}
	aChoice   = map[string]any{"bodyText": "Qual?", "buttonText": "Ver", "sections": []any{map[string]any{
		"title": "Quartos", "rows": []any{map[string]any{"id": "1", "title": "Luxo"}},
	}}}
)

// rich sends more than a text.
func rich(inBody bool, what map[string]any, answers int) call {
	return call{names: byConversation, answers: answers, body: func(c chat) map[string]any {
		if !inBody {
			return maps.Clone(what)
		}
		out := maps.Clone(what)
		out["conversationId"] = c.card.ID.String()
		return out
	}}
}
