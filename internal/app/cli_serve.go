package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/config"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

type serveCommand struct {
	Role []string `help:"What this process does: api, worker, or both." default:"api,worker" enum:"api,worker"`
}

// gcPercent lets the heap, which is small, grow threefold between collections: a
// message makes some garbage, and collecting it was 8 % of the work
// (docs/performance.md).
const gcPercent = 200

// Run serves until it is told to stop.
func (s *serveCommand) Run(c *console) error {
	cfg, log, err := c.settings()
	if err != nil {
		return err
	}
	debug.SetGCPercent(gcPercent)
	roles := Roles{API: strings.Contains(strings.Join(s.Role, ","), "api"), Worker: strings.Contains(strings.Join(s.Role, ","), "worker")}
	if (!roles.API || !roles.Worker) && !cfg.RedisURL.IsSet() {
		return errRoleAlone
	}
	return Serve(c.ctx, Options{Config: cfg, Log: log, Clock: clock.System{}, Roles: roles}, nil)
}

// Refusals to start beside others.
var (
	errRoleAlone = errors.New("a process with one of the roles needs others beside it, and all of them a Redis: " +
		"set REDIS_URL (the same for all), or leave --role away")
	errSecondInstance = errors.New("another instance already works on this database. " +
		"Set REDIS_URL, the same for all of them, so that they share their work, or stop the other one first")
	errAloneBefore = errors.New("an instance without Redis already works on this database. " +
		"Give it the same REDIS_URL as this one, or stop it first")
)

// join enters this process among the instances of the database, or says why it may not.
func join(ctx context.Context, cfg config.Config, db *postgres.DB, log *slog.Logger, lost context.CancelCauseFunc) (leave func(), err error) {
	company, refused := postgres.Alone, errSecondInstance
	if cfg.RedisURL.IsSet() {
		company, refused = postgres.Together, errAloneBefore
	}
	leave, ok, err := db.SystemJoin(ctx, company, func() { lost(refused) })
	if err == nil && !ok {
		err = refused
	}
	if err != nil || company == postgres.Together {
		return leave, err
	}
	freed, err := db.SystemFreeLanes(ctx)
	if err != nil {
		leave()
		return nil, err
	}
	if freed > 0 {
		log.Info("taking up lanes that the last run left", "lanes", freed)
	}
	return leave, nil
}

// Serve runs the product on the database of its settings until ctx ends. ready, if given,
// is called once it accepts requests at an address.
func Serve(ctx context.Context, opts Options, ready func(ctx context.Context, a *App, address string) error) error {
	cfg, log := opts.Config, opts.Log
	return withDatabase(ctx, cfg, log, false, func(db *postgres.DB, s *server) error {
		ctx, stop := context.WithCancelCause(ctx)
		defer stop(nil)
		leave, err := join(ctx, cfg, db, log, stop)
		if err != nil {
			return err
		}
		defer leave()
		nightly, err := s.nightly(opts)
		if err != nil {
			return err
		}
		if nightly != nil {
			defer func() { _ = nightly.close() }()
			opts.Backup = nightly.Nightly
		}
		a, err := New(opts, db) //nolint:contextcheck // it has a time limit of its own
		if err != nil {
			return err
		}
		if err := a.firstUser(ctx, cfg); err != nil {
			return err
		}
		log.Info("starting", "version", version, "database", s.place(cfg))
		return a.listenAndRun(ctx, s, ready)
	})
}

func (a *App) listenAndRun(ctx context.Context, s *server, ready func(context.Context, *App, string) error) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", net.JoinHostPort("", strconv.Itoa(a.opts.Config.Port)))
	if err != nil {
		return fmt.Errorf("listen (choose another port with PORT=…): %w", err)
	}
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if lost := s.lost(); lost != nil {
		go func() {
			select {
			case <-lost:
				stop(fmt.Errorf("the private PostgreSQL ended by itself; see postgres.log in DATA_DIR: %w", s.cluster.Err()))
			case <-running.Done():
			}
		}()
	}
	a.log.Info("ready", "address", l.Addr().String())
	if ready != nil {
		go func() {
			if err := ready(running, a, l.Addr().String()); err != nil {
				stop(err)
			}
		}()
	}
	err = a.Run(running, l)
	if cause := context.Cause(running); cause != nil && !errors.Is(cause, context.Canceled) {
		if errors.Is(err, context.Canceled) {
			err = nil // it is only what followed
		}
		err = errors.Join(cause, err)
	}
	a.log.Info("stopped")
	return err
}

// firstUser makes the operator's log-in if the settings name one that is not there.
func (a *App) firstUser(ctx context.Context, cfg config.Config) error {
	if cfg.SuperAdminEmail == "" || !cfg.SuperAdminPassword.IsSet() {
		return nil
	}
	_, _, err := a.Provisioner.AddUser(ctx, "", user.User{
		Email: cfg.SuperAdminEmail, Name: "Super Admin", Role: user.SuperAdmin,
	}, cfg.SuperAdminPassword.Reveal())
	if errors.Is(err, user.ErrEmailTaken) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("make the log-in of SUPER_ADMIN_EMAIL: %w", err)
	}
	return nil
}
