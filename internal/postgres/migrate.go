package postgres

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema up to date, as the owner of the tables. Several
// instances may call it at once: one migrates, the others wait.
func Migrate(ctx context.Context, url string) error {
	return migrate(ctx, url, (*goose.Provider).Up)
}

// MigrateTo brings the schema to a version of the past, for rows of that time.
func MigrateTo(ctx context.Context, url string, version int64) error {
	return migrate(ctx, url, func(p *goose.Provider, ctx context.Context) ([]*goose.MigrationResult, error) {
		return p.UpTo(ctx, version)
	})
}

func migrate(ctx context.Context, url string, up func(*goose.Provider, context.Context) ([]*goose.MigrationResult, error)) error {
	return withMigrations(url, func(p *goose.Provider) error {
		_, err := up(p, ctx)
		if IsUnavailable(err) {
			return fmt.Errorf("migrate: reach the database (is it running, and is DATABASE_URL right?): %w", err)
		}
		if err != nil {
			return fmt.Errorf("migrate (the role of DATABASE_URL must own the database and be allowed to create roles, "+
				"or an administrator runs: CREATE ROLE %s NOLOGIN; CREATE ROLE %s NOLOGIN; GRANT %s, %s TO <that role>): %w",
				appRole, systemRole, appRole, systemRole, err)
		}
		return nil
	})
}

// Step is one migration and when it was applied; zero if it was not.
type Step struct {
	Version   int64
	File      string
	AppliedAt time.Time
}

// MigrationStatus lists every migration.
func MigrationStatus(ctx context.Context, url string) ([]Step, error) {
	var steps []Step
	err := withMigrations(url, func(p *goose.Provider) error {
		all, err := p.Status(ctx)
		for _, s := range all {
			steps = append(steps, Step{Version: s.Source.Version, File: s.Source.Path, AppliedAt: s.AppliedAt})
		}
		return err
	})
	return steps, err
}

func withMigrations(url string, fn func(*goose.Provider) error) error {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("read DATABASE_URL: %w", err)
	}
	conn := stdlib.OpenDB(*cfg)
	defer func() { _ = conn.Close() }()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("open migrations: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // look every second, for five minutes
	if err != nil {
		return fmt.Errorf("make migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, files, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	return fn(provider)
}
