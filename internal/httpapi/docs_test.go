package httpapi_test

import (
	"bytes"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/httpapi"
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

// TestDocsShow: the page shows all that the document says of a call.
func TestDocsShow(t *testing.T) {
	t.Parallel()
	text, err := httpapi.Document().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "node", "testdata/docs_page.mjs", "post /api/tags")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(text), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	for _, want := range []string{
		"POST", "/api/tags", "Make a tag", "For people: SUPER_ADMIN", "header X-Tenant-Slug", "For example", `"#3B82F6"`, "201 Created", `"conversationsCount"`,
		`"409": "It does not go together`, `"429"`,
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the page does not show %s:\n%s", want, out)
		}
	}
}
