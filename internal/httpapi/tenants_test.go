package httpapi_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// operator is who runs the platform, as the original's dashboard calls: with the slug of
// some hotel, which must not matter.
func (w *world) operator() []option {
	w.t.Helper()
	u := pgtest.User(w.t, w.db, tenantless, user.SuperAdmin, "")
	return []option{as(w.token(u)), with("X-Tenant-Slug", "hoteis-reserva")}
}

// TestTenantsOfThePlatform is a hotel's life, from its making to its end.
func TestTenantsOfThePlatform(t *testing.T) {
	t.Parallel()
	w := setup(t)
	operator := w.operator()
	created := w.do(http.MethodPost, "/api/tenants", map[string]any{
		"name": "Mar Azul", "slug": "mar-azul", "email": "gerente@marazul.example", "plan": "PROFESSIONAL",
	}, operator...).want(http.StatusCreated).json()
	made := created["tenant"].(map[string]any)
	for key, want := range map[string]any{
		"slug": "mar-azul", "status": "TRIAL", "plan": "PRO", "maxAttendants": 10.0, "maxUsers": 10.0, "maxMessages": 10_000.0,
		"maxContacts": 0.0, "isWhatsappConnected": false, "trialEnded": false,
	} {
		if made[key] != want {
			t.Errorf("%s is %v, want %v", key, made[key], want)
		}
	}
	if ends, _ := time.Parse(time.RFC3339, made["trialEndsAt"].(string)); !ends.Equal(w.clock.Now().Add(14 * 24 * time.Hour)) {
		t.Errorf("the trial ends at %v", made["trialEndsAt"])
	}
	admin := created["adminUser"].(map[string]any)
	if admin["temporaryPassword"] != created["tempPassword"] || created["loginUrl"] != "https://mar-azul.example.com" ||
		created["webhookUrl"] != "https://api.example.com/webhooks/whatsapp?tenant=mar-azul" || created["emailSent"] != false {
		t.Errorf("answered %v", created)
	}
	w.do(http.MethodGet, "/api/n8n/check-ia-lock?phone=5512988887777", nil, keyed(created["apiKey"].(string))).want(http.StatusOK)
	w.do(http.MethodPost, "/auth/login", map[string]any{"email": admin["email"], "password": password}).want(http.StatusOK)

	at := "/api/tenants/" + made["id"].(string)
	listed := w.do(http.MethodGet, "/api/tenants?search=AZUL&status=TRIAL", nil, operator...).want(http.StatusOK).list()
	if len(listed) != 1 || listed[0]["_count"].(map[string]any)["users"] != 1.0 {
		t.Errorf("listed %v", listed)
	}
	w.do(http.MethodGet, "/api/tenants?status=ACTIVE&search=azul", nil, operator...).wantNone()
	w.do(http.MethodGet, "/api/tenants?search=%25", nil, operator...).wantNone()
	w.do(http.MethodPatch, at, map[string]any{"status": "ACTIVE", "maxAttendants": 0, "trialEndsAt": ""}, operator...).want(http.StatusOK)
	got := w.do(http.MethodGet, at, nil, operator...).want(http.StatusOK).json()
	if got["status"] != "ACTIVE" || got["maxUsers"] != 0.0 || got["trialEndsAt"] != nil || got["maxMessages"] != 10_000.0 {
		t.Errorf("changed into %v", got)
	}
	w.do(http.MethodDelete, at, nil, operator...).want(http.StatusConflict, "tenant_not_cancelled")
	w.do(http.MethodDelete, at+"?confirm=mar", nil, operator...).want(http.StatusConflict, "tenant_not_cancelled")
	w.do(http.MethodDelete, at+"?confirm=mar-azul", nil, operator...).want(http.StatusNoContent)
	w.do(http.MethodGet, at, nil, operator...).want(http.StatusNotFound, "tenant_not_found")
	w.do(http.MethodDelete, at, nil, operator...).want(http.StatusNotFound, "tenant_not_found")
	const entries = `SELECT count(*) FROM platform_audit_entry WHERE entity = 'tenant' AND entity_id = $1 AND action = $2 AND actor <> 'system'`
	for _, action := range []string{"CREATE_TENANT", "DELETE_TENANT"} {
		if n := w.count(entries, made["id"], action); n != 1 {
			t.Errorf("%d entries %s in the platform's log", n, action)
		}
	}
	if n := w.count(`SELECT count(*) FROM platform_audit_entry WHERE (before::text || after::text) ~ $1`, created["tempPassword"]); n != 0 {
		t.Error("the log holds the password")
	}
}

