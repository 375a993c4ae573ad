//go:build unix

package embedded

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// npmLinksFile lists the links that an npm archive cannot carry: without them the
// server does not find its own ICU library. The package makes them in an install
// script, which npm may be told not to run.
const npmLinksFile = "pg-symlinks.json"

// npmPackage is the package that carries a server for this machine.
func npmPackage() string {
	arch := map[string]string{"amd64": "x64"}[runtime.GOARCH]
	if arch == "" {
		arch = runtime.GOARCH
	}
	return "@embedded-postgres/" + runtime.GOOS + "-" + arch
}

func npmBinDirs(searchDirs []string) []string {
	var dirs []string
	for _, base := range npmSearchDirs(searchDirs) {
		for _, modules := range []string{"node_modules", filepath.Join(".tools", "postgres", "node_modules")} {
			dir := filepath.Join(base, modules, filepath.FromSlash(npmPackage()), "native", "bin")
			if _, err := os.Stat(dir); err == nil {
				dirs = append(dirs, dir)
			}
		}
	}
	return dirs
}

// npmSearchDirs are the working directory, the project around it (tests run in
// their package's folder), the executable's folder and the one above it, and
// what the caller adds.
func npmSearchDirs(more []string) []string {
	var dirs []string
	if cwd, err := os.Getwd(); err == nil {
		dirs = append(dirs, cwd)
		if project, ok := projectAround(cwd); ok {
			dirs = append(dirs, project)
		}
	}
	if exe, err := os.Executable(); err == nil {
		dir := filepath.Dir(resolve(exe))
		dirs = append(dirs, dir, filepath.Dir(dir))
	}
	return append(dirs, more...)
}

// projectAround is the nearest folder at or above dir that holds a go.mod.
func projectAround(dir string) (string, bool) {
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// restoreNpmLinks makes the missing links of the npm package around binDir; any
// other installation has no such list and is left alone.
func restoreNpmLinks(binDir string) error {
	native := filepath.Dir(binDir)
	text, err := os.ReadFile(filepath.Join(native, npmLinksFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read list of links: %w", err)
	}
	var links []npmLink
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("read %s: %w", npmLinksFile, err)
	}
	for _, link := range links {
		if err := link.restore(filepath.Dir(native)); err != nil {
			return fmt.Errorf("make link of the npm package: %w", err)
		}
	}
	return nil
}

// npmLink says that Target is a link to Source; both are below the package.
type npmLink struct {
	Source string `json:"source"`
	Target string `json:"target"`
}

func (l npmLink) restore(packageDir string) error {
	source, target := filepath.FromSlash(l.Source), filepath.FromSlash(l.Target)
	if !filepath.IsLocal(source) || !filepath.IsLocal(target) {
		return fmt.Errorf("%s to %s leaves the package", l.Target, l.Source)
	}
	path := filepath.Join(packageDir, target)
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	relative, err := filepath.Rel(filepath.Dir(target), source)
	if err != nil {
		return err
	}
	if err := os.Symlink(relative, path); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}
