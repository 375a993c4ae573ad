// Package arch holds the project's shape as a test: which package may import which, how long a file may be,
// and that the documents name what is there. There is no product code here.
//
// Open rooms_test.go first: the table of packages, bottom to top, each with its reason. The checks are in
// imports_test.go and files_test.go; planted_test.go proves that each of them can fail.
//
// The files are parsed in process. Asking `go list` would be shorter, but `go test` caches a test that only
// starts a program, and a fresh violation would still print ok.
package arch

import (
	"io/fs"
	"os"
	"slices"
	"testing"
)

func TestProject(t *testing.T) {
	t.Parallel()
	tree := os.DirFS("../..")
	sources, err := readSources(tree)
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) == 0 {
		t.Fatal("found no Go file: is this still two folders below go.mod?")
	}
	texts, err := checkTexts(tree)
	if err != nil {
		t.Fatal(err)
	}
	document, documentErr := fs.ReadFile(tree, "ARCHITECTURE.md")
	if documentErr != nil {
		t.Error(documentErr)
	}
	for name, problems := range map[string][]string{
		"every package is in the table":           checkTable(sources, rooms),
		"imports only go down":                    checkImports(sources, rooms, libraries),
		"a file holds one idea":                   checkSizes(sources),
		"a package is named after what it holds":  checkNames(sources),
		"ARCHITECTURE.md names every package":     checkMap(string(document), tree, roomsOf(sources)),
		"committed files work on another machine": texts,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, problem := range problems {
				t.Error(problem)
			}
		})
	}
}

// TestTable keeps the tables themselves honest: a typing mistake in them would allow what it means to refuse.
func TestTable(t *testing.T) {
	t.Parallel()
	var paths []string
	for _, r := range rooms {
		paths = append(paths, r.path)
	}
	for _, r := range rooms {
		if r.layer == 0 || r.why == "" {
			t.Errorf("%s: needs a layer and a reason", r.path)
		}
		if r.step != 0 && r.layer != noun && r.layer != activity {
			t.Errorf("%s: only nouns and activities stand on a ladder", r.path)
		}
		for _, named := range slices.Concat(r.also, r.by) {
			if !slices.Contains(paths, named) {
				t.Errorf("%s names %s, which is not in the table", r.path, named)
			}
		}
	}
	for _, l := range libraries {
		if l.why == "" {
			t.Errorf("%s: needs a reason", l.path)
		}
		for _, named := range l.rooms {
			if !slices.Contains(paths, named) {
				t.Errorf("%s names %s, which is not in the table", l.path, named)
			}
		}
	}
	slices.Sort(paths)
	if len(slices.Compact(paths)) != len(rooms) {
		t.Error("a package is in the table twice")
	}
}
