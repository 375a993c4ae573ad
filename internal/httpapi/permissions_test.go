package httpapi_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/httpapi"
)

const permissionsHead = `# Who may call what

This page is written from the table of routes (` + "`internal/httpapi/routes.go`" + `) by a test, which fails when they differ:
` + "`go test ./internal/httpapi -run TestDocumentOfPermissions -update`" + `. Another test tries every line with every role, from another hotel and
with another hotel's name.

- ● the role may call it. Without a log-in the answer is 401, with another role 403 ` + "`role_forbidden`" + `.
- **Reaches** is what of a hotel the call touches: *own*: only what belongs to the caller; *seen*: the conversations that the
  person sees, and what belongs to them; *hotel*: everything of the hotel; *platform*: every hotel; –: nothing of a hotel.
- Who sees which conversations: SUPER_ADMIN and TENANT_ADMIN all; HEAD those of the own unit, all without one; ATTENDANT those of
  the own unit and those assigned to them; SALES opportunities. What one does not see is not there: 404.
- A hotel is never chosen by its people: another's ` + "`X-Tenant-Slug`" + ` is 403, another's id is 404. A SUPER_ADMIN has to send
  ` + "`X-Tenant-Slug`" + ` where the last column says *names the hotel*, and may where it says *may name a hotel*.
- Nobody can give a role above their own, whatever the table says.
- Every line below /api is served below /api/v1 too, and /auth as /api/v1/auth.
`

// TestDocumentOfPermissions holds docs/permissions.md to the table of routes.
func TestDocumentOfPermissions(t *testing.T) {
	t.Parallel()
	var page bytes.Buffer
	page.WriteString(permissionsHead)
	group := ""
	for _, row := range httpapi.Rows() {
		if of := groupOf(row.Path); of != group {
			group = of
			fmt.Fprintf(&page, "\n## %s\n\n| Call | What | %s | Others | Reaches | Limit | Operator |\n|---|---|%s---|---|---|---|\n",
				group, strings.Join(roleNames(), " | "), strings.Repeat(":-:|", len(user.Roles)))
		}
		page.WriteString(permissionLine(row))
	}
	path := filepath.Join("..", "..", "docs", "permissions.md")
	if *update {
		if err := os.WriteFile(path, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), page.String()); diff != "" {
		t.Errorf("docs/permissions.md is not what routes.go says; run with -update (-page +table):\n%s", diff)
	}
}

func permissionLine(row httpapi.Row) string {
	cells := []string{"`" + row.Name() + "`", row.Summary}
	for _, role := range user.Roles {
		mark := ""
		if row.Roles.Has(role) {
			mark = "●"
		}
		cells = append(cells, mark)
	}
	others := map[string]string{"anybody": "everybody", "flow": "a hotel's flow, by its key"}[row.Who]
	reaches := map[string]string{"nothing": "–", "self": "own"}[row.Scope]
	if reaches == "" {
		reaches = row.Scope
	}
	limit := row.Limit
	if limit == "" {
		limit = "–"
	}
	operator := map[string]string{"colleague": "names the hotel", "insider": "may name a hotel"}[row.Who]
	return "| " + strings.Join(append(cells, others, reaches, limit, operator), " | ") + " |\n"
}

func roleNames() []string {
	names := make([]string, 0, len(user.Roles))
	for _, role := range user.Roles {
		names = append(names, string(role))
	}
	return names
}

// groupOf is the resource that a path is about: the first part that is not /api.
func groupOf(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(path, "/api/"), "/"), "/")
	return first
}
