package httpapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/httpapi"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/ratelimit"
)

// TestEveryAnswerHasItsHeaders: whatever happens, as browsers see it: through a real
// connection. That every other test's answers have them is checked by do.
func TestEveryAnswerHasItsHeaders(t *testing.T) {
	t.Parallel()
	w := setup(t, func(d *httpapi.Deps) {
		d.Limits.Create = ratelimit.Policy{Name: "create", Count: 1, Window: 1 << 40}
		d.Sockets = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Has("panic") {
				panic("a mistake of ours")
			}
			w.WriteHeader(http.StatusTeapot)
		})
	})
	h := w.hotel()
	to := w.chat(h)
	admin, attendant := w.token(h.Admin), w.token(w.user(h.ID, user.Attendant, ""))
	messages := "/api/conversations/" + to.card.ID.String() + "/messages"
	file := w.address(w.file(h, "a.png", pixel))
	server := httptest.NewServer(w.handler)
	defer server.Close()
	defer server.Client().CloseIdleConnections()
	for _, c := range []struct {
		method, path, token, body, contentType string
		status                                 int
	}{
		{"GET", "/api/conversations", admin, "", "", 200},
		{"HEAD", "/api/conversations", admin, "", "", 200},
		{"HEAD", "/health", "", "", "", 200},
		{"POST", messages, admin, `{"content":"Oi"}`, "application/json", 201},
		{"POST", messages, admin, `{"content":"Oi"}`, "application/json", 429},
		{"PATCH", strings.TrimSuffix(messages, "/messages"), admin, `{`, "application/json", 400},
		{"GET", "/api/conversations", "", "", "", 401},
		{"DELETE", strings.TrimSuffix(messages, "/messages"), attendant, "", "", 403},
		{"GET", "/api/nothing", "", "", "", 404},
		{"GET", "/no/such/page.php?x=%zz", "", "", "", 404},
		{"PUT", "/health", "", "", "", 405},
		{"HEAD", "/auth/login", "", "", "", 405},
		{"POST", "/auth/login", "", strings.Repeat(" ", 1<<20) + `{}`, "application/json", 413},
		{"POST", "/auth/login", "", "a=b", "application/x-www-form-urlencoded", 415},
		{"POST", "/webhooks/whatsapp", "", "{}", "application/json", 401},
		{"GET", "/webhooks/whatsapp", "", "", "", 400},
		{"GET", "/socket.io/", "", "", "", 418},
		{"GET", "/socket.io/?panic", "", "", "", 500},
		{"GET", file, "", "", "", 200},
		{"GET", strings.Split(file, "?")[0], "", "", "", 401},
		{"GET", "/api/docs", "", "", "", 200},
		{"GET", "/api/docs/openapi.json", "", "", "", 200},
	} {
		in, err := http.NewRequestWithContext(context.Background(), c.method, server.URL+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		in.Header.Set("Authorization", "Bearer "+c.token)
		in.Header.Set("Content-Type", c.contentType)
		out, err := server.Client().Do(in)
		if err != nil {
			t.Errorf("%s %s: %v", c.method, c.path, err)
			continue
		}
		_ = out.Body.Close()
		if out.StatusCode != c.status {
			t.Errorf("%s %s: status %d, want %d", c.method, c.path, out.StatusCode, c.status)
		}
		w.checkHeaders(c.method+" "+c.path, request{method: c.method, path: c.path}, response{t: t, status: out.StatusCode, header: out.Header})
		if out.Header.Get("X-Request-Id") == "" || out.Header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s %s: %v", c.method, c.path, out.Header)
		}
	}
}

