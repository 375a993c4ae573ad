package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/botreserva/botreserva/internal/postgres/embedded"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// stage is everything that takes part in a measurement.
type stage struct {
	options options
	scratch string

	cluster    *embedded.Cluster
	postmaster int // its process
	database   *pgxpool.Pool
	meta       *http.Server
	simulator  *simulator.Simulator
	flow       *flow
	product    *product
	hotels     []hotel
	client     *http.Client

	dashboards []*dashboard
	waves      int
	accepted   int // webhooks that got 200 so far
}

// likeThePrivateOne are the settings with which the product runs its own database
// (internal/app/database.go). Durability is that of production: every commit is on
// disk before it is answered.
var likeThePrivateOne = map[string]string{
	"autovacuum_naptime":             "10s",
	"autovacuum_vacuum_scale_factor": "0.05",
	"checkpoint_timeout":             "15min",
	"max_wal_size":                   "2GB",
	"wal_compression":                "on",
	"fsync":                          "on",
	"synchronous_commit":             "on",
}

const databaseName = "botreserva"

// setUp starts everything but the product, and adds the hotels.
func setUp(ctx context.Context, o options) (*stage, error) {
	s := &stage{options: o, client: &http.Client{Timeout: 10 * time.Second}}
	err := s.setUp(ctx)
	if err != nil {
		return nil, errors.Join(err, s.tearDown(context.WithoutCancel(ctx)))
	}
	return s, nil
}

func (s *stage) setUp(ctx context.Context) (err error) {
	if s.scratch, err = os.MkdirTemp("", "botreserva-bench-"); err != nil {
		return fmt.Errorf("make the scratch folder: %w", err)
	}
	if err := s.startDatabase(ctx); err != nil {
		return err
	}
	metaURL, err := s.startMeta(ctx)
	if err != nil {
		return err
	}
	if s.flow, err = startFlow(ctx); err != nil {
		return err
	}
	if s.product, err = newProduct(ctx, s.options.binary, s.scratch, s.cluster.URL(databaseName), metaURL); err != nil {
		return err
	}
	for i := range s.options.hotels {
		h, err := s.product.addHotel(ctx, i, s.flow)
		if err != nil {
			return fmt.Errorf("add a hotel: %w", err)
		}
		s.hotels = append(s.hotels, h)
	}
	return nil
}

func (s *stage) startDatabase(ctx context.Context) (err error) {
	settings := maps.Clone(likeThePrivateOne)
	if s.options.statements {
		maps.Copy(settings, forStatements)
	}
	if err := s.launch(ctx, settings); err != nil {
		return err
	}
	if err := s.createDatabase(ctx); err != nil {
		return err
	}
	if s.database, err = pgxpool.New(ctx, s.cluster.URL(databaseName)); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	return nil
}

// launch starts PostgreSQL in the scratch folder.
func (s *stage) launch(ctx context.Context, settings map[string]string) (err error) {
	s.cluster, err = embedded.Start(ctx, embedded.Options{
		DataDir: filepath.Join(s.scratch, "database"), SearchDirs: []string{".tools/postgres"}, MaxConnections: 40, Settings: settings,
	})
	if err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	pid, _, _ := strings.Cut(firstLine(filepath.Join(s.cluster.DataDir(), "postmaster.pid")), "\n")
	if s.postmaster, err = strconv.Atoi(strings.TrimSpace(pid)); err != nil {
		return fmt.Errorf("read postmaster.pid: %w", err)
	}
	return nil
}

func (s *stage) createDatabase(ctx context.Context) error {
	pool, err := pgxpool.New(ctx, s.cluster.URL("postgres"))
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer pool.Close()
	if _, err := pool.Exec(ctx, "CREATE DATABASE "+databaseName); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	return nil
}

// startMeta serves the simulator: the product must find its Cloud API somewhere.
func (s *stage) startMeta(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen for the simulated WhatsApp: %w", err)
	}
	knobs := simulator.LoadKnobs()
	s.simulator = simulator.New(simulator.Options{Knobs: &knobs})
	s.meta = &http.Server{Handler: s.simulator.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.meta.Serve(l) }() // ends with Close
	return "http://" + l.Addr().String(), nil
}

// connectDashboards spreads the dashboards over the hotels.
func (s *stage) connectDashboards(ctx context.Context) error {
	for i := range s.options.dashboards {
		d, err := connectDashboard(ctx, s.client, s.product.address, s.hotels[i%len(s.hotels)])
		if err != nil {
			return err
		}
		s.dashboards = append(s.dashboards, d)
	}
	return nil
}

func (s *stage) usage() usage {
	return usage{product: cpuOf(s.product.pid()), postgres: cpuOfFamily(s.postmaster), bench: cpuOf(os.Getpid()), machine: cpuOfMachine()}
}

// tearDown stops everything in the order of the flow. It may be called at any stage
// of setUp.
func (s *stage) tearDown(ctx context.Context) error {
	var err error
	for _, d := range s.dashboards {
		d.close()
	}
	if s.product != nil {
		err = errors.Join(err, s.product.stop())
	}
	if s.flow != nil {
		s.flow.close()
	}
	if s.meta != nil {
		err = errors.Join(err, s.meta.Close(), s.simulator.Close(ctx))
	}
	s.client.CloseIdleConnections()
	if s.database != nil {
		s.database.Close()
	}
	if s.cluster != nil {
		err = errors.Join(err, s.cluster.Stop(ctx))
	}
	if s.options.keep {
		fmt.Fprintln(os.Stderr, "kept:", s.scratch)
		return err
	}
	return errors.Join(err, os.RemoveAll(s.scratch)) //nolint:gosec // made by us
}
