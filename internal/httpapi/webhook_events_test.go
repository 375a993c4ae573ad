package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// told stores a webhook call of a hotel's without its items, as what was left of it.
func (w *world) told(tenantID id.Tenant, number string, fate postgres.Fate, body string) string {
	w.t.Helper()
	d := postgres.Delivery{ID: id.NewDelivery(), TenantID: tenantID, PhoneNumberID: number, Fate: fate, Body: []byte(body)}
	if err := w.db.SystemStoreDeliveries(w.t.Context(), []postgres.Delivery{d}); err != nil {
		w.t.Fatal(err)
	}
	return d.ID.String()
}

// TestShapesOfWebhookEvents holds the JSON of contract §1.14, with flags that say what
// happened.
func TestShapesOfWebhookEvents(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	event := w.told(h.ID, h.Number.PhoneNumberID, postgres.Poison, `{"odd":[1]}`)
	w.do(http.MethodGet, "/api/webhook-events", nil, admin).golden("webhook_events")
	w.do(http.MethodGet, "/api/webhook-events/"+event, nil, admin).golden("webhook_event")
	noJSON := w.told(h.ID, h.Number.PhoneNumberID, postgres.Poison, "\xff{")
	if r := w.do(http.MethodGet, "/api/webhook-events/"+noJSON, nil, admin).want(http.StatusOK).json(); r["payload"] == nil || r["event"] != "unknown" {
		t.Errorf("what is no JSON is shown as %v", r)
	}
	if n := w.count("SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'VIEW_WEBHOOK_EVENT' AND actor = $2", h.ID, h.Admin.ID.String()); n != 2 {
		t.Errorf("%d looks at payloads are noted, want 2", n)
	}
	w.do(http.MethodDelete, "/api/webhook-events/"+event, nil, admin).want(http.StatusNoContent)
	w.do(http.MethodGet, "/api/webhook-events/"+event, nil, admin).want(http.StatusNotFound, "webhook_event_not_found")
	w.do(http.MethodDelete, "/api/webhook-events/"+event, nil, admin).want(http.StatusNotFound, "webhook_event_not_found")
}

// TestFatesOfWebhookEvents: processed means that nothing of it waits or was given up.
func TestFatesOfWebhookEvents(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	fates := func() string {
		t.Helper()
		var out []string
		for _, e := range w.do(http.MethodGet, "/api/webhook-events", nil, admin).want(http.StatusOK).list() {
			out = append(out, fmt.Sprint(e["event"], " ", e["processed"], " ", e["processedAt"] != nil, " ", e["error"] != nil))
		}
		return strings.Join(out, ", ")
	}
	want := func(want string) {
		t.Helper()
		if got := fates(); got != want {
			t.Errorf("fates %q, want %q", got, want)
		}
	}
	body := delivery(h, w.text(guest, "Oi"))
	w.deliver(h.appSecret, body).received()
	want("messages false false false")
	w.work()
	w.eventually(0, "SELECT count(*) FROM lane_item WHERE tenant_id = $1", h.ID)
	want("messages true true false")
	w.deliver(h.appSecret, envelope(entry(h.Number.WABAID, changeOf(value(h.Number.PhoneNumberID, nil, []string{`{"id":"wamid.nobodys","status":"sent","timestamp":"1764590400","recipient_id":"5512988887777"}`}))))).received()
	w.eventually(0, "SELECT count(*) FROM lane_item WHERE tenant_id = $1", h.ID)
	want("statuses true false false, messages true true false")
	w.deliver(h.appSecret, delivery(h, `{"from":"5512988887777","timestamp":"1764590400","type":"text"}`)).received() // without an id
	w.eventually(1, "SELECT count(*) FROM dead_letter WHERE tenant_id = $1", h.ID)
	want("messages false false true, statuses true false false, messages true true false")
	w.told(h.ID, h.Number.PhoneNumberID, postgres.Ignored, strings.Replace(body, `"field":"messages"`, `"field":"account_update"`, 1))
	w.told(h.ID, h.Number.PhoneNumberID, postgres.Queued, delivery(h, w.text(guest, strings.Repeat("long ", 60_000)))) // does not come with lists
	want("messages true false false, account_update true true false, messages false false true, statuses true false false, messages true true false")
	for query, want := range map[string]int{"?fate=IGNORED": 1, "?fate=QUEUED": 4, "?limit=2": 2, "?limit=2&page=3": 1, "?startDate=2020-01-01&endDate=2020-12-31": 0} {
		if got := len(w.do(http.MethodGet, "/api/webhook-events"+query, nil, admin).want(http.StatusOK).list()); got != want {
			t.Errorf("%s lists %d, want %d", query, got, want)
		}
	}
	w.do(http.MethodGet, "/api/webhook-events?fate=LOST", nil, admin).want(http.StatusBadRequest, "validation_error")
}

