package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/backup"
	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/config"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/embedded"
)

var errNoBackups = fault.New(fault.Invalid, "backup_off",
	"Set BACKUP_URL to a folder or s3://bucket/folder, and BACKUP_KEY to what botreserva backup keygen prints.")

// backups is a keeper with the stores it works on.
type backups struct {
	*backup.Keeper

	stores []io.Closer
}

func (b *backups) close() error {
	var errs []error
	for _, s := range b.stores {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// openBackups opens what is kept, to look at it.
func openBackups(opts Options) (*backups, error) {
	cfg := opts.Config
	if cfg.BackupURL == "" {
		return nil, errNoBackups
	}
	b := &backups{}
	target, err := b.openTarget(cfg)
	if err == nil {
		b.Keeper, err = backup.New(backup.Options{Target: target, Key: cfg.BackupKey.Reveal(), Version: version, Clock: opts.Clock, Log: opts.Log})
	}
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

// backups opens what is kept of a database.
func (s *server) backups(opts Options) (*backups, error) {
	b, err := openBackups(opts)
	if err != nil {
		return nil, err
	}
	b.DatabaseURL = s.url
	b.Scratch = func(ctx context.Context) (string, func(context.Context) error, error) { return s.scratch(ctx, opts) }
	if b.Media, err = b.openMedia(opts.Config); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *backups) openTarget(cfg config.Config) (blob.Lister, error) {
	if strings.Contains(cfg.BackupURL, "://") {
		bucket, err := openBucket(cfg, cfg.BackupURL)
		if err != nil {
			return nil, fmt.Errorf("use BACKUP_URL: %w", err)
		}
		b.stores = append(b.stores, bucket)
		return bucket, nil
	}
	folder, err := blob.OpenFolder(cfg.BackupURL)
	if err != nil {
		return nil, fmt.Errorf("use BACKUP_URL: %w", err)
	}
	b.stores = append(b.stores, folder)
	return folder, nil
}

// openMedia returns nil where files are only listed: a bucket is taken to look after itself.
func (b *backups) openMedia(cfg config.Config) (blob.Store, error) {
	inBucket := cfg.MediaStorageURL.IsSet()
	if cfg.BackupMedia == "list" || inBucket && cfg.BackupMedia != "copy" {
		return nil, nil //nolint:nilnil // as said
	}
	if inBucket {
		bucket, err := openBucket(cfg, cfg.MediaStorageURL.Reveal())
		if err != nil {
			return nil, fmt.Errorf("use MEDIA_STORAGE_URL: %w", err)
		}
		b.stores = append(b.stores, bucket)
		return bucket, nil
	}
	folder, err := blob.OpenFolder(cfg.MediaStoragePath)
	if err != nil {
		return nil, fmt.Errorf("use MEDIA_STORAGE_PATH: %w", err)
	}
	b.stores = append(b.stores, folder)
	return folder, nil
}

// scratch makes a database to try a backup in: beside the real one, or, where the role may
// not, on a private PostgreSQL that lives as long.
func (s *server) scratch(ctx context.Context, opts Options) (string, func(context.Context) error, error) {
	url, drop, err := postgres.MakeScratch(ctx, s.url)
	if !errors.Is(err, postgres.ErrNoDatabases) {
		return url, drop, err
	}
	dir, err := os.MkdirTemp(opts.Config.DataDir, "verify-")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder for it: %w", err)
	}
	cluster, err := embedded.Start(ctx, embedded.Options{
		DataDir: filepath.Join(dir, "db"), BinDir: opts.Config.PostgresBin, SearchDirs: []string{toolsDir}, Logger: opts.Log, Settings: privateSettings,
	})
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("the role of DATABASE_URL may not create databases (ALTER ROLE … CREATEDB), and a private PostgreSQL does not start: %w", err), os.RemoveAll(dir))
	}
	drop = func(ctx context.Context) error { return errors.Join(cluster.Stop(ctx), os.RemoveAll(dir)) }
	if err := createDatabase(ctx, cluster.URL("postgres")); err != nil {
		return "", nil, errors.Join(err, drop(ctx))
	}
	return cluster.URL(databaseName), drop, nil
}

// nightlyBackups makes backups while the product runs.
type nightlyBackups struct {
	*backups
	*backup.Nightly
}

// nightly is nil where the settings ask for no backups, or this process does not work.
func (s *server) nightly(opts Options) (*nightlyBackups, error) {
	cfg := opts.Config
	if cfg.BackupURL == "" || cfg.BackupAt.Off || !opts.Roles.Worker {
		return nil, nil //nolint:nilnil // as said
	}
	b, err := s.backups(opts)
	if err != nil {
		return nil, err
	}
	return &nightlyBackups{b, &backup.Nightly{Keeper: b.Keeper, At: cfg.BackupAt.After, Keep: backup.Retention(cfg.BackupKeep)}}, nil
}

// freshBackup is how old the newest backup may be: a day, and the time that one takes.
const freshBackup = 26 * time.Hour

func examineBackups(ctx context.Context, opts Options) finding {
	f := finding{what: "backups"}
	if opts.Config.BackupURL == "" {
		f.what += ": none are made"
		if opts.Config.InProduction() {
			f.wrong, f.fix = "nothing is backed up by this program.", errNoBackups.Error()+" See docs/guides/backup.md"
		}
		return f
	}
	b, err := openBackups(opts)
	var last time.Time
	if err == nil {
		last, err = b.LastGood(ctx)
		err = errors.Join(err, b.close())
	}
	switch age := opts.Clock.Now().Sub(last); {
	case err != nil:
		f.wrong, f.fix = err.Error(), "correct BACKUP_URL, or see docs/runbook.md, Backups"
	case last.IsZero():
		f.wrong, f.fix = "there is none that was tried out.", "botreserva backup create --verify"
	case age > freshBackup:
		f.wrong = fmt.Sprintf("the newest that was tried out is %d hours old.", int(age.Hours()))
		f.fix = "look for \"nightly backup\" in the log of the worker; botreserva backup create --verify makes one now"
	default:
		f.what += ": the newest that was tried out is of " + last.Format(time.DateTime) + " UTC"
	}
	return f
}
