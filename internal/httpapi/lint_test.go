package httpapi_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/httpapi"
)

// TestRedocly: a linter that knows OpenAPI finds nothing to say, and would.
func TestRedocly(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(filepath.Join("testdata", "lint", "node_modules", "@redocly")); err != nil {
		t.Fatal("the linter is not installed; run: make deps")
	}
	text, err := httpapi.Document().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if found := lint(t, text); found != "" {
		t.Errorf("the linter found:\n%s", found)
	}
	planted := bytes.Replace(text, []byte(`"operationId":"get-api-tags"`), []byte(`"operationId":"get-api-contacts"`), 1)
	if found := lint(t, planted); !strings.Contains(found, "operation-operationId-unique") {
		t.Errorf("of a name that is there twice the linter says %q", found)
	}
}

// lint returns a line for each finding.
func lint(t *testing.T, document []byte) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "node", "lint.mjs")
	cmd.Dir, cmd.Stdin, cmd.Stderr = filepath.Join("testdata", "lint"), bytes.NewReader(document), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	return strings.TrimSpace(string(out))
}
