// Package web holds the dashboard as it was built by `npm run build` (make build does it), to be compiled into the
// binary. Nothing of Go happens here; the pages are served by internal/httpapi, the dashboard itself is src/.
package web

import (
	"embed"
	"io/fs"
)

// The folder has one committed file, so that Go builds before Node was ever run.
//
//go:embed all:dist
var built embed.FS

// Site returns the built dashboard, or nil where only the binary was built.
func Site() fs.FS {
	site, err := fs.Sub(built, "dist/app")
	if err != nil {
		return nil
	}
	if _, err := fs.Stat(site, "index.html"); err != nil {
		return nil
	}
	return site
}
