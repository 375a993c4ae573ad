package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestShapesOfEscalations holds the JSON of contract §1.9.
func TestShapesOfEscalations(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	ana := w.user(h.ID, user.Attendant, "Camburi")
	bearer := as(w.token(ana))
	to := w.chat(h)
	r := w.do(http.MethodPost, "/api/escalations", map[string]any{
		"contactPhoneNumber": string(to.card.Contact.Phone), "reason": "URGENT", "reasonDetail": "Quer falar com alguém", "hotelUnit": "CAMBURI",
	}, bearer).want(http.StatusCreated)
	r.golden("escalation_made")
	e, _ := r.json()["escalation"].(map[string]any)
	at := "/api/escalations/" + e["id"].(string)
	w.do(http.MethodGet, "/api/escalations", nil, bearer).golden("escalations")
	w.do(http.MethodGet, "/api/escalations/stats", nil, bearer).golden("escalation_stats")
	w.do(http.MethodGet, at, nil, bearer).golden("escalation")
	w.do(http.MethodGet, "/api/escalations/check-ia-lock?phoneNumber="+string(to.card.Contact.Phone), nil, bearer).golden("escalation_lock")
	w.do(http.MethodPatch, at, map[string]any{"status": "IN_PROGRESS", "assignedToId": ana.ID.String(), "notes": "Vou ligar"}, bearer).golden("escalation_changed")
	w.do(http.MethodPost, at+"/resolve", map[string]any{"handBack": true}, bearer).golden("escalation_resolved")
	w.do(http.MethodPatch, at, map[string]any{"status": "DONE"}, bearer).golden("refused_escalation_status")
}

// TestEscalationFilters: lists and counts hold what was asked for and nothing that the
// reader may not see; units are found in any spelling.
func TestEscalationFilters(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	ids := map[string]string{}
	for _, unit := range []string{"Camburi", "Ilhabela"} {
		card := pgtest.Conversation(t, w.db, h.Hotel, pgtest.OfUnit(unit))
		ids[unit] = pgtest.Escalation(t, w.db, h.ID, card).ID.String()
	}
	chance := pgtest.Conversation(t, w.db, h.Hotel, pgtest.AsOpportunity())
	ids["chance"] = pgtest.Escalation(t, w.db, h.ID, chance).ID.String()
	w.do(http.MethodPatch, "/api/escalations/"+ids["Camburi"], map[string]any{"status": "RESOLVED"}, admin).want(http.StatusOK)
	all := []string{ids["chance"], ids["Ilhabela"], ids["Camburi"]}
	for query, want := range map[string][]string{
		"": all, "?status=PENDING": all[:2], "?status=RESOLVED": all[2:], "?status=CANCELLED": nil, "?hotelUnit=ilha+BELA": all[1:2],
		"?hotelUnit=Camburi&status=PENDING": nil, "?hotelUnit=Nowhere": nil, "?limit=2": all[:2], "?limit=2&page=2": all[2:], "?page=9": nil,
	} {
		if got := idsOf(w.do(http.MethodGet, "/api/escalations"+query, nil, admin).want(http.StatusOK)); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q: %v, want %v", query, got, want)
		}
	}
	for _, wrong := range []string{"?status=OPEN", "?limit=0", "?limit=101", "?page=0", "?page=x"} {
		w.do(http.MethodGet, "/api/escalations"+wrong, nil, admin).want(http.StatusBadRequest, "validation_error")
	}
	for who, want := range map[*user.User][]string{
		new(w.user(h.ID, user.Attendant, "Camburi")): all[2:], new(w.user(h.ID, user.Head, "Ilhabela")): all[1:2],
		new(w.user(h.ID, user.Sales, "")): all[:1], new(w.user(h.ID, user.Head, "")): all, new(w.user(h.ID, user.Attendant, "")): nil,
	} {
		pass := as(w.token(*who))
		if got := idsOf(w.do(http.MethodGet, "/api/escalations", nil, pass)); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s of %q sees %v, want %v", who.Role, who.Unit, got, want)
		}
		stats := w.do(http.MethodGet, "/api/escalations/stats", nil, pass).want(http.StatusOK).json()
		if stats["total"] != float64(len(want)) {
			t.Errorf("%s of %q counts %v, want %d", who.Role, who.Unit, stats, len(want))
		}
	}
	p := w.do(http.MethodGet, "/api/escalations?limit=2", nil, admin).json()["pagination"]
	if got, want := fmt.Sprint(p), "map[limit:2 page:1 pages:2 total:3 totalPages:2]"; got != want {
		t.Errorf("pagination %v, want %v", got, want)
	}
}

