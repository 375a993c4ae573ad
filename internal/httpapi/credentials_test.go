package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/httpapi"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// badTokens are tokens of somebody who may come in, but for one thing.
func (w *world) badTokens(u user.User) map[string][]option {
	w.t.Helper()
	good := w.token(u)
	claims := jwt.MapClaims{"userId": u.ID.String(), "role": string(u.Role), "tenantId": u.TenantID.String(), "exp": w.clock.Now().Add(time.Hour).Unix()}
	with1 := func(key string, value any) []option {
		return []option{as(w.token(u, func(c jwt.MapClaims) { c[key] = value }))}
	}
	without := func(key string) []option { return []option{as(w.token(u, func(c jwt.MapClaims) { delete(c, key) }))} }
	parts := strings.Split(good, ".")
	gone := pgtest.User(w.t, w.db, u.TenantID, user.TenantAdmin, "")
	w.exec("UPDATE account SET status = 'INACTIVE' WHERE id = $1", gone.ID)
	return map[string][]option{
		"none":                  nil,
		"empty":                 {as("")},
		"no scheme":             {with("Authorization", good)},
		"another scheme":        {with("Authorization", "Basic "+good)},
		"garbage":               {as("abc.def.ghi")},
		"zero characters":       {as("\x00\x00")},
		"huge":                  {as(strings.Repeat("a", 100_000))},
		"huge and signed":       with1("pad", strings.Repeat("a", 10_000)),
		"expired":               with1("exp", w.clock.Now().Add(-time.Second).Unix()),
		"never expires":         without("exp"),
		"expiry is a text":      with1("exp", "tomorrow"),
		"not yet":               with1("nbf", w.clock.Now().Add(time.Hour).Unix()),
		"nobody":                with1("userId", id.NewUser().String()),
		"no user":               without("userId"),
		"user is no id":         with1("userId", "' OR 1=1 --"),
		"inactive user":         {as(w.token(gone))},
		"unknown session":       with1("sid", id.NewSession().String()),
		"session is no id":      with1("sid", "x"),
		"refresh token":         {as(sign(w.t, jwt.SigningMethodHS256, []byte(refreshSecret), claims))},
		"for refreshing only":   with1("typ", "refresh"),
		"unknown purpose":       with1("typ", "admin"),
		"another secret":        {as(sign(w.t, jwt.SigningMethodHS256, []byte("guess"), claims))},
		"empty secret":          {as(sign(w.t, jwt.SigningMethodHS256, []byte(""), claims))},
		"alg none":              {as(sign(w.t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims))},
		"HS512":                 {as(sign(w.t, jwt.SigningMethodHS512, []byte(accessSecret), claims))},
		"HS384":                 {as(sign(w.t, jwt.SigningMethodHS384, []byte(accessSecret), claims))},
		"signature cut off":     {as(parts[0] + "." + parts[1] + ".")},
		"signature of another":  {as(parts[0] + "." + strings.Split(w.token(gone), ".")[1] + "." + parts[2])},
		"two, the good first":   {with("Authorization", "Bearer "+good, "Bearer x")},
		"two, the good last":    {with("Authorization", "Bearer x", "Bearer "+good)},
		"in the key's header":   {keyed(good)},
		"in a cookie":           {with("Cookie", "token="+good)},
		"in a header of others": {with("X-Access-Token", good)},
	}
}

func TestBadTokens(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	to := w.chat(h)
	bad := w.badTokens(h.Admin)
	for _, row := range httpapi.Rows() {
		if row.Who != "somebody" && row.Who != "colleague" && row.Who != "insider" {
			continue
		}
		for name, pass := range bad {
			r := w.do(row.Method, path(row, to), body(row, to), pass...)
			if r.status != http.StatusUnauthorized {
				t.Errorf("%s with a token that is bad (%s): status %d: %.200s", row.Name(), name, r.status, r.body)
			}
		}
	}
	w.do(http.MethodGet, "/auth/me?token="+w.token(h.Admin)+"&access_token="+w.token(h.Admin), nil).want(http.StatusUnauthorized)
	w.do(http.MethodGet, "/auth/me", nil, as(w.token(h.Admin))).want(http.StatusOK)
}

