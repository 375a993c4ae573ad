package httpapi_test

import (
	"net/http"
	"testing"
	"time"
)

// TestSameBodySaysNothingNew: the same call to the same guest within 30 seconds is answered with
// what the first one said, unless it has a key of its own, answers another turn, or the hotel
// wants it said.
func TestSameBodySaysNothingNew(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	to, other := w.chat(h), w.chat(h)
	body := func(c chat, text string) string {
		return `{"phone":"` + string(c.card.Contact.Phone) + `","message":"` + text + `"}`
	}
	send := func(path, body string, headers ...option) map[string]any {
		return w.do(http.MethodPost, path, body, append(headers, keyed(h.key))...).want(http.StatusOK).json()
	}
	first := send("/api/n8n/send-text", body(to, "Oi"))
	again := send("/api/v1/n8n/send-text", body(to, "Oi"))
	if again["duplicate"] != true || again["messageId"] != first["messageId"] || first["duplicate"] != nil {
		t.Errorf("said again: %v, then %v", first, again)
	}
	for name, said := range map[string]map[string]any{
		"another text":  send("/api/n8n/send-text", body(to, "Olá")),
		"another guest": send("/api/n8n/send-text", body(other, "Oi")),
		"a key":         send("/api/n8n/send-text", body(to, "Oi"), with("Idempotency-Key", "k")),
	} {
		if said["duplicate"] != nil || said["messageId"] == first["messageId"] {
			t.Errorf("%s was not said: %v", name, said)
		}
	}
	w.clock.Advance(31 * time.Second)
	if said := send("/api/n8n/send-text", body(to, "Oi")); said["duplicate"] != nil {
		t.Errorf("not said half a minute later: %v", said)
	}
	w.do(http.MethodPut, "/api/tenants/n8n-config", `{"repeatGuard":false}`, as(w.token(h.Admin))).want(http.StatusOK)
	if said := send("/api/n8n/send-text", body(to, "Oi")); said["duplicate"] != nil {
		t.Errorf("not said where the hotel wants it: %v", said)
	}
}
