package arch

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// project makes a tree in memory from pairs of path and text.
func project(files ...string) fstest.MapFS {
	tree := fstest.MapFS{
		"go.mod":     {Data: []byte("module " + module + "\n")},
		".gitignore": {Data: []byte("# built\n/bin/\nnode_modules/\n*.out\n")},
	}
	for i := 0; i < len(files); i += 2 {
		tree[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return tree
}

// goFile is the text of a file that imports the given paths; ours may leave out the module.
func goFile(imports ...string) string {
	var text strings.Builder
	text.WriteString("package x\n\n")
	for _, name := range imports {
		if strings.HasPrefix(name, "internal/") || strings.HasPrefix(name, "cmd/") {
			name = module + "/" + name
		}
		fmt.Fprintf(&text, "import _ %q\n", name)
	}
	return text.String()
}

func sourcesOf(t *testing.T, tree fs.FS) []source {
	t.Helper()
	sources, err := readSources(tree)
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

// expect fails unless there is exactly one problem holding want, or none when want is empty.
func expect(t *testing.T, problems []string, want string) {
	t.Helper()
	switch {
	case want == "" && len(problems) > 0:
		t.Errorf("refused: %q", problems)
	case want != "" && (len(problems) != 1 || !strings.Contains(problems[0], want)):
		t.Errorf("got %q, want one problem holding %q", problems, want)
	}
}

func TestImports(t *testing.T) {
	t.Parallel()
	const (
		down    = "imports only go down"
		ladder  = "lower on the ladder"
		apart   = "do not know each other"
		nothing = "imports nothing of ours"
		tests   = "only tests import it"
	)
	for _, c := range []struct{ file, imported, want string }{
		// Layers.
		{"internal/httpapi/a.go", "internal/inbox", ""},
		{"internal/httpapi/a.go", "internal/domain/message", ""},
		{"internal/inbox/a.go", "internal/postgres", ""},
		{"internal/inbox/a.go", "internal/httpapi", down},
		{"internal/postgres/a.go", "internal/auth", down},
		{"internal/postgres/sqlc/a.go", "internal/domain/id", ""},
		{"internal/domain/user/a.go", "internal/postgres", down},
		{"internal/clock/a.go", "internal/domain/tenant", down},
		{"internal/auth/a.go", "internal/app", down},
		{"internal/app/a.go", "internal/realtime", ""},
		{"cmd/botreserva/main.go", "internal/app", ""},
		{"cmd/botreserva/main.go", "internal/postgres", nothing},
		// Siblings.
		{"internal/domain/message/a.go", "internal/domain/conversation", ""},
		{"internal/domain/conversation/a.go", "internal/domain/message", ladder},
		{"internal/domain/event/a.go", "internal/domain/escalation", ""},
		{"internal/inbox/a.go", "internal/desk", ""},
		{"internal/desk/a.go", "internal/outbox", ""},
		{"internal/desk/a.go", "internal/auth", ""},
		{"internal/outbox/a.go", "internal/desk", ladder},
		{"internal/desk/a.go", "internal/inbox", ladder},
		{"internal/auth/a.go", "internal/outbox", ladder},
		{"internal/whatsapp/a.go", "internal/postgres", apart},
		{"internal/postgres/a.go", "internal/n8n", apart},
		{"internal/httpapi/a.go", "internal/realtime", apart},
		{"internal/realtime/a.go", "internal/httpapi", apart},
		{"internal/clock/a.go", "internal/sealed", apart},
		{"internal/lane/a.go", "internal/clock", ""},
		// Rooms with one caller, and rooms that know nothing.
		{"internal/postgres/a.go", "internal/postgres/sqlc", ""},
		{"internal/inbox/a.go", "internal/postgres/sqlc", "only internal/postgres may"},
		{"internal/realtime/a.go", "internal/realtime/socketio", ""},
		{"internal/httpapi/a.go", "internal/realtime/socketio", "only internal/realtime"},
		{"internal/realtime/socketio/a.go", "internal/domain/id", nothing},
		{"internal/whatsapp/simulator/a.go", "internal/whatsapp", nothing},
		{"internal/n8n/demobot/a.go", "internal/obs", ""},
		{"internal/n8n/demobot/a.go", "internal/n8n", nothing},
		{"internal/app/a.go", "internal/whatsapp/simulator", ""},
		{"internal/outbox/a.go", "internal/whatsapp/simulator", "only internal/app may"},
		{"internal/postgres/embedded/a.go", "internal/config", nothing},
		// Tests and test rooms.
		{"internal/inbox/a_test.go", "internal/apptest", ""},
		{"internal/inbox/a.go", "internal/apptest", tests},
		{"internal/app/a.go", "internal/postgres/pgtest", tests},
		{"internal/apptest/a.go", "internal/app", ""},
		{"internal/bench/a.go", "internal/whatsapp/simulator", ""},
		{"internal/domain/user/a_test.go", "internal/postgres/pgtest", tests},
		{"internal/realtime/socketio/a_test.go", "internal/realtime/socketio", ""},
		{"internal/realtime/socketio/a_test.go", "internal/app", nothing},
		// Not there.
		{"internal/inbox/a.go", "internal/mailbox", "not in the table"},
		// Libraries.
		{"internal/postgres/a.go", "github.com/jackc/pgx/v5/pgxpool", ""},
		{"internal/app/a.go", "github.com/jackc/pgx/v5/pgxpool", ""},
		{"internal/postgres/pgtest/a.go", "github.com/jackc/pgx/v5", ""},
		{"internal/bench/a.go", "github.com/jackc/pgx/v5", ""},
		{"internal/inbox/a_test.go", "github.com/jackc/pgx/v5", ""},
		{"internal/inbox/a.go", "github.com/jackc/pgx/v5", "only internal/postgres, internal/app may"},
		{"internal/lane/a.go", "database/sql", "only internal/postgres may"},
		{"internal/domain/id/a.go", "database/sql/driver", ""},
		{"internal/domain/id/a.go", "database/sql", "only internal/postgres may"},
		{"internal/obs/a.go", "github.com/google/go-cmp/cmp", "for tests only"},
		{"internal/apptest/a.go", "testing", ""},
		{"internal/app/a.go", "testing", "for tests only"},
		{"internal/app/a.go", "testing/fstest", "for tests only"},
		{"internal/app/a.go", "example.com/left-pad", "a new library"},
		{"internal/inbox/a_test.go", "github.com/stretchr/testify/assert", "a new library"},
		{"internal/domain/user/a.go", "net/http", "true without a computer"},
		{"internal/domain/user/a.go", "time", ""},
	} {
		t.Run(c.file+" imports "+c.imported, func(t *testing.T) {
			t.Parallel()
			sources := sourcesOf(t, project(c.file, goFile(c.imported)))
			expect(t, checkImports(sources, rooms, libraries), c.want)
		})
	}
}

func TestTableAndTreeAreEqual(t *testing.T) {
	t.Parallel()
	table := []room{{path: "internal/desk", layer: activity}, {path: "internal/inbox", layer: activity}}
	sources := sourcesOf(t, project("internal/desk/a.go", goFile(), "internal/inbox/a.go", goFile()))
	expect(t, checkTable(sources, table), "")
	expect(t, checkTable(sources, table[:1]), "internal/inbox: not in the table")
	expect(t, checkTable(sources[:1], table), "internal/inbox: in the table of rooms, but")
}

func TestSources(t *testing.T) {
	t.Parallel()
	sources := sourcesOf(t, project(
		"internal/desk/a.go", goFile("time"),
		"internal/desk/testdata/a.go", goFile(),
		"internal/desk/node_modules/flat/a.go", goFile(),
		"tools/sqlc/go.mod", "module tools\n",
		"tools/sqlc/a.go", goFile(),
		"bin/a.go", goFile(),
		".hidden/a.go", goFile(),
	))
	if len(sources) != 1 || sources[0].path != "internal/desk/a.go" || len(sources[0].imports) != 1 {
		t.Errorf("got %+v, want internal/desk/a.go with one import", sources)
	}
	if _, err := readSources(project("internal/desk/a.go", "pakage x")); err == nil {
		t.Error("a file that does not parse was passed over")
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	body := func(lines int) string { return goFile() + strings.Repeat("//\n", lines-2) }
	for _, c := range []struct{ name, file, text, want string }{
		{"the longest", "internal/desk/a.go", body(longestFile), ""},
		{"one line more", "internal/desk/a.go", body(longestFile + 1), "401 lines"},
		{"a long test", "internal/desk/a_test.go", body(900), ""},
		{"a generated file", "internal/desk/a.go", "// Code generated by sqlc. DO NOT EDIT.\n\n" + body(900), ""},
		{"a file that speaks of generated files", "internal/desk/a.go", body(900) + "// Code generated by hand.\n", "901 lines"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			expect(t, checkSizes(sourcesOf(t, project(c.file, c.text))), c.want)
		})
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	expect(t, checkNames(sourcesOf(t, project("internal/desk/a.go", "package desk\n"))), "")
	expect(t, checkNames(sourcesOf(t, project("internal/util/a.go", "package text\n"))), `"util"`)
	expect(t, checkNames(sourcesOf(t, project("internal/desk/helpers/a.go", "package helpers\n"))), `"helpers"`)
	expect(t, checkNames(sourcesOf(t, project("internal/desk/a.go", "package common\n"))), `"common"`)
}

func TestMap(t *testing.T) {
	t.Parallel()
	tree := project("internal/desk/a.go", goFile(), "internal/desk/notes/a.go", goFile())
	packages := []string{"internal/desk", "internal/desk/notes"}
	expect(t, checkMap("`internal/desk` and `internal/desk/notes/`", tree, packages), "")
	expect(t, checkMap("the desk, `internal/desk/notes`", tree, packages), "does not name `internal/desk`")
	expect(t, checkMap("`internal/desk`", tree, packages), "does not name `internal/desk/notes`")
	expect(t, checkMap("`internal/desk`, `internal/desk/notes`, `internal/till`", tree, packages), "names `internal/till`")
}

func TestTexts(t *testing.T) {
	t.Parallel()
	const settings = "omit-lockfile-registry-resolved=true\n"
	// Put together here, so that this file does not hold what it forbids.
	home, registry := "/home"+"/ana/hotel", "https://registry."+"npmjs.org/x.tgz"
	for _, c := range []struct {
		name, want string
		files      []string
	}{
		{"a clean project", "", []string{"a.md", "see docs/work/plan.md and https://example.com/home/x", "p/package-lock.json", "{}", "p/.npmrc", settings}},
		{"a home directory", "a.sh:2: a directory of one machine", []string{"a.sh", "#!/bin/sh\ncd " + home}},
		{"a path in quotes", "a.go:1: a directory of one machine", []string{"a.go", `"` + "/work" + `/main"`}},
		{"a path in a hidden file", "a directory of one machine", []string{".ci/run", home}},
		{"a registry", "a.json:1: a package registry", []string{"a.json", registry}},
		{"a proxy of a company", "a package registry", []string{"a.toml", "https:/" + "/nexus.example.com/npm"}},
		{"an ignored folder", "", []string{"bin/a.md", home, "p/node_modules/x/a.md", home, "c.out", home}},
		{"a binary file", "", []string{"a.png", "\x89PNG\x00 " + home}},
		{"an address in a lock file", `"resolved"`, []string{"p/package-lock.json", `{"resolved": ""}`, "p/.npmrc", settings}},
		{"a lock file without settings", "needs an .npmrc", []string{"p/package-lock.json", "{}"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			problems, err := checkTexts(project(c.files...))
			if err != nil {
				t.Fatal(err)
			}
			expect(t, problems, c.want)
		})
	}
}
