package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/alecthomas/kong"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/config"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/obs"
	"github.com/botreserva/botreserva/internal/postgres"
)

// commands is the command line. Results go to standard output, everything else to
// standard error; the exit code is 0 only if all went well.
type commands struct {
	Serve     serveCommand     `cmd:"" help:"Run the product."`
	Demo      demoCommand      `cmd:"" help:"Run the product with a simulated WhatsApp, a demo bot and two hotels."`
	Migrate   migrateCommand   `cmd:"" help:"Bring the database schema up to date, or show how it stands."`
	Backup    backupCommand    `cmd:"" help:"Make backups of everything, try them out, bring one back."`
	Health    healthCommand    `cmd:"" help:"Ask the instance on this machine whether it is alive: for containers, which have no curl."`
	Doctor    doctorCommand    `cmd:"" help:"Check settings, database, Meta and n8n, with a fix for each finding."`
	Config    configCommand    `cmd:"" help:"Show every setting and where it comes from, secrets masked."`
	Tenant    tenantCommand    `cmd:"" help:"Add, list, change or suspend hotels."`
	User      userCommand      `cmd:"" help:"Add users."`
	Import    importCommand    `cmd:"" help:"Copy hotels from a database of the original, keeping ids. Prints a report."`
	Keys      keysCommand      `cmd:"" help:"Rotate the key that seals the hotels' secrets."`
	Privacy   privacyCommand   `cmd:"" help:"Check reports of erasures."`
	Simulator simulatorCommand `cmd:"" help:"Run the simulator of the WhatsApp Cloud API alone."`
	Version   versionCommand   `cmd:"" help:"Show the version."`
}

// console is what commands run with.
type console struct {
	ctx       context.Context //nolint:containedctx // a command is the whole program
	variables map[string]string
	out, err  io.Writer
}

// Main runs one command and returns the exit code.
func Main(ctx context.Context, args []string, variables map[string]string, out, errOut io.Writer) int {
	var cli commands
	exit := -1
	parser, err := kong.New(&cli, kong.Name("botreserva"), kong.UsageOnError(), kong.Writers(out, errOut),
		kong.Description("A multi-tenant WhatsApp desk for hotels."), kong.Exit(func(code int) { exit = code }))
	if err != nil {
		fmt.Fprintln(errOut, "botreserva:", err)
		return 1
	}
	chosen, err := parser.Parse(args)
	if exit >= 0 {
		return exit // help was shown
	}
	if err != nil {
		fmt.Fprintf(errOut, "botreserva: %v; see botreserva --help\n", err)
		return 2
	}
	if err := chosen.Run(&console{ctx, variables, out, errOut}); err != nil && !wasAsked(ctx, err) {
		fmt.Fprintln(errOut, "botreserva:", forPeople(err))
		return 1
	}
	return 0
}

// forPeople shows a refusal in its own words, and anything else as it is.
func forPeople(err error) string {
	var f *fault.Fault
	if errors.As(err, &f) && f.Unwrap() == nil {
		return f.Text
	}
	return err.Error()
}

// wasAsked reports whether a command ended because it was told to. What is canceled without
// that hides another error, which must be shown.
func wasAsked(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, context.Canceled)
}

// settings loads the configuration and makes the log.
func (c *console) settings() (config.Config, *slog.Logger, error) {
	cfg, err := config.Load(c.variables)
	if err != nil {
		return cfg, nil, err
	}
	file, _ := c.err.(*os.File)
	log := obs.NewLogger(obs.Options{Output: c.err, Level: cfg.LogLevel, ForPeople: obs.ForPeople(cfg.InProduction(), file)})
	for _, w := range cfg.Warnings() {
		log.Warn("check this setting", "setting", w.Variable, "wrong", w.Wrong, "fix", w.Fix)
	}
	return cfg, log, nil
}

// withApp runs fn with the product put together on its database, but not serving:
// what the commands need that change something.
func (c *console) withApp(fn func(a *App) error) error {
	cfg, log, err := c.settings()
	if err != nil {
		return err
	}
	return withDatabase(c.ctx, cfg, log, true, func(db *postgres.DB, _ *server) error {
		a, err := New(Options{Config: cfg, Log: log, Clock: clock.System{}}, db)
		if err != nil {
			return err
		}
		return errors.Join(fn(a), a.leaveOthers(c.ctx))
	})
}

// withDatabase finds or starts the database, migrates it, and closes everything
// after fn.
func withDatabase(ctx context.Context, cfg config.Config, log *slog.Logger, mayShare bool, fn func(*postgres.DB, *server) error) (err error) {
	s, err := findServer(ctx, cfg, log, mayShare)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop(context.WithoutCancel(ctx))) }()
	if cfg.MigrateOnStart {
		if err := postgres.Migrate(ctx, s.url); err != nil {
			return err
		}
	}
	db, err := postgres.Open(ctx, s.url, cfg.DatabaseMaxConns)
	if err != nil {
		return err
	}
	defer db.Close()
	return fn(db, s)
}

// print writes a result as JSON.
func (c *console) print(v any) error {
	encoder := json.NewEncoder(c.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
