package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestShapesOfUsers holds the JSON of a team (contract §1.8).
func TestShapesOfUsers(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	ana := w.user(h.ID, user.Attendant, "Camburi")
	w.enter(ana)
	pgtest.Conversation(t, w.db, h.Hotel, pgtest.AssignedTo(ana.ID))
	w.exec("UPDATE account SET created_at = now() - interval '1 day' WHERE id = $1", h.Admin.ID)
	w.do(http.MethodGet, "/api/users?limit=5", nil, admin).golden("users")
	at := "/api/users/" + ana.ID.String()
	w.do(http.MethodGet, at, nil, admin).golden("user")
	w.do(http.MethodPost, "/api/users", map[string]any{
		"email": "user-0@example.com", "password": password, "name": "Bia", "role": "HEAD", "avatarUrl": "https://example.com/b.png", "hotelUnit": nil,
	}, admin).golden("user_added")
	w.do(http.MethodPatch, at, map[string]any{"avatarUrl": "https://example.com/a.png", "hotelUnit": "ilha bela"}, admin).golden("user_changed")
	w.do(http.MethodPatch, at+"/status", map[string]any{"status": "SUSPENDED"}, admin).golden("user_suspended")
	w.do(http.MethodDelete, "/api/users/"+h.Admin.ID.String(), nil, admin).golden("refused_user")
}

// TestNames: everybody of a team knows who is in it and who was, and nothing more.
func TestNames(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, people := w.team()
	w.user(w.hotel().ID, user.Attendant, "Camburi")
	w.do(http.MethodGet, "/api/users/names", nil, as(w.token(people["Ana"]))).want(http.StatusOK).golden("user_names")
	w.do(http.MethodDelete, "/api/users/"+people["Caio"].ID.String(), nil, as(w.token(h.Admin))).want(http.StatusNoContent)
	w.do(http.MethodGet, "/api/users/names", nil, as(w.token(people["Davi"]))).want(http.StatusOK).golden("user_names_without_caio")
}

// team is a hotel with five people beside its administrator.
func (w *world) team() (hotel, map[string]user.User) {
	w.t.Helper()
	h := w.hotel()
	people := map[string]user.User{}
	for i, p := range []struct {
		name, unit string
		role       user.Role
	}{{"Ana", "Camburi", user.Attendant}, {"Bia 100%", "Ilhabela", user.Attendant}, {"Caio", "", user.Head}, {"Davi", "", user.Sales}, {"Eva", "Camburi", user.Attendant}} {
		u := w.user(h.ID, p.role, p.unit)
		w.exec("UPDATE account SET name = $1, created_at = now() - $2 * interval '1 minute' WHERE id = $3", p.name, 10-i, u.ID)
		people[p.name] = u
	}
	w.exec("UPDATE account SET status = 'INACTIVE' WHERE id = $1", people["Eva"].ID)
	w.exec("UPDATE account SET name = 'Zoe', created_at = now() - interval '1 day' WHERE id = $1", h.Admin.ID)
	return h, people
}

