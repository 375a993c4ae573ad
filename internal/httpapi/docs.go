package httpapi

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed docs
var docsFiles embed.FS

// docs serves the page that shows the OpenAPI document. It needs nothing from the
// network, so it works on a hotel's machine behind a firewall.
func (s *server) docs() http.Handler {
	files, err := fs.Sub(docsFiles, "docs")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	serve := http.StripPrefix("/api/docs", http.FileServerFS(files))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.pageHeaders(w.Header())
		if r.URL.Path == "/api/docs" {
			http.ServeFileFS(w, r, files, "index.html")
			return
		}
		serve.ServeHTTP(w, r)
	})
}
