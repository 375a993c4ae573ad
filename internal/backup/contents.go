package backup

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"time"

	"github.com/botreserva/botreserva/internal/postgres"
)

// format is raised when older programs could not read the backups any more.
const format = 1

// Header says what a backup is of.
type Header struct {
	Format  int       `json:"format"`
	Version string    `json:"version"` // of the program that made it
	At      time.Time `json:"at"`
	postgres.BackupSchema
}

// Table is what a table must hold when it is back.
type Table struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // of all bytes
	Sum    string `json:"sum"`    // of the rows, in any order: see rowSum
}

// Trailer stands at the end of a backup that is whole.
type Trailer struct {
	Tables     []Table `json:"tables"`
	Media      int64   `json:"media"`
	MediaBytes int64   `json:"mediaBytes"`
}

// visitor is told what a backup holds, in its order. Each part may be nil. content must be
// read to its end.
type visitor struct {
	header func(Header) error
	media  func(postgres.BackupMedia) error
	table  func(t postgres.BackupTable, content io.Reader) error
	ended  func(Table) error
}

// read walks through a backup. Without an error it was whole, and everything in it was as
// it was written.
func (k *Keeper) read(ctx context.Context, name string, v visitor) (Trailer, error) {
	if _, ok := timeOf(name); !ok {
		return Trailer{}, ErrNone
	}
	from, err := k.Target.Open(ctx, name, 0)
	if err != nil {
		return Trailer{}, notThere(err)
	}
	defer func() { _ = from.Close() }()
	plain, err := k.open(from)
	if err != nil {
		return Trailer{}, err
	}
	defer func() { _ = plain.Close() }()
	walk := walk{visitor: v, frames: frameReader{from: bufio.NewReaderSize(plain, longestData)}}
	if err := walk.all(ctx); err != nil {
		return Trailer{}, err
	}
	return walk.trailer, nil
}

// walk is the state of one read.
type walk struct {
	visitor

	frames  frameReader
	begun   bool
	trailer Trailer // as it must be, by what was read
}

func (w *walk) all(ctx context.Context) error {
	for {
		kind, payload, err := w.frames.next()
		if err != nil {
			return cutShort(err)
		}
		if w.begun == (kind == headerFrame) {
			return damaged("it does not begin with its header")
		}
		if kind == trailerFrame {
			return w.end(payload)
		}
		if err := errors.Join(w.part(kind, payload), ctx.Err()); err != nil {
			return err
		}
	}
}

func cutShort(err error) error {
	var other *DamagedError
	if errors.As(err, &other) {
		return err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damaged("it is cut short")
	}
	return err
}

func (w *walk) part(kind byte, payload []byte) error {
	switch kind {
	case headerFrame:
		var h Header
		if err := parse(payload, &h); err != nil {
			return err
		}
		w.begun = true
		return w.checkHeader(h)
	case mediaFrame:
		var m postgres.BackupMedia
		if err := parse(payload, &m); err != nil {
			return err
		}
		w.trailer.Media++
		w.trailer.MediaBytes += m.Size
		return call(w.media, m)
	case tableFrame:
		var t postgres.BackupTable
		if err := parse(payload, &t); err != nil {
			return err
		}
		return w.readTable(t)
	default:
		return damaged("it has a part %q that nobody knows", kind)
	}
}

func (w *walk) checkHeader(h Header) error {
	if h.Format != format {
		return ErrNewer
	}
	return call(w.header, h)
}

func (w *walk) readTable(t postgres.BackupTable) error {
	content := &tableReader{frames: &w.frames, sum: sha256.New()}
	if w.table != nil {
		if err := w.table(t, content); content.failed != nil || err != nil {
			return cmp.Or(content.failed, err)
		}
	}
	if _, err := io.Copy(io.Discard, content); err != nil {
		return err
	}
	if content.end.Name != t.Name || content.end.Bytes != content.bytes || content.end.SHA256 != hex.EncodeToString(content.sum.Sum(nil)) {
		return damaged("table %s is not as it was written", t.Name)
	}
	w.trailer.Tables = append(w.trailer.Tables, content.end)
	return call(w.ended, content.end)
}

func (w *walk) end(payload []byte) error {
	want, err := json.Marshal(w.trailer)
	if err != nil {
		return err
	}
	if !bytes.Equal(want, payload) {
		return damaged("its end does not fit what is before")
	}
	if _, _, err := w.frames.next(); !errors.Is(err, io.EOF) {
		return damaged("something follows its end")
	}
	return nil
}

// tableReader reads the frames of one table as one stream, up to its end.
type tableReader struct {
	frames *frameReader
	rest   []byte
	sum    hash.Hash
	bytes  int64
	end    Table
	ended  bool
	failed error // what a database that was being filled may not have passed on
}

// Read implements io.Reader.
func (t *tableReader) Read(p []byte) (int, error) {
	for len(t.rest) == 0 {
		if t.ended {
			return 0, io.EOF
		}
		if t.failed = t.next(); t.failed != nil {
			return 0, t.failed
		}
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

func (t *tableReader) next() error {
	kind, payload, err := t.frames.next()
	switch {
	case err != nil:
		return cutShort(err)
	case kind == dataFrame:
		t.rest = payload
		t.bytes += int64(len(payload))
		_, _ = t.sum.Write(payload)
		return nil
	case kind == endFrame:
		t.ended = true
		return parse(payload, &t.end)
	default:
		return damaged("a table does not end")
	}
}

func parse(payload []byte, into any) error {
	if err := json.Unmarshal(payload, into); err != nil {
		return &DamagedError{err}
	}
	return nil
}

func call[T any](fn func(T) error, v T) error {
	if fn == nil {
		return nil
	}
	return fn(v)
}
