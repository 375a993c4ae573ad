package httpapi_test

import (
	"cmp"
	"net/http"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/httpapi"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// caller is somebody at the door, and what they may do there.
type caller struct {
	name string
	user user.User // zero for flows and strangers
	pass []option
	// person: logged in; works: for this hotel; sees: conversations of Camburi.
	person, works, sees bool
	flow                bool
	role                user.Role
}

// callers lists every role, with and without a unit, and those without a role.
func (w *world) callers(h hotel) []caller {
	w.t.Helper()
	hotelHeader := with("X-Tenant-Slug", h.Slug)
	staff := func(name string, role user.Role, unit string, sees bool) caller {
		u := w.user(h.ID, role, unit)
		return caller{name: name, user: u, pass: []option{as(w.token(u)), hotelHeader}, person: true, works: true, sees: sees, role: role}
	}
	operator, homeless := w.user(tenantless, user.SuperAdmin, ""), w.user(tenantless, user.SuperAdmin, "")
	super := as(w.token(operator))
	return []caller{
		{name: "SUPER_ADMIN", user: operator, pass: []option{super, hotelHeader}, person: true, works: true, sees: true, role: user.SuperAdmin},
		{name: "SUPER_ADMIN without a hotel", user: homeless, pass: []option{as(w.token(homeless))}, person: true, role: user.SuperAdmin},
		staff("TENANT_ADMIN", user.TenantAdmin, "", true),
		staff("HEAD", user.Head, "", true),
		staff("HEAD of the unit", user.Head, "Camburi", true),
		staff("HEAD of another unit", user.Head, "Ilhabela", false),
		staff("ATTENDANT", user.Attendant, "", false),
		staff("ATTENDANT of the unit", user.Attendant, "Camburi", true),
		staff("ATTENDANT of another unit", user.Attendant, "Ilhabela", false),
		staff("SALES", user.Sales, "", false),
		{name: "flow", pass: []option{keyed(h.key)}, flow: true},
		{name: "flow with its key as a token", pass: []option{as(h.key)}},
		{name: "somebody with a token as key", pass: []option{keyed(w.token(h.Admin))}},
		{name: "anonymous"},
	}
}

// expected is what the table says of a caller at a row.
func (c caller) expected(row httpapi.Row) int {
	switch row.Who {
	case "anybody":
		return row.Status
	case "somebody":
		switch {
		case !c.person:
			return http.StatusUnauthorized
		case !row.Roles.Has(c.role):
			return http.StatusForbidden
		}
		return row.Status
	case "flow":
		if c.flow {
			return row.Status
		}
		return http.StatusUnauthorized
	}
	switch {
	case !c.person:
		return http.StatusUnauthorized
	case !row.Roles.Has(c.role):
		return http.StatusForbidden
	case !c.works && row.Who == "insider":
		if at := calls[row.Name()].platform; at != 0 {
			return at
		}
		return row.Status
	case !c.works:
		return http.StatusBadRequest // a super admin has to say which hotel
	case calls[row.Name()].names == byConversation && !c.sees:
		return cmp.Or(calls[row.Name()].unseen, http.StatusNotFound)
	default:
		return calls[row.Name()].status(row)
	}
}

// TestAccess tries every route with every role. Whoever may not see a conversation
// cannot find out that there is one.
func TestAccess(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	for _, row := range httpapi.Rows() {
		t.Run(row.Name(), func(t *testing.T) {
			t.Parallel()
			w := w.on(t)
			h := w.hotel() // of this row alone: some change how it is set up
			for _, c := range w.callers(h) {
				to := w.chat(h)
				if !c.user.ID.IsZero() {
					to.caller = c.user
				}
				r := w.do(row.Method, path(row, to), body(row, to), c.pass...)
				if want := c.expected(row); r.status != want {
					t.Errorf("%s: status %d, want %d: %.200s", c.name, r.status, want, r.body)
				}
			}
		})
	}
}

// TestForeignHotel tries every route from another hotel: its people and flow reach
// nothing of the first, whatever they name.
func TestForeignHotel(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	super := as(w.token(pgtest.User(t, w.db, tenantless, user.SuperAdmin, "")))
	for _, row := range httpapi.Rows() {
		t.Run(row.Name(), func(t *testing.T) {
			t.Parallel()
			w := w.on(t)
			home, away := w.hotel(), w.hotel()
			to := w.chat(home)
			at, what := path(row, to), body(row, to)
			before := w.fingerprint(home)
			if row.Who == "colleague" || row.Who == "insider" {
				w.do(row.Method, at, what, as(w.token(away.Admin)), with("X-Tenant-Slug", home.Slug)).
					want(http.StatusForbidden, "tenant_forbidden")
				for _, hostile := range []string{"nobody", home.Slug + "\r\nX-Role: SUPER_ADMIN", strings.Repeat("x", 8000), "' OR 1=1 --", "\xff\x00", home.ID.String()} {
					w.do(row.Method, at, what, as(w.token(away.Admin)), with("X-Tenant-Slug", hostile)).want(http.StatusForbidden)
				}
				w.do(row.Method, at, what, super, with("X-Tenant-Slug", "nobody")).want(http.StatusNotFound, "tenant_not_found")
			}
			c := calls[row.Name()]
			switch {
			case c.foreign != 0:
				pass := keyed(away.key)
				if row.Who == "colleague" || row.Who == "insider" {
					pass = as(w.token(away.Admin))
				}
				r := w.do(row.Method, at, what, pass).want(c.foreign)
				if strings.Contains(string(r.body), to.card.ID.String()) || strings.Contains(string(r.body), to.card.ContactID.String()) {
					t.Errorf("the answer names what is another hotel's: %s", r.body)
				}
			case c.names == byConversation || c.names == byThing:
				w.do(row.Method, at, what, as(w.token(away.Admin))).want(http.StatusNotFound, c.notFound())
				w.do(row.Method, at, what, super, with("X-Tenant-Slug", away.Slug)).want(http.StatusNotFound, c.notFound())
			}
			if after := w.fingerprint(home); after != before {
				t.Error("another hotel changed something")
			}
		})
	}
}

// TestGroupsGrow: whoever is in a group of roles is in every wider one, and the platform's
// operator in all.
func TestGroupsGrow(t *testing.T) {
	t.Parallel()
	groups := httpapi.Groups()
	for i, narrow := range groups {
		for _, wide := range groups[i:] {
			for _, role := range user.Roles {
				if narrow.Has(role) && !wide.Has(role) {
					t.Errorf("%s is in group %d and not in a wider one", role, i)
				}
			}
		}
		if i > 0 && !narrow.Has(user.SuperAdmin) {
			t.Errorf("the operator is not in group %d", i)
		}
	}
}

// fingerprint changes with every row of a hotel that routes can change.
func (w *world) fingerprint(h hotel) int {
	w.t.Helper()
	return w.count(`SELECT hashtext(coalesce(string_agg(row, '|' ORDER BY row), '')) FROM (
		SELECT c::text AS row FROM conversation c WHERE tenant_id = $1 UNION ALL
		SELECT m::text FROM message m WHERE tenant_id = $1 UNION ALL
		SELECT e::text FROM escalation e WHERE tenant_id = $1 UNION ALL
		SELECT a::text FROM account a WHERE tenant_id = $1 UNION ALL
		SELECT h::text FROM tenant h WHERE id = $1 UNION ALL
		SELECT n::text FROM whatsapp_number n WHERE tenant_id = $1 UNION ALL
		SELECT k::text FROM api_key k WHERE tenant_id = $1 UNION ALL
		SELECT t::text FROM conversation_tag t WHERE tenant_id = $1 UNION ALL
		SELECT t::text FROM tag t WHERE tenant_id = $1 UNION ALL
		SELECT q::text FROM quick_reply q WHERE tenant_id = $1 UNION ALL
		SELECT s::text FROM subscription s WHERE tenant_id = $1 UNION ALL
		SELECT d::text FROM webhook_delivery d WHERE tenant_id = $1 UNION ALL
		SELECT l::text FROM dead_letter l WHERE tenant_id = $1 UNION ALL
		SELECT a::text FROM audit_entry a WHERE tenant_id = $1 UNION ALL
		SELECT g::text FROM contact g WHERE tenant_id = $1) all_rows`, h.ID)
}

// TestOpportunities: sales people see what may become a sale, and nothing else.
func TestOpportunities(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	sales := as(w.token(pgtest.User(t, w.db, h.ID, user.Sales, "")))
	plain, chance := w.chat(h), w.chat(h, pgtest.AsOpportunity())
	w.do(http.MethodGet, "/api/conversations/"+plain.card.ID.String(), nil, sales).want(http.StatusNotFound)
	w.do(http.MethodGet, "/api/conversations/"+chance.card.ID.String(), nil, sales).want(http.StatusOK)
	list := w.do(http.MethodGet, "/api/conversations", nil, sales).want(http.StatusOK).list()
	if len(list) != 1 || list[0]["id"] != chance.card.ID.String() {
		t.Errorf("the list holds %v", list)
	}
}

// TestForeignReferences: ids of another hotel inside a good request are refused, and
// tell no more than ids of nobody.
func TestForeignReferences(t *testing.T) {
	t.Parallel()
	w := setup(t)
	home, away := w.hotel(), w.hotel()
	to := w.chat(home)
	admin := as(w.token(home.Admin))
	at := "/api/conversations/" + to.card.ID.String()
	stranger := pgtest.User(t, w.db, away.ID, user.Attendant, "")
	tag := pgtest.Tag(t, w.db, away.ID, "VIP")
	const nobody = "00000000-0000-7000-8000-000000000000"
	for _, who := range []string{stranger.ID.String(), nobody} {
		w.do(http.MethodPost, at+"/assign", map[string]any{"userId": who}, admin).want(http.StatusNotFound, "user_not_found")
		w.do(http.MethodPatch, at, map[string]any{"assignedToId": who}, admin).want(http.StatusNotFound, "user_not_found")
	}
	for _, label := range []string{tag.ID.String(), nobody} {
		r := w.do(http.MethodPatch, at, map[string]any{"tagIds": []string{label}}, admin)
		if r.status >= 500 || r.status < 400 && len(r.json()["tags"].([]any)) > 0 {
			t.Errorf("a tag of another hotel: %d %s", r.status, r.body)
		}
	}
	key := with("Idempotency-Key", "same")
	w.do(http.MethodPost, at+"/messages", map[string]any{"content": "secret plan"}, admin, key).want(http.StatusCreated)
	theirs := w.chat(away)
	r := w.do(http.MethodPost, "/api/conversations/"+theirs.card.ID.String()+"/messages", map[string]any{"content": "hello"}, as(w.token(away.Admin)), key).want(http.StatusCreated)
	if r.json()["content"] != "hello" {
		t.Errorf("an Idempotency-Key reached into another hotel: %s", r.body)
	}
}

// TestSuspendedHotel: neither people nor flow of a suspended hotel get in.
func TestSuspendedHotel(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel(suspended)
	w.do(http.MethodGet, "/api/conversations", nil, as(w.token(h.Admin))).want(http.StatusForbidden, "tenant_suspended")
	w.do(http.MethodGet, "/api/n8n/check-ia-lock?phone=5512988887777", nil, keyed(h.key)).want(http.StatusForbidden, "tenant_suspended")
	u := w.user(h.ID, user.Attendant, "")
	w.do(http.MethodPost, "/auth/login", map[string]any{"email": u.Email, "password": password}).want(http.StatusForbidden, "tenant_suspended")
	w.do(http.MethodPost, "/auth/login", map[string]any{"email": u.Email, "password": "wrong password"}).want(http.StatusUnauthorized)
}
