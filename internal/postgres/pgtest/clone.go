package pgtest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/postgres"
)

// maxConns is how many connections DB opens at most: tests run side by side.
const maxConns = 8

var (
	clones atomic.Int64
	owners sync.Map // *postgres.DB → the URL of its owner
)

// DB opens a migrated database of the test's own, as the application does.
func DB(tb testing.TB) *postgres.DB {
	tb.Helper()
	return Open(tb, URL(tb))
}

// Open opens a database of URL, as the application does, until the test ends.
func Open(tb testing.TB, url string) *postgres.DB {
	tb.Helper()
	db, err := postgres.Open(within(tb), url, maxConns)
	if err != nil {
		tb.Fatalf("open database: %v", err)
	}
	owners.Store(db, url)
	tb.Cleanup(func() {
		owners.Delete(db)
		db.Close()
	})
	return db
}

// URL makes a migrated database of the test's own, dropped when the test ends, and
// returns its address for its owner, whom row-level security does not bind.
func URL(tb testing.TB) string {
	tb.Helper()
	if os.Getenv(externalServer) != "" {
		url := EmptyURL(tb) // a template would stay behind on somebody's server
		if err := postgres.Migrate(within(tb), url); err != nil {
			tb.Fatalf("migrate: %v", err)
		}
		return url
	}
	return create(tb, " TEMPLATE "+template)
}

// Clone makes a copy of a database of URL, dropped when the test ends, and returns its
// address: for worlds that take long to furnish. Nobody may be connected to the
// original meanwhile; close what Open returned.
func Clone(tb testing.TB, original string) string {
	tb.Helper()
	cfg, err := pgx.ParseConfig(original)
	if err != nil {
		tb.Fatalf("read address: %v", err)
	}
	return create(tb, " TEMPLATE "+cfg.Database)
}

// EmptyURL is URL without the schema.
func EmptyURL(tb testing.TB) string {
	tb.Helper()
	return create(tb, "")
}

func create(tb testing.TB, from string) string {
	tb.Helper()
	if err := start(within(tb)); err != nil {
		tb.Fatal(err)
	}
	name := fmt.Sprintf("pgtest_%d_%d", os.Getpid(), clones.Add(1))
	if err := administer(within(tb), "CREATE DATABASE "+name+from); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := administer(within(tb), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			tb.Error(err)
		}
	})
	return server.address(name)
}

// Owner connects to the database of db as its owner, whom row-level security does
// not bind, until the test ends.
func Owner(tb testing.TB, db *postgres.DB) *pgx.Conn {
	tb.Helper()
	known, _ := owners.Load(db)
	url, ok := known.(string)
	if !ok {
		tb.Fatal("this database was not opened by pgtest")
	}
	return Connect(tb, url, "")
}

// Connect opens one connection to a database of URL, acting as a role, until the
// test ends. The empty role is the owner.
func Connect(tb testing.TB, url, role string) *pgx.Conn {
	tb.Helper()
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		tb.Fatalf("read address: %v", err)
	}
	if role != "" {
		cfg.RuntimeParams["role"] = role
	}
	ctx := within(tb)
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		tb.Fatalf("connect: %v", err)
	}
	tb.Cleanup(func() { _ = conn.Close(context.WithoutCancel(ctx)) })
	return conn
}

// Exec runs a statement as the owner: for rows that no method of the product makes.
func Exec(tb testing.TB, db *postgres.DB, sql string, args ...any) {
	tb.Helper()
	conn := Owner(tb, db)
	ctx := within(tb)
	if _, err := conn.Exec(ctx, sql, args...); err != nil {
		tb.Fatalf("%s: %v", sql, err)
	}
	_ = conn.Close(ctx) // now: a test may call this often
}
