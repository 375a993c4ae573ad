package apptest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// Change is one element of a webhook's body, made by hand: for what the simulated
// Meta does not send, such as several hotels at once and nonsense.
type Change struct {
	Hotel    *Hotel
	Messages []any
}

// TextMessage is an item of a webhook: a guest's text.
func TextMessage(wamid, from, text string, at time.Time) map[string]any {
	return map[string]any{
		"id": wamid, "from": from, "timestamp": strconv.FormatInt(at.Unix(), 10), "type": "text",
		"text": map[string]string{"body": text},
	}
}

// Delivers posts one webhook, signed by the app of the first change's hotel.
func (w *World) Delivers(changes ...Change) Answer {
	w.t.Helper()
	entries := make([]any, 0, len(changes))
	for _, c := range changes {
		account := c.Hotel.Account
		entries = append(entries, map[string]any{"id": account.WABAID, "changes": []any{map[string]any{
			"field": "messages",
			"value": map[string]any{
				"messaging_product": "whatsapp",
				"metadata":          map[string]string{"display_phone_number": account.DisplayNumber, "phone_number_id": account.PhoneNumberID},
				"messages":          c.Messages,
			},
		}}})
	}
	body, err := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": entries})
	if err != nil {
		w.t.Fatalf("write webhook: %v", err)
	}
	h := headers{
		"Content-Type": "application/json", "X-Hub-Signature-256": simulator.Sign(changes[0].Hotel.Account.AppSecret, body),
	}
	return w.call(http.MethodPost, "/webhooks/whatsapp", h, body)
}
