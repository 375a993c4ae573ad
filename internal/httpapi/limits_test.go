package httpapi_test

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/httpapi"
	"github.com/botreserva/botreserva/internal/ratelimit"
)

func limited(d *httpapi.Deps) {
	d.Limits = httpapi.Limits{
		Login:  ratelimit.Policy{Name: "login", Count: 5, Window: 15 * time.Minute},
		API:    ratelimit.Policy{Name: "api", Count: 4, Window: time.Minute},
		Create: ratelimit.Policy{Name: "create", Count: 2, Window: time.Minute},
		N8N:    ratelimit.Policy{Name: "n8n", Count: 3, Window: time.Minute},
		Media:  ratelimit.Policy{Name: "media", Count: 5, Window: time.Minute},
	}
	d.ClientIP = httpapi.ClientIP([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
}

// TestLogInLimit: failed log-ins count, by address; good ones never do, and who knows
// the password at another address is not locked out.
func TestLogInLimit(t *testing.T) {
	t.Parallel()
	w := setup(t, limited)
	h := w.hotel()
	u := w.user(h.ID, user.Attendant, "")
	try := func(words string, options ...option) response {
		return w.do(http.MethodPost, "/auth/login", map[string]any{"email": u.Email, "password": words}, options...)
	}
	for range 10 {
		try(password).want(http.StatusOK)
	}
	for range 4 {
		try("wrong password").want(http.StatusUnauthorized, "invalid_credentials")
	}
	try("x").want(http.StatusBadRequest) // no attempt at all
	try(password).want(http.StatusOK)
	try("wrong password").want(http.StatusUnauthorized)
	r := try(password).want(http.StatusTooManyRequests, "rate_limited")
	if r.header.Get("Retry-After") != "180" || r.json()["retryAfter"] != 180.0 || r.json()["retryable"] != true {
		t.Errorf("Retry-After %q: %s", r.header.Get("Retry-After"), r.body)
	}
	if r.header.Get("RateLimit-Limit") != "5" || r.header.Get("RateLimit-Remaining") != "0" || r.header.Get("RateLimit-Policy") != "5;w=900" {
		t.Errorf("%v", r.header)
	}
	try(password, from("198.51.100.7:1")).want(http.StatusOK)
	try(password, with("X-Forwarded-For", "198.51.100.8")).want(http.StatusTooManyRequests) // no proxy of ours wrote it
	w.clock.Advance(3 * time.Minute)
	try(password).want(http.StatusOK)
}

// TestLogInLimitOfAnAddress: whoever mistypes locks no colleague behind the same
// address out, but one password cannot be tried on everybody.
func TestLogInLimitOfAnAddress(t *testing.T) {
	t.Parallel()
	w := setup(t, limited)
	h := w.hotel()
	ana, bia := w.user(h.ID, user.Attendant, ""), w.user(h.ID, user.Attendant, "")
	try := func(email, words string) response {
		return w.do(http.MethodPost, "/auth/login", map[string]any{"email": email, "password": words})
	}
	for range 5 {
		try(ana.Email, "wrong password").want(http.StatusUnauthorized)
	}
	try(strings.ToUpper(ana.Email), password).want(http.StatusTooManyRequests)
	try(bia.Email, password).want(http.StatusOK)
	for range 9 {
		colleague := w.user(h.ID, user.Attendant, "")
		for range 5 {
			try(colleague.Email, "wrong password").want(http.StatusUnauthorized)
		}
	}
	try(bia.Email, password).want(http.StatusTooManyRequests, "rate_limited")
}

// Guesses that are made at the same moment count as well as those one by one.
func TestLogInLimitHoldsInParallel(t *testing.T) {
	t.Parallel()
	w := setup(t, limited)
	u := w.user(w.hotel().ID, user.Attendant, "")
	var all sync.WaitGroup
	var looked atomic.Int64
	for range 40 {
		all.Go(func() {
			if w.do(http.MethodPost, "/auth/login", map[string]any{"email": u.Email, "password": "wrong password"}).status == http.StatusUnauthorized {
				looked.Add(1)
			}
		})
	}
	all.Wait()
	if n := looked.Load(); n != 5 {
		t.Errorf("%d guesses were looked at, want 5", n)
	}
}

// TestLimitsByClass tries the limit that each row of the table names: who shares it
// and who does not.
func TestLimitsByClass(t *testing.T) {
	t.Parallel()
	counts := map[string]int{"api": 4, "create": 2, "n8n": 3, "media": 5}
	shared := setup(t, limited)
	shared.work()
	for _, row := range httpapi.Rows() {
		t.Run(row.Name(), func(t *testing.T) {
			t.Parallel()
			if row.Limit == "" {
				return
			}
			w := shared.on(t)
			if row.Limit == "media" || row.Who == "anybody" { // they count by address, which all rows share
				w = setup(t, limited)
			}
			h := w.hotel()
			to, many, same := w.chat(h), counts[row.Limit], w.pass(row, h)
			pass := func() []option {
				if row.Path == "/auth/logout" {
					return w.pass(row, h) // the last token is worth nothing now
				}
				return same
			}
			for i := range many {
				r := w.do(row.Method, path(row, to), body(row, to), pass()...)
				if r.status == http.StatusTooManyRequests {
					t.Fatalf("call %d of %d is refused", i+1, many)
				}
				if got := r.header.Get("RateLimit-Remaining"); got != string(rune('0'+many-1-i)) {
					t.Errorf("call %d: RateLimit-Remaining %q", i+1, got)
				}
			}
			r := w.do(row.Method, path(row, to), body(row, to), pass()...).want(http.StatusTooManyRequests, "rate_limited")
			for _, name := range []string{"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"} {
				if r.header.Get(name) == "" {
					t.Errorf("no %s", name)
				}
			}
			w.wantOthersUnharmed(row, h)
		})
	}
}

// wantOthersUnharmed: a colleague or another hotel's flow is counted by itself,
// strangers by their address.
func (w *world) wantOthersUnharmed(row httpapi.Row, h hotel) {
	w.t.Helper()
	switch {
	case row.Limit == "media": // by address, whoever asks
		w.do(row.Method, path(row, w.chat(h)), body(row, w.chat(h)), append(w.pass(row, h), from("198.51.100.77:1"))...).want(row.Status)
		return
	case row.Who == "somebody", row.Who == "colleague", row.Who == "insider":
		to := w.chat(h)
		colleague := w.user(h.ID, user.TenantAdmin, "")
		h.Admin, to.caller = colleague, colleague
		w.do(row.Method, path(row, to), body(row, to), w.pass(row, h)...).want(calls[row.Name()].status(row))
	case row.Who == "flow":
		other := w.hotel()
		to := w.chat(other)
		w.do(row.Method, path(row, to), body(row, to), keyed(other.key)).want(row.Status)
	default:
		to := w.chat(h)
		w.do(row.Method, path(row, to), body(row, to), from("198.51.100.77:1")).want(row.Status)
	}
}

// TestLimiterDown: a limiter that fails limits nobody.
func TestLimiterDown(t *testing.T) {
	t.Parallel()
	w := setup(t, limited, func(d *httpapi.Deps) { d.Limiter = brokenLimiter{} })
	h := w.hotel()
	for range 6 {
		w.do(http.MethodGet, "/auth/me", nil, as(w.token(h.Admin))).want(http.StatusOK)
	}
	u := w.user(h.ID, user.Attendant, "")
	w.do(http.MethodPost, "/auth/login", map[string]any{"email": u.Email, "password": password}).want(http.StatusOK)
}

type brokenLimiter struct{}

var errDown = errors.New("down")

func (brokenLimiter) Allow(context.Context, string, ratelimit.Policy) (ratelimit.Decision, error) {
	return ratelimit.Decision{}, errDown
}

func (brokenLimiter) Peek(context.Context, string, ratelimit.Policy) (ratelimit.Decision, error) {
	return ratelimit.Decision{}, errDown
}

func (brokenLimiter) Charge(context.Context, string, ratelimit.Policy) (ratelimit.Decision, error) {
	return ratelimit.Decision{}, errDown
}
func (brokenLimiter) Refund(context.Context, string, ratelimit.Policy) error { return errDown }

// TestClientIP: X-Forwarded-For is believed as far as our proxies wrote it.
func TestClientIP(t *testing.T) {
	t.Parallel()
	ip := httpapi.ClientIP([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")})
	for name, c := range map[string]struct {
		peer string
		hops []string
		want string
	}{
		"stranger":                       {"203.0.113.9:1", nil, "203.0.113.9"},
		"stranger who claims":            {"203.0.113.9:1", []string{"127.0.0.1"}, "203.0.113.9"},
		"behind a proxy":                 {"10.0.0.1:1", []string{"198.51.100.1"}, "198.51.100.1"},
		"behind two":                     {"10.0.0.1:1", []string{"198.51.100.1, 10.9.9.9"}, "198.51.100.1"},
		"who claims behind a proxy":      {"10.0.0.1:1", []string{"127.0.0.1, 198.51.100.1"}, "198.51.100.1"},
		"in two headers":                 {"10.0.0.1:1", []string{"127.0.0.1", "198.51.100.1"}, "198.51.100.1"},
		"the proxy itself":               {"10.0.0.1:1", nil, "10.0.0.1"},
		"garbage":                        {"10.0.0.1:1", []string{"x, 198.51.100.1;drop"}, "10.0.0.1"},
		"with a port":                    {"10.0.0.1:1", []string{"198.51.100.1:4711"}, "198.51.100.1"},
		"mapped into version 6":          {"[::ffff:203.0.113.9]:1", nil, "203.0.113.9"},
		"version 6 is counted by net":    {"[2001:db8:1:2:3:4:5:6]:1", nil, "2001:db8:1:2::/64"},
		"version 6 behind a proxy":       {"[fd00::1]:1", []string{"2001:db8:1:2::9"}, "2001:db8:1:2::/64"},
		"version 6 with a zone":          {"[fe80::1%eth0]:1", nil, "fe80::/64"},
		"proxies all the way":            {"10.0.0.1:1", []string{"10.0.0.2, 10.0.0.3"}, "10.0.0.2"},
		"no address of a network at all": {"@", []string{"198.51.100.1"}, "@"},
	} {
		r := &http.Request{RemoteAddr: c.peer, Header: http.Header{"X-Forwarded-For": c.hops}}
		if got := ip(r); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