// TestEscalatingForAGuest: people call for a colleague for guests that they may see, and
// for new ones in their own unit; what cannot be read is refused.
func TestEscalatingForAGuest(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	ana := as(w.token(w.user(h.ID, user.Attendant, "Camburi")))
	hidden := pgtest.Conversation(t, w.db, h.Hotel, pgtest.OfUnit("Ilhabela"))
	call := func(phone string, more map[string]any, pass option) response {
		body := map[string]any{"contactPhoneNumber": phone}
		for k, v := range more {
			body[k] = v
		}
		return w.do(http.MethodPost, "/api/escalations", body, pass)
	}
	call(string(hidden.Contact.Phone), nil, ana).want(http.StatusNotFound, "conversation_not_found")
	if n := w.count("SELECT count(*) FROM escalation WHERE tenant_id = $1", h.ID); n != 0 {
		t.Errorf("%d escalations of what she may not see", n)
	}
	r := call("+55 (12) 98888-7777", map[string]any{"reason": "AI_LIMIT_REACHED"}, ana).want(http.StatusCreated).json()
	e, c := r["escalation"].(map[string]any), r["conversation"].(map[string]any)
	if e["reason"] != "AI_UNABLE" || e["hotelUnit"] != "Camburi" || c["hotelUnit"] != "Camburi" || c["iaLocked"] != true || c["priority"] != "HIGH" || c["source"] != "manual" {
		t.Errorf("got %v of %v", e, c)
	}
	again := call("12988887777", map[string]any{"reason": "AI_LIMIT_REACHED"}, ana).want(http.StatusCreated).json()["escalation"].(map[string]any)
	if again["id"] != e["id"] {
		t.Error("calling twice makes two escalations")
	}
	other := call("5512977776666", map[string]any{"reason": "made up", "hotelUnit": "ilha bela", "priority": "LOW"}, as(w.token(h.Admin))).want(http.StatusCreated).json()
	e, c = other["escalation"].(map[string]any), other["conversation"].(map[string]any)
	if e["reason"] != "OTHER" || c["hotelUnit"] != "Ilhabela" || c["priority"] != "LOW" {
		t.Errorf("got %v of %v", e, c)
	}
	call("5512966665555", nil, as(w.token(w.user(h.ID, user.Sales, "")))).want(http.StatusNotFound, "conversation_not_found")
	call("1234567", nil, ana).want(http.StatusBadRequest)
	call("not a phone number", nil, ana).want(http.StatusBadRequest, "phone_invalid")
	call("12988887777", map[string]any{"reasonDetail": strings.Repeat("x", 2000)}, ana).want(http.StatusCreated)
	call("12988887777", map[string]any{"reasonDetail": strings.Repeat("x", 2001)}, ana).want(http.StatusBadRequest, "validation_error")
	call("12988887777", map[string]any{"priority": "SOON"}, ana).want(http.StatusBadRequest, "validation_error")
}

