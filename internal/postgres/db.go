// Package postgres is the only room that speaks SQL: it turns rows into nouns and
// back, pins every connection to one tenant, and keeps rows, events, lane items and
// audit entries of a use case together in one transaction. It decides nothing:
// rules are in domain, the order of steps in inbox, outbox, desk and auth.
//
// Open db.go for the connections, tx.go for the unit of work, pinned.go for reads;
// queries/ holds the SQL, one file per noun.
package postgres

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
	"github.com/botreserva/botreserva/internal/stale"
)

// The roles that the schema makes. See migrations/0001_init.sql.
const (
	appRole    = "botreserva_app"
	systemRole = "botreserva_system"
)

// DB is the database, seen through two roles: one tenant at a time, or, for the
// few questions that span tenants, the system's.
type DB struct {
	app    *pgxpool.Pool
	system *pgxpool.Pool
	hooks  Hooks

	lostClaims  lostClaims
	subscribers subscribers
	instance    atomic.Uint32 // number of this process; 0: it has not joined
}

// Hooks are told what a committed transaction did. They are called after the
// commit, in the caller's goroutine, and must not block.
type Hooks struct {
	Publish func(ctx context.Context, events []event.Event)
	Outdate func(notices []stale.Notice)
	Wake    func(kind lane.Kind, tenant id.Tenant)
}

// Open connects to a migrated database. At most maxConns connections are used; at
// least 4 are needed.
func Open(ctx context.Context, url string, maxConns int) (*DB, error) {
	forSystem := max(2, maxConns/4)
	app, err := openPool(ctx, url, appRole, max(2, maxConns-forSystem))
	if err != nil {
		return nil, err
	}
	system, err := openPool(ctx, url, systemRole, forSystem)
	if err != nil {
		app.Close()
		return nil, err
	}
	return &DB{app: app, system: system}, nil
}

func openPool(ctx context.Context, url, role string, maxConns int) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read DATABASE_URL: %w", err)
	}
	cfg.MaxConns = int32(maxConns)
	cfg.MaxConnIdleTime = 5 * time.Minute
	params := cfg.ConnConfig.RuntimeParams
	params["role"] = role
	params["application_name"] = role
	params["statement_timeout"] = "30s"
	params["idle_in_transaction_session_timeout"] = "60s"
	// Every query here has an index. A plan that was made while a table was empty
	// must not scan it once it is full, before the statistics have caught up.
	params["enable_seqscan"] = "off"
	// Queries are short: starting workers or a compiler would cost more than it saves.
	params["max_parallel_workers_per_gather"] = "0"
	params["jit"] = "off"
	cfg.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		sendUUIDsAsBytes(conn.TypeMap())
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("make connection pool: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("connect as %s: %w", role, err)
	}
	return pool, nil
}

// OnCommit sets the hooks. Call it once, before the database is used.
func (db *DB) OnCommit(h Hooks) { db.hooks = h }

// outdated tells that what is remembered of some things has been changed.
func (db *DB) outdated(notices ...stale.Notice) {
	if len(notices) > 0 && db.hooks.Outdate != nil {
		db.hooks.Outdate(notices)
	}
}

// Close closes all connections.
func (db *DB) Close() {
	db.app.Close()
	db.system.Close()
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	return wrap(db.app.Ping(ctx), "ping database", nil)
}

// systemQueries are the questions that span tenants, one statement each.
func (db *DB) systemQueries() *sqlc.Queries { return sqlc.New(db.system) }

// inSystemTx runs fn in one transaction that sees all tenants.
func (db *DB) inSystemTx(ctx context.Context, fn func(q *sqlc.Queries) error) error {
	tx, err := db.system.Begin(ctx)
	if err != nil {
		return wrap(err, "begin transaction", nil)
	}
	defer func() { _ = tx.Rollback(ctx) }() // nothing after a commit
	if err := fn(sqlc.New(tx)); err != nil {
		return err
	}
	return wrap(tx.Commit(ctx), "commit", nil)
}
