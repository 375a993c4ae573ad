package app

import (
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/config"
	"github.com/botreserva/botreserva/internal/postgres"
)

type migrateCommand struct {
	Up     migrateUp     `cmd:"" help:"Bring the schema up to date."`
	Status migrateStatus `cmd:"" help:"Show every migration and when it was applied."`
}

type migrateUp struct{}

// Run migrates.
func (*migrateUp) Run(c *console) error {
	return c.withServer(func(s *server) error {
		if err := postgres.Migrate(c.ctx, s.url); err != nil {
			return err
		}
		return printSteps(c, s)
	})
}

type migrateStatus struct{}

// Run shows how the schema stands.
func (*migrateStatus) Run(c *console) error {
	return c.withServer(func(s *server) error { return printSteps(c, s) })
}

func (c *console) withServer(fn func(*server) error) error {
	cfg, log, err := c.settings()
	if err != nil {
		return err
	}
	s, err := findServer(c.ctx, cfg, log, true)
	if err != nil {
		return err
	}
	if err := fn(s); err != nil {
		_ = s.stop(c.ctx)
		return err
	}
	return s.stop(c.ctx)
}

func printSteps(c *console, s *server) error {
	steps, err := postgres.MigrationStatus(c.ctx, s.url)
	if err != nil {
		return err
	}
	type line struct {
		Version   int64      `json:"version"`
		File      string     `json:"file"`
		AppliedAt *time.Time `json:"appliedAt"`
	}
	out := make([]line, 0, len(steps))
	for _, step := range steps {
		l := line{Version: step.Version, File: step.File}
		if !step.AppliedAt.IsZero() {
			l.AppliedAt = &step.AppliedAt
		}
		out = append(out, l)
	}
	return c.print(out)
}

type configCommand struct {
	Example bool `help:"Print an example .env file instead."`
}

// Run shows the settings.
func (cc *configCommand) Run(c *console) error {
	if cc.Example {
		return config.WriteExample(c.out)
	}
	cfg, _, err := c.settings()
	if err != nil {
		return err
	}
	return config.WriteSettings(c.out, cfg)
}

type versionCommand struct{}

// Run shows the version.
func (*versionCommand) Run(c *console) error {
	_, err := fmt.Fprintln(c.out, "botreserva", version)
	return err
}
