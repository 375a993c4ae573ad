// Package original reads the database of the system that we replace: its tables as JSON,
// from one snapshot, whichever of its forms it has. It changes nothing there, and decides
// nothing about what becomes of a row. Open source.go for the connection, tables.go for
// what is asked, rows.go for what comes back.
package original

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Source is a snapshot of the original's database.
type Source struct {
	conn   *pgx.Conn
	tables map[string]bool
}

// ErrNoOriginal is returned for a database that is not the original's.
var ErrNoOriginal = errors.New("this is no database of the original: it lacks one of the tables tenants, users, contacts, conversations, messages, escalations")

// prismaOnly are parameters of addresses that the original's library reads and PostgreSQL
// does not know.
var prismaOnly = []string{"schema", "pgbouncer", "connection_limit", "pool_timeout", "socket_timeout", "statement_cache_size"}

// Open connects and takes the snapshot.
func Open(ctx context.Context, url string) (*Source, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the address of the original's database cannot be read") // the error repeats the address
	}
	params := cfg.RuntimeParams
	if schema := params["schema"]; schema != "" {
		params["search_path"] = `"` + schema + `"`
	}
	for _, name := range prismaOnly {
		delete(params, name)
	}
	params["default_transaction_read_only"] = "on"
	params["application_name"] = "botreserva_import"
	params["statement_timeout"] = "0"
	params["idle_in_transaction_session_timeout"] = "0"
	params["timezone"] = "UTC"
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("connect to the original's database: %w", err)
	}
	s := &Source{conn: conn, tables: map[string]bool{}}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, s.Close(ctx))
	}
	return s, nil
}

func (s *Source) begin(ctx context.Context) error {
	if _, err := s.conn.Exec(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); err != nil {
		return fmt.Errorf("take snapshot: %w", err)
	}
	rows, err := s.conn.Query(ctx, "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()")
	if err != nil {
		return fmt.Errorf("look at tables: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look at tables: %w", err)
	}
	for _, name := range names {
		s.tables[name] = true
	}
	for _, name := range []string{"tenants", "users", "contacts", "conversations", "messages", "escalations"} {
		if !s.tables[name] {
			return ErrNoOriginal
		}
	}
	return nil
}

// Close ends the snapshot.
func (s *Source) Close(ctx context.Context) error { return s.conn.Close(ctx) }

// Count returns how many rows of a tenant, or of none, a table has. A table that this form
// lacks is empty.
func (s *Source) Count(ctx context.Context, t Table, tenant *string) (n int, err error) {
	if !s.tables[t.name] {
		return 0, nil
	}
	err = s.conn.QueryRow(ctx, t.count, tenant).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", t.name, err)
	}
	return n, nil
}

// Page returns the next rows of a tenant, or of none, behind a key.
func (s *Source) Page(ctx context.Context, t Table, tenant *string, after string, limit int) ([]Row, error) {
	if !s.tables[t.name] {
		return nil, nil
	}
	rows, err := s.conn.Query(ctx, t.page, tenant, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", t.name, err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Row])
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", t.name, err)
	}
	return found, nil
}

// Tenants lists the hotels.
func (s *Source) Tenants(ctx context.Context) ([]Row, error) {
	rows, err := s.conn.Query(ctx, "SELECT id, to_jsonb(t) FROM tenants t ORDER BY slug, id")
	if err != nil {
		return nil, fmt.Errorf("read tenants: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Row])
	if err != nil {
		return nil, fmt.Errorf("read tenants: %w", err)
	}
	return found, nil
}

// Units lists every spelling of a unit that a tenant's rows use, the commonest first.
func (s *Source) Units(ctx context.Context, tenant string) ([]string, error) {
	sql := `SELECT "hotelUnit" AS unit FROM users WHERE "tenantId" = $1 UNION ALL SELECT "hotelUnit" FROM conversations WHERE "tenantId" = $1
		UNION ALL SELECT "hotelUnit" FROM escalations WHERE "tenantId" = $1`
	rows, err := s.conn.Query(ctx, `SELECT unit FROM (`+sql+`) u WHERE btrim(unit) <> '' GROUP BY unit ORDER BY count(*) DESC, unit`, tenant)
	if err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	units, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	return units, nil
}

// Use is what a tenant uses of its plan.
type Use struct{ Users, Sent int }

// Use counts who may log in, and what was sent in the busiest of the last months.
func (s *Source) Use(ctx context.Context, tenant string) (u Use, err error) {
	err = s.conn.QueryRow(ctx, `SELECT (SELECT count(*) FROM users WHERE "tenantId" = $1 AND status::text = 'ACTIVE'),
		coalesce((SELECT max(n) FROM (SELECT count(*) AS n FROM messages m WHERE m."tenantId" = $1 AND m.direction::text = 'OUTBOUND'
		  AND m.timestamp > now() - interval '4 months' GROUP BY date_trunc('month', m.timestamp)) u), 0)`, tenant).Scan(&u.Users, &u.Sent)
	if err != nil {
		return u, fmt.Errorf("count what is used: %w", err)
	}
	return u, nil
}
