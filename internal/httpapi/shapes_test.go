package httpapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What differs each time, and is named by its first appearance.
var (
	ids    = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	times  = regexp.MustCompile(`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"`)
	tokens = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]+|whbr_[\w-]{43}`)
	ending = regexp.MustCompile(`\?e=\d+(\\u0026|&)s=[\w-]+`)
	uptime = regexp.MustCompile(`"uptime": [\d.e+-]+`)
	names  = regexp.MustCompile(`\+55 12 \d{8}|(user|hotel)-\d+|(User|Hotel|Guest|Message) \d+|\+?55129\d{8}|wamid\.[\w]+|10600\d{10}`)
)

// golden compares an answer with testdata/<name>.golden.json: the exact keys, in
// their order.
func (r response) golden(name string) {
	r.t.Helper()
	var indented bytes.Buffer
	if err := json.Indent(&indented, bytes.TrimSpace(r.body), "", "  "); err != nil {
		r.t.Fatalf("%s: no JSON: %.200q", name, r.body)
	}
	text := fmt.Sprintf("%d\n%s\n", r.status, &indented)
	text = times.ReplaceAllString(tokens.ReplaceAllString(text, "<token>"), `"<time>"`)
	text = ending.ReplaceAllString(text, "?<signature>")
	text = uptime.ReplaceAllString(text, `"uptime": 0`)
	for what, pattern := range map[string]*regexp.Regexp{"id": ids, "name": names} {
		seen := map[string]string{}
		text = pattern.ReplaceAllStringFunc(text, func(found string) string {
			if seen[found] == "" {
				seen[found] = fmt.Sprintf("<%s %d>", what, len(seen)+1)
			}
			return seen[found]
		})
	}
	path := filepath.Join("testdata", name+".golden.json")
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			r.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		r.t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		r.t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestShapesForPeople holds the JSON that dashboards read (contract §1.2 to §1.5).
func TestShapesForPeople(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	ana := w.user(h.ID, user.Attendant, "Camburi")
	admin := as(w.token(h.Admin))
	login := w.do(http.MethodPost, "/auth/login", map[string]any{"email": ana.Email, "password": password})
	login.golden("login")
	bearer := as(login.json()["accessToken"].(string))
	w.do(http.MethodGet, "/auth/me", nil, bearer).golden("me")
	w.do(http.MethodPost, "/auth/refresh", map[string]any{"refreshToken": login.json()["refreshToken"]}).golden("refresh")

	to := w.chat(h, pgtest.AssignedTo(ana.ID), pgtest.InState(conversation.InProgress), pgtest.LockedBy(ana.ID.String()))
	at := "/api/conversations/" + to.card.ID.String()
	tag := pgtest.Tag(t, w.db, h.ID, "VIP")
	w.do(http.MethodPatch, at, map[string]any{"tagIds": []string{tag.ID.String()}, "priority": "URGENT"}, admin).golden("conversation_changed")
	sent := w.do(http.MethodPost, at+"/messages", map[string]any{"content": "Bom dia, Zoë! 🏨", "clientId": "tab-1"}, bearer)
	sent.golden("message_sent")
	w.do(http.MethodGet, "/api/conversations?limit=2", nil, bearer).golden("conversations")
	w.do(http.MethodGet, at, nil, bearer).golden("conversation")
	w.do(http.MethodPost, at+"/read", nil, bearer).golden("read")
	failed := pgtest.Message(t, w.db, h.ID, to.card, func(m *message.Message) {
		m.Direction, m.Sender, m.Status, m.SentBy = message.Outbound, message.Person, message.Failed, ana.ID
		m.Timestamp = w.clock.Now().Add(time.Hour)
	})
	w.exec(`UPDATE message SET failure = '{"code":131026,"message":"Message undeliverable"}' WHERE id = $1`, failed.ID)
	w.do(http.MethodGet, at+"/messages", nil, bearer).golden("messages")
	w.do(http.MethodPost, "/auth/logout", nil, bearer).golden("logout")
	w.do(http.MethodGet, "/health", nil).golden("alive")
	w.do(http.MethodGet, "/api/health", nil).golden("healthy")
}

// TestShapesOfRefusals holds what a refusal looks like.
func TestShapesOfRefusals(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h, pgtest.LockedBy(conversation.System), pgtest.LastInboundAt(w.clock.Now().Add(-25*time.Hour)))
	at := "/api/conversations/" + to.card.ID.String()
	w.do(http.MethodGet, "/api/nothing", nil).golden("refused_route")
	w.do(http.MethodGet, "/api/conversations", nil).golden("refused_anonymous")
	w.do(http.MethodGet, "/api/conversations?limit=1000&priority=SOON", nil, admin).golden("refused_fields")
	w.do(http.MethodPatch, at, map[string]any{"status": "open", "tagIds": "x"}, admin).golden("refused_body")
	w.do(http.MethodPost, at+"/messages", map[string]any{"content": "late"}, admin).golden("refused_window")
	w.do(http.MethodPost, at+"/messages", map[string]any{"content": "x", "type": "IMAGE"}, admin).golden("refused_type")
	w.do(http.MethodPost, "/api/n8n/send-text", map[string]any{"phone": string(to.card.Contact.Phone), "message": "x"}, keyed(h.key)).golden("refused_locked")
	w.do(http.MethodPost, "/auth/login", map[string]any{"email": h.Admin.Email, "password": "wrong password"}).golden("refused_login")
	w.do(http.MethodPost, "/auth/login", map[string]any{"email": "x", "password": "short"}).golden("refused_login_fields")
}

// TestShapesForFlows holds the JSON that flows read (contract §2.3).
func TestShapesForFlows(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	key := keyed(h.key)
	to := w.chat(h)
	phone := string(to.card.Contact.Phone)
	w.do(http.MethodGet, "/api/n8n/check-ia-lock?phone=5511911111111", nil, key).golden("lock_of_nobody")
	w.do(http.MethodGet, "/api/n8n/check-ia-lock?phoneNumber="+phone, nil, key).golden("lock")
	w.do(http.MethodPost, "/api/n8n/send-text", map[string]any{"phone": phone, "message": "Oi"}, key).golden("bot_sent")
	w.do(http.MethodPost, "/api/n8n/mark-read", map[string]any{"messageId": to.message.WAMID}, key).golden("bot_read")
	w.do(http.MethodPost, "/api/n8n/escalate", map[string]any{
		"phone": phone, "reason": "complaint", "reasonDetail": "quer falar", "hotelUnit": "ilha bela", "priority": "urgent",
		"aiContext": "o hóspede está irritado", "messageHistory": []any{map[string]any{"role": "user", "content": "Oi"}},
	}, key).golden("escalated")
	w.do(http.MethodGet, "/api/n8n/check-ia-lock?phone="+phone, nil, key).golden("locked")
}

// TestContextOfAnEscalation: whatever a flow knows is kept, or refused as its mistake.
func TestContextOfAnEscalation(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	guest := 0
	for name, c := range map[string]struct {
		about string
		want  int
	}{
		"a zero character":           {`{"said":"a\u0000b"}`, http.StatusCreated},
		"the escape of one in words": {`{"said":"a\\u0000"}`, http.StatusCreated},
		"half a pair":                {`{"said":"\ud83d"}`, http.StatusCreated},
		"a text":                     {`"irritado"`, http.StatusCreated},
		"a huge number":              {`{"n":1e308}`, http.StatusCreated},
		"a number too large":         {`{"n":1e999}`, http.StatusBadRequest},
		"nested a little":            {strings.Repeat("[", 90) + strings.Repeat("]", 90), http.StatusCreated},
		"nested without end":         {strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), http.StatusBadRequest},
		"too large":                  {`"` + strings.Repeat("x", 70_000) + `"`, http.StatusBadRequest},
	} {
		guest++
		body := fmt.Sprintf(`{"phone":"5511900000%03d","aiContext":%s}`, guest, c.about)
		if got := w.do(http.MethodPost, "/api/n8n/escalate", body, keyed(h.key)); got.status != c.want {
			t.Errorf("%s: %d, want %d: %.200s", name, got.status, c.want, got.body)
		}
	}
}

// TestFlowsWriteLiberally: flows write numbers as texts and texts as numbers, phones in
// every form, and too much.
func TestFlowsWriteLiberally(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	key := keyed(h.key)
	send := func(body string) response { return w.do(http.MethodPost, "/api/n8n/send-text", body, key) }
	chatOf := func(wa string) string {
		guest := pgtest.Contact(t, w.db, h.ID, func(c *contact.Contact) { c.WAID, c.Phone = wa, contact.Canonical(wa) })
		return pgtest.Conversation(t, w.db, h.Hotel, pgtest.With(guest)).ID.String()
	}
	for i, form := range []string{`"+55 (12) 98888-00%02d"`, `"55129888800%02d"`, `551298888%04d`, `"5512 8888 00%02d"`, `" 55-12-98888-00%02d "`} {
		id := chatOf(fmt.Sprintf("55129888800%02d", i))
		phone := fmt.Sprintf(form, i)
		if form == `551298888%04d` { // as a number
			phone = fmt.Sprintf("55129888800%02d", i)
		}
		r := send(`{"phone":` + phone + `,"message":"Oi ` + fmt.Sprint(i) + `","delayTyping":"3"}`).want(http.StatusOK)
		if r.json()["success"] != true || r.json()["messageId"] == nil {
			t.Errorf("%s: %s", phone, r.body)
		}
		lock := w.do(http.MethodGet, "/api/n8n/check-ia-lock?phone="+strings.NewReplacer(`"`, "", " ", "%20", "+", "%2B").Replace(phone), nil, key).want(http.StatusOK)
		if lock.json()["conversationId"] != id {
			t.Errorf("%s: the lock of %v, want %s", phone, lock.json()["conversationId"], id)
		}
	}
	chatOf("5512988880050")
	send(`{"phone":"5512988880050","message":12.5,"delayTyping":3,"extra":[{}]}`).want(http.StatusOK)
	if got := w.meta.last()["text"].(map[string]any)["body"]; got != "12.5" {
		t.Errorf("a number became %q", got)
	}
	chatOf("5512988880051")
	send(`{"phone":"5512988880051","message":"` + strings.Repeat("é", 5000) + `"}`).want(http.StatusOK)
	if got := w.meta.last()["text"].(map[string]any)["body"].(string); len([]rune(got)) != 4096 {
		t.Errorf("a long text was cut to %d characters", len([]rune(got)))
	}
	for name, body := range map[string]string{
		"no phone": `{"message":"x"}`, "phone is null": `{"phone":null,"message":"x"}`, "phone is a list": `{"phone":[5512],"message":"x"}`,
		"phone without digits": `{"phone":"abc","message":"x"}`, "no message": `{"phone":"5512988880051"}`, "blank message": `{"phone":"5512988880051","message":" "}`,
	} {
		if r := send(body); r.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	send(`{"phone":"5512900009999","message":"x"}`).want(http.StatusNotFound, "contact_not_found")
}

// TestFlowIsToldWhatMetaSaid: a flow learns why a message was not delivered.
func TestFlowIsToldWhatMetaSaid(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	w.meta.answer = func(out http.ResponseWriter, _ map[string]any) bool {
		out.WriteHeader(http.StatusBadRequest)
		_, _ = out.Write([]byte(`{"error":{"message":"(#131026) Message undeliverable","type":"OAuthException","code":131026,"fbtrace_id":"x"}}`))
		return true
	}
	to := w.chat(h)
	r := w.do(http.MethodPost, "/api/n8n/send-text", map[string]any{"phone": string(to.card.Contact.Phone), "message": "x"}, keyed(h.key))
	if r.status < 400 || r.status >= 500 || !strings.HasPrefix(r.json()["message"].(string), "WhatsApp: ") {
		t.Errorf("got %d %s", r.status, r.body)
	}
	r = w.do(http.MethodPost, "/api/n8n/mark-read", map[string]any{"messageId": to.message.WAMID}, keyed(h.key)).want(http.StatusOK)
	if r.json()["success"] != false {
		t.Errorf("mark-read: %s", r.body)
	}
}