func TestBadKeys(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := w.hotel(), w.hotel()
	slug, secret, _ := strings.Cut(h.key, ":")
	_, otherSecret, _ := strings.Cut(other.key, ":")
	bad := map[string][]option{
		"none":                  nil,
		"empty":                 {keyed("")},
		"no hotel":              {keyed(":" + secret)},
		"no secret":             {keyed(slug + ":")},
		"secret alone":          {keyed(secret)},
		"wrong secret":          {keyed(slug + ":" + secret + "x")},
		"cut secret":            {keyed(slug + ":" + secret[:len(secret)-1])},
		"another hotel's":       {keyed(slug + ":" + otherSecret)},
		"unknown hotel":         {keyed("nobody:" + secret)},
		"in capitals":           {keyed(strings.ToUpper(h.key))},
		"one part more":         {keyed(h.key + ":x")},
		"huge":                  {keyed(slug + ":" + strings.Repeat("a", 100_000))},
		"huge hotel":            {keyed(strings.Repeat("a", 100_000) + ":" + secret)},
		"zero character":        {keyed(slug + ":\x00" + secret)},
		"SQL":                   {keyed("' OR 1=1 --:" + secret)},
		"the original's":        {keyed(slug + ":" + h.Number.PhoneNumberID)},
		"two, the good first":   {with("X-API-Key", h.key, "x:y")},
		"two, the good last":    {with("X-API-Key", "x:y", h.key)},
		"as a token":            {as(h.key)},
		"a person's token":      {as(w.token(h.Admin))},
		"a person's, as a key":  {keyed(w.token(h.Admin))},
		"hash instead of words": {keyed(slug + ":" + "0000000000000000000000000000000000000000000000000000000000000000")},
	}
	to := w.chat(h)
	for _, row := range httpapi.Rows() {
		if row.Who != "flow" {
			continue
		}
		for name, pass := range bad {
			r := w.do(row.Method, path(row, to), body(row, to), pass...)
			if r.status != http.StatusUnauthorized || r.json()["code"] != "invalid_api_key" {
				t.Errorf("%s with a key that is bad (%s): %d %.200s", row.Name(), name, r.status, r.body)
			}
		}
	}
	w.do(http.MethodGet, "/api/n8n/check-ia-lock?phone="+guest+"&apiKey="+h.key, nil).want(http.StatusUnauthorized) // it would be in logs
	w.do(http.MethodGet, "/api/n8n/check-ia-lock?phone="+guest, nil, keyed(h.key)).want(http.StatusOK)
	legacy := w.hotel(func(row *postgres.TenantRow) { row.Bot.LegacyKey = true })
	w.do(http.MethodGet, "/api/n8n/check-ia-lock?phone="+guest, nil, keyed(legacy.Slug+":"+legacy.Number.PhoneNumberID)).want(http.StatusOK)
}

// TestRequestID: an id that a proxy made is kept, anything else is replaced.
func TestRequestID(t *testing.T) {
	t.Parallel()
	w := setup(t)
	seen := map[string]bool{}
	for given, kept := range map[string]bool{
		"0f8fad5b-d9cb-469f-a165-70867728950e": true, "req_12345678": true,
		"": false, "short": false, strings.Repeat("a", 65): false, "with space here": false, "line\r\nSet-Cookie: a=b": false,
		"<script>alert(1)</script>": false, "\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8": false,
	} {
		r := w.do(http.MethodGet, "/auth/me", nil, with("X-Request-Id", given)).want(http.StatusUnauthorized)
		got := r.header.Get("X-Request-Id")
		if (got == given) != kept || seen[got] || r.json()["requestId"] != got {
			t.Errorf("%q became %q; %s", given, got, r.body)
		}
		seen[got] = true
	}
}

// TestOrigins: dashboards that are allowed may read answers, others may not.
func TestOrigins(t *testing.T) {
	t.Parallel()
	w := setup(t)
	preflight := func(origin, method, headers string) response {
		return w.do(http.MethodOptions, "/api/conversations", nil, with("Origin", origin),
			with("Access-Control-Request-Method", method), with("Access-Control-Request-Headers", headers))
	}
	r := preflight("https://app.example.com", "PATCH", "authorization, content-type, x-tenant-slug, idempotency-key")
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "https://app.example.com", "Access-Control-Allow-Credentials": "true", "Access-Control-Allow-Methods": "PATCH",
	} {
		if got := r.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := strings.ToLower(r.header.Get("Access-Control-Allow-Headers")); !strings.Contains(got, "x-tenant-slug") || !strings.Contains(got, "authorization") {
		t.Errorf("allowed headers: %q", got)
	}
	for _, origin := range []string{"https://evil.example", "https://app.example.com.evil.example", "http://app.example.com", "null", "https://APP.example.com:444", "*"} {
		for _, r := range []response{preflight(origin, "GET", "authorization"), w.do(http.MethodGet, "/health", nil, with("Origin", origin))} {
			if got := r.header.Get("Access-Control-Allow-Origin"); got != "" {
				t.Errorf("%s: allowed as %q", origin, got)
			}
		}
	}
	exposed := w.do(http.MethodGet, "/health", nil, with("Origin", "https://app.example.com")).header.Get("Access-Control-Expose-Headers")
	if !strings.Contains(exposed, "X-Request-Id") || !strings.Contains(exposed, "Retry-After") {
		t.Errorf("exposed headers: %q", exposed)
	}
}

// TestHostileHeaders: headers that try to be somebody or something else change nothing.
func TestHostileHeaders(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	want := w.do(http.MethodGet, "/auth/me", nil, admin).want(http.StatusOK)
	for _, o := range []option{
		with("X-HTTP-Method-Override", "DELETE"), with("X-Original-URL", "/api/health"), with("X-Forwarded-Host", "evil.example"),
		with("X-Forwarded-For", "127.0.0.1, "+strings.Repeat("1.1.1.1,", 5000)), with("Forwarded", "for=127.0.0.1"), with("Host", "evil.example"),
		with("Accept", "text/html"), with("Accept", "application/xml;q=1, */*;q=0"), with("Accept", strings.Repeat("a/b,", 5000)), with("Accept", "application/cbor"),
		with("Accept-Encoding", "gzip;q=0, *;q=0"), with("Range", "bytes=0-1"), with("If-None-Match", "*"), with("X-User-Id", id.NewUser().String()), with("X-Role", "SUPER_ADMIN"),
	} {
		r := w.do(http.MethodGet, "/auth/me", nil, admin, o).want(http.StatusOK)
		if string(r.body) != string(want.body) || !strings.HasPrefix(r.header.Get("Content-Type"), "application/json") {
			t.Errorf("the answer changed: %s %.200s", r.header.Get("Content-Type"), r.body)
		}
	}
}
