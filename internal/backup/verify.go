package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Checked is what came of trying a backup out.
type Checked struct {
	Name         string    `json:"name"`
	At           time.Time `json:"at"`
	Version      string    `json:"version"`
	Tables       int       `json:"tables"`
	Rows         int64     `json:"rows"`
	Media        int64     `json:"media"`
	MediaMissing int64     `json:"mediaMissing"` // files that are not beside the backups
}

// Verify restores a backup into a scratch database and compares every table with what was
// written. A backup that passes is marked so.
func (k *Keeper) Verify(ctx context.Context, name string) (c Checked, err error) {
	err = k.alone(ctx, func() error {
		c, err = k.verify(ctx, name)
		return err
	})
	return c, err
}

func (k *Keeper) verify(ctx context.Context, name string) (c Checked, err error) {
	url, drop, err := k.Scratch(ctx)
	if err != nil {
		return c, fmt.Errorf("make a scratch database: %w", err)
	}
	defer func() { err = errors.Join(err, drop(context.WithoutCancel(ctx))) }()
	if c, err = k.load(ctx, name, url); err != nil {
		return c, err
	}
	if c.MediaMissing, err = k.missingMedia(ctx, name); err != nil {
		return c, err
	}
	_, err = k.Target.Put(ctx, name+verifiedEnd, bytes.NewReader(nil), 0)
	return c, err
}

func (k *Keeper) missingMedia(ctx context.Context, name string) (missing int64, err error) {
	if k.Media == nil {
		return 0, nil
	}
	kept, err := k.keptMedia(ctx)
	if err != nil {
		return 0, err
	}
	err = k.eachMedia(ctx, name, func(m postgres.BackupMedia) error {
		if !kept.has(m.SHA256) {
			missing++
		}
		return nil
	})
	return missing, err
}

// load fills an empty database with a backup: the schema of that time, every table, and
// each compared with what was written. Unless all of it was right, nothing is kept.
func (k *Keeper) load(ctx context.Context, name, url string) (Checked, error) {
	l := loading{ctx: ctx, url: url, sums: map[string]*rowSum{}}
	defer func() {
		if l.into != nil {
			_ = l.into.Close(context.WithoutCancel(ctx))
		}
	}()
	trailer, err := k.read(ctx, name, visitor{header: l.begin, table: l.fill, ended: l.compare})
	if err != nil {
		return Checked{}, err
	}
	c := Checked{
		Name: name, At: l.header.At, Version: l.header.Version, Tables: len(trailer.Tables), Media: trailer.Media,
	}
	for _, t := range trailer.Tables {
		c.Rows += t.Rows
	}
	if c.Tables != len(l.header.Tables) {
		return c, damaged("it lacks tables")
	}
	return c, l.into.Commit(ctx)
}

// loading is the state of one load.
type loading struct {
	ctx    context.Context //nolint:containedctx // of one load, in which it lives
	url    string
	header Header
	into   *postgres.Load
	sums   map[string]*rowSum
}

func (l *loading) begin(h Header) (err error) {
	l.header = h
	newest, err := knowsAll(h.Migrations)
	if err != nil {
		return err
	}
	if err := postgres.MigrateTo(l.ctx, l.url, newest); err != nil {
		return err
	}
	l.into, err = postgres.BeginLoad(l.ctx, l.url, h.BackupSchema)
	return err
}

func (l *loading) fill(t postgres.BackupTable, content io.Reader) error {
	if err := l.into.Fill(l.ctx, t, content); err != nil {
		return err
	}
	l.sums[t.Name] = &rowSum{}
	return l.into.Copy(l.ctx, t, l.sums[t.Name])
}

func (l *loading) compare(want Table) error {
	rows, sum, err := l.sums[want.Name].result()
	if err != nil {
		return err
	}
	if rows != want.Rows || sum != want.Sum {
		return fmt.Errorf("table %s came back with %d rows that are not the %d which were written", want.Name, rows, want.Rows)
	}
	return nil
}

// knowsAll returns the newest of the migrations that a backup's database had, if this
// program has the same up to there.
func knowsAll(had []int64) (newest int64, err error) {
	known, err := postgres.KnownMigrations()
	if err != nil || len(had) == 0 {
		return 0, errors.Join(err, errNoSchema)
	}
	newest = had[len(had)-1]
	i := 0
	for _, v := range known {
		if v > newest {
			break
		}
		if i >= len(had) || had[i] != v {
			return 0, ErrNewer
		}
		i++
	}
	if i != len(had) {
		return 0, ErrNewer
	}
	return newest, nil
}

var errNoSchema = damaged("it does not say of which schema it is")

// check reads a backup through and compares all sums, without any database.
func (k *Keeper) check(ctx context.Context, name string) error {
	_, err := k.read(ctx, name, visitor{header: func(h Header) error {
		_, err := knowsAll(h.Migrations)
		return err
	}})
	return err
}

// forget removes a backup and its mark.
func (k *Keeper) forget(ctx context.Context, name string) error {
	return errors.Join(ignoreMissing(k.Target.Delete(ctx, name)), ignoreMissing(k.Target.Delete(ctx, name+verifiedEnd)))
}

func ignoreMissing(err error) error {
	if errors.Is(err, blob.ErrNotFound) {
		return nil
	}
	return err
}
