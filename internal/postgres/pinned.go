package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

const (
	pinTenant = "SELECT set_config('app.tenant_id', $1, true)"
	// pinRelaxed does not wait for the disk at the commit.
	pinRelaxed = "SELECT set_config('app.tenant_id', $1, true), set_config('synchronous_commit', 'off', true)"
	// pinOrdered reads rows in the order of an index, however few the planner expects:
	// what it expects of a search is a guess, and reading all rows to sort them is what a
	// page of the list must never do.
	pinOrdered = "SELECT set_config('app.tenant_id', $1, true), set_config('enable_bitmapscan', 'off', true)"
)

// pinned runs each statement in a transaction of its own that sees one tenant: the
// pin and the statement travel together, in one round trip.
type pinned struct {
	pool   *pgxpool.Pool
	tenant id.Tenant
	pin    string // one of the above
}

// reads returns single-statement queries that see one tenant.
func (db *DB) reads(tenant id.Tenant) *sqlc.Queries {
	return sqlc.New(pinned{db.app, tenant, pinTenant})
}

// claims returns the queries for claiming lanes. A claim of the inbox that is lost
// with the database's memory costs nothing: what is done under it has effects only in
// the database, and ends with a lease that is then not there. Under the other kinds
// somebody else is called, so their claims must be on disk.
func (db *DB) claims(tenant id.Tenant, kind lane.Kind) *sqlc.Queries {
	if kind == lane.Inbox {
		return sqlc.New(pinned{db.app, tenant, pinRelaxed})
	}
	return db.reads(tenant)
}

func (p pinned) send(ctx context.Context, sql string, args []any) (pgx.BatchResults, error) {
	var b pgx.Batch
	b.Queue(p.pin, p.tenant.String())
	b.Queue(sql, args...)
	results := p.pool.SendBatch(ctx, &b)
	if _, err := results.Exec(); err != nil {
		return nil, firstOf(fmt.Errorf("pin tenant: %w", err), results.Close())
	}
	return results, nil
}

// Exec runs one statement.
func (p pinned) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	results, err := p.send(ctx, sql, args)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	tag, err := results.Exec()
	return tag, firstOf(err, results.Close())
}

// Query runs one statement that returns rows.
func (p pinned) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	results, err := p.send(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	rows, err := results.Query()
	if err != nil {
		return nil, firstOf(err, results.Close())
	}
	return &batchRows{rows, results}, nil
}

// QueryRow runs one statement that returns a row.
func (p pinned) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	results, err := p.send(ctx, sql, args)
	if err != nil {
		return failedRow{err}
	}
	return batchRow{results.QueryRow(), results}
}

// batchRows gives the connection back when the rows are closed.
type batchRows struct {
	pgx.Rows
	results pgx.BatchResults
}

func (r *batchRows) Close() {
	r.Rows.Close()
	_ = r.results.Close() // its error is the rows' error
}

type batchRow struct {
	row     pgx.Row
	results pgx.BatchResults
}

func (r batchRow) Scan(dest ...any) error {
	err := r.row.Scan(dest...)
	return firstOf(err, r.results.Close())
}

type failedRow struct{ err error }

func (r failedRow) Scan(...any) error { return r.err }

// firstOf returns the first error that there is: closing a failed batch repeats
// the error that failed it.
func firstOf(err, closing error) error {
	if err != nil {
		return err
	}
	return closing
}
