package httpapi_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/httpapi"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/ratelimit"
)

// sendLetters sends the letters that are asked for, until the test ends.
func (w *world) sendLetters() {
	w.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { w.auth.SendLetters(ctx); close(ended) }()
	w.t.Cleanup(func() { stop(); <-ended })
}

// enter logs somebody in and returns their tokens.
func (w *world) enter(u user.User) (access, refresh string) {
	w.t.Helper()
	r := w.do(http.MethodPost, "/auth/login", map[string]any{"email": u.Email, "password": password}, with("User-Agent", "Firefox")).want(http.StatusOK)
	return r.json()["accessToken"].(string), r.json()["refreshToken"].(string)
}

// TestChangePasswordAtTheDoor: the other log-ins end, a wrong password is 401 as it was,
// and whoever tries too often waits.
func TestChangePasswordAtTheDoor(t *testing.T) {
	t.Parallel()
	w := setup(t, limitGuesses)
	ana := w.user(w.hotel().ID, user.Attendant, "Camburi")
	here, _ := w.enter(ana)
	there, refresh := w.enter(ana)
	w.do(http.MethodGet, "/auth/me", nil, as(there)).want(http.StatusOK)
	change := func(body map[string]any) response {
		return w.do(http.MethodPost, "/auth/change-password", body, as(here))
	}
	change(map[string]any{"newPassword": "another horse"}).want(http.StatusBadRequest, "validation_error")
	change(map[string]any{"oldPassword": password, "newPassword": "1234567"}).want(http.StatusBadRequest, "validation_error")
	change(map[string]any{"oldPassword": password, "newPassword": strings.Repeat("é", 37)}).want(http.StatusBadRequest, "password_invalid")
	for range 10 { // five tries of a dashboard that asks again after it refreshed
		change(map[string]any{"oldPassword": "wrong password", "newPassword": "another horse"}).want(http.StatusUnauthorized, "password_wrong")
	}
	change(map[string]any{"oldPassword": password, "newPassword": "another horse"}).want(http.StatusTooManyRequests, "rate_limited")
	w.clock.Advance(15 * time.Minute)
	change(map[string]any{"currentPassword": password, "newPassword": "another horse"}).want(http.StatusOK).golden("password_changed")
	w.do(http.MethodGet, "/auth/me", nil, as(here)).want(http.StatusOK)
	w.do(http.MethodGet, "/auth/me", nil, as(there)).want(http.StatusUnauthorized, "invalid_token")
	w.do(http.MethodPost, "/auth/refresh", map[string]any{"refreshToken": refresh}).want(http.StatusUnauthorized, "session_ended")
}

// limitGuesses leaves out the limits that have nothing to do with passwords.
func limitGuesses(d *httpapi.Deps) {
	d.Limits.Login = ratelimit.Policy{Name: "login", Count: 5, Window: 15 * time.Minute}
}

// TestOwnLogins: everybody sees and ends their own log-ins only.
func TestOwnLogins(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	ana, bia := w.user(h.ID, user.Attendant, "Camburi"), w.user(h.ID, user.Attendant, "Camburi")
	here, _ := w.enter(ana)
	there, _ := w.enter(ana)
	stranger, _ := w.enter(bia)
	r := w.do(http.MethodGet, "/auth/sessions", nil, as(here)).want(http.StatusOK)
	r.golden("sessions")
	var other, own string
	for _, l := range r.list() {
		if l["current"] == true {
			own = l["id"].(string)
		} else {
			other = l["id"].(string)
		}
	}
	w.do(http.MethodDelete, "/auth/sessions/"+own, nil, as(stranger)).want(http.StatusNotFound, "session_not_found")
	w.do(http.MethodDelete, "/auth/sessions/"+other, nil, as(here)).want(http.StatusNoContent)
	w.do(http.MethodDelete, "/auth/sessions/"+other, nil, as(here)).want(http.StatusNotFound, "session_not_found")
	w.do(http.MethodGet, "/auth/me", nil, as(there)).want(http.StatusUnauthorized)
	w.do(http.MethodDelete, "/auth/sessions/"+own, nil, as(here)).want(http.StatusNoContent)
	w.do(http.MethodGet, "/auth/me", nil, as(here)).want(http.StatusUnauthorized)
}

