package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	alertName  = regexp.MustCompile(`(?m)^ *- alert: (\w+)$`)
	runbookRef = regexp.MustCompile(`(?m)^ *runbook: docs/runbook\.md#(\w+)$`)
	entryName  = regexp.MustCompile(`(?m)^### (\w+)$`)
)

// TestEveryAlertHasARunbookEntry holds alerts, their links and the runbook together, both ways.
func TestEveryAlertHasARunbookEntry(t *testing.T) {
	t.Parallel()
	rules, book := fileOf(t, "deploy/prometheus/alerts.yml"), fileOf(t, "docs/runbook.md")
	_, section, _ := strings.Cut(book, "\n## Alerts\n")
	section, _, _ = strings.Cut(section, "\n## ")
	entries := map[string]bool{}
	for _, m := range entryName.FindAllStringSubmatch(section, -1) {
		entries[m[1]] = true
	}
	alerts, links := alertName.FindAllStringSubmatch(rules, -1), runbookRef.FindAllStringSubmatch(rules, -1)
	if len(alerts) == 0 || len(alerts) != len(links) {
		t.Fatalf("%d alerts with %d links", len(alerts), len(links))
	}
	for i, a := range alerts {
		if !entries[a[1]] {
			t.Errorf("docs/runbook.md has no entry for %s", a[1])
		}
		if links[i][1] != strings.ToLower(a[1]) {
			t.Errorf("%s leads to #%s", a[1], links[i][1])
		}
		delete(entries, a[1])
	}
	for name := range entries {
		t.Errorf("docs/runbook.md has an entry for %s, which is no alert", name)
	}
}

func fileOf(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
