package httpapi_test

import (
	"maps"
	"net/http"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

const noWebhook = "subscription_not_found"

// webhook gives the hotel one, at an address where nobody is.
func (c chat) webhook() string { return c.webhookAt("https://203.0.113.9:9/hook") }

func (c chat) webhookAt(url string) string {
	made := subscription.Subscription{
		ID: id.NewSubscription(), URL: url, Events: []subscription.Name{subscription.MessageReceived}, CreatedAt: c.w.clock.Now(),
	}
	pgtest.InTx(c.w.t, c.w.db, c.hotel.ID, func(tx *postgres.Tx) error {
		return tx.InsertSubscription(c.w.t.Context(), made, c.w.box.Seal("whbr_test", c.hotel.ID.String()))
	})
	return made.ID.String()
}

func (c chat) replayAt() string {
	named := c.webhook()
	of, err := id.ParseSubscription(named)
	if err != nil {
		c.w.t.Fatal(err)
	}
	a := subscription.Attempt{
		ID: id.NewSubscribed(), Event: subscription.MessageReceived, State: subscription.GivenUp, CreatedAt: c.w.clock.Now(), UpdatedAt: c.w.clock.Now(),
		Ref: subscription.Ref{Event: subscription.MessageReceived, ConversationID: c.card.ID, MessageID: c.message.ID, At: c.w.clock.Now()},
	}
	a.Ref.DeliveryID = a.ID
	pgtest.InTx(c.w.t, c.w.db, c.hotel.ID, func(tx *postgres.Tx) error { return tx.NoteDelivery(c.w.t.Context(), of, a) })
	return "/api/webhooks/" + named + "/deliveries/" + a.ID.String() + "/replay"
}

func webhookBody(chat) map[string]any {
	return map[string]any{"url": "https://flows.example.com/webhook/x", "events": []string{"message.received"}}
}

func init() { maps.Copy(calls, webhookCalls) }

var webhookCalls = map[string]call{
	"GET /api/webhooks":                                      {},
	"POST /api/webhooks":                                     {body: webhookBody},
	"GET /api/webhooks/{id}":                                 {names: byThing, id: chat.webhook, missing: noWebhook},
	"PATCH /api/webhooks/{id}":                               {names: byThing, id: chat.webhook, missing: noWebhook, body: only("paused", true)},
	"DELETE /api/webhooks/{id}":                              {names: byThing, id: chat.webhook, missing: noWebhook},
	"POST /api/webhooks/{id}/rotate-secret":                  {names: byThing, id: chat.webhook, missing: noWebhook},
	"POST /api/webhooks/{id}/test":                           {names: byThing, id: chat.webhook, missing: noWebhook},
	"GET /api/webhooks/{id}/deliveries":                      {names: byThing, id: chat.webhook, missing: noWebhook},
	"POST /api/webhooks/{id}/deliveries/{deliveryId}/replay": {names: byThing, at: chat.replayAt, missing: noWebhook},

	"GET /api/n8n/me":               {},
	"GET /api/n8n/webhooks":         {},
	"POST /api/n8n/webhooks":        {body: webhookBody},
	"GET /api/n8n/webhooks/{id}":    {names: byThing, id: chat.webhook, missing: noWebhook, foreign: http.StatusNotFound},
	"PATCH /api/n8n/webhooks/{id}":  {names: byThing, id: chat.webhook, missing: noWebhook, foreign: http.StatusNotFound, body: only("paused", false)},
	"DELETE /api/n8n/webhooks/{id}": {names: byThing, id: chat.webhook, missing: noWebhook, foreign: http.StatusNotFound},
}
