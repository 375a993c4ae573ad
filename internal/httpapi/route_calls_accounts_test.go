package httpapi_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"maps"
	"time"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

func init() { maps.Copy(calls, accountCalls) }

// accountCalls say how routes about accounts and colleagues are used. Those that change
// the caller's own log-in put it back before each call.
var accountCalls = map[string]call{
	"POST /auth/register": {body: func(chat) map[string]any {
		return map[string]any{"email": unusedEmail(), "password": password, "name": "Bia", "role": "SALES"}
	}},
	"PATCH /auth/me": {own: true, body: only("name", "Bia Nova")},
	"POST /auth/change-password": {own: true, body: func(c chat) map[string]any {
		c.w.restore(c.caller)
		return map[string]any{"oldPassword": password, "newPassword": "another horse battery"}
	}},
	"PUT /auth/me/password": {own: true, body: func(c chat) map[string]any {
		c.w.restore(c.caller)
		return map[string]any{"currentPassword": password, "newPassword": "another horse battery"}
	}},
	"POST /auth/forgot-password": {body: func(c chat) map[string]any { return map[string]any{"email": c.other.Email} }},
	"POST /auth/reset-password": {body: func(c chat) map[string]any {
		return map[string]any{"token": c.w.letterFor(c.other), "newPassword": "another horse battery"}
	}},
	"GET /auth/sessions": {},
	"DELETE /auth/sessions/{id}": {names: byThing, missing: "session_not_found", id: func(c chat) string {
		return c.w.session(c.caller).String()
	}},

	"GET /auth/totp": {},
	"POST /auth/totp": {own: true, body: func(c chat) map[string]any {
		c.w.restore(c.caller)
		return map[string]any{"password": password}
	}},
	"POST /auth/totp/confirm": {own: true, body: func(c chat) map[string]any {
		c.w.secondFactor(c.caller, false)
		return map[string]any{"code": codeAt(totpSecret, c.w.clock.Now())}
	}},
	"POST /auth/totp/recovery-codes": {own: true, body: func(c chat) map[string]any {
		c.w.secondFactor(c.caller, true)
		return map[string]any{"code": codeAt(totpSecret, c.w.clock.Now())}
	}},
	"POST /auth/totp/disable": {own: true, body: func(c chat) map[string]any {
		c.w.secondFactor(c.caller, true)
		return map[string]any{"code": codeAt(totpSecret, c.w.clock.Now())}
	}},

	"GET /api/users":       {query: func(chat) string { return "?role=SALES&status=ACTIVE&search=a&hotelUnit=Camburi" }},
	"GET /api/users/names": {},
	"POST /api/users": {body: func(chat) map[string]any {
		return map[string]any{"email": unusedEmail(), "password": password, "name": "Bia", "hotelUnit": "camburi"}
	}},
	"GET /api/users/{id}":          {names: byThing, missing: "user_not_found", id: aColleague},
	"PATCH /api/users/{id}":        {names: byThing, missing: "user_not_found", id: aColleague, body: only("role", "HEAD")},
	"PUT /api/users/{id}":          {names: byThing, missing: "user_not_found", id: aColleague, body: only("name", "Caio")},
	"PATCH /api/users/{id}/status": {names: byThing, missing: "user_not_found", id: aColleague, body: only("status", "SUSPENDED")},
	"DELETE /api/users/{id}/totp": {names: byThing, missing: "user_not_found", id: func(c chat) string {
		u := c.w.user(c.hotel.ID, user.Attendant, "Camburi")
		c.w.secondFactor(u, true)
		return u.ID.String()
	}},
	"DELETE /api/users/{id}": {names: byThing, missing: "user_not_found", id: aColleague},
}

func unusedEmail() string { return id.NewUser().String() + "@example.com" }

func aColleague(c chat) string { return c.w.user(c.hotel.ID, user.Attendant, "Camburi").ID.String() }

// restore makes somebody's log-in as it was in the beginning.
func (w *world) restore(u user.User) {
	w.t.Helper()
	w.exec("UPDATE account SET password_hash = $1, session_epoch = 0 WHERE id = $2", passwordHash, u.ID)
	w.exec("DELETE FROM second_factor WHERE account_id = $1", u.ID)
}

// session makes one more log-in of somebody.
func (w *world) session(u user.User) id.Session {
	w.t.Helper()
	now := w.clock.Now()
	s := postgres.Session{ID: id.NewSession(), CreatedAt: now, ExpiresAt: now.Add(time.Hour), IP: "203.0.113.7", Device: "Firefox"}
	e := postgres.Entry{Actor: u.ID.String(), Action: "LOGIN", Entity: "user", EntityID: u.ID.String(), At: now}
	if err := w.db.SystemOpenSession(w.t.Context(), s, u, []byte(s.ID.String()), e); err != nil {
		w.t.Fatal(err)
	}
	return s.ID
}

// letterFor returns the token of a letter to somebody.
func (w *world) letterFor(u user.User) string {
	w.t.Helper()
	token := id.NewSession().String()
	sum := sha256.Sum256([]byte(token))
	w.exec("INSERT INTO password_reset (hash, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
		sum[:], u.ID, w.clock.Now(), w.clock.Now().Add(time.Hour))
	return token
}

const totpSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

// secondFactor gives somebody a second factor whose secret is totpSecret.
func (w *world) secondFactor(u user.User, confirmed bool) {
	w.t.Helper()
	w.restore(u)
	var at *time.Time
	if confirmed {
		now := w.clock.Now()
		at = &now
	}
	w.exec("INSERT INTO second_factor (account_id, secret, created_at, confirmed_at) VALUES ($1, $2, now(), $3)"+
		" ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, confirmed_at = excluded.confirmed_at, last_step = 0",
		u.ID, w.box.Seal(totpSecret, auth.SecretContext(u.ID)), at)
}

// codeAt is what an authenticator app shows.
func codeAt(secret string, at time.Time) string {
	key, err := base32.StdEncoding.DecodeString(secret)
	if err != nil {
		panic(err)
	}
	mac := hmac.New(sha1.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Unix()/30)))
	sum := mac.Sum(nil)
	at4 := sum[sum[19]&15:]
	return fmt.Sprintf("%06d", (uint32(at4[0]&127)<<24|uint32(at4[1])<<16|uint32(at4[2])<<8|uint32(at4[3]))%1000000)
}
