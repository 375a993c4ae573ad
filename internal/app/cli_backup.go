package app

import (
	"errors"
	"fmt"

	"github.com/botreserva/botreserva/internal/backup"
	"github.com/botreserva/botreserva/internal/clock"
)

type backupCommand struct {
	Create  backupCreate  `cmd:"" help:"Make a backup of the database and of guests' files."`
	List    backupList    `cmd:"" help:"List the backups, the newest first."`
	Verify  backupVerify  `cmd:"" help:"Restore a backup into a scratch database and compare everything."`
	Restore backupRestore `cmd:"" help:"Bring a backup back into the database of the settings. All instances must be stopped."`
	Keygen  backupKeygen  `cmd:"" help:"Print a new key for BACKUP_KEY."`
}

// withBackups runs fn on the backups of the settings and their database, not migrated.
func (c *console) withBackups(fn func(b *backups) error) error {
	return c.withServer(func(s *server) error {
		cfg, log, err := c.settings()
		if err != nil {
			return err
		}
		b, err := s.backups(Options{Config: cfg, Log: log, Clock: clock.System{}})
		if err != nil {
			return err
		}
		return errors.Join(fn(b), b.close())
	})
}

type backupCreate struct {
	Verify bool `help:"Try it out at once."`
	Prune  bool `help:"Then remove backups that BACKUP_KEEP does not keep."`
}

// Run makes a backup and prints what is in it.
func (bc *backupCreate) Run(c *console) error {
	return c.withBackups(func(b *backups) error {
		made, err := b.Create(c.ctx)
		if err != nil {
			return err
		}
		out := struct {
			backup.Created

			Verified *backup.Checked `json:"verified,omitempty"`
			Removed  *backup.Pruned  `json:"removed,omitempty"`
		}{Created: made}
		if bc.Verify {
			checked, err := b.Verify(c.ctx, made.Name)
			if err != nil {
				return err
			}
			out.Verified = &checked
		}
		if bc.Prune {
			cfg, _, err := c.settings()
			if err != nil {
				return err
			}
			pruned, err := b.Prune(c.ctx, backup.Retention(cfg.BackupKeep))
			if err != nil {
				return err
			}
			out.Removed = &pruned
		}
		return c.print(out)
	})
}

type backupList struct{}

// Run lists backups. It needs no database.
func (*backupList) Run(c *console) error {
	cfg, log, err := c.settings()
	if err != nil {
		return err
	}
	b, err := openBackups(Options{Config: cfg, Log: log, Clock: clock.System{}})
	if err != nil {
		return err
	}
	all, err := b.List(c.ctx)
	if err = errors.Join(err, b.close()); err != nil {
		return err
	}
	return c.print(all)
}

type backupVerify struct {
	Name   string `arg:"" optional:"" help:"The backup, as the list names it."`
	Latest bool   `help:"The newest one."`
}

var errWhich = errors.New("name a backup, or say --latest")

// Run tries a backup out.
func (v *backupVerify) Run(c *console) error {
	if (v.Name == "") != v.Latest {
		return errWhich
	}
	return c.withBackups(func(b *backups) error {
		if v.Latest {
			newest, err := b.Latest(c.ctx)
			if err != nil {
				return err
			}
			v.Name = newest.Name
		}
		checked, err := b.Verify(c.ctx, v.Name)
		if err != nil {
			return err
		}
		if checked.MediaMissing > 0 {
			fmt.Fprintf(c.err, "botreserva: %d of %d files are not beside the backup: those that were erased while it was made cannot be; "+
				"for many, see whether MEDIA_STORAGE_PATH is right\n", checked.MediaMissing, checked.Media)
		}
		return c.print(checked)
	})
}

type backupRestore struct {
	Name    string `arg:"" help:"The backup, as the list names it."`
	Confirm string `required:"" help:"The name of the database that is restored into; botreserva for the private one."`
	Replace bool   `help:"Replace what the database holds now."`
}

// Run brings a backup back.
func (r *backupRestore) Run(c *console) error {
	return c.withBackups(func(b *backups) error {
		restored, err := b.Restore(c.ctx, r.Name, r.Confirm, r.Replace)
		if err != nil {
			return err
		}
		if n := restored.Files.Missing; n > 0 {
			fmt.Fprintf(c.err, "botreserva: %d files could not be brought back; messages show them as missing\n", n)
		}
		return c.print(restored)
	})
}

type backupKeygen struct{}

// Run prints a key. The public half, for the standard age tool, stands in a comment.
func (*backupKeygen) Run(c *console) error {
	secret, public, err := backup.NewKey()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "# public key: %s\n%s\n", public, secret)
	return err
}
