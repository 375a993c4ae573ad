package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestFetching: whole, in parts, or not at all because it is known.
func TestFetching(t *testing.T) {
	t.Parallel()
	w := setup(t)
	const words = "0123456789"
	f := w.file(w.hotel(), "número 1.txt", words)
	at := w.address(f)
	whole := w.do(http.MethodGet, at, nil).want(http.StatusOK)
	for name, want := range map[string]string{
		"Content-Type": "application/octet-stream", "Content-Length": "10", "Accept-Ranges": "bytes",
		"Cross-Origin-Resource-Policy": "cross-origin", "Content-Security-Policy": "default-src 'none'; sandbox",
		"Content-Disposition": `attachment; filename="n_mero 1.txt"; filename*=UTF-8''n%C3%BAmero%201.txt`,
	} {
		if got := whole.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if cache := whole.header.Get("Cache-Control"); !strings.HasPrefix(cache, "private, max-age=") || !strings.HasSuffix(cache, ", immutable") {
		t.Errorf("Cache-Control is %q", cache)
	}
	tag, modified := whole.header.Get("ETag"), whole.header.Get("Last-Modified")
	if len(tag) != 34 || modified == "" {
		t.Errorf("ETag %q, Last-Modified %q", tag, modified)
	}
	head := w.do(http.MethodHead, at, nil).want(http.StatusOK)
	if len(head.body) > 0 || head.header.Get("Content-Length") != "10" || head.header.Get("ETag") != tag {
		t.Errorf("HEAD: %v %q", head.header, head.body)
	}
	for name, c := range map[string]struct {
		header, value string
		status        int
		body, is      string
	}{
		"beginning":            {"Range", "bytes=0-3", 206, "0123", "bytes 0-3/10"},
		"middle":               {"Range", "bytes=4-4", 206, "4", "bytes 4-4/10"},
		"end":                  {"Range", "bytes=7-", 206, "789", "bytes 7-9/10"},
		"last two":             {"Range", "bytes=-2", 206, "89", "bytes 8-9/10"},
		"beyond":               {"Range", "bytes=7-99", 206, "789", "bytes 7-9/10"},
		"after the end":        {"Range", "bytes=10-", 416, "", "bytes */10"},
		"no range":             {"Range", "bytes=x-y", 416, "", ""},
		"backwards":            {"Range", "bytes=5-2", 416, "", ""},
		"other unit":           {"Range", "lines=1-2", 416, "", ""},
		"too large":            {"Range", "bytes=99999999999999999999-", 416, "", ""},
		"several":              {"Range", "bytes=0-1,3-4", 200, words, ""},
		"very many":            {"Range", "bytes=" + strings.Repeat("0-,", 5000), 200, words, ""},
		"known":                {"If-None-Match", tag, 304, "", ""},
		"known among others":   {"If-None-Match", `"x", W/` + tag, 304, "", ""},
		"another version":      {"If-None-Match", `"x"`, 200, words, ""},
		"not changed since":    {"If-Modified-Since", modified, 304, "", ""},
		"only this version":    {"If-Match", tag, 200, words, ""},
		"only another version": {"If-Match", `"x"`, 412, "", ""},
	} {
		r := w.do(http.MethodGet, at, nil, with(c.header, c.value)).want(c.status)
		if c.status < 400 && string(r.body) != c.body {
			t.Errorf("%s: %q", name, r.body)
		}
		if c.is != "" && r.header.Get("Content-Range") != c.is {
			t.Errorf("%s: Content-Range is %q", name, r.header.Get("Content-Range"))
		}
	}
	if r := w.do(http.MethodGet, at, nil, with("Range", "bytes=0-3"), with("If-Range", `"x"`)); r.status != http.StatusOK {
		t.Errorf("a part of another version: %d", r.status)
	}
}

// TestWhatBrowsersShow: pictures, sound, films and PDF are shown in place; whatever could
// run is saved, whoever sent it and whatever it is called.
func TestWhatBrowsersShow(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	for content, want := range map[string]struct{ contentType, disposition, policy string }{
		pixel:                                    {"image/png", "inline", "default-src 'none'; sandbox"},
		pdf:                                      {"application/pdf", "inline", "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"},
		"\x00\x00\x00\x18ftypmp42film":           {"video/mp4", "inline", "default-src 'none'; sandbox"},
		"<html><script>alert(1)</script></html>": {"application/octet-stream", "attachment", "default-src 'none'; sandbox"},
		`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>`: {"application/octet-stream", "attachment", "default-src 'none'; sandbox"},
		`<?xml version="1.0"?><x/>`:                                        {"application/octet-stream", "attachment", "default-src 'none'; sandbox"},
		"alert(1)":                                                         {"application/octet-stream", "attachment", "default-src 'none'; sandbox"},
	} {
		r := w.do(http.MethodGet, w.address(w.file(h, "x.png", content)), nil).want(http.StatusOK)
		disposition, _, _ := strings.Cut(r.header.Get("Content-Disposition"), ";")
		if r.header.Get("Content-Type") != want.contentType || disposition != want.disposition || r.header.Get("Content-Security-Policy") != want.policy {
			t.Errorf("%.20q: %v", content, r.header)
		}
	}
}

// TestWhoMayFetch: whoever has the address, until it ends, and the hotel's own people.
func TestWhoMayFetch(t *testing.T) {
	t.Parallel()
	w := setup(t)
	home, away := w.hotel(), w.hotel()
	f := w.file(home, "a.png", pixel)
	signed := w.address(f)
	bare, query, _ := strings.Cut(signed, "?")
	ana := w.user(home.ID, user.Attendant, "Camburi")
	super := pgtest.User(t, w.db, tenantless, user.SuperAdmin, "")
	w.do(http.MethodGet, signed, nil).want(http.StatusOK)
	w.do(http.MethodGet, "/api/v1"+strings.TrimPrefix(signed, "/api"), nil).want(http.StatusOK)
	w.do(http.MethodGet, bare, nil, as(w.token(ana))).want(http.StatusOK)
	w.do(http.MethodGet, bare, nil, as(w.token(super))).want(http.StatusOK)
	w.do(http.MethodGet, bare, nil).want(http.StatusUnauthorized, "unauthorized")
	w.do(http.MethodGet, bare, nil, as("x")).want(http.StatusUnauthorized)
	w.do(http.MethodGet, bare, nil, as(w.token(away.Admin))).want(http.StatusNotFound, "media_not_found")
	w.do(http.MethodGet, bare, nil, keyed(home.key)).want(http.StatusUnauthorized)
	other, _, _ := strings.Cut(w.address(w.file(away, "b.pdf", pdf)), "?")
	for name, at := range map[string]string{
		"another file":       strings.Replace(bare, f.Name, "x"+f.Name, 1) + "?" + query,
		"another hotel's":    other + "?" + query,
		"a later end":        bare + "?e=9999999999&" + query[strings.Index(query, "s="):],
		"an end with zeros":  strings.Replace(signed, "e=", "e=0", 1),
		"an end with a sign": strings.Replace(signed, "e=", "e=%2b", 1),
		"no end":             bare + "?" + query[strings.Index(query, "s="):],
		"no signature":       bare + "?" + query[:strings.Index(query, "&")],
		"cut signature":      signed[:len(signed)-1],
		"empty signature":    bare + "?e=1&s=",
		"twice":              bare + "?s=x&" + query,
	} {
		w.do(http.MethodGet, at, nil).want(http.StatusNotFound, "media_not_found")
		w.do(http.MethodGet, at, nil, as(w.token(ana))).want(http.StatusNotFound) // whoever asks
		_ = name
	}
	w.clock.Advance(23 * time.Hour)
	w.do(http.MethodGet, signed, nil).want(http.StatusOK)
	w.clock.Advance(14 * time.Hour)
	w.do(http.MethodGet, signed, nil).want(http.StatusForbidden, "link_expired")
	w.do(http.MethodGet, w.address(f), nil).want(http.StatusOK)
	w.exec("UPDATE tenant SET status = 'SUSPENDED' WHERE id = $1", home.ID)
	w.clock.Advance(time.Minute)
	w.do(http.MethodGet, w.address(f), nil).want(http.StatusNotFound)
}

// TestOddAddresses: no way out of the folder, no patterns, no other hotel's (contract
// §10.1 S2).
func TestOddAddresses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := setup(t, onDisk(t, dir))
	h := w.hotel()
	pass := as(w.token(h.Admin))
	tenant := h.ID.String()
	for _, at := range []string{
		"/..%2f..%2f..%2fetc/passwd", "/" + tenant + "/..%2f..%2f..%2fetc%2fpasswd", "/" + tenant + "/.*.jpg", "/" + tenant + "/%2e%2e", "/" + tenant + "/..",
		"/" + tenant + "/a%00.jpg", "/" + tenant + "/%ff", "/" + tenant + "/*", "/" + tenant + "/", "/" + tenant, "/" + tenant + "/a/b", "/" + tenant + "/.arriving",
		"/" + tenant + `/..%5c..%5cx`, "/" + tenant + "/" + strings.Repeat("a", 5000), "/" + tenant + "/secrets.json", "/x/a.jpg", "//a.jpg", "/%00/a.jpg",
		"/" + strings.ToUpper(tenant) + "/nothing.jpg", "/{" + tenant + "}/a.jpg", "/00000000-0000-0000-0000-000000000000/a.jpg",
	} {
		w.do(http.MethodGet, "/api/media"+at, nil, pass).want(http.StatusNotFound)
		w.do(http.MethodHead, "/api/media"+at, nil, pass).want(http.StatusNotFound)
	}
}