// TestHistoryOfAnEscalation: the dialogue of a flow becomes messages for a guest of whom
// we have none, once, and never for one whose messages we have.
func TestHistoryOfAnEscalation(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	history := []map[string]any{
		{"role": "system", "content": "Você é a recepção."},
		{"role": "user", "content": "Tem vaga?", "timestamp": "2026-01-02T03:04:05Z"},
		{"role": "user", "content": "Tem vaga?", "timestamp": "2026-01-02T03:04:05Z"},
		{"role": "assistant", "content": "Para quando?", "timestamp": 1767323050},
		{"role": "user", "content": "  "},
		{"role": "user", "content": "Sábado", "timestamp": "soon"},
	}
	escalate := func(phone string) string {
		t.Helper()
		r := w.do(http.MethodPost, "/api/n8n/escalate", map[string]any{"phone": phone, "messageHistory": history}, keyed(h.key)).want(http.StatusCreated)
		return r.json()["escalation"].(map[string]any)["id"].(string)
	}
	in := escalate("5512955554444")
	r := w.do(http.MethodGet, "/api/escalations/"+in, nil, as(w.token(h.Admin))).want(http.StatusOK).json()
	var told []string
	for _, m := range r["conversation"].(map[string]any)["messages"].([]any) {
		m := m.(map[string]any)
		told = append(told, fmt.Sprint(m["direction"], ":", m["content"], ":", m["status"], ":", m["metadata"].(map[string]any)["originalRole"]))
	}
	if got, want := strings.Join(told, " "), "INBOUND:Tem vaga?:DELIVERED:user OUTBOUND:Para quando?:DELIVERED:assistant INBOUND:Sábado:DELIVERED:user"; got != want {
		t.Errorf("told %s, want %s", got, want)
	}
	if n := w.count("SELECT count(*) FROM conversation WHERE tenant_id = $1 AND first_reply_at = to_timestamp(1767323050) AND first_human_at IS NULL AND last_inbound_at IS NULL", h.ID); n != 1 {
		t.Error("the bot's answer is not its first reply, or the window opened")
	}
	known := w.chat(h)
	escalate(string(known.card.Contact.Phone))
	if n := w.count("SELECT count(*) FROM message WHERE conversation_id = $1", known.card.ID); n != 1 {
		t.Errorf("%d messages of a guest who wrote one", n)
	}
}

// TestHandlingEscalations: what people do about an escalation, and what is refused.
func TestHandlingEscalations(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	ana := w.user(h.ID, user.Attendant, "Camburi")
	admin := as(w.token(h.Admin))
	to := w.chat(h, pgtest.LockedBy("system"))
	e := to.escalation()
	at := "/api/escalations/" + e
	r := w.do(http.MethodPost, at+"/assign", map[string]any{"userId": ana.ID.String()}, admin).want(http.StatusOK).json()
	c := r["conversation"].(map[string]any)
	if r["status"] != "IN_PROGRESS" || r["attendedById"] != ana.ID.String() || r["attendedAt"] == nil || c["assignedToId"] != ana.ID.String() || c["status"] != "IN_PROGRESS" || c["iaLocked"] != true {
		t.Errorf("assigned: %v", r)
	}
	r = w.do(http.MethodPatch, at, map[string]any{"status": "CANCELLED"}, admin).want(http.StatusOK).json()
	if r["status"] != "CANCELLED" || r["resolvedAt"] == nil || r["attendedById"] != ana.ID.String() || r["conversation"].(map[string]any)["iaLocked"] != true {
		t.Errorf("cancelled: %v", r)
	}
	r = w.do(http.MethodPatch, at, map[string]any{"status": "PENDING"}, admin).want(http.StatusOK).json()
	if r["status"] != "PENDING" || r["resolvedAt"] != nil || r["attendedById"] != nil {
		t.Errorf("reopened: %v", r)
	}
	w.do(http.MethodPatch, at, map[string]any{"status": "IN_PROGRESS", "handBack": true}, admin).want(http.StatusBadRequest, "validation_error")
	w.do(http.MethodPatch, at, map[string]any{"assignedToId": pgtest.User(t, w.db, w.hotel().ID, user.Attendant, "").ID.String()}, admin).want(http.StatusNotFound, "user_not_found")
	for field, limit := range map[string]int{"notes": 2000, "resolution": 2000} {
		w.do(http.MethodPatch, at, map[string]any{field: strings.Repeat("é", limit)}, admin).want(http.StatusOK)
		w.do(http.MethodPatch, at, map[string]any{field: strings.Repeat("é", limit+1)}, admin).want(http.StatusBadRequest, "validation_error")
	}
	r = w.do(http.MethodPost, at+"/resolve", nil, admin).want(http.StatusOK).json()
	if r["status"] != "RESOLVED" || r["conversation"].(map[string]any)["iaLocked"] != true {
		t.Errorf("resolved: %v", r)
	}
	r = w.do(http.MethodPost, at+"/resolve", map[string]any{"notes": "Tudo certo", "handBack": true}, admin).want(http.StatusOK).json()
	if r["notes"] != "Tudo certo" || r["conversation"].(map[string]any)["iaLocked"] != false {
		t.Errorf("handed back: %v", r)
	}
	if n := w.count(`SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'UPDATE_ESCALATION' AND entity_id = $2
		AND (detail || coalesce(before, '{}') || coalesce(after, '{}'))::text !~ 'certo|é'`, h.ID, e); n < 6 {
		t.Errorf("%d audit entries, or one with somebody's words", n)
	}
	super := w.user(tenantless, user.SuperAdmin, "")
	again := to.escalation()
	w.do(http.MethodPatch, "/api/escalations/"+again, map[string]any{"status": "IN_PROGRESS"}, as(w.token(super)), with("X-Tenant-Slug", h.Slug)).want(http.StatusOK)
}

