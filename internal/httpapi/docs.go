package httpapi

import (
	"embed"
	"io/fs"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
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

// document serves the OpenAPI document under its names, that of the original's among
// them. It is written once, when somebody first asks.
func (s *server) document(router chi.Router, doc *huma.OpenAPI) {
	asJSON, asYAML := "application/openapi+json", "application/openapi+yaml"
	for _, form := range []struct {
		path, contentType string
		write             func() ([]byte, error)
	}{
		{"/api/docs/openapi.json", asJSON, doc.MarshalJSON},
		{"/api/docs/swagger.json", "application/json", doc.MarshalJSON},
		{"/api/docs/openapi.yaml", asYAML, doc.YAML},
		{"/api/docs/openapi-3.0.json", asJSON, doc.Downgrade},
		{"/api/docs/openapi-3.0.yaml", asYAML, doc.DowngradeYAML},
	} {
		written := sync.OnceValues(form.write)
		router.Get(form.path, func(w http.ResponseWriter, r *http.Request) {
			text, err := written()
			if err != nil {
				writeProblem(w, report(r, s.deps.Log, err))
				return
			}
			w.Header().Set("Content-Type", form.contentType)
			_, _ = w.Write(text) // the caller may have gone
		})
	}
}