// TestReplay: a replay really processes, and stores nothing twice.
func TestReplay(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	admin := as(w.token(h.Admin))
	event := w.told(h.ID, h.Number.PhoneNumberID, postgres.Poison, delivery(h, w.text(guest, "Oi"), w.text(guest, "tudo bem?")))
	replay := func(event string) response {
		t.Helper()
		r := w.do(http.MethodPost, "/api/webhook-events/"+event+"/replay", nil, admin)
		w.eventually(0, "SELECT count(*) FROM lane_item WHERE tenant_id = $1", h.ID)
		return r
	}
	for range 3 {
		if r := replay(event).want(http.StatusOK).json(); r["fate"] != "QUEUED" || r["error"] != nil {
			t.Errorf("replayed: %v", r)
		}
	}
	if n := w.count("SELECT count(*) FROM message WHERE tenant_id = $1", h.ID); n != 2 {
		t.Errorf("%d messages after three replays of two", n)
	}
	if n := w.count("SELECT unread FROM conversation WHERE tenant_id = $1", h.ID); n != 2 {
		t.Errorf("%d unread", n)
	}
	if r := w.do(http.MethodGet, "/api/webhook-events/"+event, nil, admin).json(); r["processed"] != true || r["processedAt"] == nil {
		t.Errorf("after the replay: %v", r)
	}
	replay(w.told(h.ID, h.Number.PhoneNumberID, postgres.Poison, "{")).want(http.StatusUnprocessableEntity, "webhook_event_unreadable")
	replay(w.told(h.ID, h.Number.PhoneNumberID, postgres.Poison, envelope(entry("999", changeOf(value(h.Number.PhoneNumberID, []string{w.text(guest, "x")}, nil)))))).
		want(http.StatusConflict, "waba_mismatch")
	replay(w.told(h.ID, "somebody's", postgres.Unclaimed, delivery(h, w.text(guest, "x")))).want(http.StatusConflict, "number_unclaimed")
	if n := w.count("SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'REPLAY_WEBHOOK_EVENT'", h.ID); n != 3 {
		t.Errorf("%d replays are noted", n)
	}
}

// TestReplayOfAccountNews: news of the account name no number; they are the hotel's all the
// same, as long as it has a number in the account.
func TestReplayOfAccountNews(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	admin := as(w.token(h.Admin))
	paused := func(waba string) string {
		return envelope(entry(waba, `{"field":"message_template_status_update","value":{"event":"PAUSED","message_template_id":9,"message_template_name":"reserva","message_template_language":"pt_BR"}}`))
	}
	event := w.told(h.ID, "", postgres.Ignored, paused(h.Number.WABAID))
	for range 2 {
		if r := w.do(http.MethodPost, "/api/webhook-events/"+event+"/replay", nil, admin).want(http.StatusOK).json(); r["fate"] != "QUEUED" || r["event"] != "message_template_status_update" {
			t.Errorf("replayed: %v", r)
		}
		w.eventually(0, "SELECT count(*) FROM lane_item WHERE tenant_id = $1", h.ID)
	}
	if n := w.count("SELECT count(*) FROM account_event WHERE tenant_id = $1 AND name = 'PAUSED'", h.ID); n != 1 {
		t.Errorf("%d news", n)
	}
	if r := w.do(http.MethodGet, "/api/webhook-events/"+event, nil, admin).json(); r["processed"] != true || r["error"] != nil {
		t.Errorf("after the replay: %v", r)
	}
	w.do(http.MethodPost, "/api/webhook-events/"+w.told(h.ID, "", postgres.Ignored, paused("999"))+"/replay", nil, admin).want(http.StatusConflict, "waba_mismatch")
	empty := w.told(h.ID, "", postgres.Ignored, envelope(entry(h.Number.WABAID, `{"field":"novidade","value":{"x":1}}`)))
	w.do(http.MethodPost, "/api/webhook-events/"+empty+"/replay", nil, admin).want(http.StatusUnprocessableEntity, "webhook_event_unreadable")
}

