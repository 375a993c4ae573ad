package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/importer"
	"github.com/botreserva/botreserva/internal/postgres/original"
	"github.com/botreserva/botreserva/internal/sealed"
)

type importCommand struct {
	From      string   `required:"" help:"Address of the original's database: postgres://…"`
	Tenant    []string `help:"Slug of a hotel to import; repeat for more. Left out: all of them, and the super admins." sep:"none"`
	DryRun    bool     `help:"Do everything, report it, and leave nothing behind."`
	MediaFrom string   `type:"existingdir" help:"The folder in which the original kept files. Left out: messages go on naming them."`
	KeyFile   string   `help:"File with the ENCRYPTION_KEY of the original. Left out: LEGACY_ENCRYPTION_KEY, else the first key of ENCRYPTION_KEY."`
}

var errImportIncomplete = errors.New("not every row is accounted for: compare source with imported and skipped in the report")

// Run imports.
func (i *importCommand) Run(c *console) error {
	return c.withApp(func(a *App) (err error) {
		key, err := i.legacyKey(c, a)
		if err != nil {
			return err
		}
		box, err := sealed.NewBox(a.opts.Config.EncryptionKeys()...)
		if err != nil {
			return fmt.Errorf("read ENCRYPTION_KEY: %w", err)
		}
		source, err := original.Open(c.ctx, i.From)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, source.Close(context.WithoutCancel(c.ctx))) }()
		mover := importer.Importer{
			DB: a.DB, Source: source, Box: box, Clock: a.opts.Clock, LegacyKey: key, AllowPrivate: a.opts.Config.AllowPrivateURLs,
			Progress: showProgress(c.err, time.Now),
		}
		if err := i.giveStore(&mover, a); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, a.closeFiles()) }()
		report, err := mover.Run(c.ctx, importer.Options{Slugs: i.Tenant, DryRun: i.DryRun})
		// What is shown only once must be shown, however it ended.
		if printed := c.print(report); printed != nil || err != nil {
			return errors.Join(err, printed)
		}
		if !report.Complete {
			return errImportIncomplete
		}
		return nil
	})
}

// giveStore opens where files come from and go to; of a dry run none goes anywhere.
func (i *importCommand) giveStore(mover *importer.Importer, a *App) error {
	if i.MediaFrom != "" {
		root, err := os.OpenRoot(i.MediaFrom) // closed with the process
		if err != nil {
			return fmt.Errorf("use --media-from: %w", err)
		}
		mover.MediaFrom = root.FS()
	}
	if i.DryRun {
		return nil
	}
	if err := a.openStore(); err != nil {
		return err
	}
	mover.Files = a.files
	return nil
}

func (i *importCommand) legacyKey(c *console, a *App) (string, error) {
	if i.KeyFile != "" {
		text, err := os.ReadFile(i.KeyFile)
		if err != nil {
			return "", fmt.Errorf("read the key of the original: %w", err)
		}
		return strings.TrimSpace(string(text)), nil
	}
	if key := c.variables["LEGACY_ENCRYPTION_KEY"]; key != "" {
		return key, nil
	}
	return a.opts.Config.EncryptionKeys()[0], nil
}

// showProgress writes a line now and then: what is done, how fast, what remains.
func showProgress(to io.Writer, now func() time.Time) func(importer.Progress) {
	var table string
	var began, shown time.Time
	return func(p importer.Progress) {
		at := now()
		if of := p.Slug + " " + p.Table; of != table {
			table, began, shown = of, at, time.Time{}
		}
		if at.Sub(shown) < time.Second && p.Done < p.Total {
			return
		}
		shown = at
		rate := float64(p.Done) / max(at.Sub(began).Seconds(), 0.001)
		_, _ = fmt.Fprintf(to, "%s: %d of %d rows, %.0f/s, %d remain\n", strings.TrimSpace(table), p.Done, p.Total, rate, p.Total-p.Done)
	}
}
