package httpapi_test

import (
	"fmt"
	"net/http"
	"testing"
)

// TestSplitText: one call with a key is said once, as several messages, whose ids it names.
func TestSplitText(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	to := w.chat(h)
	body := `{"phone":"` + string(to.card.Contact.Phone) + `","message":"Olá, Ana!\n\nTemos quartos:\n\n- Luxo\n- Família","split":"true","delayTyping":0.2}`
	send := func() response {
		return w.do(http.MethodPost, "/api/n8n/send-text", body, keyed(h.key), with("Idempotency-Key", "k1")).want(http.StatusOK)
	}
	said := send()
	said.golden("bot_split")
	got := fmt.Sprint(w.meta.sends())
	if want := `[map[text:map[body:Olá, Ana! preview_url:false] type:text] map[text:map[body:Temos quartos:

- Luxo
- Família preview_url:false] type:text]]`; got != want {
		t.Errorf("Meta was asked for %s", got)
	}
	again := send().json()
	if fmt.Sprint(again["ids"], again["messageIds"]) != fmt.Sprint(said.json()["ids"], said.json()["messageIds"]) || again["duplicate"] != true || len(w.meta.sends()) != 2 {
		t.Errorf("again: %v", again)
	}
}

// TestPaceIsReadLiberally: what is no delay delays nothing, and nothing is refused for it.
func TestPaceIsReadLiberally(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	for _, pace := range []string{
		`"delayTyping":"0,1"`, `"delayTyping":-4`, `"delayTyping":"soon"`, `"delayTyping":{}`, `"delayTyping":"NaN"`, `"delayMessage":0.1`, `"split":null`, `"split":[]`, `"split":1`,
	} {
		to := w.chat(h)
		r := w.do(http.MethodPost, "/api/n8n/send-text", `{"phone":"`+string(to.card.Contact.Phone)+`","message":"Oi",`+pace+`}`, keyed(h.key))
		if r.status != http.StatusOK {
			t.Errorf("%s: %d %s", pace, r.status, r.body)
		}
	}
	r := w.do(http.MethodPost, "/api/n8n/send-text", `{"phone":"`+string(w.chat(h).card.Contact.Phone)+`","message":" \n\n ","split":true}`, keyed(h.key))
	r.want(http.StatusBadRequest)
}
