package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Copied is what came of copying files.
type Copied struct {
	Files   int64 `json:"files"`   // that the database speaks of
	Copied  int64 `json:"copied"`  // of those, now
	Bytes   int64 `json:"bytes"`   // copied
	Missing int64 `json:"missing"` // that are not where they should be; files erased meanwhile are among them
}

func mediaKey(sum []byte) string {
	name := hex.EncodeToString(sum)
	return path.Join(mediaFolder, name[:2], name)
}

func sumOf(key string) (sum []byte, ok bool) {
	sum, err := hex.DecodeString(path.Base(key))
	return sum, err == nil && len(sum) == sha256.Size
}

// known are contents by their sum: 32 bytes each, so that a million files fit into memory.
type known map[[sha256.Size]byte]struct{}

func (k known) has(sum []byte) bool {
	_, ok := k[[sha256.Size]byte(sum)]
	return ok
}

func (k known) add(sum []byte) { k[[sha256.Size]byte(sum)] = struct{}{} }

// keptMedia lists the contents that are in the target.
func (k *Keeper) keptMedia(ctx context.Context) (known, error) {
	all := known{}
	err := k.Target.List(ctx, mediaFolder, func(key string, _ blob.Info) error {
		if sum, ok := sumOf(key); ok {
			all.add(sum)
		}
		return nil
	})
	return all, err
}

// eachMedia reads the list of files of a backup, which stands at its beginning.
func (k *Keeper) eachMedia(ctx context.Context, name string, fn func(postgres.BackupMedia) error) error {
	_, err := k.read(ctx, name, visitor{
		media: func(m postgres.BackupMedia) error {
			if len(m.SHA256) != sha256.Size {
				return damaged("a file has no sum")
			}
			return fn(m)
		},
		table: func(postgres.BackupTable, io.Reader) error { return errEnough },
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

var errEnough = errors.New("the rest is not needed")

// copyMedia copies the files of a backup that the target does not have.
func (k *Keeper) copyMedia(ctx context.Context, name string) (c Copied, err error) {
	if k.Media == nil {
		return c, nil
	}
	kept, err := k.keptMedia(ctx)
	if err != nil {
		return c, err
	}
	err = k.eachMedia(ctx, name, func(m postgres.BackupMedia) error {
		c.Files++
		if kept.has(m.SHA256) {
			return nil
		}
		err := k.copyFile(ctx, m)
		switch {
		case errors.Is(err, blob.ErrNotFound), errors.Is(err, errOther):
			c.Missing++
			return nil
		case err != nil:
			return fmt.Errorf("copy file %s: %w", m.Key, err)
		}
		kept.add(m.SHA256)
		c.Copied++
		c.Bytes += m.Size
		return nil
	})
	return c, err
}

var errOther = errors.New("its content is another than was stored")

func (k *Keeper) copyFile(ctx context.Context, m postgres.BackupMedia) error {
	from, err := k.Media.Open(ctx, m.Key, 0)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	_, err = k.put(ctx, mediaKey(m.SHA256), func(w io.Writer) error { return copyChecked(w, from, m.SHA256) })
	return err
}

// copyChecked fails when what it copied is not what it should be.
func copyChecked(to io.Writer, from io.Reader, want []byte) error {
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(to, sum), from); err != nil {
		return err
	}
	if !bytes.Equal(sum.Sum(nil), want) {
		return errOther
	}
	return nil
}

// restoreMedia puts the files of a backup back that are not there.
func (k *Keeper) restoreMedia(ctx context.Context, name string) (c Copied, err error) {
	if k.Media == nil {
		return c, nil
	}
	err = k.eachMedia(ctx, name, func(m postgres.BackupMedia) error {
		c.Files++
		if there, err := k.Media.Stat(ctx, m.Key); err == nil && there.Size == m.Size {
			return nil
		}
		err := k.restoreFile(ctx, m)
		var bad *DamagedError
		switch {
		case errors.Is(err, blob.ErrNotFound), errors.As(err, &bad): // the others are wanted none the less
			c.Missing++
			return nil
		case err != nil:
			return fmt.Errorf("restore file %s: %w", m.Key, err)
		}
		c.Copied++
		c.Bytes += m.Size
		return nil
	})
	return c, err
}

func (k *Keeper) restoreFile(ctx context.Context, m postgres.BackupMedia) error {
	from, err := k.Target.Open(ctx, mediaKey(m.SHA256), 0)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	plain, err := k.open(from)
	if err != nil {
		return err
	}
	defer func() { _ = plain.Close() }()
	_, err = k.Media.Put(ctx, m.Key, &checkedReader{from: plain, sum: sha256.New(), want: m.SHA256}, m.Size)
	return err
}
