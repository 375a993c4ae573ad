package arch

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// module is our module path; imports below it are ours.
const module = "github.com/botreserva/botreserva"

// A source is what the checks need to know of one Go file.
type source struct {
	path      string // from the root of the module
	room      string // its folder
	name      string // its package clause
	imports   []string
	lines     int
	test      bool
	generated bool
}

// readSources parses every Go file of the module: not of modules inside it (tools), not of testdata, and not
// of folders that the go command leaves out.
func readSources(tree fs.FS) ([]source, error) {
	ignored, err := readIgnored(tree)
	if err != nil {
		return nil, err
	}
	var sources []source
	err = fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && (outsideModule(tree, name) || ignored.match(name)):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		s, err := readSource(tree, name)
		if err != nil {
			return err
		}
		sources = append(sources, s)
		return nil
	})
	return sources, err
}

func outsideModule(tree fs.FS, folder string) bool {
	base := path.Base(folder)
	if base == "testdata" || base[0] == '.' || base[0] == '_' {
		return true
	}
	_, err := fs.Stat(tree, path.Join(folder, "go.mod"))
	return err == nil
}

func readSource(tree fs.FS, name string) (source, error) {
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		return source{}, err
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return source{}, fmt.Errorf("parse: %w", err)
	}
	s := source{
		path:      name,
		room:      path.Dir(name),
		name:      parsed.Name.Name,
		lines:     bytes.Count(text, []byte("\n")),
		test:      strings.HasSuffix(name, "_test.go"),
		generated: ast.IsGenerated(parsed),
	}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, fmt.Errorf("import in %s: %w", name, err)
		}
		s.imports = append(s.imports, imported)
	}
	return s, nil
}

// roomsOf lists the folders that hold Go files, sorted.
func roomsOf(sources []source) []string {
	var found []string
	for _, s := range sources {
		found = append(found, s.room)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// ignored is the part of .gitignore that we write: folders (/bin/, node_modules/) and file patterns (*.out).
type ignored []string

func readIgnored(tree fs.FS) (ignored, error) {
	text, err := fs.ReadFile(tree, ".gitignore")
	if err != nil {
		return nil, fmt.Errorf("read .gitignore: %w", err)
	}
	patterns := ignored{".git"}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '#' {
			patterns = append(patterns, strings.TrimSuffix(line, "/"))
		}
	}
	return patterns, nil
}

func (patterns ignored) match(name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		if rooted, found := strings.CutPrefix(pattern, "/"); found {
			return rooted == name
		}
		matched, err := path.Match(pattern, path.Base(name))
		return err == nil && matched
	})
}
