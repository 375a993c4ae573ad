package httpapi_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// logged puts an entry of a given time into a hotel's log; of the platform's, for the
// empty hotel.
func (w *world) logged(tenantID any, at, actor, action, entity string) string {
	w.t.Helper()
	entry := uuid.NewString()
	if tenantID == nil {
		w.exec("INSERT INTO platform_audit_entry (id, actor, action, entity, created_at) VALUES ($1, $2, $3, $4, $5::timestamptz)", entry, actor, action, entity, at)
	} else {
		w.exec("INSERT INTO audit_entry (tenant_id, id, actor, action, entity, created_at) VALUES ($1, $2, $3, $4, $5, $6::timestamptz)", tenantID, entry, actor, action, entity, at)
	}
	return entry
}

// TestShapesOfTheAuditLog holds the JSON of contract §1.14, beside what the original
// lacked: who, from where, in which request.
func TestShapesOfTheAuditLog(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h)
	w.do(http.MethodPatch, "/api/conversations/"+to.card.ID.String(), map[string]any{"priority": "URGENT"}, admin, with("X-Request-Id", "request-0001")).want(http.StatusOK)
	list := w.do(http.MethodGet, "/api/audit-logs", nil, admin)
	list.golden("audit_logs")
	entry, _ := list.list()[0]["id"].(string)
	w.do(http.MethodGet, "/api/audit-logs/"+entry, nil, admin).golden("audit_log")
	w.do(http.MethodPost, "/api/n8n/escalate", map[string]any{"phone": string(to.card.Contact.Phone)}, keyed(h.key)).want(http.StatusCreated)
	bots := w.do(http.MethodGet, "/api/audit-logs?userId=bot", nil, admin).list()
	if len(bots) != 1 || bots[0]["userId"] != nil || bots[0]["user"] != nil || bots[0]["actor"] != "bot" {
		t.Errorf("the bot's entries: %v", bots)
	}
}

// TestAuditFilters: days are the hotel's days, and the last one is included.
func TestAuditFilters(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel() // in São Paulo, three hours behind
	admin := as(w.token(h.Admin))
	ana := w.user(h.ID, user.Attendant, "").ID.String()
	first := w.logged(h.ID, "2026-03-01T02:59:59Z", ana, "LOGIN", "user") // still February there
	second := w.logged(h.ID, "2026-03-01T03:00:00Z", "bot", "ESCALATE", "conversation")
	third := w.logged(h.ID, "2026-03-02T02:59:59Z", ana, "LOGIN", "user")
	fourth := w.logged(h.ID, "2026-03-02T03:00:00Z", ana, "UPDATE_USER", "user")
	w.logged(w.hotel().ID, "2026-03-01T12:00:00Z", ana, "LOGIN", "user")
	w.logged(nil, "2026-03-01T12:00:00Z", ana, "LOGIN", "user")
	all := []string{fourth, third, second, first}
	for query, want := range map[string][]string{
		"": all, "?startDate=2026-03-01&endDate=2026-03-01": all[1:3], "?startDate=2026-03-02": all[:1], "?endDate=2026-02-28": all[3:],
		"?startDate=2026-03-01T03:00:00Z&endDate=2026-03-02T00:00:00-03:00": all[1:3], "?action=LOGIN": {third, first}, "?entity=conversation": all[2:3],
		"?userId=" + ana: {fourth, third, first}, "?userId=bot&action=LOGIN": nil, "?limit=3&page=2": all[3:], "?page=3": nil,
	} {
		if got := idsOf(w.do(http.MethodGet, "/api/audit-logs"+query, nil, admin).want(http.StatusOK)); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q lists %v, want %v", query, got, want)
		}
	}
	for _, wrong := range []string{"startDate=yesterday", "endDate=2026-13-01", "startDate=2026-02-30", "startDate=0001-01-01", "startDate=2026-03-02&endDate=2026-02-01", "userId=ana", "page=0", "limit=101"} {
		w.do(http.MethodGet, "/api/audit-logs?"+wrong, nil, admin).want(http.StatusBadRequest, "validation_error")
	}
	if r := w.do(http.MethodGet, "/api/audit-logs?limit=3", nil, admin).json(); r["total"] != 4.0 || r["pages"] != 2.0 || r["page"] != 1.0 || r["limit"] != 3.0 {
		t.Errorf("pages: %v", r)
	}
}