// TestLostFile: bytes that are gone are not found, and somebody is told.
func TestLostFile(t *testing.T) {
	t.Parallel()
	w := setup(t)
	f := w.file(w.hotel(), "a.png", pixel)
	if err := w.store.Delete(t.Context(), f.Key); err != nil {
		t.Fatal(err)
	}
	w.do(http.MethodGet, w.address(f), nil).want(http.StatusNotFound, "media_not_found")
	if !strings.Contains(w.logs.String(), "file is lost") {
		t.Error("nobody is told")
	}
}

// TestMessagesShowFiles: a message's address can be fetched by whoever got the message,
// in the old form too; what lies elsewhere is left alone.
func TestMessagesShowFiles(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	f := w.file(h, "quarto.png", pixel)
	to := w.chat(h)
	at := "/api/conversations/" + to.card.ID.String() + "/messages"
	for stored, fetched := range map[string]bool{
		filing.Stored(h.ID, f.Name): true,
		"https://api.botreserva.com.br/api/media/" + h.ID.String() + "/" + f.Name:    true,
		"https://example.com/photo.png":                                              false,
		"https://example.com/api/media/" + w.hotel().ID.String() + "/" + f.Name:      false,
		"https://example.com/?/api/media/" + h.ID.String() + "/" + f.Name:            false,
		"https://example.com/api/media/" + h.ID.String() + "/" + f.Name + "?token=x": false,
	} {
		m := pgtest.Message(t, w.db, h.ID, to.card, func(m *message.Message) {
			m.Kind, m.Metadata = message.Image, message.Metadata{MediaURL: stored, MimeType: "image/png"}
		})
		for _, row := range w.do(http.MethodGet, at, nil, as(w.token(h.Admin))).want(http.StatusOK).list() {
			if row["id"] != m.ID.String() {
				continue
			}
			shown, _ := row["mediaUrl"].(string)
			if meta, _ := row["metadata"].(map[string]any); meta["mediaUrl"] != shown {
				t.Errorf("%s: %v in the metadata", shown, meta["mediaUrl"])
			}
			if !fetched && shown != stored {
				t.Errorf("%s became %s", stored, shown)
			}
			if fetched {
				w.do(http.MethodGet, strings.TrimPrefix(shown, "https://api.example.com"), nil).want(http.StatusOK)
			}
		}
	}
}
