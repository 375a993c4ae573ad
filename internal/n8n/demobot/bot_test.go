package demobot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var now = time.Unix(1795444215, 0)

// called is a request that reached the stand-in for the product's API.
type called struct {
	path, key, idempotency string
	body                   map[string]string
	query                  string
}

// product stands in for the product's API. Every call is put into calls; answer decides what it gets.
type product struct {
	calls  chan called
	answer func(c called) (status int, header map[string]string, body string)
}

func (p *product) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := called{path: r.Method + " " + r.URL.Path, key: r.Header.Get("X-API-Key"), idempotency: r.Header.Get("Idempotency-Key"), query: r.URL.Query().Get("phone")}
	_ = json.NewDecoder(r.Body).Decode(&c.body)
	status, header, body := 200, map[string]string(nil), `{"success":true,"locked":false}`
	if p.answer != nil {
		if s, h, b := p.answer(c); s != 0 {
			status, header, body = s, h, b
		}
	}
	for name, value := range header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
	p.calls <- c
}

const (
	lockPath     = "GET /api/n8n/check-ia-lock"
	readPath     = "POST /api/n8n/mark-read"
	textPath     = "POST /api/n8n/send-text"
	escalatePath = "POST /api/n8n/escalate"
)

// start brings up a bot and the product that it talks to.
func start(t *testing.T, answer func(called) (int, map[string]string, string), change func(*Options)) (*Bot, *product) {
	t.Helper()
	p := &product{calls: make(chan called, 1000), answer: answer}
	server := httptest.NewServer(p)
	o := Options{
		APIBase: server.URL + "/",
		Keys: func(slug string) string {
			if slug == "nenhum" {
				return ""
			}
			return slug + ":br_x"
		},
		Secret: func(slug string) string {
			if slug == "sem-segredo" {
				return ""
			}
			return "segredo-" + slug
		},
		Now:   func() time.Time { return now },
		Waits: []time.Duration{time.Millisecond, time.Millisecond},
	}
	if change != nil {
		change(&o)
	}
	b := New(o)
	t.Cleanup(func() { b.Close(); server.Close() })
	return b, p
}

// next waits for the product to be called.
func (p *product) next(t *testing.T) called {
	t.Helper()
	select {
	case c := <-p.calls:
		return c
	case <-time.After(10 * time.Second):
		t.Fatal("the bot does not call")
		return called{}
	}
}

// until waits for a call of that path and fails if another than the allowed ones comes first.
func (p *product) until(t *testing.T, path string, allowed ...string) called {
	t.Helper()
	for {
		c := p.next(t)
		if c.path == path {
			return c
		}
		if !slices.Contains(allowed, c.path) {
			t.Fatalf("got %s, want %s", c.path, path)
		}
	}
}

func sign(secret string, at time.Time, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%d.%s", at.Unix(), body)
	return "t=" + strconv.FormatInt(at.Unix(), 10) + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// post hands a payload over as the product does.
func post(b *Bot, slug, deliveryID, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/webhook/"+slug, strings.NewReader(body))
	r.Header.Set("X-BotReserva-Signature", sign("segredo-"+slug, now, body))
	r.Header.Set("X-BotReserva-Delivery", deliveryID)
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}

// says hands a text of a guest over.
func says(t *testing.T, b *Bot, deliveryID, conversation, text string) {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"phone": "5511987654321", "type": "text", "messageId": "m-" + deliveryID, "conversationId": conversation,
		"contactName": "Ana Souza", "hotelUnit": "Ilhabela", "text": map[string]string{"message": text},
	})
	if err != nil {
		t.Fatal(err)
	}
	if w := post(b, "pousada", deliveryID, string(body)); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Workflow was started") {
		t.Fatalf("post: %d %s", w.Code, w.Body)
	}
}

