package httpapi_test

import (
	"maps"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

const (
	noTag   = "tag_not_found"
	noReply = "quick_reply_not_found"
)

// tag makes one at the hotel, for calls that name it.
func (c chat) tag() string {
	return pgtest.Tag(c.w.t, c.w.db, c.hotel.ID, "Tag "+uuid.NewString()).ID.String()
}

func (c chat) reply() string {
	return pgtest.QuickReply(c.w.t, c.w.db, c.hotel.ID, c.other.ID, "O café é das 7 às 10.").String()
}

func (c chat) tagging() map[string]any {
	return map[string]any{"conversationId": c.card.ID.String(), "tagId": c.tag()}
}

func init() { maps.Copy(calls, tagCalls) }

var tagCalls = map[string]call{
	"GET /api/tags": {query: func(chat) string { return "?search=vip" }},
	"POST /api/tags": {body: func(chat) map[string]any {
		return map[string]any{"name": "Tag " + uuid.NewString(), "color": "#3B82F6"}
	}},
	"POST /api/tags/conversation":   {names: byConversation, body: chat.tagging},
	"DELETE /api/tags/conversation": {names: byConversation, body: chat.tagging},
	"GET /api/tags/{id}":            {names: byThing, id: chat.tag, missing: noTag},
	"PATCH /api/tags/{id}":          {names: byThing, id: chat.tag, missing: noTag, body: only("color", "#ffffff")},
	"DELETE /api/tags/{id}":         {names: byThing, id: chat.tag, missing: noTag},

	"GET /api/quick-replies": {query: func(chat) string { return "?search=cafe&category=Hotel&isActive=true" }},
	"POST /api/quick-replies": {body: func(chat) map[string]any {
		return map[string]any{"title": "Café", "shortcut": "cafe-" + uuid.NewString(), "content": "O café é das 7 às 10.", "category": nil, "order": 1, "isActive": true}
	}},
	"GET /api/quick-replies/{id}":    {names: byThing, id: chat.reply, missing: noReply},
	"PATCH /api/quick-replies/{id}":  {names: byThing, id: chat.reply, missing: noReply, body: only("category", nil)},
	"DELETE /api/quick-replies/{id}": {names: byThing, id: chat.reply, missing: noReply},
}
