//go:build unix

package embedded

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// binaries are one installed PostgreSQL server.
type binaries struct {
	dir     string // absolute, symbolic links resolved
	version string // "16.14"
	major   int
}

func (b binaries) postgres() string { return filepath.Join(b.dir, "postgres") }
func (b binaries) initdb() string   { return filepath.Join(b.dir, "initdb") }

// installedPlaces are where packages put servers that are not on the PATH.
var installedPlaces = []string{
	"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
	"/usr/pgsql-*/bin",                                   // postgresql.org packages on Red Hat and its kin
	"/usr/libexec/postgresql*",                           // Alpine
	"/opt/homebrew/opt/postgresql@*/bin",                 // Homebrew, Apple silicon
	"/usr/local/opt/postgresql@*/bin",                    // Homebrew, Intel
	"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
	"/opt/local/lib/postgresql*/bin",                     // MacPorts
	"/usr/local/pgsql/bin",                               // built from source
}

// findBinaries returns the first server that suits. An existing cluster (major
// > 0) can be run by its own major version only; a new one by any from 15 on.
func findBinaries(ctx context.Context, opts Options, major int) (binaries, error) {
	if opts.BinDir != "" {
		b, err := inspectBinaries(ctx, opts.BinDir)
		if err != nil {
			return binaries{}, fmt.Errorf("use the postgresql in %s: %w", opts.BinDir, err)
		}
		if !b.suits(major) {
			return binaries{}, missingError(opts, major, []binaries{b})
		}
		return b, nil
	}
	var seen []binaries
	for _, dir := range candidateDirs(opts.SearchDirs) {
		b, err := inspectBinaries(ctx, dir)
		if ctx.Err() != nil {
			return binaries{}, fmt.Errorf("look for postgresql: %w", ctx.Err())
		}
		if err != nil {
			opts.Logger.DebugContext(ctx, "postgresql not usable", "bin_dir", dir, "err", err)
			continue
		}
		if b.suits(major) {
			return b, nil
		}
		seen = append(seen, b)
	}
	return binaries{}, missingError(opts, major, seen)
}

func (b binaries) suits(major int) bool {
	if major > 0 {
		return b.major == major
	}
	return b.major >= minMajor
}

func candidateDirs(searchDirs []string) []string {
	var dirs []string
	if path, err := exec.LookPath("postgres"); err == nil {
		dirs = append(dirs, filepath.Dir(resolve(path)))
	}
	for _, pattern := range installedPlaces {
		found, err := filepath.Glob(pattern)
		if err != nil {
			continue // only a malformed pattern errs
		}
		slices.SortFunc(found, newestFirst)
		dirs = append(dirs, found...)
	}
	return append(dirs, npmBinDirs(searchDirs)...)
}

// resolve follows links: PATH often holds a link to the real server, and only
// beside the real one are initdb and the libraries.
func resolve(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return path
}

var anyNumber = regexp.MustCompile(`[0-9]+`)

func newestFirst(a, b string) int {
	number := func(path string) int {
		all := anyNumber.FindAllString(path, -1)
		if len(all) == 0 {
			return 0
		}
		n, err := strconv.Atoi(all[len(all)-1])
		if err != nil {
			return 0
		}
		return n
	}
	return cmp.Compare(number(b), number(a))
}

// versionOutput matches "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)".
var versionOutput = regexp.MustCompile(`\(PostgreSQL\) (([0-9]+)[^\s]*)`)

// inspectBinaries checks that dir holds a whole server that can be executed here,
// by asking it for its version: a missing library shows now, not half-way.
func inspectBinaries(ctx context.Context, dir string) (binaries, error) {
	b := binaries{dir: resolve(dir)}
	for _, program := range []string{b.postgres(), b.initdb()} {
		if err := checkProgram(program); err != nil {
			return binaries{}, err
		}
	}
	if err := restoreNpmLinks(b.dir); err != nil {
		return binaries{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.postgres(), "--version")
	cmd.Env = serverEnvironment()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return binaries{}, fmt.Errorf("ask %s for its version: %w: %s", b.postgres(), err, strings.TrimSpace(string(out)))
	}
	match := versionOutput.FindStringSubmatch(string(out))
	if match == nil {
		return binaries{}, fmt.Errorf("%s --version answers %q", b.postgres(), strings.TrimSpace(string(out)))
	}
	b.version = match[1]
	b.major, err = strconv.Atoi(match[2])
	return b, err
}

// checkProgram refuses scripts: version managers put wrappers of that name on the
// PATH, and a wrapper would be our child instead of the server.
func checkProgram(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Mode()&0o111 == 0 {
		return fmt.Errorf("%s is not a program", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // read only
	magic := make([]byte, 2)
	if _, err := file.Read(magic); err == nil && string(magic) == "#!" {
		return fmt.Errorf("%s is a wrapper script", path)
	}
	return nil
}

// missingError names what was found, what is needed and how to get it.
func missingError(opts Options, major int, seen []binaries) error {
	need := fmt.Sprintf("postgresql %d or newer", minMajor)
	debian, brew := "postgresql", "postgresql@16"
	if major > 0 {
		need = fmt.Sprintf("postgresql %d, which made the cluster in %s,", major, opts.clusterDir())
		debian, brew = fmt.Sprintf("postgresql-%d", major), fmt.Sprintf("postgresql@%d", major)
	}
	var found strings.Builder
	for _, b := range seen {
		fmt.Fprintf(&found, "; found %s in %s", b.version, b.dir)
	}
	return fmt.Errorf("%s is not on this machine%s: install it (\"apt-get install %s\" on Debian and Ubuntu, "+
		"\"brew install %s\" on macOS, or the npm package %s of that major version), "+
		"or name its program folder in POSTGRES_BIN, or set DATABASE_URL to use a server of your own",
		need, found.String(), debian, brew, npmPackage())
}

// inherited are the only variables that the server's programs get from us: ours
// hold the product's secrets, and others (PG*, LANG) would change their behaviour.
var inherited = []string{"PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}

func serverEnvironment() []string {
	env := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return !slices.Contains(inherited, name)
	})
	return append(env, "LC_ALL=C")
}