// wantNone checks that a list is empty.
func (r response) wantNone() {
	r.t.Helper()
	if found := r.want(http.StatusOK).list(); len(found) != 0 {
		r.t.Errorf("listed %v", found)
	}
}

// TestNewTenantRefusals: sizes at and beyond each limit, and what is taken.
func TestNewTenantRefusals(t *testing.T) {
	t.Parallel()
	w := setup(t)
	operator, h := w.operator(), w.hotel()
	for name, c := range map[string]struct {
		change map[string]any
		status int
		code   string
	}{
		"slug is taken":          {map[string]any{"slug": h.Slug}, 409, "slug_taken"},
		"e-mail is taken":        {map[string]any{"email": strings.ToUpper(h.Admin.Email)}, 409, "email_taken"},
		"slug of two":            {map[string]any{"slug": "ab"}, 400, "validation_error"},
		"slug of three":          {map[string]any{"slug": "abc"}, 201, ""},
		"slug of sixty":          {map[string]any{"slug": strings.Repeat("a", 60)}, 201, ""},
		"slug of sixty-one":      {map[string]any{"slug": strings.Repeat("a", 61)}, 400, "validation_error"},
		"slug in capitals":       {map[string]any{"slug": "ABC"}, 400, "slug_invalid"},
		"name of one":            {map[string]any{"name": "x"}, 400, "validation_error"},
		"name of two":            {map[string]any{"name": "xy"}, 201, ""},
		"name of a hundred":      {map[string]any{"name": strings.Repeat("é", 100)}, 201, ""},
		"name of more":           {map[string]any{"name": strings.Repeat("é", 101)}, 400, "validation_error"},
		"no e-mail":              {map[string]any{"email": "nobody"}, 400, "email_invalid"},
		"unknown plan":           {map[string]any{"plan": "GOLD"}, 400, "validation_error"},
		"plan in small letters":  {map[string]any{"plan": "enterprise"}, 201, ""},
		"negative limit":         {map[string]any{"maxMessages": -1}, 400, "validation_error"},
		"limit of nothing":       {map[string]any{"maxMessages": 0, "maxAttendants": 0}, 201, ""},
		"largest limit":          {map[string]any{"maxMessages": 1_000_000_000}, 201, ""},
		"larger limit":           {map[string]any{"maxMessages": 1_000_000_001}, 400, "validation_error"},
		"half a user":            {map[string]any{"maxUsers": 1.5}, 400, "validation_error"},
		"trial without end":      {map[string]any{"trialEndsAt": ""}, 201, ""},
		"trial until no day":     {map[string]any{"trialEndsAt": "2026-02-30"}, 400, "validation_error"},
		"the same unit twice":    {map[string]any{"units": []string{"Ilha Bela", "ilhabela"}}, 400, "units_invalid"},
		"a unit without a name":  {map[string]any{"units": []string{" - "}}, 400, "units_invalid"},
		"unknown keys":           {map[string]any{"stripe": map[string]any{}}, 201, ""},
		"a super admin's e-mail": {map[string]any{"email": "x@y"}, 201, ""},
	} {
		body := calls["POST /api/tenants"].body(chat{})
		for key, value := range c.change {
			body[key] = value
		}
		r := w.do(http.MethodPost, "/api/tenants", body, operator...)
		if r.status != c.status || c.code != "" && r.json()["code"] != c.code {
			t.Errorf("%s: %d %.200s", name, r.status, r.body)
		}
	}
}

