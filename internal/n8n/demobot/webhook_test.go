package demobot

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestWebhookRefuses(t *testing.T) {
	t.Parallel()
	const body = `{"phone":"5511987654321","type":"text","text":{"message":"oi"}}`
	good := sign("segredo-pousada", now, body)
	for name, c := range map[string]struct {
		method, path, body, signature string
		want                          int
	}{
		"a hotel without a flow":           {"POST", "/webhook/nenhum", body, sign("segredo-nenhum", now, body), 404},
		"another path":                     {"POST", "/webhook", body, good, 404},
		"another method":                   {"GET", "/webhook/pousada", "", "", 404},
		"no signature":                     {"POST", "/webhook/pousada", body, "", 403},
		"another hotel's signature":        {"POST", "/webhook/pousada", body, sign("segredo-outra", now, body), 403},
		"a hotel without a secret":         {"POST", "/webhook/sem-segredo", body, sign("", now, body), 403},
		"another body":                     {"POST", "/webhook/pousada", body + " ", good, 403},
		"an old recording":                 {"POST", "/webhook/pousada", body, sign("segredo-pousada", now.Add(-6*time.Minute), body), 403},
		"from the future":                  {"POST", "/webhook/pousada", body, sign("segredo-pousada", now.Add(6*time.Minute), body), 403},
		"half a signature":                 {"POST", "/webhook/pousada", body, good[:40], 403},
		"a time that is none":              {"POST", "/webhook/pousada", body, strings.Replace(good, "t=1", "t=x", 1), 403},
		"no JSON":                          {"POST", "/webhook/pousada", "oi", sign("segredo-pousada", now, "oi"), 422},
		"nobody":                           {"POST", "/webhook/pousada", "{}", sign("segredo-pousada", now, "{}"), 422},
		"a phone that is a number of JSON": {"POST", "/webhook/pousada", `{"phone":1}`, sign("segredo-pousada", now, `{"phone":1}`), 422},
		"too much":                         {"POST", "/webhook/pousada", strings.Repeat(" ", maxBody+1), "", 413},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, p := start(t, nil, nil)
			r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
			r.Header.Set("X-BotReserva-Signature", c.signature)
			w := httptest.NewRecorder()
			b.ServeHTTP(w, r)
			if w.Code != c.want || w.Header().Get("Content-Type") != "application/json" {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
			b.finish(t)
			if counts := p.drain(); len(counts) != 0 {
				t.Errorf("called %v", counts)
			}
		})
	}
}

// How whoever checks a flow's address finds out that it is there: n8n answers so too.
func TestWebhookTellsThatItWantsPost(t *testing.T) {
	t.Parallel()
	b, _ := start(t, nil, nil)
	w := httptest.NewRecorder()
	b.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/webhook/pousada", nil))
	if !strings.Contains(w.Body.String(), "Did you mean to make a POST request?") {
		t.Errorf("got %s", w.Body)
	}
}

func TestDeliveryIDs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ header, body, want string }{
		"header":       {"d-1", `{"phone":"1","deliveryId":"d-2"}`, "d-1"},
		"payload":      {"", `{"phone":"1","deliveryId":"d-2"}`, "d-2"},
		"in the inner": {"", `{"body":{"phone":"1","deliveryId":"d-3"}}`, "d-3"},
		"none":         {"", `{"phone":"1"}`, "NONE"},
		"far too long": {strings.Repeat("x", 101), `{"phone":"1"}`, "NONE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := read("pousada", c.header, []byte(c.body))
			if err != nil {
				t.Fatal(err)
			}
			if c.want == "NONE" && len(d.id) == 64 {
				return
			}
			if d.id != c.want {
				t.Errorf("got %q, want %q", d.id, c.want)
			}
		})
	}
}
