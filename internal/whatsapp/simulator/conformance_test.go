package simulator

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// good is a receiver as Meta wants it.
func good(secret string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet:
			q := r.URL.Query()
			if q.Get("hub.mode") != "subscribe" || q.Get("hub.verify_token") != "verify-me" {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			_, _ = io.WriteString(w, q.Get("hub.challenge"))
		case http.MethodPost:
			body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20+1))
			switch {
			case err != nil || len(body) == 0:
				w.WriteHeader(http.StatusBadRequest)
			case len(body) > 4<<20:
				w.WriteHeader(http.StatusRequestEntityTooLarge)
			case r.Header.Get("X-Hub-Signature-256") != Sign(secret, body):
				w.WriteHeader(http.StatusUnauthorized)
			}
		default:
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
	}
}

// broken lists the checks that a receiver does not pass.
func broken(t *testing.T, receiver http.Handler) []string {
	t.Helper()
	server := httptest.NewServer(receiver)
	t.Cleanup(server.Close)
	w := start(t, func(o *Options) { o.Accounts[0].WebhookURL = server.URL })
	checks, err := w.sim.CheckReceiver(within(t), hotel)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range checks {
		if !c.Passed {
			out = append(out, c.Name)
		}
	}
	if len(checks) < 30 {
		t.Errorf("only %d checks", len(checks))
	}
	return out
}

func TestGoodReceiverPassesEveryCheck(t *testing.T) {
	t.Parallel()
	if failed := broken(t, good("secret-1")); len(failed) > 0 {
		t.Errorf("failed: %q", failed)
	}
}

// Each mistake of a receiver is found by the check that is there for it.
func TestMistakesOfAReceiverAreFound(t *testing.T) {
	t.Parallel()
	right := good("secret-1")
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		finds   string
	}{
		"takes anything": {func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost {
				right(w, r)
			}
		}, "refused: no signature"},
		"parses before it verifies": {func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost {
				right(w, r)
				return
			}
			body, _ := io.ReadAll(r.Body)
			var v any
			if json.Unmarshal(body, &v) != nil || r.Header.Get("X-Hub-Signature-256") != Sign("secret-1", asciiJSON(v, false)) {
				w.WriteHeader(http.StatusUnauthorized)
			}
		}, "a rightly signed message with escaped letters is answered 200"},
		"falls over strange types": {func(w http.ResponseWriter, r *http.Request) {
			if body, _ := io.ReadAll(r.Body); strings.Contains(string(body), "hologram") {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			r.Body = http.NoBody
		}, "answered 200 although strange: unknown-type"},
		"echoes any challenge": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
		}, "handshake with a wrong token is refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if failed := broken(t, c.handler); !slices.Contains(failed, c.finds) {
				t.Errorf("found %q", failed)
			}
		})
	}
}

func TestSlowReceiversAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		took []time.Duration
		want int
	}{
		"in time": {[]time.Duration{time.Millisecond, 250 * time.Millisecond, time.Second}, 0},
		"median":  {[]time.Duration{time.Millisecond, 251 * time.Millisecond, time.Second}, 1},
		"both":    {[]time.Duration{time.Second, 2 * time.Second, 3 * time.Second}, 2},
		"none":    {nil, 1},
	} {
		r := &checkRun{took: c.took}
		r.judge()
		failed := 0
		for _, check := range r.checks {
			if !check.Passed {
				failed++
			}
		}
		if failed != c.want {
			t.Errorf("%s: %+v", name, r.checks)
		}
	}
}

// A side that answers each copy of an event is found out.
func TestDoubledAnswersAreFound(t *testing.T) {
	t.Parallel()
	var w *world
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if strings.Contains(string(body), `"Oi?"`) {
			_, _ = w.try(t, "POST", messages, strings.Replace(sendBody("text", `{"body":"Olá!"}`), marina, checkGuest, 1))
		}
		out.WriteHeader(http.StatusOK)
	}))
	t.Cleanup(server.Close)
	w = start(t, func(o *Options) { o.Accounts[0].WebhookURL = server.URL; o.Knobs.PairRate = Off })
	checks, err := w.sim.CheckReceiver(within(t), hotel)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(checks, func(c Check) bool { return c.Name == "an event that came twenty times is answered once" })
	if i < 0 || checks[i].Passed {
		t.Errorf("%+v", checks)
	}
}

func TestLoadMeasuresAReceiverOnThisMachine(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { knobs := LoadKnobs(); o.Knobs = &knobs; o.Webhooks.Concurrency = 16 })
	var report LoadReport
	w.control(t, "POST", "accounts/"+hotel+"/load", `{"rate":300,"seconds":1,"guests":20,"chaos":true}`, &report)
	if report.Webhooks < 150 || report.Webhooks > 400 || report.Types["text"] == 0 || report.Types["image"] == 0 || report.P99Ms < report.MedianMs {
		t.Errorf("%+v", report)
	}
	if n := len(w.sim.Faults()); n != 0 {
		t.Errorf("%d faults are left", n)
	}
	if n := len(w.sim.Guests(hotel)); n != 20 {
		t.Errorf("%d guests", n)
	}
	account := w.sim.Accounts()[0]
	account.WebhookURL = "https://hotel.example/webhooks"
	if _, err := w.sim.AddAccount(account); err != nil {
		t.Fatal(err)
	}
	if a := w.control(t, "POST", "accounts/"+hotel+"/load", `{}`, nil); a.status != 400 {
		t.Errorf("load to elsewhere: %s", a.raw)
	}
}

// BenchmarkWebhooks measures how many webhooks a second the simulator makes, signs and posts, with a receiver in the
// same process that reads them and answers 200.
func BenchmarkWebhooks(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer server.Close()
	knobs := LoadKnobs()
	sim := New(Options{Knobs: &knobs, Webhooks: Webhooks{Concurrency: 16}, Accounts: []Account{{
		PhoneNumberID: hotel, DisplayNumber: "551133334444", WABAID: "3", AccessToken: "t", AppSecret: "s", WebhookURL: server.URL,
	}}})
	defer func() { _ = sim.Close(b.Context()) }()
	total, seconds := 0, 0.0
	for b.Loop() {
		report, err := sim.Load(b.Context(), hotel, LoadPlan{Seconds: 5, Guests: 10_000})
		if err != nil {
			b.Fatal(err)
		}
		total, seconds = total+report.Webhooks, seconds+report.Seconds
	}
	b.ReportMetric(float64(total)/seconds, "webhooks/s")
}