// TestSuspension: who works for a hotel is out with the next request after it was
// suspended, or its trial ended, and in again after.
func TestSuspension(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	operator, h := w.operator(), w.hotel(func(row *postgres.TenantRow) { row.Bot.URL = "https://flows.example.com/bot" })
	at, admin, to := "/api/tenants/"+h.ID.String(), as(w.token(h.Admin)), w.chat(h)
	people := func(status int, code ...string) {
		t.Helper()
		w.do(http.MethodGet, "/api/conversations", nil, admin).want(status, code...)
		w.do(http.MethodGet, "/api/n8n/check-ia-lock?phone="+string(to.card.Contact.Phone), nil, keyed(h.key)).want(status, code...)
	}
	people(http.StatusOK)
	const handed = "SELECT count(*) FROM lane_item WHERE tenant_id = $1 AND kind = 'handoff'"
	w.deliver(h.appSecret, delivery(h, w.text("5512988880009", "Oi"))).received()
	w.eventually(1, handed, h.ID)
	w.do(http.MethodPatch, at, map[string]any{"status": "SUSPENDED"}, operator...).want(http.StatusOK)
	people(http.StatusForbidden, "tenant_suspended")
	w.do(http.MethodPatch, at, map[string]any{"status": "TRIAL", "trialEndsAt": w.clock.Now().Add(time.Second).Format(time.RFC3339Nano)}, operator...).want(http.StatusOK)
	people(http.StatusOK)
	w.clock.Advance(time.Minute)
	people(http.StatusForbidden, "trial_ended")
	w.do(http.MethodPost, "/auth/login", map[string]any{"email": w.user(h.ID, user.Attendant, "Camburi").Email, "password": password}).want(http.StatusForbidden, "trial_ended")
	before := w.count("SELECT count(*) FROM message WHERE tenant_id = $1", h.ID)
	w.deliver(h.appSecret, delivery(h, w.text("5512988880001", "Oi"))).received()
	w.eventually(before+1, "SELECT count(*) FROM message WHERE tenant_id = $1", h.ID) // guests are heard
	if n := w.count(handed, h.ID); n != 1 {
		t.Errorf("%d messages for the flow of a hotel that may not work", n-1)
	}
	w.do(http.MethodPatch, at, map[string]any{"status": "ACTIVE"}, operator...).want(http.StatusOK)
	people(http.StatusOK)
}

// TestTenantSecrets: no answer about a hotel holds a secret, sealed or open.
func TestTenantSecrets(t *testing.T) {
	t.Parallel()
	w := setup(t)
	operator, h := w.operator(), w.hotel()
	admin := []option{as(w.token(h.Admin))}
	for at, who := range map[string][]option{
		"/api/tenants?search=" + h.Slug: operator, "/api/tenants/" + h.ID.String(): operator, "/api/tenants/" + h.ID.String() + "/stats": operator,
		"/api/tenants/current": admin, "/api/tenants/whatsapp-config": admin, "/api/tenants/n8n-config": admin, "/api/tenants/numbers": admin,
	} {
		r := w.do(http.MethodGet, at, nil, who...).want(http.StatusOK)
		if strings.Contains(string(r.body), "v1.") || strings.Contains(string(r.body), h.key) {
			t.Errorf("%s: %s", at, r.body)
		}
	}
}

// secretFields are what is shown once, and is different each time.
var secretFields = regexp.MustCompile(`"(apiKey|botSecret|verifyToken|tempPassword|temp_password|temporaryPassword|secret)":"[^"]+"`)

// numberTexts are the numbers that pgtest makes.
var numberTexts = regexp.MustCompile(`"(106000\d{9}|207000\d{9}|\+55 12 3\d{7})"`)

// goldenOnce is golden for answers that show what is shown once, and for numbers.
func (r response) goldenOnce(name string) {
	r.t.Helper()
	r.body = secretFields.ReplaceAll(r.body, []byte(`"$1":"<once>"`))
	r.body = numberTexts.ReplaceAll(r.body, []byte(`"<number>"`))
	r.golden(name)
}

