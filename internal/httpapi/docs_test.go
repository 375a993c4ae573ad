package httpapi_test

import (
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestDocsPage: the page and what it loads come from us alone, so that it works where
// nothing else can be reached.
func TestDocsPage(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for path, contentType := range map[string]string{
		"/api/docs": "text/html", "/api/docs/docs.css": "text/css", "/api/docs/docs.mjs": "text/javascript",
	} {
		r := w.do(http.MethodGet, path, nil).want(http.StatusOK)
		if got := r.header.Get("Content-Type"); !strings.HasPrefix(got, contentType) {
			t.Errorf("%s is %s", path, got)
		}
		if foreign := regexp.MustCompile(`(src|href)="https?://`).FindString(string(r.body)); foreign != "" {
			t.Errorf("%s loads from elsewhere: %s", path, foreign)
		}
	}
}

func TestDocsScriptIsValid(t *testing.T) {
	t.Parallel()
	if out, err := exec.CommandContext(t.Context(), "node", "--check", "docs/docs.mjs").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
