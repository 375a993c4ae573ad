//go:build unix

package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFindBinaries_an_existing_cluster_decides_the_version(t *testing.T) {
	t.Parallel()
	opts := Options{DataDir: "/srv/hotel", BinDir: os.Getenv("POSTGRES_BIN"), Logger: slog.New(slog.DiscardHandler)}
	found, err := findBinaries(context.Background(), opts, 0)
	if err != nil {
		t.Fatal(err)
	}
	if found.major < minMajor {
		t.Errorf("found %s, older than %d", found.version, minMajor)
	}
	same, err := findBinaries(context.Background(), opts, found.major)
	if err != nil || same != found {
		t.Errorf("for a cluster of %d: %v, %v; want %v", found.major, same, err, found)
	}
	_, err = findBinaries(context.Background(), opts, 99)
	if err == nil {
		t.Fatal("found a server for a cluster of version 99")
	}
	for _, part := range []string{"99", "/srv/hotel/postgres", found.version, found.dir, "apt-get install postgresql-99", npmPackage(), "POSTGRES_BIN", "DATABASE_URL"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error does not mention %q: %v", part, err)
		}
	}
}

func TestFindBinaries_a_named_folder_is_the_only_one(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := findBinaries(context.Background(), Options{BinDir: dir, Logger: slog.New(slog.DiscardHandler)}, 0)
	if err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("empty folder: %v, want an error that names it", err)
	}
}

func TestInspectBinaries_refuses(t *testing.T) {
	t.Parallel()
	program := "\x7fELF"
	for name, test := range map[string]struct {
		files map[string]string
		mode  os.FileMode
		want  string
	}{
		"a server without initdb": {map[string]string{"postgres": program}, 0o755, "initdb"},
		"wrapper scripts":         {map[string]string{"postgres": "#!/bin/sh\n", "initdb": program}, 0o755, "wrapper script"},
		"what is not executable":  {map[string]string{"postgres": program, "initdb": program}, 0o644, "not a program"},
		"what does not start":     {map[string]string{"postgres": program, "initdb": program}, 0o755, "version"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for file, text := range test.files {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), test.mode); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := inspectBinaries(context.Background(), dir); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one about %q", err, test.want)
			}
		})
	}
}

func TestNewestFirst(t *testing.T) {
	t.Parallel()
	got := []string{"/usr/lib/postgresql/9/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin"}
	slices.SortFunc(got, newestFirst)
	want := []string{"/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/9/bin"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNpmBinDirs(t *testing.T) {
	t.Parallel()
	project, plain, empty := t.TempDir(), t.TempDir(), t.TempDir()
	brought := filepath.Join(project, ".tools", "postgres", "node_modules", npmPackage(), "native", "bin")
	installed := filepath.Join(plain, "node_modules", npmPackage(), "native", "bin")
	for _, dir := range []string{brought, installed} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	got := npmBinDirs([]string{empty, project, plain})
	if len(got) < 2 || !slices.Equal(got[len(got)-2:], []string{brought, installed}) {
		t.Errorf("got %v, want it to end with %v and %v", got, brought, installed)
	}
}

func TestRestoreNpmLinks(t *testing.T) {
	t.Parallel()
	pkg := npmPackageWithLinks(t, `[{"source":"native/lib/libicu.so.60.2","target":"native/lib/libicu.so.60"},
		{"source":"native/lib/libicu.so.60.2","target":"native/share/deep.so"}]`)
	for range 2 { // the second time they are there
		if err := restoreNpmLinks(filepath.Join(pkg, "native", "bin")); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"lib/libicu.so.60", "share/deep.so"} {
		if text, err := os.ReadFile(filepath.Join(pkg, "native", name)); err != nil || string(text) != "icu" {
			t.Errorf("%s leads to %q, %v", name, text, err)
		}
	}
}

func TestRestoreNpmLinks_stays_in_the_package(t *testing.T) {
	t.Parallel()
	for _, list := range []string{
		`[{"source":"native/lib/libicu.so.60.2","target":"../outside"}]`,
		`[{"source":"/etc/passwd","target":"native/lib/inside"}]`,
		`{"not":"a list"}`,
	} {
		pkg := npmPackageWithLinks(t, list)
		if err := restoreNpmLinks(filepath.Join(pkg, "native", "bin")); err == nil {
			t.Errorf("accepted %s", list)
		}
		if _, err := os.Lstat(filepath.Join(pkg, "..", "outside")); err == nil {
			t.Errorf("%s made a link outside", list)
		}
	}
}

func npmPackageWithLinks(t *testing.T, list string) string {
	t.Helper()
	pkg := filepath.Join(t.TempDir(), "package")
	for _, dir := range []string{"bin", "lib", "share"} {
		if err := os.MkdirAll(filepath.Join(pkg, "native", dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"lib/libicu.so.60.2": "icu", npmLinksFile: list} {
		if err := os.WriteFile(filepath.Join(pkg, "native", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return pkg
}

func TestServerEnvironment_keeps_our_secrets(t *testing.T) {
	t.Setenv("JWT_SECRET", "x") // not parallel: the environment is the process's
	t.Setenv("PGDATA", "/elsewhere")
	for _, entry := range serverEnvironment() {
		name, _, _ := strings.Cut(entry, "=")
		if !slices.Contains(append(inherited, "LC_ALL"), name) {
			t.Errorf("the server gets %s", name)
		}
	}
}

func TestReadPidFile(t *testing.T) {
	t.Parallel()
	for i, test := range []struct {
		text string
		want pidFile
		ok   bool
	}{
		{"4711\n/d\n1700000000\n5432\n/run/x\n\n  1 2\nready   \n", pidFile{4711, "ready"}, true},
		{"4711\n/d\n1700000000\n5432\n/run/x\n", pidFile{pid: 4711}, true},
		{"-4711\n", pidFile{pid: 4711}, true},
		{"", pidFile{}, false},
		{"\x00\x00", pidFile{}, false},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, pidFileName), []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := readPidFile(dir)
			if got != test.want || (err == nil) != test.ok {
				t.Errorf("%q: %+v, %v", test.text, got, err)
			}
		})
	}
}