// TestEscalationsFollowTheirConversation: answering, giving, closing and handing back
// say enough about what waited.
func TestEscalationsFollowTheirConversation(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	for name, c := range map[string]struct {
		method, path string
		body         map[string]any
		want         string
	}{
		"answer":     {http.MethodPost, "/messages", map[string]any{"content": "Bom dia"}, "IN_PROGRESS"},
		"assign":     {http.MethodPost, "/assign", map[string]any{"userId": h.Admin.ID.String()}, "IN_PROGRESS"},
		"give":       {http.MethodPatch, "", map[string]any{"assignedToId": h.Admin.ID.String()}, "IN_PROGRESS"},
		"close":      {http.MethodPost, "/close", nil, "RESOLVED"},
		"archive":    {http.MethodPatch, "", map[string]any{"status": "ARCHIVED"}, "RESOLVED"},
		"hand back":  {http.MethodPatch, "/ia-lock", map[string]any{"locked": false}, "RESOLVED"},
		"prioritise": {http.MethodPatch, "", map[string]any{"priority": "LOW"}, "PENDING"},
		"take":       {http.MethodPatch, "/ia-lock", map[string]any{"locked": true}, "PENDING"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := w.on(t)
			to := w.chat(h, pgtest.LockedBy("system"), pgtest.LastInboundAt(w.clock.Now().Add(-time.Minute)))
			e := to.escalation()
			ended := to.escalation()
			w.exec("UPDATE escalation SET state = 'CANCELLED' WHERE id = $1", ended)
			body := any(c.body)
			if c.body == nil {
				body = nil
			}
			if r := w.do(c.method, "/api/conversations/"+to.card.ID.String()+c.path, body, admin); r.status > 201 {
				t.Fatalf("%d %s", r.status, r.body)
			}
			attended := 0
			if c.want != "PENDING" {
				attended = 1
			}
			if n := w.count("SELECT count(*) FROM escalation WHERE id = $1 AND state = $2 AND (attended_by = $3) IS NOT DISTINCT FROM nullif($4, 0)::boolean", e, c.want, h.Admin.ID, attended); n != 1 {
				t.Errorf("the escalation is not %s by the one who did it", c.want)
			}
			if n := w.count("SELECT count(*) FROM escalation WHERE id = $1 AND state = 'CANCELLED'", ended); n != 1 {
				t.Error("one that had ended moved, too")
			}
		})
	}
}

// TestFirstReplies: a conversation remembers when anybody and when a person answered
// first, and when the bot first called for one.
func TestFirstReplies(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	to := w.chat(h, pgtest.LastInboundAt(w.clock.Now().Add(-time.Minute)))
	phone := string(to.card.Contact.Phone)
	start := w.clock.Now()
	answer := func() {
		t.Helper()
		w.do(http.MethodPost, "/api/conversations/"+to.card.ID.String()+"/messages", map[string]any{"content": "Bom dia"}, as(w.token(h.Admin))).want(http.StatusCreated)
	}
	for _, step := range []func(){
		func() {
			w.do(http.MethodPost, "/api/n8n/send-text", map[string]any{"phone": phone, "message": "Oi"}, keyed(h.key)).want(http.StatusOK)
		},
		func() {
			w.do(http.MethodPost, "/api/n8n/escalate", map[string]any{"phone": phone}, keyed(h.key)).want(http.StatusCreated)
		},
		answer, answer,
		func() {
			w.do(http.MethodPost, "/api/n8n/escalate", map[string]any{"phone": phone}, keyed(h.key)).want(http.StatusCreated)
		},
	} {
		step()
		w.clock.Advance(time.Minute)
	}
	if n := w.count("SELECT count(*) FROM conversation WHERE id = $1 AND first_reply_at = $2 AND escalated_at = $3 AND first_human_at = $4",
		to.card.ID, start, start.Add(time.Minute), start.Add(2*time.Minute)); n != 1 {
		t.Error("the first times are others")
	}
}
