package n8n_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/n8n/demobot"
)

// The demo's flow shares no code with this package, so that the two agree only if both speak the documented protocol.
func TestPostReachesAFlow(t *testing.T) {
	t.Parallel()
	sent := make(chan map[string]string, 1)
	product := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/n8n/send-text" {
			var body map[string]string
			_ = json.NewDecoder(r.Body).Decode(&body)
			sent <- body
		}
		_, _ = w.Write([]byte(`{}`))
	}))
	t.Cleanup(product.Close)
	bot := demobot.New(demobot.Options{
		APIBase: product.URL,
		Keys:    func(slug string) string { return n8n.Key(slug, "br_x") },
		Secret:  func(string) string { return "segredo" },
		Now:     func() time.Time { return wrote },
	})
	t.Cleanup(bot.Close)
	server := httptest.NewServer(bot)
	t.Cleanup(server.Close)

	body, err := n8n.Body(ana(nil))
	if err != nil {
		t.Fatal(err)
	}
	r := n8n.Request{URL: server.URL + "/webhook/pousada-do-mar", Secret: "segredo", DeliveryID: "d-1", Body: body, At: wrote}
	client := newClient(t, 0)
	if err := client.Post(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-sent:
		if got["phone"] != "5511987654321" || !strings.Contains(got["message"], "Olá, Ana") {
			t.Errorf("the bot sends %v", got)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the bot does not answer")
	}

	r.Secret = "outro"
	if e := failed(t, client.Post(t.Context(), r)); e.Status != http.StatusForbidden || e.Outcome != n8n.Rejected {
		t.Errorf("another secret: %v", e)
	}
}
