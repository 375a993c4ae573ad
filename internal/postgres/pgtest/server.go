package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/embedded"
)

// externalServer names the environment variable with the address of a server to use
// instead of a private one.
const externalServer = "TEST_DATABASE_URL"

// timeZone is that of the server: five hours and a half from UTC.
const timeZone = "Asia/Kolkata"

// template is the migrated database that others are cloned from.
const template = "pgtest_template"

// server is what all tests of the process share.
var server struct {
	once    sync.Once
	err     error
	cluster *embedded.Cluster // nil while an external server is used
	guard   *guard
	address func(database string) string
}

func start(ctx context.Context) error {
	server.once.Do(func() { server.err = startServer(ctx) })
	return server.err
}

func startServer(ctx context.Context) error {
	if external := os.Getenv(externalServer); external != "" {
		address, err := url.Parse(external)
		if err != nil {
			return fmt.Errorf("read %s: %w", externalServer, err)
		}
		server.address = func(database string) string { return address.JoinPath("..", database).String() }
		return nil
	}
	guard, err := newGuard()
	if err != nil {
		return fmt.Errorf("guard the test server: %w", err)
	}
	server.guard = guard
	if server.cluster, err = embedded.Start(ctx, ServerOptions(guard.dir)); err != nil {
		return errors.Join(fmt.Errorf("start the test server: %w", err), guard.release())
	}
	server.address = server.cluster.URL
	return makeTemplate(ctx)
}

// ServerOptions are those of a throw-away server in a folder: quick, and lost with the
// machine. Tests that stop and start a server of their own use them too.
func ServerOptions(dir string) embedded.Options {
	return embedded.Options{
		DataDir:        dir,
		BinDir:         os.Getenv("POSTGRES_BIN"),
		MaxConnections: 300,
		Settings: map[string]string{
			"timezone":           timeZone,
			"fsync":              "off",
			"synchronous_commit": "off",
			"full_page_writes":   "off",
			"autovacuum":         "off", // a clone lives for seconds
			"deadlock_timeout":   "50ms",
			"wal_level":          "minimal",
			"max_wal_senders":    "0",
			"checkpoint_timeout": "1h",
			"shared_buffers":     "64MB",
		},
	}
}

func makeTemplate(ctx context.Context) error {
	if err := administer(ctx, "CREATE DATABASE "+template); err != nil {
		return err
	}
	if err := postgres.Migrate(ctx, server.address(template)); err != nil {
		return fmt.Errorf("migrate the template: %w", err)
	}
	return nil
}

// stop ends the server before the process does. Without it, the guard would.
func stop() error {
	if server.cluster == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return errors.Join(server.cluster.Stop(ctx), server.guard.release())
}

// administer runs one statement outside of all databases of tests.
func administer(ctx context.Context, sql string) error {
	conn, err := pgx.Connect(ctx, server.address("postgres"))
	if err != nil {
		return fmt.Errorf("reach the test server: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, sql); err != nil {
		verb, _, _ := strings.Cut(sql, " ")
		return fmt.Errorf("%s database: %w", strings.ToLower(verb), err)
	}
	return nil
}
