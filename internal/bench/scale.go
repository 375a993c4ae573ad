package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/botreserva/botreserva/internal/scale"
)

// This file is scenario scale: a database with years of life in it, and the product
// read by many people at once. scale_looks.go says what they look at, scale_measure.go
// how often, scale_plans.go what PostgreSQL does for it, scale_report.go the table.

// forFilling are settings besides those of the product's own server: what is lost with
// the machine is made up again. They do not change what reading costs.
var forFilling = map[string]string{
	"fsync": "off", "synchronous_commit": "off", "max_wal_size": "8GB", "wal_level": "minimal", "max_wal_senders": "0",
	"max_parallel_maintenance_workers": "2",
}

const loadingTime = 90 * time.Minute // a fill of full size takes some 15 minutes

// scaled measures the product over a full database.
func scaled(ctx context.Context, o options) (err error) {
	s := &stage{options: o, client: &http.Client{Timeout: time.Minute}, scratch: o.dir}
	s.options.keep = o.keep || o.dir != ""
	defer func() { err = errors.Join(err, s.tearDown(context.WithoutCancel(ctx))) }()
	if err := s.openScaled(ctx); err != nil {
		return err
	}
	out := &scaleReport{Machine: machineNow(), Scale: o.scale, Connections: o.connections}
	out.Machine.PostgreSQL = s.cluster.Version()
	filled, took, err := s.fill(ctx)
	if err != nil {
		return err
	}
	out.FillSeconds = took.Seconds()
	if out.Sizes, err = s.sizes(ctx); err != nil {
		return err
	}
	if o.fillOnly {
		out.print(os.Stdout)
		return nil
	}
	if err := s.look(ctx, filled, out); err != nil {
		return err
	}
	out.Machine.LoadAfter = loadAverage()
	out.print(os.Stdout)
	if err := out.write(o.json); err != nil || o.beside == "" {
		return err
	}
	return out.printBeside(os.Stdout, o.beside)
}

// openScaled starts the database, Meta, and gets the product ready.
func (s *stage) openScaled(ctx context.Context) (err error) {
	if s.scratch == "" {
		if s.scratch, err = os.MkdirTemp("", "botreserva-scale-"); err != nil {
			return fmt.Errorf("make the scratch folder: %w", err)
		}
	} else if err := os.MkdirAll(s.scratch, 0o700); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	settings := maps.Clone(likeThePrivateOne)
	maps.Copy(settings, forFilling)
	if err := s.startCluster(ctx, settings); err != nil {
		return err
	}
	metaURL, err := s.startMeta(ctx)
	if err != nil {
		return err
	}
	s.product, err = newProduct(ctx, s.options.binary, s.scratch, s.cluster.URL(databaseName), metaURL)
	return err
}

// fill brings the schema up to date and makes up what is not there yet.
func (s *stage) fill(ctx context.Context) (scale.Options, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, loadingTime)
	defer cancel()
	o := scale.Options{Scale: s.options.scale, Seed: 1, Until: time.Now()}
	started := time.Now()
	var steps json.RawMessage
	if err := s.product.run(ctx, &steps, "migrate", "up"); err != nil {
		return o, 0, err
	}
	conn, err := pgx.Connect(ctx, s.cluster.URL(databaseName))
	if err != nil {
		return o, 0, fmt.Errorf("connect to fill: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	before, done, err := scale.Done(ctx, conn)
	if err != nil {
		return o, 0, err
	}
	if !before.Until.IsZero() {
		o.Until = before.Until // the day on which it was begun
	}
	o.Progress = func(what string) {
		fmt.Fprintf(os.Stderr, "bench: %4.0f s: %s\n", time.Since(started).Seconds(), what)
	}
	if err := scale.Fill(ctx, conn, o); err != nil {
		return o, 0, fmt.Errorf("fill: %w", err)
	}
	if done { // migrations may have come since
		if _, err := conn.Exec(ctx, "VACUUM (ANALYZE)"); err != nil {
			return o, 0, fmt.Errorf("analyze: %w", err)
		}
	}
	return o, time.Since(started), nil
}

// size is how large a table has grown.
type size struct {
	Table   string `json:"table"`
	Rows    int64  `json:"rows"`
	Bytes   int64  `json:"bytes"`
	Indexes int64  `json:"indexBytes"`
}

func (s *stage) sizes(ctx context.Context) ([]size, error) {
	rows, err := s.database.Query(ctx, `SELECT relname, reltuples::bigint, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND reltuples > 1000 ORDER BY 3 DESC`)
	if err != nil {
		return nil, fmt.Errorf("read sizes: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[size])
}

// startCluster starts PostgreSQL in the scratch folder, with a database.
func (s *stage) startCluster(ctx context.Context, settings map[string]string) error {
	if err := s.launch(ctx, settings); err != nil {
		return err
	}
	var there bool
	pool, err := pgxpool.New(ctx, s.cluster.URL("postgres"))
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer pool.Close()
	if err := pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", databaseName).Scan(&there); err != nil {
		return fmt.Errorf("look for the database: %w", err)
	}
	if !there {
		if err := s.createDatabase(ctx); err != nil {
			return err
		}
	}
	s.database, err = pgxpool.New(ctx, s.cluster.URL(databaseName))
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	return nil
}

// databaseLog is where the server writes plans.
func (s *stage) databaseLog() string { return filepath.Join(s.scratch, "database", "postgres.log") }
