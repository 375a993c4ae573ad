package simulator

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"
)

//go:embed page
var pageFiles embed.FS

// pagePolicy lets the page load nothing from elsewhere, but for pictures and sound the hotel sends by link.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' data: blob: http: https:; media-src 'self' blob: http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// phonePage serves the guests' phones: /phone and its files below /phone/.
func phonePage() http.Handler {
	files, err := fs.Sub(pageFiles, "page")
	must(err)
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		switch name := strings.TrimPrefix(r.URL.Path, "/phone"); {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			w.WriteHeader(http.StatusMethodNotAllowed)
		case name == "" || name == "/":
			http.ServeFileFS(w, r, files, "phone.html")
		default:
			http.StripPrefix("/phone", server).ServeHTTP(w, r)
		}
	})
}
