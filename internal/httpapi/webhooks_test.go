package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestWebhooks is the life of a subscription: made by the flow, seen by the hotel's managers,
// its secret shown once.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin, key := as(w.token(h.Admin)), keyed(h.key)
	body := map[string]any{
		"url": "https://flows.example.com/webhook/x", "events": []string{"message.received", "bot.locked", "message.received"},
		"options": map[string]any{"onlyUnlocked": true, "statuses": []string{"failed"}, "later": 1}, "workflowId": "7", "description": " Reservas ",
	}
	made := w.do(http.MethodPost, "/api/n8n/webhooks", body, key).want(http.StatusCreated)
	made.golden("webhook_made")
	secret := made.json()["secret"].(string)
	if !strings.HasPrefix(secret, "whbr_") || len(secret) < 40 {
		t.Errorf("the secret is %q", secret)
	}
	at := "/api/webhooks/" + made.json()["id"].(string)
	w.do(http.MethodGet, "/api/webhooks", nil, admin).golden("webhooks")
	for _, r := range []response{
		w.do(http.MethodGet, at, nil, admin), w.do(http.MethodGet, "/api/n8n"+strings.TrimPrefix(at, "/api"), nil, key),
		w.do(http.MethodPatch, at, map[string]any{"paused": true}, admin),
	} {
		if strings.Contains(string(r.want(http.StatusOK).body), secret) {
			t.Error("the secret is shown again")
		}
	}
	if again := w.do(http.MethodPost, at+"/rotate-secret", nil, admin).want(http.StatusOK).json()["secret"]; again == secret {
		t.Error("the secret was not rotated")
	}
	w.do(http.MethodGet, at+"/deliveries", nil, admin).golden("webhook_deliveries")
	w.do(http.MethodPatch, at, map[string]any{"paused": false, "events": []string{"button.clicked"}}, admin).golden("webhook_changed")
	w.do(http.MethodGet, "/api/n8n/me", nil, key).golden("n8n_me")
	w.do(http.MethodDelete, at, nil, admin).want(http.StatusNoContent)
	w.do(http.MethodDelete, at, nil, admin).want(http.StatusNotFound, noWebhook)
	if n := w.count("SELECT count(*) FROM audit_entry WHERE entity = 'webhook' AND tenant_id = $1", h.ID); n != 5 {
		t.Errorf("%d entries in the audit log, want 5", n)
	}
	if n := w.count("SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND (before::text || after::text) LIKE '%/webhook/x%'", h.ID); n != 0 {
		t.Error("the path of the address is in the audit log")
	}
}

// TestWebhooksRefused: what is wrong is named.
func TestWebhooksRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	for field, body := range map[string]map[string]any{
		"url":                {"url": "http://127.0.0.1/x", "events": []string{"message.received"}},
		"events":             {"url": "https://example.com/x", "events": []string{"guest.sneezed"}},
		"options.hotelUnits": {"url": "https://example.com/x", "events": []string{"bot.locked"}, "options": map[string]any{"hotelUnits": []string{strings.Repeat("x", 101)}}},
		"options.statuses":   {"url": "https://example.com/x", "events": []string{"message.status"}, "options": map[string]any{"statuses": []string{"PENDING"}}},
	} {
		r := w.do(http.MethodPost, "/api/webhooks", body, admin).want(http.StatusBadRequest, "validation_failed")
		if !strings.Contains(string(r.body), `"`+field) {
			t.Errorf("%s: %s", field, r.body)
		}
	}
	w.do(http.MethodPost, "/api/webhooks", map[string]any{"url": "https://example.com/x", "events": []string{}}, admin).want(http.StatusBadRequest)
}