// TestListUsers: every filter works, alone and with others, and so do pages.
func TestListUsers(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, people := w.team()
	w.user(w.hotel().ID, user.Attendant, "Camburi")
	admin := as(w.token(h.Admin))
	for query, want := range map[string]string{
		"":                                  "Eva Davi Caio Bia 100% Ana Zoe",
		"?role=ATTENDANT":                   "Eva Bia 100% Ana",
		"?role=SUPER_ADMIN":                 "",
		"?status=ACTIVE":                    "Davi Caio Bia 100% Ana Zoe",
		"?status=INACTIVE":                  "Eva",
		"?status=SUSPENDED":                 "Eva",
		"?search=AN":                        "Ana",
		"?search=100%25":                    "Bia 100%",
		"?search=_":                         "",
		"?search=" + people["Caio"].Email:   "Caio",
		"?hotelUnit=Camburi":                "Eva Ana",
		"?hotelUnit=ilha-bela":              "Bia 100%",
		"?hotelUnit=Paraty":                 "",
		"?hotelUnit=camburi&status=ACTIVE":  "Ana",
		"?limit=2":                          "Eva Davi",
		"?limit=2&page=2":                   "Caio Bia 100%",
		"?limit=2&page=3":                   "Ana Zoe",
		"?limit=2&page=4":                   "",
		"?role=ATTENDANT&limit=2&page=2":    "Ana",
		"?status=ACTIVE&limit=100&unknown=": "Davi Caio Bia 100% Ana Zoe",
	} {
		var names []string
		r := w.do(http.MethodGet, "/api/users"+query, nil, admin).want(http.StatusOK)
		for _, u := range r.list() {
			names = append(names, u["name"].(string))
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	page := w.do(http.MethodGet, "/api/users?limit=4&page=2", nil, admin).want(http.StatusOK).json()
	if page["total"] != 6.0 || page["pages"] != 2.0 || page["page"] != 2.0 || page["limit"] != 4.0 {
		t.Errorf("envelope: %v", page)
	}
	for _, wrong := range []string{"?limit=0", "?limit=101", "?page=0", "?status=GONE", "?role=OWNER", "?search=" + strings.Repeat("a", 201)} {
		w.do(http.MethodGet, "/api/users"+wrong, nil, admin).want(http.StatusBadRequest, "validation_error")
	}
	w.do(http.MethodGet, "/api/users?search="+strings.Repeat("a", 200), nil, admin).want(http.StatusOK)
}

// TestUserSizes: each field at its limit, and one past it.
func TestUserSizes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	local := strings.Repeat("a", 60) + fmt.Sprint(w.clock.Now().UnixNano())[:4]
	domain := strings.Repeat("b", 60) + "." + strings.Repeat("c", 60) + "." + strings.Repeat("d", 60) + ".example"
	longest := local + "@" + domain[len(local)+1+len(domain)-254:]
	for field, sizes := range map[string][2]string{
		"name":      {strings.Repeat("é", 100), strings.Repeat("é", 101)},
		"password":  {strings.Repeat("p", 72), strings.Repeat("p", 73)},
		"avatarUrl": {"https://example.com/" + strings.Repeat("a", 1980), "https://example.com/" + strings.Repeat("a", 1981)},
		"email":     {longest, "a" + longest},
	} {
		for i, value := range sizes {
			body := map[string]any{"email": unusedEmail(), "password": password, "name": "Bia", "role": "SALES"}
			body[field] = value
			want := []int{http.StatusCreated, http.StatusBadRequest}[i]
			if r := w.do(http.MethodPost, "/api/users", body, admin); r.status != want {
				t.Errorf("%s of %d: %d, want %d: %.200s", field, len([]rune(value)), r.status, want, r.body)
			}
		}
	}
	for field, value := range map[string]any{"password": "1234567", "name": "", "email": "ab"} {
		body := map[string]any{"email": unusedEmail(), "password": password, "name": "Bia", "role": "SALES"}
		body[field] = value
		w.do(http.MethodPost, "/api/users", body, admin).want(http.StatusBadRequest)
	}
}

// TestUserRefusals holds the statuses that package staff's refusals have.
func TestUserRefusals(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, people := w.team()
	theirs := w.user(w.hotel().ID, user.Attendant, "Camburi")
	admin := as(w.token(h.Admin))
	own, ana := "/api/users/"+h.Admin.ID.String(), "/api/users/"+people["Ana"].ID.String()
	pgtest.Conversation(t, w.db, h.Hotel, pgtest.AssignedTo(people["Ana"].ID))
	add := func(field string, value any) map[string]any {
		b := map[string]any{"email": unusedEmail(), "password": password, "name": "Bia", "role": "ATTENDANT", "hotelUnit": "Camburi"}
		b[field] = value
		return b
	}
	for name, c := range map[string]struct {
		method, path string
		body         any
		status       int
		code         string
	}{
		"an attendant without unit":  {http.MethodPost, "/api/users", add("hotelUnit", nil), 400, "unit_required"},
		"an attendant of no unit":    {http.MethodPost, "/api/users", add("hotelUnit", "Paraty"), 400, "unit_unknown"},
		"an attendant loses it":      {http.MethodPatch, ana, map[string]any{"hotelUnit": nil}, 400, "unit_required"},
		"a super admin":              {http.MethodPost, "/api/users", add("role", "SUPER_ADMIN"), 403, "role_not_grantable"},
		"to a super admin":           {http.MethodPatch, ana, map[string]any{"role": "SUPER_ADMIN"}, 403, "role_not_grantable"},
		"a colleague's e-mail":       {http.MethodPost, "/api/users", add("email", people["Caio"].Email), 400, "email_taken"},
		"another hotel's e-mail":     {http.MethodPost, "/api/users", add("email", theirs.Email), 409, "email_taken"},
		"oneself to another role":    {http.MethodPatch, own, map[string]any{"role": "HEAD"}, 400, "own_account"},
		"oneself out":                {http.MethodPatch, own + "/status", map[string]any{"status": "INACTIVE"}, 400, "own_account"},
		"oneself away":               {http.MethodDelete, own, nil, 400, "own_account"},
		"one's own password":         {http.MethodPatch, own, map[string]any{"password": password}, 400, "own_password"},
		"somebody at work":           {http.MethodDelete, ana, nil, 400, "user_has_conversations"},
		"a status of no kind":        {http.MethodPatch, ana + "/status", map[string]any{"status": "GONE"}, 400, "validation_error"},
		"a picture that is a script": {http.MethodPatch, ana, map[string]any{"avatarUrl": "javascript:alert(1)"}, 400, "avatar_invalid"},
		"a second factor of nobody":  {http.MethodDelete, ana + "/totp", nil, 409, "totp_off"},
		"one's own second factor":    {http.MethodDelete, own + "/totp", nil, 400, "own_second_factor"},
		"a stranger":                 {http.MethodGet, "/api/users/" + theirs.ID.String(), nil, 404, "user_not_found"},
	} {
		if r := w.do(c.method, c.path, c.body, admin); r.status != c.status || r.json()["code"] != c.code {
			t.Errorf("%s: %d %s, want %d %s", name, r.status, r.body, c.status, c.code)
		}
	}
	w.do(http.MethodPatch, ana, map[string]any{"avatarUrl": nil, "name": "Ana Maria", "unknown": 1}, admin).want(http.StatusOK)
	w.do(http.MethodPut, ana, map[string]any{"name": "Ana"}, admin).want(http.StatusOK)
}

// TestSuspendedPersonIsOut: at once, with the token that was good a moment ago; and in
// again only by a new log-in.
func TestSuspendedPersonIsOut(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	ana := w.user(h.ID, user.Attendant, "Camburi")
	at := "/api/users/" + ana.ID.String() + "/status"
	access, refresh := w.enter(ana)
	w.do(http.MethodGet, "/api/conversations", nil, as(access)).want(http.StatusOK)
	w.do(http.MethodPatch, at, map[string]any{"status": "SUSPENDED"}, admin).want(http.StatusOK)
	w.do(http.MethodGet, "/api/conversations", nil, as(access)).want(http.StatusUnauthorized, "invalid_token")
	w.do(http.MethodPost, "/auth/refresh", map[string]any{"refreshToken": refresh}).want(http.StatusUnauthorized, "session_ended")
	w.do(http.MethodPost, "/auth/login", map[string]any{"email": ana.Email, "password": password}).want(http.StatusUnauthorized, "invalid_credentials")
	w.do(http.MethodPatch, at, map[string]any{"status": "ACTIVE"}, admin).want(http.StatusOK)
	w.do(http.MethodGet, "/api/conversations", nil, as(access)).want(http.StatusUnauthorized)
	access, _ = w.enter(ana)
	w.do(http.MethodGet, "/api/conversations", nil, as(access)).want(http.StatusOK)
}

// TestPlanLimitOfUsers: a full hotel is told so.
func TestPlanLimitOfUsers(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel(func(row *postgres.TenantRow) { row.Limits.Users = 1 })
	w.do(http.MethodPost, "/api/users", map[string]any{"email": unusedEmail(), "password": password, "name": "Bia", "role": "SALES"}, as(w.token(h.Admin))).
		want(http.StatusConflict, "plan_limit_reached")
}
