package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Created is what came of making a backup.
type Created struct {
	Name    string        `json:"name"`
	Size    int64         `json:"size"`
	Rows    int64         `json:"rows"`
	Took    time.Duration `json:"-"`
	Seconds float64       `json:"seconds"`
	Media   Copied        `json:"media"`
}

// Create makes a backup of the database as it is at this moment, and of the files that are
// not kept yet.
func (k *Keeper) Create(ctx context.Context) (made Created, err error) {
	err = k.alone(ctx, func() error {
		made, err = k.create(ctx)
		return err
	})
	return made, err
}

// alone runs fn unless another process is making or checking backups.
func (k *Keeper) alone(ctx context.Context, fn func() error) error {
	release, ok, err := postgres.HoldBackups(ctx, k.DatabaseURL)
	if err != nil {
		return err
	}
	if !ok {
		return ErrBusy
	}
	defer release()
	return fn()
}

func (k *Keeper) create(ctx context.Context) (Created, error) {
	began := k.Clock.Now()
	made := Created{Name: nameAt(began)}
	trailer, err := k.writeDatabase(ctx, made.Name, began, &made.Size)
	if err != nil {
		return made, err
	}
	for _, t := range trailer.Tables {
		made.Rows += t.Rows
	}
	if made.Media, err = k.copyMedia(ctx, made.Name); err != nil {
		return made, err
	}
	made.Took = k.Clock.Now().Sub(began)
	made.Seconds = made.Took.Seconds()
	return made, nil
}

// writeDatabase streams the database into the target, where it appears when it is whole.
func (k *Keeper) writeDatabase(ctx context.Context, name string, at time.Time, size *int64) (Trailer, error) {
	snapshot, err := postgres.TakeSnapshot(ctx, k.DatabaseURL)
	if err != nil {
		return Trailer{}, err
	}
	defer func() { _ = snapshot.Close(context.WithoutCancel(ctx)) }()
	var trailer Trailer
	*size, err = k.put(ctx, name, func(w io.Writer) (err error) {
		trailer, err = k.writeSnapshot(ctx, w, snapshot, at)
		return err
	})
	return trailer, err
}

// put keeps what write writes, encrypted.
func (k *Keeper) put(ctx context.Context, key string, write func(io.Writer) error) (int64, error) {
	from, to := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := k.seal(to, write)
		_ = to.CloseWithError(err) // without one, it is the end
		written <- err
	}()
	n, err := k.Target.Put(ctx, key, from, -1)
	_ = from.CloseWithError(errors.Join(err, io.ErrClosedPipe))
	if failed := <-written; failed != nil && !errors.Is(failed, io.ErrClosedPipe) {
		return n, failed
	}
	return n, err
}

func (k *Keeper) seal(to io.Writer, write func(io.Writer) error) error {
	sealed, err := k.sealTo(to)
	if err != nil {
		return err
	}
	if err := write(sealed); err != nil {
		return err
	}
	return sealed.Close()
}

func (k *Keeper) writeSnapshot(ctx context.Context, w io.Writer, snapshot *postgres.Snapshot, at time.Time) (Trailer, error) {
	var trailer Trailer
	out := frames{w}
	if err := out.writeJSON(headerFrame, Header{format, k.Version, at.UTC(), snapshot.BackupSchema}); err != nil {
		return trailer, err
	}
	err := snapshot.Media(ctx, func(m postgres.BackupMedia) error {
		trailer.Media++
		trailer.MediaBytes += m.Size
		return out.writeJSON(mediaFrame, m)
	})
	if err != nil {
		return trailer, err
	}
	for _, t := range snapshot.Tables {
		written, err := writeTable(ctx, out, snapshot, t)
		if err != nil {
			return trailer, err
		}
		trailer.Tables = append(trailer.Tables, written)
	}
	return trailer, out.writeJSON(trailerFrame, trailer)
}

func writeTable(ctx context.Context, out frames, snapshot *postgres.Snapshot, t postgres.BackupTable) (Table, error) {
	written := Table{Name: t.Name}
	if err := out.writeJSON(tableFrame, t); err != nil {
		return written, err
	}
	data, sum, rows, count := out.data(), sha256.New(), &rowSum{}, &counter{}
	if err := snapshot.Copy(ctx, t, io.MultiWriter(data, sum, rows, count)); err != nil {
		return written, err
	}
	if err := data.Flush(); err != nil {
		return written, err
	}
	var err error
	written.Rows, written.Sum, err = rows.result()
	written.Bytes, written.SHA256 = count.n, hex.EncodeToString(sum.Sum(nil))
	return written, errors.Join(err, out.writeJSON(endFrame, written))
}

type counter struct{ n int64 }

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

func notThere(err error) error {
	if errors.Is(err, blob.ErrNotFound) || errors.Is(err, blob.ErrKey) {
		return ErrNone
	}
	return err
}