// TestUnclaimedEvents: what belongs to nobody is for whoever runs the platform.
func TestUnclaimedEvents(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	super := as(w.token(w.user(tenantless, user.SuperAdmin, "")))
	stranger := h
	stranger.Number.PhoneNumberID = "424242"
	event := w.told(id.Tenant{}, "424242", postgres.Unclaimed, delivery(stranger, w.text(guest, "Alguém?")))
	theirs := w.told(h.ID, h.Number.PhoneNumberID, postgres.Queued, "{}")
	list := w.do(http.MethodGet, "/api/webhook-events", nil, super).want(http.StatusOK).list()
	if len(list) != 1 || list[0]["id"] != event || list[0]["tenantId"] != nil || list[0]["processed"] != false || list[0]["error"] == nil {
		t.Errorf("the operator sees %v", list)
	}
	w.do(http.MethodGet, "/api/webhook-events/"+event, nil, as(w.token(h.Admin))).want(http.StatusNotFound, "webhook_event_not_found")
	w.do(http.MethodGet, "/api/webhook-events/"+theirs, nil, super).want(http.StatusNotFound, "webhook_event_not_found")
	w.do(http.MethodGet, "/api/webhook-events/"+event, nil, super).want(http.StatusOK)
	w.do(http.MethodPost, "/api/webhook-events/"+event+"/replay", nil, super).want(http.StatusConflict, "number_unclaimed")
	w.exec("INSERT INTO whatsapp_number (tenant_id, id, phone_number_id) VALUES ($1, $2, '424242')", h.ID, id.NewNumber())
	w.directory.ForgetAll()
	w.do(http.MethodPost, "/api/webhook-events/"+event+"/replay", nil, super).want(http.StatusOK)
	w.eventually(1, "SELECT count(*) FROM message WHERE tenant_id = $1 AND content = 'Alguém?'", h.ID)
	second := w.told(id.Tenant{}, "434343", postgres.Unclaimed, "{}")
	w.do(http.MethodDelete, "/api/webhook-events/"+second, nil, super).want(http.StatusNoContent)
	if n := w.count("SELECT count(DISTINCT action) FROM platform_audit_entry WHERE entity = 'webhook_event'"); n != 3 {
		t.Errorf("%d kinds of acts are noted, want view, replay and delete", n)
	}
}

// TestDeadLetters: what was given up is shown without guests' words, and goes back into
// its lane in its order.
func TestDeadLetters(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	for _, kind := range []string{"inbox", "handoff", "handoff", "deliver"} {
		w.exec(`INSERT INTO dead_letter (tenant_id, id, kind, key, payload, code, reason, failed_at)
			VALUES ($1, $2, $3, $4, $5, 'refused', 'The flow refused it.', now())`, h.ID, id.New[int]().UUID, kind, "phone:+5512988887777", []byte(kind+" words"))
	}
	r := w.do(http.MethodGet, "/api/dead-letters?kind=inbox", nil, admin)
	r.golden("dead_letters")
	if strings.Contains(string(r.body), "98888") || strings.Contains(string(r.body), "words") {
		t.Errorf("the list holds a guest's number or words: %s", r.body)
	}
	all := w.do(http.MethodGet, "/api/dead-letters?limit=3", nil, admin).want(http.StatusOK)
	if all.json()["total"] != 4.0 || len(all.list()) != 3 || all.list()[0]["kind"] != "deliver" {
		t.Errorf("all: %s", all.body)
	}
	one, _ := all.list()[0]["id"].(string)
	w.do(http.MethodPost, "/api/dead-letters/"+one+"/replay", nil, admin).golden("dead_letter_replayed")
	w.do(http.MethodPost, "/api/dead-letters/"+one+"/replay", nil, admin).want(http.StatusNotFound, "dead_letter_not_found")
	if r := w.do(http.MethodPost, "/api/dead-letters/replay-all", map[string]any{"kind": "handoff"}, admin).want(http.StatusOK).json(); r["replayed"] != 2.0 {
		t.Errorf("replayed %v, want 2", r)
	}
	if r := w.do(http.MethodPost, "/api/dead-letters/replay-all", nil, admin).want(http.StatusOK).json(); r["replayed"] != 1.0 {
		t.Errorf("replayed %v, want 1", r)
	}
	if n := w.count("SELECT count(*) FROM lane_item WHERE tenant_id = $1", h.ID); n != 4 {
		t.Errorf("%d items in lanes, want 4", n)
	}
	if n := w.count("SELECT sum(depth) FROM lane WHERE tenant_id = $1", h.ID); n != 4 {
		t.Errorf("the lanes count %d items, want 4", n)
	}
	w.do(http.MethodPost, "/api/dead-letters/replay-all", map[string]any{"kind": "x"}, admin).want(http.StatusBadRequest, "validation_error")
}
