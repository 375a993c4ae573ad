package httpapi

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed docs
var docsFiles embed.FS

// docsPolicy lets the page load its own script and style and read the document, and
// nothing from anywhere else.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"

// docs serves the page that shows the OpenAPI document. It needs nothing from the
// network, so it works on a hotel's machine behind a firewall.
func docs() http.Handler {
	files, err := fs.Sub(docsFiles, "docs")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	serve := http.StripPrefix("/api/docs", http.FileServerFS(files))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", docsPolicy)
		if r.URL.Path == "/api/docs" {
			http.ServeFileFS(w, r, files, "index.html")
			return
		}
		serve.ServeHTTP(w, r)
	})
}