// TestForgottenPasswordAtTheDoor: nobody learns who has an account.
func TestForgottenPasswordAtTheDoor(t *testing.T) {
	t.Parallel()
	w := setup(t, limitGuesses)
	w.sendLetters()
	ana := w.user(w.hotel().ID, user.Attendant, "Camburi")
	forgot := func(email string) response {
		return w.do(http.MethodPost, "/auth/forgot-password", map[string]any{"email": email})
	}
	known, unknown := forgot(ana.Email).want(http.StatusAccepted), forgot("nobody@example.com").want(http.StatusAccepted)
	known.golden("forgot")
	if string(known.body) != string(unknown.body) {
		t.Errorf("told apart: %s %s", known.body, unknown.body)
	}
	token := w.awaitToken()
	reset := func(token, name, password string) response {
		return w.do(http.MethodPost, "/auth/reset-password", map[string]any{"token": token, name: password})
	}
	reset("guess", "newPassword", "another horse").want(http.StatusBadRequest, "reset_token_invalid")
	reset(token, "newPassword", "short").want(http.StatusBadRequest, "password_invalid")
	reset(token, "password", "another horse").want(http.StatusOK).golden("reset")
	reset(token, "newPassword", "another horse").want(http.StatusBadRequest, "reset_token_invalid")
	w.do(http.MethodPost, "/auth/login", map[string]any{"email": ana.Email, "password": "another horse"}).want(http.StatusOK)
	for range 4 {
		forgot(ana.Email).want(http.StatusAccepted)
	}
	forgot(ana.Email).want(http.StatusTooManyRequests, "rate_limited")
}

// TestNoMailServer: that nobody can be written to is said alike of everybody.
func TestNoMailServer(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.auth.Letters = nil
	for _, email := range []string{w.hotel().Admin.Email, "nobody@example.com"} {
		w.do(http.MethodPost, "/auth/forgot-password", map[string]any{"email": email}).want(http.StatusUnprocessableEntity, "mail_not_configured")
	}
}

var tokenInLetter = regexp.MustCompile(`token=(\S+)`)

// awaitToken returns the token of the first letter.
func (w *world) awaitToken() string {
	w.t.Helper()
	tick, limit := time.NewTicker(5*time.Millisecond), time.After(patience)
	defer tick.Stop()
	for {
		w.mu.Lock()
		letters := w.letters
		w.mu.Unlock()
		if len(letters) > 0 {
			token, err := url.QueryUnescape(tokenInLetter.FindStringSubmatch(letters[0].Text)[1])
			if err != nil {
				w.t.Fatal(err)
			}
			return token
		}
		select {
		case <-tick.C:
		case <-limit:
			w.t.Fatal("no letter was sent")
		}
	}
}

// TestSecondFactorAtTheDoor: it is asked for only after the password was right, and its
// guesses are counted wherever they come from.
func TestSecondFactorAtTheDoor(t *testing.T) {
	t.Parallel()
	w := setup(t, limitGuesses)
	ana := w.user(w.hotel().ID, user.Attendant, "Camburi")
	token, _ := w.enter(ana)
	w.do(http.MethodPost, "/auth/totp", map[string]any{"password": "wrong password"}, as(token)).want(http.StatusUnauthorized, "password_wrong")
	begun := w.do(http.MethodPost, "/auth/totp", map[string]any{"password": password}, as(token)).want(http.StatusOK).json()
	secret := begun["secret"].(string)
	if !strings.HasPrefix(begun["otpauthUrl"].(string), "otpauth://totp/Bot%20Reserva:"+ana.Email+"?") {
		t.Errorf("%v", begun)
	}
	w.do(http.MethodPost, "/auth/totp/confirm", map[string]any{"code": "000000"}, as(token)).want(http.StatusUnauthorized, "totp_invalid")
	codes := w.do(http.MethodPost, "/auth/totp/confirm", map[string]any{"code": codeAt(secret, w.clock.Now())}, as(token)).want(http.StatusOK).json()["recoveryCodes"].([]any)
	w.do(http.MethodGet, "/auth/totp", nil, as(token)).want(http.StatusOK).golden("totp")
	login := func(from1 string, more map[string]any) response {
		body := map[string]any{"email": ana.Email, "password": password}
		for key, value := range more {
			body[key] = value
		}
		return w.do(http.MethodPost, "/auth/login", body, from(from1))
	}
	login("198.51.100.1:1", map[string]any{"password": "wrong password", "totp": "000000"}).want(http.StatusUnauthorized, "invalid_credentials")
	login("198.51.100.1:1", nil).want(http.StatusUnauthorized, "totp_required").golden("refused_totp")
	w.clock.Advance(time.Minute)
	login("198.51.100.1:1", map[string]any{"totp": codeAt(secret, w.clock.Now())}).want(http.StatusOK)
	login("198.51.100.1:1", map[string]any{"recoveryCode": codes[0]}).want(http.StatusOK)
	w.clock.Advance(time.Hour)
	for i := range 10 {
		address := "203.0.113." + string(rune('0'+i)) + ":1"
		login(address, map[string]any{"totp": "000000"}).want(http.StatusUnauthorized, "totp_invalid")
	}
	login("198.51.100.2:1", map[string]any{"totp": codeAt(secret, w.clock.Now())}).want(http.StatusTooManyRequests, "rate_limited")
	login("198.51.100.2:1", map[string]any{"password": "wrong password"}).want(http.StatusUnauthorized, "invalid_credentials")
	w.clock.Advance(15 * time.Minute)
	w.do(http.MethodPost, "/auth/totp/disable", map[string]any{}, as(token)).want(http.StatusBadRequest)
	w.do(http.MethodPost, "/auth/totp/disable", map[string]any{"password": password}, as(token)).want(http.StatusOK)
	login("198.51.100.1:1", nil).want(http.StatusOK)
}

