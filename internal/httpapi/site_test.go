package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/botreserva/botreserva/internal/httpapi"
)

// TestSite: screens get the one page, built files are kept for ever, and what is no
// screen stays unknown: a wrong call of the API must not get a page.
func TestSite(t *testing.T) {
	t.Parallel()
	script := []byte("console.log(1)")
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = zip.Write(script)
	_ = zip.Close()
	w := setup(t, func(d *httpapi.Deps) {
		d.PublicURL = "https://desk.example.com"
		d.Site = fstest.MapFS{
			"index.html":         {Data: []byte("<!doctype html><title>Bot Reserva</title>")},
			"assets/a-1.js":      {Data: script},
			"assets/a-1.js.gz":   {Data: packed.Bytes()},
			"assets/a-1.js.br":   {Data: []byte("brotli")},
			"manifest.json":      {Data: []byte("{}")},
			"assets/font-1.woff": {Data: []byte("font")},
		}
	})
	get := func(path string, headers map[string]string) *httptest.ResponseRecorder {
		t.Helper()
		return siteGet(t, w.handler, path, headers)
	}
	for _, path := range []string{"/", "/login", "/conversas", "/conversas/0197", "/gestao/etiquetas", "/reset-password?token=x"} {
		page := get(path, nil)
		for header, want := range map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache", "Vary": "Accept-Encoding", "X-Frame-Options": "DENY",
			"Content-Security-Policy": "connect-src 'self' wss://desk.example.com",
		} {
			if got := strings.Join(page.Header().Values(header), ","); page.Code != http.StatusOK || !strings.Contains(got, want) {
				t.Errorf("%s answers %d with %s %q", path, page.Code, header, got)
			}
		}
	}
	for _, path := range []string{"/api/nothing", "/api/v1/conversas", "/auth/nothing", "/assets/gone.js", "/assets/a-1.js.gz", "/index.html", "/somewhere"} {
		w.do(http.MethodGet, path, nil).want(http.StatusNotFound)
	}
	w.do(http.MethodPost, "/login", nil).want(http.StatusMethodNotAllowed)
	for accepted, want := range map[string]string{"gzip, br": "br", "gzip": "gzip", "br;q=0, gzip": "gzip", "": "", "identity": ""} {
		r := get("/assets/a-1.js", map[string]string{"Accept-Encoding": accepted})
		if got := r.Header().Get("Content-Encoding"); got != want || r.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%q gets %q, %q", accepted, got, r.Header().Get("Cache-Control"))
		}
	}
	tag := get("/", nil).Header().Get("ETag")
	if r := get("/", map[string]string{"If-None-Match": tag}); tag == "" || r.Code != http.StatusNotModified {
		t.Errorf("the same page is sent again: %d with %q", r.Code, tag)
	}
}

// TestNoSite: a binary without a dashboard says so as for every unknown address.
func TestNoSite(t *testing.T) {
	t.Parallel()
	setup(t).do(http.MethodGet, "/login", nil).want(http.StatusNotFound)
}

func siteGet(t *testing.T, handler http.Handler, path string, headers map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, r)
	return answer
}
