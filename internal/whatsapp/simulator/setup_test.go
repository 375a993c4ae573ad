package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	hotel  = "401200000000001"
	marina = "5511987654321"
)

// receiver is a hotel's webhook endpoint that remembers what it got.
type receiver struct {
	mu     sync.Mutex
	hooks  []hook
	answer func(n int, h hook) int // nil answers 200
	got    broadcast
}

type hook struct {
	body   []byte
	header http.Header
	status int
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Method == http.MethodGet {
		if q := req.URL.Query(); q.Get("hub.mode") == "subscribe" && q.Get("hub.verify_token") == "verify-me" {
			_, _ = io.WriteString(w, q.Get("hub.challenge"))
			return
		}
		w.WriteHeader(http.StatusForbidden)
		return
	}
	body, _ := io.ReadAll(req.Body)
	h := hook{body: body, header: req.Header.Clone(), status: http.StatusOK}
	r.mu.Lock()
	if r.answer != nil {
		h.status = r.answer(len(r.hooks), h)
	}
	r.hooks = append(r.hooks, h)
	r.mu.Unlock()
	w.WriteHeader(h.status)
	r.got.notify()
}

func (r *receiver) all() []hook {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]hook(nil), r.hooks...)
}

// await waits for at least n requests.
func (r *receiver) await(t *testing.T, n int) []hook {
	t.Helper()
	ctx := within(t)
	for {
		got := r.got.wait()
		if hooks := r.all(); len(hooks) >= n {
			return hooks
		}
		select {
		case <-got:
		case <-ctx.Done():
			t.Fatalf("receiver got %d webhooks, want %d", len(r.all()), n)
		}
	}
}

type parsedHook struct {
	Entry []struct {
		ID      string
		Changes []struct {
			Field string
			Value struct {
				Contacts []struct {
					WaID   string `json:"wa_id"`
					UserID string `json:"user_id"`
				}
				Messages []map[string]any
				Statuses []map[string]any
			}
		}
	}
}

func parseHook(t *testing.T, h hook) parsedHook {
	t.Helper()
	var p parsedHook
	if err := json.Unmarshal(h.body, &p); err != nil {
		t.Fatalf("webhook is no JSON: %v: %s", err, h.body)
	}
	return p
}

// statuses lists "status" of every status that got 200, in order of arrival, for one message ("" for all).
func (r *receiver) statuses(t *testing.T, wamid string) []string {
	t.Helper()
	var out []string
	for _, h := range r.all() {
		if h.status != http.StatusOK {
			continue
		}
		for _, e := range parseHook(t, h).Entry {
			for _, c := range e.Changes {
				for _, s := range c.Value.Statuses {
					if wamid == "" || s["id"] == wamid {
						out = append(out, s["status"].(string))
					}
				}
			}
		}
	}
	return out
}

// texts lists the bodies of the texts that got 200, in order of arrival.
func (r *receiver) texts(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, h := range r.all() {
		if h.status != http.StatusOK {
			continue
		}
		for _, e := range parseHook(t, h).Entry {
			for _, c := range e.Changes {
				for _, m := range c.Value.Messages {
					out = append(out, m["text"].(map[string]any)["body"].(string))
				}
			}
		}
	}
	return out
}

type world struct {
	sim  *Simulator
	recv *receiver
	http *httptest.Server
}

// start serves a simulator with one hotel and its receiver. Statuses come fast and retries at once unless changed.
func start(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	w := &world{recv: &receiver{}}
	hooks := httptest.NewServer(w.recv)
	knobs := DefaultKnobs()
	knobs.Statuses = AutoStatuses{Sent: time.Millisecond, Delivered: time.Millisecond}
	opts := Options{
		Seed: 7, Knobs: &knobs,
		Webhooks: Webhooks{Retry: []time.Duration{time.Millisecond, 2 * time.Millisecond}},
		Accounts: []Account{{
			PhoneNumberID: hotel, DisplayNumber: "551133334444", WABAID: "301200000000001", Name: "Hotel Exemplo",
			AccessToken: "token-1", AppSecret: "secret-1", WebhookURL: hooks.URL, VerifyToken: "verify-me",
		}},
	}
	for _, c := range change {
		c(&opts)
	}
	w.sim = New(opts)
	w.http = httptest.NewServer(w.sim.Handler())
	t.Cleanup(func() {
		if err := w.sim.Close(within(t)); err != nil {
			t.Error(err)
		}
		w.http.Close()
		hooks.Close()
	})
	return w
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func (w *world) marina() *Guest { return w.sim.Guest(hotel, marina) }

// says opens the window and waits until the hotel has the message.
func (w *world) says(t *testing.T, text string) string {
	t.Helper()
	wamid, err := w.marina().Says(within(t), text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.marina().Await(within(t), Taken(wamid)); err != nil {
		t.Fatal(err)
	}
	return wamid
}

type answer struct {
	status int
	header http.Header
	raw    string
	WAMID  string
	WaID   string
	Code   int
	Sub    int
	Detail string
	Msg    string
}

// call makes a Graph or control call with the hotel's token.
func (w *world) call(t *testing.T, method, path, body string) answer {
	t.Helper()
	a, err := w.try(t, method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (w *world) try(t *testing.T, method, path, body string) (answer, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(within(t), method, w.http.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer token-1")
	req.Header.Set("Content-Type", "application/json")
	return do(w.http.Client(), req)
}

func do(client *http.Client, req *http.Request) (answer, error) {
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	var parsed struct {
		Messages []struct{ ID string }
		Contacts []struct {
			WaID string `json:"wa_id"`
		}
		Error struct {
			Code    int
			Subcode int `json:"error_subcode"`
			Message string
			Data    struct{ Details string } `json:"error_data"`
		}
	}
	if json.Unmarshal(bytes.TrimSpace(raw), &parsed) == nil {
		a.Code, a.Sub, a.Msg, a.Detail = parsed.Error.Code, parsed.Error.Subcode, parsed.Error.Message, parsed.Error.Data.Details
		if len(parsed.Messages) > 0 && len(parsed.Contacts) > 0 {
			a.WAMID, a.WaID = parsed.Messages[0].ID, parsed.Contacts[0].WaID
		}
	}
	return a, nil
}

const messages = "/v25.0/" + hotel + "/messages"

// sends posts a message to Marina: kind and content as in the request.
func (w *world) sends(t *testing.T, kind, content string) answer {
	t.Helper()
	return w.call(t, "POST", messages, sendBody(kind, content))
}

func sendBody(kind, content string) string {
	return `{"messaging_product":"whatsapp","to":"+` + marina + `","type":"` + kind + `","` + kind + `":` + content +
		`,"biz_opaque_callback_data":"out-1"}`
}

func (w *world) sendsText(t *testing.T, body string) answer {
	t.Helper()
	a := w.sends(t, "text", `{"body":"`+body+`"}`)
	if a.status != http.StatusOK {
		t.Fatalf("send answered %d: %s", a.status, a.raw)
	}
	return a
}

func (w *world) idle(t *testing.T) {
	t.Helper()
	if err := w.sim.AwaitIdle(within(t)); err != nil {
		t.Fatalf("%v: %+v", err, w.sim.Counters())
	}
}

func tune(t *testing.T, w *world, change func(*Knobs)) {
	t.Helper()
	if err := w.sim.Tune(change); err != nil {
		t.Fatal(err)
	}
}
