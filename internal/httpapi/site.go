package httpapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
)

// screens are the addresses of the dashboard: each answers with the one page, which
// shows the screen. Anything else stays unknown, so that a mistyped call of the API
// never gets a page. web/src/app/router.tsx has the same list.
var screens = []string{
	"/", "/login", "/forgot-password", "/reset-password", "/conversas", "/conversas/{conversation}",
	"/escalonamentos", "/oportunidades", "/contatos", "/contatos/{page}", "/visao-geral", "/relatorios", "/conta",
	"/gestao", "/gestao/{page}", "/plataforma", "/plataforma/{page}",
}

// The kinds of caching: a built file has its content in its name, a page is asked for
// every time and mostly answered with 304.
const (
	forEver    = "public, max-age=31536000, immutable"
	askedAnew  = "no-cache"
	builtFiles = "assets/"
	firstPage  = "index.html"
)

// site adds the built dashboard, where there is one.
func (s *server) site(router chi.Router) {
	if s.deps.Site == nil {
		return
	}
	for _, screen := range screens {
		router.Get(screen, s.siteFile(firstPage, askedAnew))
	}
	_ = fs.WalkDir(s.deps.Site, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == firstPage || isPacked(name) {
			return err
		}
		caching := askedAnew
		if strings.HasPrefix(name, builtFiles) {
			caching = forEver
		}
		router.Get("/"+name, s.siteFile(name, caching))
		return nil
	})
}

// packings are the ways in which the build packed files beforehand, the smallest first.
var packings = []struct{ name, ending string }{{"br", ".br"}, {"gzip", ".gz"}}

func isPacked(name string) bool {
	ending := path.Ext(name)
	return ending == packings[0].ending || ending == packings[1].ending
}

// siteFile serves a file of the dashboard as small as the browser can read it.
func (s *server) siteFile(name, caching string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		s.pageHeaders(h)
		h.Set("Cache-Control", caching)
		h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
		h.Add("Vary", "Accept-Encoding")
		text, packing := s.packed(name, r.Header.Get("Accept-Encoding"))
		if packing != "" {
			h.Set("Content-Encoding", packing)
		}
		sum := sha256.Sum256(text)
		h.Set("ETag", strconv.Quote(hex.EncodeToString(sum[:12])))
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(text))
	}
}

func (s *server) packed(name, accepted string) (text []byte, packing string) {
	for _, p := range packings {
		if !takes(accepted, p.name) {
			continue
		}
		if text, err := fs.ReadFile(s.deps.Site, name+p.ending); err == nil {
			return text, p.name
		}
	}
	text, _ = fs.ReadFile(s.deps.Site, name) // it was there when the routes were made
	return text, ""
}

// takes reports whether an Accept-Encoding names a packing and does not refuse it.
func takes(accepted, packing string) bool {
	for part := range strings.SplitSeq(accepted, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), packing) {
			return strings.ReplaceAll(weight, " ", "") != "q=0"
		}
	}
	return false
}
