package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/botreserva/botreserva/internal/config"
	"github.com/botreserva/botreserva/internal/postgres/embedded"
)

// databaseName is the database inside the private cluster.
const databaseName = "botreserva"

// server is the PostgreSQL that a command works with.
type server struct {
	url     string
	cluster *embedded.Cluster // nil when it is not ours to stop
}

// toolsDir is where `make deps` puts PostgreSQL when the machine has none.
const toolsDir = ".tools/postgres"

// findServer returns the server of DATABASE_URL, else the private one: started, or,
// if another process of ours runs it and mayShare, shared.
func findServer(ctx context.Context, cfg config.Config, log *slog.Logger, mayShare bool) (*server, error) {
	if url := cfg.DatabaseURL.Reveal(); url != "" {
		return &server{url: url}, nil
	}
	cluster, err := embedded.Start(ctx, embedded.Options{
		DataDir: cfg.DataDir, BinDir: cfg.PostgresBin, SearchDirs: []string{toolsDir}, Logger: log,
		MaxConnections: cfg.DatabaseMaxConns + 20, Settings: privateSettings,
	})
	if errors.Is(err, embedded.ErrInUse) && mayShare {
		url, attachErr := embedded.Attach(cfg.DataDir)
		if attachErr != nil {
			return nil, errors.Join(err, attachErr)
		}
		return &server{url: url(databaseName)}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("start the private PostgreSQL in %s: %w", cfg.DataDir, err)
	}
	s := &server{url: cluster.URL(databaseName), cluster: cluster}
	if err := createDatabase(ctx, cluster.URL("postgres")); err != nil {
		return nil, errors.Join(err, s.stop(ctx))
	}
	return s, nil
}

// privateSettings suit a queue beside tables: small lanes are vacuumed often.
var privateSettings = map[string]string{
	"autovacuum_naptime":             "10s",
	"autovacuum_vacuum_scale_factor": "0.05",
	"checkpoint_timeout":             "15min",
	"max_wal_size":                   "2GB",
	"wal_compression":                "on",
}

const duplicateDatabase = "42P04"

func createDatabase(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connect to the private PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, "CREATE DATABASE "+databaseName)
	var pg *pgconn.PgError
	if err != nil && (!errors.As(err, &pg) || pg.Code != duplicateDatabase) {
		return fmt.Errorf("create database: %w", err)
	}
	return nil
}

// stop stops the private server; a server that is not ours goes on.
func (s *server) stop(ctx context.Context) error {
	if s.cluster == nil {
		return nil
	}
	if err := s.cluster.Stop(ctx); err != nil {
		return fmt.Errorf("stop the private PostgreSQL: %w", err)
	}
	return nil
}

// lost is closed when the private server dies by itself; nil for others.
func (s *server) lost() <-chan struct{} {
	if s.cluster == nil {
		return nil
	}
	return s.cluster.Done()
}

// place says where the data is, without secrets.
func (s *server) place(cfg config.Config) string {
	if s.cluster != nil {
		return "private PostgreSQL " + s.cluster.Version() + " in " + s.cluster.DataDir()
	}
	return strings.TrimSpace("PostgreSQL at " + cfg.DatabaseURL.String())
}
