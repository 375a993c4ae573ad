//go:build unix

package embedded_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/postgres/embedded"
)

func TestStart_data_survives_a_restart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(reachableDir(t), "made", "by start")
	c := start(t, options(dir))
	exec(t, c.URL("postgres"), "CREATE TABLE guest (name text); INSERT INTO guest VALUES ('Ana')")
	stop(t, c)
	if err := c.Err(); err != nil {
		t.Errorf("Err after Stop: %v", err)
	}
	<-c.Done()
	requireNobodyLeft(t, c.DataDir())

	again := start(t, options(dir))
	if got := query(t, again.URL("postgres"), "SELECT name FROM guest"); got != "Ana" {
		t.Errorf("row after restart: %q", got)
	}
	requireMode(t, dir, 0o755)
	requireMode(t, again.DataDir(), 0o700)
	requireMode(t, filepath.Join(dir, "postgres.socket"), 0o700)
}

func TestStart_server_is_private_and_durable_by_default(t *testing.T) {
	t.Parallel()
	opts := options(reachableDir(t))
	opts.Settings = map[string]string{"work_mem": "5MB"}
	c := start(t, opts)
	want := map[string]string{
		"listen_addresses": "", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
		"data_checksums": "on", "jit": "off", "huge_pages": "off", "server_encoding": "UTF8",
		"shared_buffers": "128MB", "max_connections": "20", "work_mem": "5MB",
		"log_error_verbosity": "terse", "log_min_error_statement": "panic",
	}
	for name, value := range want {
		if got := query(t, c.URL("postgres"), "SHOW "+name); got != value {
			t.Errorf("%s = %q, want %q", name, got, value)
		}
	}
	if got := query(t, c.URL("postgres"), "SELECT datcollate FROM pg_database WHERE datname = 'postgres'"); got != "C" {
		t.Errorf("collation %q, want C", got)
	}
	if got := query(t, c.URL("postgres"), "SHOW server_version"); !strings.HasPrefix(got, c.Version()) {
		t.Errorf("Version() = %q, the server says %q", c.Version(), got)
	}
}

func TestStart_refuses_settings_that_open_the_server(t *testing.T) {
	t.Parallel()
	opts := options(filepath.Join(t.TempDir(), "data"))
	opts.Settings = map[string]string{"Listen-Addresses": "*"}
	if c, err := embedded.Start(withLimit(t), opts); err == nil {
		_ = c.Stop(context.Background())
		t.Fatal("started with listen_addresses = *")
	}
	if _, err := os.Stat(opts.DataDir); !errors.Is(err, os.ErrNotExist) {
		t.Error("the refusal left a data folder behind")
	}
}

func TestStart_makes_good_an_interrupted_initdb(t *testing.T) {
	t.Parallel()
	dir := reachableDir(t)
	// One interrupted in its temporary folder, one where a cluster should be.
	write(t, filepath.Join(dir, "postgres.new-123", "PG_VERSION"), "15\n")
	write(t, filepath.Join(dir, "postgres", "base", "1", "1259"), "half")
	c := start(t, options(dir))
	exec(t, c.URL("postgres"), "CREATE TABLE guest (name text)")

	if left, _ := filepath.Glob(filepath.Join(dir, "postgres.new-*")); len(left) > 0 {
		t.Errorf("left of initdb: %v", left)
	}
	kept, _ := filepath.Glob(filepath.Join(dir, "postgres.incomplete-*", "base", "1", "1259"))
	if len(kept) != 1 {
		t.Error("what lay in the cluster's place was not kept")
	}
}

func TestStart_never_replaces_a_damaged_cluster(t *testing.T) {
	t.Parallel()
	dir := reachableDir(t)
	database := filepath.Join(dir, "postgres", "base", "16384", "1259")
	write(t, database, "somebody's data")
	if _, err := embedded.Start(withLimit(t), options(dir)); err == nil {
		t.Fatal("started on a cluster without its control file")
	}
	if _, err := os.Stat(database); err != nil {
		t.Errorf("database: %v", err)
	}
}

func TestStart_long_path_gets_a_short_socket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(reachableDir(t), strings.Repeat("long-", 25), `with, comma "and quotes"`)
	c := start(t, options(dir))
	if got := query(t, c.URL("postgres"), "SELECT 'here'"); got != "here" {
		t.Errorf("query: %q", got)
	}
	socket := query(t, c.URL("postgres"), "SHOW unix_socket_directories")
	socket = strings.Trim(socket, `"`)
	requireMode(t, socket, 0o700)
	stop(t, c)
	if _, err := os.Stat(socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("temporary socket folder %s stays: %v", socket, err)
	}

	// A killed launcher cannot tidy up; the next start does it.
	o := startOwner(t, dir)
	socket = strings.Trim(query(t, o.url, "SHOW unix_socket_directories"), `"`)
	o.kill(t)
	start(t, options(dir))
	if _, err := os.Stat(socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("socket folder %s of the killed launcher stays: %v", socket, err)
	}
}

func TestStart_gives_up_with_its_context(t *testing.T) {
	t.Parallel()
	dir := reachableDir(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range 2 { // the second would find the folder in use, had the first kept it
		if _, err := embedded.Start(ctx, options(dir)); !errors.Is(err, context.Canceled) {
			t.Fatalf("Start with an ended context: %v", err)
		}
	}
}

func TestStart_shows_why_the_server_refuses(t *testing.T) {
	t.Parallel()
	opts := options(madeDir(t))
	opts.Settings["work_mem"] = "plenty"
	_, err := embedded.Start(withLimit(t), opts)
	if err == nil || !strings.Contains(err.Error(), "work_mem") {
		t.Fatalf("error should quote the server's complaint about work_mem: %v", err)
	}
	requireNobodyLeft(t, filepath.Join(opts.DataDir, "postgres"))
}

func requireMode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Error(err)
		return
	}
	if got := info.Mode().Perm(); got != want {
		t.Errorf("%s has mode %o, want %o", path, got, want)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// postmasterPID is the first line of the server's pid file.
func postmasterPID(t *testing.T, clusterDir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(clusterDir, "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}
