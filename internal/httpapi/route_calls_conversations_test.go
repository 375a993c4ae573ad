package httpapi_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
)

func init() { maps.Copy(calls, conversationCalls) }

var conversationCalls = map[string]call{
	"GET /api/conversations/stats": {},
	"GET /api/messages/search":     {query: func(chat) string { return "?query=message" }},
	"POST /api/conversations": {body: func(chat) map[string]any {
		return map[string]any{"contactPhoneNumber": newPhone(), "priority": "LOW", "metadata": map[string]any{"a": 1}}
	}},
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
}

func messageOf(c chat) string { return c.message.ID.String() }

// newPhone is of a guest whom no hotel knows yet.
func newPhone() string { return fmt.Sprintf("55129%08d", 50_000_000+rand.IntN(49_000_000)) }

var (
	aTemplate = map[string]any{"templateName": "reserva_confirmada", "parameters": []string{"Ana"}}
	aFile     = map[string]any{"type": "IMAGE", "url": "https://cdn.example.com/quarto.jpg", "caption": "Quarto"}
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
