package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/httpapi"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// FuzzRoutes throws anything at every route, as somebody who may call it: ids, queries
// and bodies of all kinds reach the real handlers over a real database. None may panic,
// fail, show the inside or answer in a shape that the document does not promise: do
// checks all that.
func FuzzRoutes(f *testing.F) {
	w := setup(f)
	w.work()
	h := w.hotel()
	to := w.chat(h)
	super := []option{as(w.token(pgtest.User(f, w.db, tenantless, user.SuperAdmin, ""))), with("X-Tenant-Slug", h.Slug)}
	rows := httpapi.Rows()
	good := make([]string, len(rows))
	for n, row := range rows {
		at, query, _ := strings.Cut(path(row, to), "?")
		good[n] = at
		switch b := body(row, to).(type) {
		case nil:
			f.Add(uint16(n), "", query, "application/json", []byte(nil))
		case form:
			f.Add(uint16(n), "", query, b.contentType, b.body)
		default:
			text, err := json.Marshal(b)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(uint16(n), "", query, "application/json", text)
		}
		f.Add(uint16(n), "%00", "page=0&limit=-1&cursor=x&search=%ff&startDate=0000-00-00", "application/json", []byte(`{"a":[{}],"metadata":{"\u0000":1e400}}`))
	}
	f.Fuzz(func(t *testing.T, n uint16, named, query, contentType string, text []byte) {
		w := w.on(t)
		row := rows[int(n)%len(rows)]
		at, pass := good[int(n)%len(rows)], super
		if named != "" {
			at = renamed(row.Path, named)
		}
		ctx := t.Context()
		if row.Who == "flow" { // whose sends wait for Meta, which takes one a few seconds from each hotel to each guest
			var stop context.CancelFunc
			ctx, stop = context.WithTimeout(ctx, 300*time.Millisecond)
			defer stop()
			pass = []option{keyed(h.key), func(r *request) { r.ctx = ctx }}
		}
		if query != "" {
			at += "?" + query
		}
		if _, err := url.ParseRequestURI(at); err != nil || strings.ContainsAny(at, " #") {
			t.Skip("no address")
		}
		r := w.do(row.Method, at, string(text), append([]option{with("Content-Type", contentType)}, pass...)...)
		if r.status >= http.StatusInternalServerError && ctx.Err() == nil {
			t.Errorf("%s: %d %s", row.Name(), r.status, r.body)
		}
	})
}

// renamed puts a name in place of all that a path names.
func renamed(path, named string) string {
	for strings.Contains(path, "{") {
		begin, end := strings.Index(path, "{"), strings.Index(path, "}")
		path = path[:begin] + url.PathEscape(strings.NewReplacer("{", "", "}", "").Replace(named)) + path[end+1:]
	}
	return path
}

// FuzzFetch asks for parts and versions of a file in every way: what comes is a part of
// it, or a refusal.
func FuzzFetch(f *testing.F) {
	w := setup(f)
	const words = "0123456789"
	at := w.address(w.file(w.hotel(), "a.txt", words))
	tag := w.do(http.MethodGet, at, nil).header.Get("ETag")
	for _, part := range []string{"bytes=0-3", "bytes=-2", "bytes=7-", "bytes=9-2", "bytes=0-1,3-4", "bytes=99999999999999999999-", "bytes=-0", "bytes= 1 - 2 ", "x=1-2", ""} {
		f.Add(part, "", "", "")
		f.Add(part, tag, `W/"x", *`, "Mon, 23 Nov 2026 17:00:00 GMT")
	}
	f.Fuzz(func(t *testing.T, part, ifRange, ifNoneMatch, since string) {
		r := w.on(t).do(http.MethodGet, at, nil, with("Range", part), with("If-Range", ifRange), with("If-None-Match", ifNoneMatch), with("If-Modified-Since", since))
		switch r.status {
		case http.StatusOK:
			if string(r.body) != words {
				t.Errorf("%q", r.body)
			}
		case http.StatusPartialContent:
			begin, end, length := contentRange(t, r.header.Get("Content-Range"))
			if length != len(words) || string(r.body) != words[begin:end+1] {
				t.Errorf("%s: %q", r.header.Get("Content-Range"), r.body)
			}
		case http.StatusNotModified, http.StatusRequestedRangeNotSatisfiable, http.StatusPreconditionFailed:
		default:
			t.Errorf("%d %s", r.status, r.body)
		}
	})
}

func contentRange(t *testing.T, text string) (begin, end, length int) {
	t.Helper()
	if _, err := fmt.Sscanf(text, "bytes %d-%d/%d", &begin, &end, &length); err != nil {
		t.Fatalf("Content-Range %q: %v", text, err)
	}
	return begin, end, length
}

// FuzzUpload sends forms of all kinds: what is taken is kept under a type and a name that
// can be shown.
func FuzzUpload(f *testing.F) {
	w := setup(f)
	h := w.hotel()
	pass := as(w.token(h.Admin))
	for _, g := range []form{formOf("file", "a.png", pixel), formOf("file", "..\\a\x00.html", "<script>"), formOf("x", "a", ""), {"multipart/form-data; boundary=\"\"", nil}} {
		f.Add(g.contentType, g.body)
		f.Add(g.contentType, g.body[:len(g.body)/2])
	}
	f.Fuzz(func(t *testing.T, contentType string, text []byte) {
		r := w.on(t).do(http.MethodPost, "/api/media/upload", string(text), pass, with("Content-Type", contentType))
		switch r.status {
		case http.StatusCreated:
			if name, _ := r.json()["filename"].(string); strings.ContainsAny(name, "/\\\x00\r\n") {
				t.Errorf("the name is %q", name)
			}
		case http.StatusBadRequest, http.StatusUnsupportedMediaType, http.StatusRequestEntityTooLarge:
		default:
			t.Errorf("%d %s", r.status, r.body)
		}
	})
}

// FuzzClientIP: whatever a header claims, a stranger is told by their own address, and
// the answer is an address or what the connection says.
func FuzzClientIP(f *testing.F) {
	ip := httpapi.ClientIP([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")})
	f.Add("203.0.113.9:1", "127.0.0.1")
	f.Add("10.0.0.1:1", "127.0.0.1, 198.51.100.1,,[::1]:99, fe80::1%eth0")
	f.Add("[fd00::1]:1", "::ffff:1.2.3.4")
	f.Add("@", "x")
	f.Fuzz(func(t *testing.T, peer, claimed string) {
		ask := func(header http.Header) string { return ip(&http.Request{RemoteAddr: peer, Header: header}) }
		bare, got := ask(http.Header{}), ask(http.Header{"X-Forwarded-For": {claimed}})
		if !strings.HasPrefix(peer, "10.") && !strings.HasPrefix(peer, "[fd") && !strings.Contains(peer, "10.") && !strings.Contains(peer, "fd") && bare != got {
			t.Errorf("%q became %q by claiming %q", peer, got, claimed)
		}
		if _, err := netip.ParseAddr(got); err != nil && got != peer {
			if _, err := netip.ParsePrefix(got); err != nil {
				t.Errorf("%q with %q is %q", peer, claimed, got)
			}
		}
	})
}
