package faulttest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/postgres/embedded"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// cluster is a PostgreSQL of the test's own, for a program that is given a
// DATABASE_URL.
type cluster struct {
	t       *testing.T
	options embedded.Options
	running *embedded.Cluster
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{t: t, options: pgtest.ServerOptions(reachableDir(t))}
	// A commit that was answered survives a crash of the server, as in production; only
	// a crash of the machine is left out.
	c.options.Settings["synchronous_commit"] = "on"
	c.options.Settings["full_page_writes"] = "on"
	c.options.MaxConnections = 60
	c.start()
	t.Cleanup(func() {
		if err := c.running.Stop(within(t)); err != nil {
			t.Error(err)
		}
	})
	conn := connect(t, c.running.URL("postgres"))
	if _, err := conn.Exec(within(t), "CREATE DATABASE botreserva"); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *cluster) url() string { return c.running.URL("botreserva") }

func (c *cluster) start() {
	c.t.Helper()
	running, err := embedded.Start(within(c.t), c.options)
	if err != nil {
		c.t.Fatalf("start PostgreSQL: %v", err)
	}
	c.running = running
}

// crash ends the server at once, as a crash does: no transaction is finished, no
// checkpoint is written, connections are cut.
func (c *cluster) crash() {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.running.DataDir(), "postmaster.pid"))
	if err != nil {
		c.t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		c.t.Fatal(err)
	}
	select {
	case <-c.running.Done():
	case <-within(c.t).Done():
		c.t.Fatal("PostgreSQL does not end")
	}
	if err := c.running.Stop(within(c.t)); err != nil {
		c.t.Logf("stop PostgreSQL after its crash: %v", err)
	}
}

// reachableDir is a folder that any user can enter, which t.TempDir is not, with a path
// short enough for a socket.
func reachableDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "fault")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The private PostgreSQL of a program that was killed may still be ending, and writing.
		await(t, "the folder to be given up", func() bool { return os.RemoveAll(dir) == nil })
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(within(t), url)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close(within(t)) })
	return conn
}
