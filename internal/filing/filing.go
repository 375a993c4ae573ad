// Package filing takes files in and gives them out: what people upload, and what guests
// send. It tells a file's type by its content (sniff.go), keeps the same bytes once, and
// makes and checks the addresses under which browsers and flows fetch files (link.go).
// Bytes lie in package blob, rows in postgres, rules in domain/media. Not here: how a
// file travels over HTTP, and how Meta gets it.
package filing

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/sound"
)

// Cabinet keeps the files of all hotels.
type Cabinet struct {
	db        *postgres.DB
	store     blob.Store
	clock     clock.Clock
	log       *slog.Logger
	converter sound.Converter
}

// New makes a cabinet over a database and a store.
func New(db *postgres.DB, store blob.Store, c clock.Clock, log *slog.Logger) *Cabinet {
	return &Cabinet{db, store, c, log, sound.FindConverter()}
}

// Upload keeps what somebody uploads for a hotel. The content is streamed: memory does
// not grow with it. Besides the content's own errors it returns media.ErrTooLarge and
// media.ErrEmpty.
func (c *Cabinet) Upload(ctx context.Context, tenantID id.Tenant, by user.User, filename string, content io.Reader) (media.File, error) {
	f := media.File{ID: id.NewMedia(), Filename: tidy(filename), CreatedAt: c.clock.Now()}
	if by.TenantID == tenantID {
		f.UploadedBy = by.ID
	}
	f, err := c.receive(ctx, tenantID, f, content, media.LimitOf)
	if err != nil {
		return f, err
	}
	f.Derived = c.derive(ctx, tenantID, f)
	return c.record(ctx, tenantID, by, f)
}

// receive stores the bytes of a file and tells what they are.
func (c *Cabinet) receive(ctx context.Context, tenantID id.Tenant, f media.File, content io.Reader, limitOf func(mimeType string) int64) (media.File, error) {
	buffered := bufio.NewReaderSize(content, headSize)
	head, err := buffered.Peek(headSize)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return media.File{}, err
	case len(head) == 0:
		return media.File{}, media.ErrEmpty
	}
	f.MimeType = typeOf(head, f.Filename)
	f.Kind = media.KindOf(f.MimeType)
	f.Name = f.ID.String() + "." + media.ExtensionOf(f.MimeType)
	f.Key = keyOf(tenantID, f)
	return f, c.put(ctx, tenantID, &f, buffered, limitOf(f.MimeType))
}

// storing is longer than storing a file and noting it may take.
const storing = 6 * time.Hour

// put stores the bytes, and learns their size and sum on the way.
func (c *Cabinet) put(ctx context.Context, tenantID id.Tenant, f *media.File, content io.Reader, limit int64) error {
	m := newMeasured(content, limit)
	if err := c.expect(ctx, tenantID, f.Key); err != nil {
		return err
	}
	size, err := c.store.Put(ctx, f.Key, m, -1)
	if err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	f.Size, f.SHA256 = size, m.sum()
	return nil
}

// expect notes that bytes are about to be stored, so that upkeep removes them if this process
// dies before their row is written.
func (c *Cabinet) expect(ctx context.Context, tenantID id.Tenant, key string) error {
	return c.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error { return tx.ExpectFile(ctx, c.clock.Now().Add(storing), key) })
}

// record writes the row. Bytes that the hotel has already, or that no row names, go.
func (c *Cabinet) record(ctx context.Context, tenantID id.Tenant, by user.User, f media.File) (media.File, error) {
	kept, isNew := f, false
	err := c.db.InTx(ctx, tenantID, func(tx *postgres.Tx) (err error) {
		if kept, isNew, err = tx.KeepMedia(ctx, f); err != nil || !isNew {
			return err
		}
		return tx.Audit(ctx, postgres.Entry{
			Actor: by.ID.String(), Action: "UPLOAD_MEDIA", Entity: "media", EntityID: f.ID.String(),
			After: map[string]any{"kind": f.Kind, "mimeType": f.MimeType, "size": f.Size}, At: c.clock.Now(),
		})
	})
	if err != nil || !isNew {
		c.discard(ctx, tenantID, f)
	}
	return kept, err
}

// discard removes the bytes of a file that no row names. There may be one after all: of a
// commit whose answer got lost, nobody knows. Should removing fail, nobody can reach them.
func (c *Cabinet) discard(ctx context.Context, tenantID id.Tenant, f media.File) {
	ctx = context.WithoutCancel(ctx)
	_, err := c.db.MediaByID(ctx, tenantID, f.ID)
	if err == nil {
		return
	}
	if errors.Is(err, media.ErrNotFound) {
		err = c.remove(ctx, tenantID, f.Key)
		if f.ThumbKey != "" {
			err = errors.Join(err, c.remove(ctx, tenantID, f.ThumbKey))
		}
	}
	if err != nil {
		c.log.WarnContext(ctx, "file without a row cannot be removed", "tenant_id", tenantID, "key", f.Key, "err", err)
	}
}

func (c *Cabinet) remove(ctx context.Context, tenantID id.Tenant, key string) error {
	if err := c.store.Delete(ctx, key); err != nil {
		return err // upkeep tries again
	}
	return c.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error { return tx.FileRemoved(ctx, key) })
}

// keyOf is where a file lies: by hotel and day, as the original's did, so that people
// and backups find their way.
func keyOf(tenantID id.Tenant, f media.File) string {
	return tenantID.String() + "/" + f.CreatedAt.UTC().Format("2006/01/02") + "/" + f.Name
}

// Find returns what is known of a hotel's file, or media.ErrNotFound.
func (c *Cabinet) Find(ctx context.Context, tenantID id.Tenant, name string) (media.File, error) {
	if !media.IsName(name) {
		return media.File{}, media.ErrNotFound
	}
	f, err := c.named(ctx, tenantID, name)
	if err != nil {
		return f, err
	}
	if _, err := c.store.Stat(ctx, f.Key); err != nil {
		if errors.Is(err, blob.ErrNotFound) {
			c.log.WarnContext(ctx, "file is lost: its row is there, its bytes are not", "tenant_id", tenantID, "media_id", f.ID)
			return f, media.ErrNotFound
		}
		return f, fmt.Errorf("look at file: %w", err)
	}
	return f, nil
}

// IsLost reports whether reading a file failed because its bytes are not there.
func IsLost(err error) bool { return errors.Is(err, blob.ErrNotFound) }

// named finds the file of a name, or the small picture of a file.
func (c *Cabinet) named(ctx context.Context, tenantID id.Tenant, name string) (media.File, error) {
	of, isThumb := media.ThumbOf(name)
	if !isThumb {
		return c.db.Media(ctx, tenantID, name)
	}
	f, err := c.db.MediaByID(ctx, tenantID, of)
	if err == nil && f.ThumbKey == "" {
		err = media.ErrNotFound
	}
	return f.Thumb(), err
}

// Open returns a reader of a file's bytes. Close it.
func (c *Cabinet) Open(ctx context.Context, f media.File) *blob.Reader {
	return blob.NewReader(ctx, c.store, f.Key, f.Size)
}

// Remove removes the bytes of a file whose row is gone. Bytes that are not there are no
// error.
func (c *Cabinet) Remove(ctx context.Context, key string) error {
	if err := c.store.Delete(ctx, key); err != nil {
		return fmt.Errorf("remove file: %w", err)
	}
	return nil
}