func TestTurn(t *testing.T) {
	t.Parallel()
	b, p := start(t, nil, func(o *Options) { o.HotelName = func(string) string { return "Pousada do Mar" } })
	says(t, b, "d-1", "c-1", "oi")

	if c := p.next(t); c.path != lockPath || c.query != "5511987654321" || c.key != "pousada:br_x" {
		t.Errorf("first %+v", c)
	}
	if c := p.next(t); c.path != readPath || c.body["messageId"] != "m-d-1" || c.key != "pousada:br_x" {
		t.Errorf("second %+v", c)
	}
	c := p.next(t)
	if c.path != textPath || c.body["phone"] != "5511987654321" || c.key != "pousada:br_x" || c.idempotency != "d-1-text" {
		t.Errorf("third %+v", c)
	}
	if !strings.Contains(c.body["message"], "Olá, Ana! 👋 Sou a assistente virtual do(a) Pousada do Mar.") {
		t.Errorf("says %q", c.body["message"])
	}
}

func TestTurnSpeaksBeforeItEscalates(t *testing.T) {
	t.Parallel()
	b, p := start(t, nil, nil)
	says(t, b, "d-1", "c-1", "quero falar com um humano")
	p.until(t, textPath, lockPath, readPath)
	c := p.next(t)
	if c.path != escalatePath || c.idempotency != "d-1-escalate" || c.key != "pousada:br_x" {
		t.Fatalf("got %+v", c)
	}
	for name, want := range map[string]string{"phone": "5511987654321", "reason": "USER_REQUESTED", "hotelUnit": "Ilhabela"} {
		if c.body[name] != want {
			t.Errorf("%s: %q, want %q", name, c.body[name], want)
		}
	}
	// Handed back later, the bot begins anew.
	says(t, b, "d-2", "c-1", "oi")
	if c := p.until(t, textPath, lockPath, readPath); !strings.Contains(c.body["message"], "Olá, Ana") {
		t.Errorf("says %q", c.body["message"])
	}
}

func TestNamedUnit(t *testing.T) {
	t.Parallel()
	units := []string{"Ilhabela", "Santo Antônio do Pinhal"}
	for text, want := range map[string]string{
		"Quero falar com um atendente de ILHABELA, por favor": "Ilhabela",
		"alguém em santo antonio do pinhal?":                  "Santo Antônio do Pinhal",
		"Quero falar com um atendente":                        "",
		"ilhabelas":                                           "",
	} {
		if got := named(text, units); got != want {
			t.Errorf("%q speaks of %q, want %q", text, got, want)
		}
	}
}

// The bodies that the product's own tests keep as golden files are understood, with and without the outer copy.
func TestTurnUnderstandsTheDocumentedPayload(t *testing.T) {
	t.Parallel()
	golden, err := os.ReadFile("../testdata/text.golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var payload map[string]json.RawMessage
	if err := json.Unmarshal(golden, &payload); err != nil {
		t.Fatal(err)
	}
	b, p := start(t, nil, nil)
	for id, body := range map[string]string{
		"whole": string(golden), "flat": string(payload["body"]), "legacy": `{"body":` + string(payload["body"]) + `}`,
	} {
		if w := post(b, "pousada-do-mar", id, body); w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", id, w.Code, w.Body)
		}
		c := p.until(t, textPath, lockPath, readPath)
		if c.body["phone"] != "5511987654321" || c.idempotency != id+"-text" {
			t.Errorf("%s: %+v", id, c)
		}
	}
}

func TestTurnStaysSilentWhileLocked(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(c called) (int, map[string]string, string){
		"seen before": func(c called) (int, map[string]string, string) {
			if c.path == lockPath {
				return 200, nil, `{"locked":true,"conversationId":"c-1"}`
			}
			return 0, nil, ""
		},
		"locked in between": func(c called) (int, map[string]string, string) {
			if c.path == textPath {
				return 409, nil, `{"error":"A person holds this conversation","code":"ia_locked"}`
			}
			return 0, nil, ""
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, p := start(t, answer, nil)
			says(t, b, "d-1", "c-1", "atendente")
			says(t, b, "d-2", "c-1", "atendente")
			b.finish(t)
			counts := p.drain()
			if counts[escalatePath] != 0 || counts[textPath] > 2 || counts[lockPath] != 2 {
				t.Errorf("called %v", counts)
			}
			if name == "seen before" && counts[textPath]+counts[readPath] != 0 {
				t.Errorf("called %v", counts)
			}
		})
	}
}

