package httpapi_test

import (
	"net/http"
	"sync/atomic"
	"testing"
)

// TestFlowsAreToldWhetherToTryAgain: every refusal says what was wrong, by which code, and
// whether the same call may work later.
func TestFlowsAreToldWhetherToTryAgain(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	to := string(w.chat(h).card.Contact.Phone)
	for name, r := range map[string]response{
		"no key":        w.do(http.MethodPost, "/api/n8n/send-text", `{"phone":"`+to+`","message":"x"}`),
		"no JSON":       w.do(http.MethodPost, "/api/n8n/send-text", `{`, keyed(h.key)),
		"another type":  w.do(http.MethodPost, "/api/n8n/send-text", `x`, keyed(h.key), with("Content-Type", "text/plain")),
		"nothing":       w.do(http.MethodPost, "/api/n8n/send-text", ``, keyed(h.key)),
		"no text":       w.do(http.MethodPost, "/api/n8n/send-text", `{"phone":"`+to+`"}`, keyed(h.key)),
		"nobody":        w.do(http.MethodPost, "/api/n8n/send-text", `{"phone":"5512900009999","message":"x"}`, keyed(h.key)),
		"a bad card":    w.do(http.MethodPost, "/api/n8n/send-carousel", `{"phone":"`+to+`","carousel":[{}]}`, keyed(h.key)),
		"unknown path":  w.do(http.MethodPost, "/api/n8n/send-nothing", `{}`, keyed(h.key)),
		"another verb":  w.do(http.MethodPut, "/api/n8n/send-text", `{}`, keyed(h.key)),
		"a bad segment": w.do(http.MethodGet, "/api/n8n/contacts/x", nil, keyed(h.key)),
	} {
		body := r.json()
		for _, field := range []string{"error", "message", "code"} {
			if text, _ := body[field].(string); text == "" {
				t.Errorf("%s: no %s: %s", name, field, r.body)
			}
		}
		if r.status < 400 || r.status > 499 || body["retryable"] != false {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
}

// TestMetasTroubleIsTriedAgain: what did not get through because of Meta is 503, and the same
// call under the same key then sends it, once.
func TestMetasTroubleIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	var isIll atomic.Bool
	isIll.Store(true)
	w.meta.answer = func(out http.ResponseWriter, _ map[string]any) bool {
		if !isIll.Load() {
			return false
		}
		out.WriteHeader(http.StatusInternalServerError)
		_, _ = out.Write([]byte(`{"error":{"message":"(#1) An unknown error","type":"OAuthException","code":1,"fbtrace_id":"x"}}`))
		return true
	}
	body := `{"phone":"` + string(w.chat(h).card.Contact.Phone) + `","message":"Oi"}`
	send := func() response {
		return w.do(http.MethodPost, "/api/n8n/send-text", body, keyed(h.key), with("Idempotency-Key", "k"))
	}
	refused := send().want(http.StatusServiceUnavailable, "whatsapp_unavailable")
	if refused.json()["retryable"] != true || refused.header.Get("Retry-After") != "15" {
		t.Errorf("refused with %v, %s", refused.header, refused.body)
	}
	isIll.Store(false)
	first, again := send().want(http.StatusOK).json(), send().want(http.StatusOK).json()
	if first["duplicate"] != nil || again["duplicate"] != true || first["messageId"] != again["messageId"] {
		t.Errorf("answered %v, then %v", first, again)
	}
}