// TestSecureOnly: browsers are told to come by https if they did, and only then.
func TestSecureOnly(t *testing.T) {
	t.Parallel()
	w := setup(t, func(d *httpapi.Deps) {
		d.IsHTTPS = httpapi.IsHTTPS([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
	})
	for name, c := range map[string]struct {
		from, proto string
		want        bool
	}{
		"behind our proxy":         {"10.0.0.1:1", "https", true},
		"behind two":               {"10.0.0.1:1", "HTTPS, http", true},
		"plain behind our proxy":   {"10.0.0.1:1", "http", false},
		"silent proxy":             {"10.0.0.1:1", "", false},
		"a stranger who claims it": {"203.0.113.9:1", "https", false},
		"no address":               {"@", "https", false},
	} {
		r := w.do(http.MethodGet, "/nothing", nil, from(c.from), with("X-Forwarded-Proto", c.proto)).want(http.StatusNotFound)
		if got := r.header.Get("Strict-Transport-Security"); (got != "") != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	server := httptest.NewTLSServer(w.handler)
	defer server.Close()
	defer server.Client().CloseIdleConnections()
	in, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/health", nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := server.Client().Do(in)
	if err != nil {
		t.Fatal(err)
	}
	_ = out.Body.Close()
	if out.Header.Get("Strict-Transport-Security") == "" {
		t.Error("not told over TLS itself")
	}
}

// TestPagePolicy: a dashboard of ours can do its work under it, and nobody's script runs.
func TestPagePolicy(t *testing.T) {
	t.Parallel()
	policy := httpapi.PagePolicy("https://api.example.com", "https://media.example.com/files")
	for directive, want := range map[string]string{
		"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "font-src": "'self'", "worker-src": "'self'",
		"img-src": "'self' data: blob: https://media.example.com", "media-src": "'self' blob: https://media.example.com",
		"connect-src": "'self' wss://api.example.com https://media.example.com", "frame-ancestors": "'none'", "base-uri": "'none'",
	} {
		if got := regexp.MustCompile(directive + ` ([^;]*)`).FindStringSubmatch(policy); got == nil || got[1] != want {
			t.Errorf("%s is %q, want %q", directive, got, want)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		t.Error(policy)
	}
	for _, odd := range []string{"", "x", "javascript:alert(1)", "https://", "://", "ftp://x"} {
		if got := httpapi.PagePolicy(odd, odd); strings.Contains(got, "alert") || strings.Contains(got, "ws:") || strings.Contains(got, "ftp") {
			t.Errorf("%q: %s", odd, got)
		}
	}
}

// TestPreflight: what the original's axios sends is admitted for a day, for each method.
func TestPreflight(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		r := w.do(http.MethodOptions, "/api/conversations", nil, with("Origin", "https://app.example.com"),
			with("Access-Control-Request-Method", method), with("Access-Control-Request-Headers", "authorization,content-type,x-tenant-slug"))
		for name, want := range map[string]string{
			"Access-Control-Allow-Origin": "https://app.example.com", "Access-Control-Allow-Methods": method, "Access-Control-Max-Age": "86400",
			"Access-Control-Allow-Credentials": "true",
		} {
			if got := r.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", method, name, got, want)
			}
		}
	}
}

// TestBodySizes: a body of 1 MB is read, one byte more is not; of calls that take files, more.
func TestBodySizes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	for _, row := range httpapi.Rows() {
		if calls[row.Name()].body == nil {
			continue
		}
		to := w.chat(h)
		at, pass := path(row, to), w.pass(row, h)
		padding := strings.Repeat(" ", int(row.MaxBody)-2)
		if r := w.do(row.Method, at, "{}"+padding, pass...); r.status == http.StatusRequestEntityTooLarge || r.status >= 500 {
			t.Errorf("%s: %d for a body that is as large as may be", row.Name(), r.status)
		}
		w.do(row.Method, at, "{} "+padding, pass...).want(http.StatusRequestEntityTooLarge, "body_too_large")
	}
}

// TestRoot: what somebody sees who looks whether we are there.
func TestRoot(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	w.do(http.MethodGet, "/api", nil, with("X-Tenant-Slug", h.Slug)).want(http.StatusOK).golden("root")
	for _, slug := range []string{"", "nobody", strings.Repeat("x", 5000)} {
		if r := w.do(http.MethodGet, "/api/v1", nil, with("X-Tenant-Slug", slug)).want(http.StatusOK); r.json()["tenant"] != "No tenant" {
			t.Errorf("%.20s: %s", slug, r.body)
		}
	}
}

// TestDebugRoutes: they show no credential, and in production they are not there.
func TestDebugRoutes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	super := w.token(pgtest.User(t, w.db, tenantless, user.SuperAdmin, ""))
	pass := []option{as(super), with("X-Tenant-Slug", h.Slug), with("X-Api-Key", h.key), with("Cookie", "session=secret"), with("User-Agent", "browser"), with("X-Odd", "secret")}
	r := w.do(http.MethodGet, "/api/debug/headers", nil, pass...).want(http.StatusOK)
	for _, hidden := range []string{super, h.key, "secret"} {
		if strings.Contains(string(r.body), hidden) {
			t.Errorf("shows %s: %s", hidden, r.body)
		}
	}
	if headers, _ := r.json()["headers"].(map[string]any); headers["User-Agent"] != "browser" || headers["Authorization"] != "••••" {
		t.Errorf("headers: %s", r.body)
	}
	w.do(http.MethodGet, "/api/debug/tenant-info", nil, pass...).want(http.StatusOK).golden("debug_tenant")
	info := w.do(http.MethodGet, "/api/debug/auth-info", nil, pass...).want(http.StatusOK).json()
	if who, _ := info["user"].(map[string]any); info["authenticated"] != true || who["role"] != "SUPER_ADMIN" {
		t.Errorf("who: %v", info)
	}
	w.do(http.MethodGet, "/api/debug/test-tenant/"+h.Slug, nil, pass...).want(http.StatusOK).golden("debug_test_tenant")
	if r := w.do(http.MethodGet, "/api/debug/test-tenant/nobody", nil, pass...).want(http.StatusOK); r.json()["exists"] != false {
		t.Errorf("nobody: %s", r.body)
	}
	production := setupAt(t, w.db, func(d *httpapi.Deps) { d.Environment = "production" })
	for _, row := range httpapi.Rows() {
		if strings.Contains(row.Path, "debug") {
			production.do(row.Method, row.Path, nil, pass...).want(http.StatusNotFound, "route_not_found")
			production.do(row.Method, strings.Replace(row.Path, "/api", "/api/v1", 1), nil).want(http.StatusNotFound, "route_not_found")
		}
	}
	if strings.Contains(string(production.do(http.MethodGet, "/api/docs/openapi.json", nil).body), "/debug/") {
		t.Error("the document lists them")
	}
}