// TestShapesOfTenants holds the JSON of contract §1.11, §1.14 and §8.4.
func TestShapesOfTenants(t *testing.T) {
	t.Parallel()
	w := setup(t)
	operator, h := w.operator(), w.hotel(func(row *postgres.TenantRow) { row.Limits = tenant.Limits{Users: 10, Messages: 100} })
	admin := as(w.token(h.Admin))
	w.chat(h)
	w.do(http.MethodPost, "/api/tenants", map[string]any{"name": "Mar Azul", "slug": "mar-azul", "email": "gerente@marazul.example"}, operator...).
		want(http.StatusCreated).goldenOnce("tenant_created")
	w.do(http.MethodGet, "/api/tenants?limit=1&page=2", nil, operator...).golden("tenants")
	at := "/api/tenants/" + h.ID.String()
	w.do(http.MethodGet, at, nil, operator...).goldenOnce("tenant")
	w.do(http.MethodPatch, at, map[string]any{"maxMessages": 200}, operator...).goldenOnce("tenant_changed")
	w.do(http.MethodGet, at+"/stats", nil, operator...).golden("tenant_stats")
	w.do(http.MethodGet, "/api/tenants/current", nil, admin).golden("settings")
	w.do(http.MethodGet, "/api/tenants/whatsapp-config", nil, admin).goldenOnce("whatsapp_config")
	w.do(http.MethodGet, "/api/tenants/numbers", nil, admin).goldenOnce("numbers")
	w.do(http.MethodGet, "/api/n8n/check-ia-lock?phone=5512988887777", nil, keyed(h.key)).want(http.StatusOK)
	w.do(http.MethodPut, "/api/tenants/n8n-config", map[string]any{"legacyKey": true, "rotateSecret": true}, admin).goldenOnce("flow_config")
	w.do(http.MethodPost, "/api/tenants/n8n-config/rotate-key", map[string]any{}, admin).goldenOnce("flow_key")
	w.do(http.MethodGet, "/api/usage-tracking", nil, admin).golden("usage")
	w.do(http.MethodGet, "/api/usage-tracking/current", nil, admin).golden("usage_current")
}

// TestPlanLimit: a hotel sends what its plan allows in a month, and no more; guests are
// heard all the same, and what was sent before is still found under its id.
func TestPlanLimit(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel(func(row *postgres.TenantRow) { row.Limits = tenant.Limits{Users: 4, Messages: 5} })
	admin, to := as(w.token(h.Admin)), w.chat(h)
	send := func(id string) response {
		return w.do(http.MethodPost, "/api/conversations/"+to.card.ID.String()+"/messages", map[string]any{"content": "Bom dia!", "clientId": id}, admin)
	}
	current := func() map[string]any {
		return w.do(http.MethodGet, "/api/usage-tracking/current", nil, admin).want(http.StatusOK).json()
	}
	for _, id := range []string{"1", "2", "3"} {
		send(id).want(http.StatusCreated)
	}
	if got := messagesOf(current()); got["warning"] != false || got["used"] != 3.0 || got["share"] != 0.6 {
		t.Errorf("after three of five: %v", got)
	}
	w.clock.Advance(6 * time.Second) // what was remembered is counted anew
	send("4").want(http.StatusCreated)
	if got := messagesOf(current()); got["warning"] != true || got["reached"] != false {
		t.Errorf("after four of five: %v", got)
	}
	send("5").want(http.StatusCreated)
	if r := send("6").want(http.StatusConflict, "plan_limit_reached"); !strings.Contains(string(r.body), "the 5 messages") {
		t.Errorf("the refusal says not how many: %s", r.body)
	}
	send("5").want(http.StatusCreated) // the same message again is the same message
	w.exec("UPDATE conversation SET locked = false WHERE tenant_id = $1", h.ID)
	w.do(http.MethodPost, "/api/n8n/send-text", map[string]any{"phone": string(to.card.Contact.Phone), "message": "Oi"}, keyed(h.key)).
		want(http.StatusConflict, "plan_limit_reached")
	got := current()
	if messagesOf(got)["reached"] != true || got["sentCount"] != 5.0 || got["messagesCount"] != 6.0 || got["conversationsCount"] != 1.0 {
		t.Errorf("at the limit: %v", got)
	}
	w.deliver(h.appSecret, delivery(h, w.text("5512988880002", "Oi"))).received()
	w.eventually(7, "SELECT count(*) FROM message WHERE tenant_id = $1", h.ID)
	w.do(http.MethodPatch, "/api/tenants/"+h.ID.String(), map[string]any{"maxMessages": 6}, w.operator()...).want(http.StatusOK)
	send("6").want(http.StatusCreated)
	send("7").want(http.StatusConflict, "plan_limit_reached")
}

func messagesOf(current map[string]any) map[string]any {
	return current["limits"].(map[string]any)["messages"].(map[string]any)
}
