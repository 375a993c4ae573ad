package embedded_test

import (
	"context"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestServer_ends_soon_after_its_launcher_is_killed(t *testing.T) {
	t.Parallel()
	for name, dir := range map[string]string{
		"open folder":   madeDir(t),
		"closed folder": filepath.Join(t.TempDir(), "data"), // for root: in a user namespace
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := startOwner(t, dir)
			cluster := filepath.Join(dir, "postgres")
			if len(serversIn(cluster)) == 0 {
				t.Fatal("the check sees no server while one runs")
			}
			o.kill(t)
			await(t, "the server to end", func() bool { return len(serversIn(cluster)) == 0 })
			stop(t, start(t, options(dir))) // tidies up what the killed one could not
		})
	}
}

func TestStop_ends_a_server_that_does_not_listen(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes seconds")
	}
	c := start(t, options(madeDir(t)))
	ctx := withLimit(t)
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var backend int
	if err := conn.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&backend); err != nil {
		t.Fatal(err)
	}
	// A stopped backend cannot answer a fast shutdown.
	if err := syscall.Kill(backend, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	hurried, cancel := context.WithCancel(ctx)
	cancel()
	if err := c.Stop(hurried); err == nil {
		t.Error("Stop does not say that it had to use force")
	}
	requireNobodyLeft(t, c.DataDir())
}
