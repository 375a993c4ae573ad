package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Refusals to restore.
var (
	ErrInUse       = fault.New(fault.Conflict, "database_in_use", "An instance works on this database. Stop all of them first.")
	ErrNotEmpty    = fault.New(fault.Conflict, "database_not_empty", "The database is not empty. Take an empty one, or say --replace to have its content replaced.")
	ErrNoDatabases = fault.New(fault.Forbidden, "may_not_create_databases", "The role of DATABASE_URL may not create databases.")
)

// makingBackups is held, as an advisory lock, by whoever makes or checks backups of a database.
const makingBackups = 0x626f7462 // "botb"

// HoldBackups lets only one process at a time make and check backups of a database. It
// reports false if another one is at it.
func HoldBackups(ctx context.Context, databaseURL string) (release func(), ok bool, err error) {
	return hold(ctx, databaseURL, makingBackups)
}

func hold(ctx context.Context, databaseURL string, lock int64) (release func(), ok bool, err error) {
	conn, err := connectOwner(ctx, databaseURL)
	if err != nil {
		return nil, false, err
	}
	release = func() { unlock(ctx, conn) }
	if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", lock).Scan(&ok); err != nil || !ok {
		release()
		return nil, false, wrap(err, "take the lock", nil)
	}
	return release, true, nil
}

// Place is a database that is about to be restored into. No instance can start meanwhile.
type Place struct {
	conn    *pgx.Conn
	release func()
}

// TakePlace takes a database for a restore.
func TakePlace(ctx context.Context, databaseURL string) (*Place, error) {
	release, ok, err := hold(ctx, databaseURL, soleInstance)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, ErrInUse
	}
	conn, err := connectOwner(ctx, databaseURL)
	if err != nil {
		release()
		return nil, err
	}
	return &Place{conn, release}, nil
}

// Name is the database's.
func (p *Place) Name() string { return p.conn.Config().Database }

// keptSchema is where the content of a database waits while another one takes its place.
const keptSchema = "before_restore"

// Clear makes room. What is there is kept aside if replace, and refused if not.
func (p *Place) Clear(ctx context.Context, replace bool) error {
	var here, kept bool
	err := p.conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('public')),
		to_regnamespace($1) IS NOT NULL`, keptSchema).Scan(&here, &kept)
	switch {
	case err != nil:
		return wrap(err, "look at the database", nil)
	case !here && !kept:
		return nil
	case !replace:
		return ErrNotEmpty
	case kept: // a restore was cut short: what it made is worth nothing
		return p.exec(ctx, "DROP SCHEMA IF EXISTS public CASCADE", makePublic)
	}
	return p.exec(ctx, "ALTER SCHEMA public RENAME TO "+keptSchema, makePublic)
}

const makePublic = "CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC"

// Keep drops what was kept aside: the restore has succeeded.
func (p *Place) Keep(ctx context.Context) error {
	return p.exec(ctx, "DROP SCHEMA IF EXISTS "+keptSchema+" CASCADE")
}

// Undo puts back what was kept aside: the restore has failed.
func (p *Place) Undo(ctx context.Context) error {
	var kept bool
	if err := p.conn.QueryRow(ctx, "SELECT to_regnamespace($1) IS NOT NULL", keptSchema).Scan(&kept); err != nil {
		return wrap(err, "look at the database", nil)
	}
	if !kept {
		return p.exec(ctx, "DROP SCHEMA IF EXISTS public CASCADE", makePublic)
	}
	return p.exec(ctx, "DROP SCHEMA IF EXISTS public CASCADE", "ALTER SCHEMA "+keptSchema+" RENAME TO public")
}

func (p *Place) exec(ctx context.Context, statements ...string) error {
	_, err := p.conn.Exec(ctx, strings.Join(statements, "; ")) // together: one transaction
	return wrap(err, "make room in the database", nil)
}

// Close lets instances start again.
func (p *Place) Close(ctx context.Context) error {
	p.release()
	return p.conn.Close(ctx)
}

// MakeScratch makes an empty database beside another one, to try a backup in, while backups
// are held (HoldBackups): one that a killed process left is taken away first.
func MakeScratch(ctx context.Context, databaseURL string) (scratchURL string, drop func(context.Context) error, err error) {
	conn, err := connectOwner(ctx, databaseURL)
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = conn.Close(ctx) }()
	var name string
	if err := conn.QueryRow(ctx, "SELECT 'botreserva_verify_' || oid FROM pg_database WHERE datname = current_database()").Scan(&name); err != nil {
		return "", nil, wrap(err, "name the scratch database", nil)
	}
	_, err = conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	if err == nil {
		_, err = conn.Exec(ctx, "CREATE DATABASE "+name)
	}
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) && pg.Code == mayNot {
		return "", nil, ErrNoDatabases
	}
	if err != nil {
		return "", nil, wrap(err, "make the scratch database", nil)
	}
	scratchURL, err = besides(databaseURL, name)
	return scratchURL, func(ctx context.Context) error { return dropScratch(ctx, databaseURL, name) }, err
}

func dropScratch(ctx context.Context, databaseURL, name string) error {
	conn, err := connectOwner(ctx, databaseURL)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	return errors.Join(wrap(err, "drop the scratch database", nil), conn.Close(ctx))
}

// besides is the address of another database of the same server.
func besides(databaseURL, name string) (string, error) {
	if !strings.Contains(databaseURL, "://") {
		return databaseURL + " dbname=" + name, nil // of two, the last one counts
	}
	u, err := url.Parse(databaseURL)
	if err != nil {
		return "", errors.New("read DATABASE_URL: it is not an address") // which may hold a secret
	}
	query := u.Query()
	query.Del("dbname")
	query.Del("database")
	u.Path, u.RawPath, u.RawQuery = "/"+name, "", query.Encode()
	return u.String(), nil
}

// KnownMigrations are the versions of the schema that this program knows.
func KnownMigrations() ([]int64, error) {
	entries, err := migrations.ReadDir("migrations")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	known := make([]int64, len(entries))
	for i, e := range entries {
		if _, err := fmt.Sscanf(e.Name(), "%d_", &known[i]); err != nil {
			return nil, fmt.Errorf("read the number of %s: %w", e.Name(), err)
		}
	}
	return known, nil
}