// finish waits until nothing is left to do, without cutting anything short.
func (b *Bot) finish(t *testing.T) {
	t.Helper()
	done := make(chan struct{})
	go func() { b.work.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the bot does not finish")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.lanes) != 0 || b.waiting != 0 {
		t.Errorf("%d lanes and %d messages are left", len(b.lanes), b.waiting)
	}
}

func (p *product) drain() map[string]int {
	counts := map[string]int{}
	for {
		select {
		case c := <-p.calls:
			counts[c.path]++
		default:
			return counts
		}
	}
}

func TestCallsAreRepeated(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		header map[string]string
		body   string
		tries  int
	}{
		"503":                             {503, nil, `{"code":"unavailable"}`, 3},
		"500 in HTML":                     {500, nil, `<html>`, 3},
		"429":                             {429, map[string]string{"Retry-After": "0"}, ``, 3},
		"408":                             {408, nil, ``, 3},
		"the first attempt still works":   {409, map[string]string{"Retry-After": "0"}, `{"code":"idempotency_in_progress"}`, 3},
		"409 for good":                    {409, nil, `{"code":"conversation_closed"}`, 1},
		"locked":                          {409, map[string]string{"Retry-After": "1"}, `{"code":"IA_LOCKED"}`, 1},
		"400":                             {400, nil, `{"code":"validation_error"}`, 1},
		"401":                             {401, nil, ``, 1},
		"422":                             {422, nil, `{"code":"window_closed"}`, 1},
		"202: taken on, outcome to come":  {202, nil, `{"messageId":"x"}`, 1},
		"a redirect nobody can post to":   {304, nil, ``, 1},
		"503 with a wish that is no date": {503, map[string]string{"Retry-After": "soon"}, ``, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, p := start(t, func(got called) (int, map[string]string, string) {
				if got.path == textPath {
					return c.status, c.header, c.body
				}
				return 0, nil, ""
			}, nil)
			says(t, b, "d-1", "c-1", "oi")
			b.finish(t)
			if n := p.drain()[textPath]; n != c.tries {
				t.Errorf("%d attempts, want %d", n, c.tries)
			}
		})
	}
}

func TestRepeatsCarryTheSameKeyAndThenSucceed(t *testing.T) {
	t.Parallel()
	tries := 0
	b, p := start(t, func(c called) (int, map[string]string, string) {
		if c.path == textPath {
			if tries++; tries < 3 {
				return 503, nil, ""
			}
		}
		return 0, nil, ""
	}, nil)
	says(t, b, "d-1", "c-1", "4")
	first := p.until(t, textPath, lockPath, readPath)
	for range 2 {
		if again := p.until(t, textPath); again.idempotency != first.idempotency || again.body["message"] != first.body["message"] {
			t.Errorf("repeated differently: %+v, %+v", first, again)
		}
	}
	p.until(t, escalatePath)
}

func TestCallWaitsAsLongAsAsked(t *testing.T) {
	t.Parallel()
	b, p := start(t, func(c called) (int, map[string]string, string) {
		return 503, map[string]string{"Retry-After": "3600"}, ""
	}, nil)
	says(t, b, "d-1", "c-1", "oi")
	p.next(t)
	select {
	case c := <-p.calls:
		t.Errorf("did not wait: %+v", c)
	case <-time.After(50 * time.Millisecond):
	}
	b.Close() // and is not held up by the wait
}

func TestSeconds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"": 0, "2": 2 * time.Second, "-1": 0, "x": 0, "7200": time.Minute, "9223372036854775807": time.Minute} {
		if got := seconds(text); got != want {
			t.Errorf("seconds(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestAnAPIThatIsDown(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	var log strings.Builder
	b, _ := start(t, nil, func(o *Options) {
		o.APIBase = gone.URL
		o.Logger = newLogger(&log)
	})
	says(t, b, "d-1", "c-1", "meu segredo é 42")
	b.finish(t)
	if text := log.String(); !strings.Contains(text, "message not answered") || !strings.Contains(text, "d-1") {
		t.Errorf("log: %s", text)
	}
	for _, secret := range []string{"5511987654321", "segredo", "br_x", "Ana"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log tells %q: %s", secret, log.String())
		}
	}
}