// TestWrongKeysAreCounted: by address, and not to the hotel that they name.
func TestWrongKeysAreCounted(t *testing.T) {
	t.Parallel()
	w := setup(t, limited)
	h := w.hotel()
	ask := func(key string, options ...option) response {
		return w.do(http.MethodGet, "/api/n8n/check-ia-lock?phone=5512988887777", nil, append(options, keyed(key))...)
	}
	for i, want := range []int{401, 401, 401, 429} {
		r := ask(h.Slug + ":guess").want(want)
		if r.header.Get("RateLimit-Remaining") != map[bool]string{true: "0", false: string(rune('2' - i))}[i > 2] || r.header.Get("RateLimit-Policy") != "3;w=60" {
			t.Errorf("guess %d: %v", i+1, r.header)
		}
		if want == 429 && (r.header.Get("Retry-After") == "" || r.json()["code"] != "rate_limited") {
			t.Errorf("%v %s", r.header, r.body)
		}
	}
	ask(h.key).want(http.StatusOK) // from the same address even
	ask(h.Slug+":guess", from("198.51.100.7:1")).want(http.StatusUnauthorized)
}

// TestLogsNameRoutes: the log says which route was called, not with what.
func TestLogsNameRoutes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	f := w.file(h, "a.png", pixel)
	at := w.address(f)
	w.do(http.MethodGet, at, nil).want(http.StatusOK)
	w.do(http.MethodGet, "/api/contacts/5512988887777/nothing", nil)
	logged := w.logs.String()
	if !strings.Contains(logged, "/api/media/{tenantId}/{fileId}") {
		t.Errorf("no route: %s", logged)
	}
	for _, hidden := range []string{f.Name, "5512988887777", at[strings.Index(at, "s="):]} {
		if strings.Contains(logged, hidden) {
			t.Errorf("%s is in the log", hidden)
		}
	}
}

// TestWorkersDoor: a process that only works says how it is, and nothing else.
func TestWorkersDoor(t *testing.T) {
	t.Parallel()
	var deps httpapi.Deps
	w := setup(t, func(d *httpapi.Deps) { deps = *d })
	h := w.hotel()
	w.handler = httpapi.NewForWorker(deps)
	for _, at := range []string{"/health", "/health/live", "/health/ready", "/api/health", "/api/v1/health"} {
		w.do(http.MethodGet, at, nil).want(http.StatusOK)
	}
	for _, at := range []string{"/api", "/api/conversations", "/auth/login", "/webhooks/whatsapp", "/api/docs", "/api/docs/openapi.json", "/socket.io/"} {
		w.do(http.MethodGet, at, nil, as(w.token(h.Admin))).want(http.StatusNotFound, "route_not_found")
	}
}