// TestLogoutOfTheOriginals: their dashboards' tokens know no sessions.
func TestLogoutOfTheOriginals(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	token := as(w.token(h.Admin))
	w.do(http.MethodPost, "/auth/logout", nil, token).want(http.StatusOK)
	w.do(http.MethodGet, "/auth/me", nil, token).want(http.StatusUnauthorized, "invalid_token")
	w.do(http.MethodGet, "/auth/me", nil, as(w.token(h.Admin))).want(http.StatusOK)
}

// TestRegister: nobody registers anybody above themselves, or in another hotel.
func TestRegister(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, away := w.hotel(), w.hotel()
	super := as(w.token(pgtest.User(t, w.db, tenantless, user.SuperAdmin, "")))
	body := func(role string) map[string]any {
		b := map[string]any{"email": unusedEmail(), "password": password, "name": "Bia", "hotelUnit": "CAMBURI"}
		if role != "" {
			b["role"] = role
		}
		return b
	}
	register := func(role string, options ...option) response {
		return w.do(http.MethodPost, "/auth/register", body(role), options...)
	}
	for _, role := range []user.Role{user.Attendant, user.Sales, user.Head} {
		register("ATTENDANT", as(w.token(w.user(h.ID, role, "Camburi")))).want(http.StatusForbidden, "role_forbidden")
	}
	admin := as(w.token(h.Admin))
	register("", admin).want(http.StatusCreated).golden("registered")
	register("TENANT_ADMIN", admin).want(http.StatusCreated)
	register("SUPER_ADMIN", admin).want(http.StatusForbidden, "role_not_grantable")
	register("SUPER_ADMIN", super, with("X-Tenant-Slug", h.Slug)).want(http.StatusBadRequest, "role_invalid")
	register("OWNER", admin).want(http.StatusBadRequest, "validation_error")
	register("ATTENDANT", admin, with("X-Tenant-Slug", away.Slug)).want(http.StatusForbidden, "tenant_forbidden")
	made := register("TENANT_ADMIN", super, with("X-Tenant-Slug", away.Slug)).want(http.StatusCreated).json()
	if made["tenantId"] != away.ID.String() {
		t.Errorf("registered %v", made)
	}
	short := body("SALES")
	short["name"] = "B"
	w.do(http.MethodPost, "/auth/register", short, admin).want(http.StatusBadRequest, "validation_error")
	nowhere := body("")
	delete(nowhere, "hotelUnit")
	w.do(http.MethodPost, "/auth/register", nowhere, admin).want(http.StatusBadRequest, "unit_required")
	w.exec("UPDATE tenant SET units = '{Ilhabela}' WHERE id = $1", h.ID)
	w.clock.Advance(10 * time.Second)
	w.do(http.MethodPost, "/auth/register", nowhere, admin).want(http.StatusCreated)
	if n := w.count("SELECT count(*) FROM account WHERE email = $1 AND unit = 'Ilhabela'", nowhere["email"]); n != 1 {
		t.Error("the only unit was not meant")
	}
}