// TestAuditOfThePlatform: whoever runs the platform sees all logs, or one hotel's, and
// nobody else sees another's.
func TestAuditOfThePlatform(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := w.hotel(), w.hotel()
	operator := w.user(tenantless, user.SuperAdmin, "")
	super := as(w.token(operator))
	platform := w.logged(nil, "2026-03-03T00:00:00Z", operator.ID.String(), "CREATE_TENANT", "tenant")
	theirs := w.logged(other.ID, "2026-03-02T00:00:00Z", other.Admin.ID.String(), "LOGIN", "user")
	ours := w.logged(h.ID, "2026-03-01T12:00:00Z", h.Admin.ID.String(), "LOGIN", "user")
	on := "?startDate=2026-03-01&endDate=2026-03-31"
	r := w.do(http.MethodGet, "/api/audit-logs"+on, nil, super).want(http.StatusOK)
	if got := idsOf(r); strings.Join(got, " ") != strings.Join([]string{platform, theirs, ours}, " ") {
		t.Errorf("the operator sees %v", got)
	}
	for i, want := range []string{operator.Name, other.Admin.Name, h.Admin.Name} {
		if got := r.list()[i]["user"].(map[string]any)["name"]; got != want {
			t.Errorf("entry %d is by %v, want %s", i, got, want)
		}
	}
	for query, want := range map[string][]string{"&action=LOGIN": {theirs, ours}, "&limit=1&page=2": {theirs}, "&limit=1&page=4": nil, "&entity=tenant": {platform}} {
		if got := idsOf(w.do(http.MethodGet, "/api/audit-logs"+on+query, nil, super).want(http.StatusOK)); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	w.do(http.MethodGet, "/api/audit-logs?page=101&limit=100", nil, super).want(http.StatusBadRequest, "validation_error")
	w.do(http.MethodGet, "/api/audit-logs?page=100&limit=100", nil, super).want(http.StatusOK)
	if got := idsOf(w.do(http.MethodGet, "/api/audit-logs"+on, nil, super, with("X-Tenant-Slug", h.Slug))); strings.Join(got, " ") != ours {
		t.Errorf("the operator at one hotel sees %v", got)
	}
	for _, entry := range []string{platform, theirs, ours} {
		w.do(http.MethodGet, "/api/audit-logs/"+entry, nil, super).want(http.StatusOK)
	}
	admin := as(w.token(h.Admin))
	for _, entry := range []string{platform, theirs} {
		w.do(http.MethodGet, "/api/audit-logs/"+entry, nil, admin).want(http.StatusNotFound, "audit_log_not_found")
	}
}

// TestClientErrors: every dashboard may report that it broke; what a guest said or
// typed is left out, and so is what is too long.
func TestClientErrors(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	report := func(u user.User, body map[string]any) response {
		return w.do(http.MethodPost, "/api/audit-logs/client-error", body, as(w.token(u)))
	}
	ana := w.user(h.ID, user.Attendant, "")
	report(ana, map[string]any{
		"message": `Unexpected token 'O', "Olá, sou a Marina" is not valid JSON for marina@example.com at +55 (12) 98888-7777`,
		"stack":   strings.Repeat("at f (app.js:1:2)\n", 1000), "url": "https://x:y@hotel.example/dashboard?search=Marina#Marina", "userAgent": "Chrome/120.0.0.0",
	}).want(http.StatusOK).golden("client_error")
	detail := w.do(http.MethodGet, "/api/audit-logs?action=CLIENT_ERROR", nil, as(w.token(h.Admin))).list()[0]["metadata"].(map[string]any)
	for _, secret := range []string{"Marina", "marina", "98888", "?", "x:y"} {
		if strings.Contains(fmt.Sprint(detail), secret) {
			t.Errorf("the report holds %q: %v", secret, detail)
		}
	}
	if detail["url"] != "https://hotel.example/dashboard" || detail["userAgent"] != "Chrome/120.0.0.0" || len(detail["stack"].(string)) > 5000 {
		t.Errorf("the report is %v", detail)
	}
	super := w.user(tenantless, user.SuperAdmin, "")
	report(super, map[string]any{"message": "x"}).want(http.StatusOK)
	if n := w.count("SELECT count(*) FROM platform_audit_entry WHERE action = 'CLIENT_ERROR' AND actor = $1", super.ID.String()); n != 1 {
		t.Errorf("%d reports of the platform's dashboard", n)
	}
	report(ana, map[string]any{"message": ""}).want(http.StatusBadRequest)
	report(ana, map[string]any{}).want(http.StatusBadRequest)
	report(ana, map[string]any{"message": strings.Repeat("é", 2001)}).want(http.StatusOK)
	if n := w.count("SELECT max(length(detail->>'message')) FROM audit_entry WHERE tenant_id = $1 AND action = 'CLIENT_ERROR'", h.ID); n != 2000 {
		t.Errorf("a message of %d characters is kept", n)
	}
}

// TestWhoSeesTheAuditLog: heads of units, attendants and sales people do not.
func TestWhoSeesTheAuditLog(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	for _, role := range []user.Role{user.Head, user.Attendant, user.Sales} {
		pass := as(w.token(pgtest.User(t, w.db, h.ID, role, "")))
		w.do(http.MethodGet, "/api/audit-logs", nil, pass).want(http.StatusForbidden, "role_forbidden")
		w.do(http.MethodGet, "/api/webhook-events", nil, pass).want(http.StatusForbidden, "role_forbidden")
	}
}

// TestAuditExport: the log as a table for spreadsheet programs: all of it up to a bound,
// without formulas, and noted.
func TestAuditExport(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	w.logged(h.ID, "2026-03-01T12:00:00Z", h.Admin.ID.String(), "LOGIN", "=HYPERLINK(1)")
	w.logged(h.ID, "2026-03-02T12:00:00Z", "bot", "ESCALATE", "conversation")
	w.exec("UPDATE audit_entry SET detail = '{\"reason\": \"OTHER\"}' WHERE action = 'ESCALATE'")
	r := w.do(http.MethodGet, "/api/audit-logs/export?startDate=2026-03-01&endDate=2026-03-31", nil, admin).want(http.StatusOK)
	if r.header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(r.header.Get("Content-Disposition"), `attachment; filename="auditoria-20`) || r.header.Get("X-Export-Truncated") != "" {
		t.Errorf("headers %v", r.header)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(r.body), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, want := range []string{"Data Quem Ação Objeto", "2026-03-02 09:00:00 bot ESCALATE conversation", "2026-03-01 09:00:00 " + h.Admin.Name + " LOGIN '=HYPERLINK(1)"} {
		if got := strings.Join(rows[i][:4], " "); got != want {
			t.Errorf("row %d is %q, want %q", i, got, want)
		}
	}
	if rows[1][5] != `{"reason": "OTHER"}` {
		t.Errorf("the detail is %q", rows[1][5])
	}
	if n := w.count("SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'EXPORT_AUDIT_LOG' AND detail->>'rows' = '2'", h.ID); n != 1 {
		t.Error("the export is not noted")
	}
	w.exec("INSERT INTO audit_entry (tenant_id, id, actor, action, entity, created_at) SELECT $1, gen_random_uuid(), 'bot', 'x', 'y', '2026-05-01'::timestamptz + n % 3000 * interval '1 s' FROM generate_series(1, 10001) n", h.ID)
	r = w.do(http.MethodGet, "/api/audit-logs/export?action=x", nil, admin).want(http.StatusOK)
	if n := strings.Count(string(r.body), "\r\n"); n != 10_001 || r.header.Get("X-Export-Truncated") != "true" {
		t.Errorf("%d lines, X-Export-Truncated %q", n, r.header.Get("X-Export-Truncated"))
	}
	seen := map[string]bool{}
	for _, line := range strings.Split(string(r.body), "\r\n") {
		seen[line[max(0, len(line)-36):]] = true
	}
	if len(seen) != 10_002 { // each entry once, the header, and the end
		t.Errorf("%d different ids", len(seen))
	}
	w.do(http.MethodGet, "/api/audit-logs/export?startDate=x", nil, admin).want(http.StatusBadRequest, "validation_error")
	super := as(w.token(w.user(tenantless, user.SuperAdmin, "")))
	w.do(http.MethodGet, "/api/audit-logs/export?action=LOGIN", nil, super).want(http.StatusOK)
}
