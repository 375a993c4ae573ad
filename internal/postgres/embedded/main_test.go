//go:build unix

package embedded_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	osexec "os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/botreserva/botreserva/internal/postgres/embedded"
)

// The test program plays three parts: the tests, a launcher that gets killed
// (ownerFolder names its data folder), and the tests again as an ordinary user.
const (
	ownerFolder  = "EMBEDDED_TEST_OWNER_FOLDER"
	asOrdinary   = "EMBEDDED_TEST_AS_ORDINARY_USER"
	testBinaries = "POSTGRES_BIN"
)

const limit = time.Minute

func TestMain(m *testing.M) {
	if dir := os.Getenv(ownerFolder); dir != "" {
		os.Exit(ownUntilKilled(dir))
	}
	code := m.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	if template.dir != "" {
		_ = os.RemoveAll(template.dir)
	}
	os.Exit(code)
}

// ownUntilKilled starts a cluster, says "ready" and its address, and waits to be
// killed, or for its standard input to end.
func ownUntilKilled(dir string) int {
	signal.Ignore(syscall.SIGPIPE)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	c, err := embedded.Start(ctx, options(dir))
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	fmt.Println("ready", c.URL("postgres"))
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := c.Stop(ctx); err != nil {
		return 1
	}
	return 0
}

// options are those of a throw-away cluster: killing a process loses nothing that
// only the operating system's crash would lose.
func options(dir string) embedded.Options {
	return embedded.Options{
		DataDir:        dir,
		BinDir:         os.Getenv(testBinaries),
		MaxConnections: 20,
		Settings:       map[string]string{"fsync": "off", "shared_buffers": "16MB"},
		Logger:         slog.New(slog.DiscardHandler),
	}
}

func withLimit(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// reachableDir is a data folder that any user can enter, which t.TempDir is not.
func reachableDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "epg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

var template struct {
	once sync.Once
	dir  string
	err  error
}

// madeDir is a reachable data folder with a cluster in it, copied from one that
// is made once: initdb is most of the time that a test takes.
func madeDir(t *testing.T) string {
	t.Helper()
	template.once.Do(makeTemplate)
	if template.err != nil {
		t.Fatal(template.err)
	}
	dir := reachableDir(t)
	from, to := filepath.Join(template.dir, "postgres"), filepath.Join(dir, "postgres")
	if out, err := osexec.CommandContext(t.Context(), "cp", "-a", from, to).CombinedOutput(); err != nil {
		t.Fatalf("copy the cluster: %v: %s", err, out)
	}
	return dir
}

func makeTemplate() {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	dir, err := os.MkdirTemp("/tmp", "epg")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err == nil {
		template.dir = dir
		var c *embedded.Cluster
		if c, err = embedded.Start(ctx, options(dir)); err == nil {
			err = c.Stop(ctx)
		}
	}
	template.err = err
}

// start runs a cluster for the length of the test.
func start(t *testing.T, opts embedded.Options) *embedded.Cluster {
	t.Helper()
	c, err := embedded.Start(withLimit(t), opts)
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		_ = c.Stop(ctx) // a test that cares stops by itself
	})
	return c
}

func stop(t *testing.T, c *embedded.Cluster) {
	t.Helper()
	if err := c.Stop(withLimit(t)); err != nil {
		t.Fatalf("stop: %v", err)
	}
}

func exec(t *testing.T, url, sql string) {
	t.Helper()
	ctx := withLimit(t)
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func query(t *testing.T, url, sql string) string {
	t.Helper()
	ctx := withLimit(t)
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var answer string
	if err := conn.QueryRow(ctx, sql).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return answer
}

// await waits for something that has no channel to wait on, such as the end of a
// process that is not our child.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("waited %s for %s", limit, what)
		}
	}
}
