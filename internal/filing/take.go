package filing

import (
	"context"
	"io"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Take keeps a file that a hotel brings along from elsewhere, as of the moment at which
// it had arrived there. Nobody uploaded it, so the audit log does not say so. Bytes that
// the hotel has already are not kept twice.
func (c *Cabinet) Take(ctx context.Context, tenantID id.Tenant, filename string, arrived time.Time, content io.Reader) (media.File, error) {
	f, err := c.receive(ctx, tenantID, media.File{ID: id.NewMedia(), Filename: tidy(filename), CreatedAt: arrived}, content, media.LimitOf)
	if err != nil {
		return f, err
	}
	kept, isNew := f, false
	err = c.db.InTx(ctx, tenantID, func(tx *postgres.Tx) (err error) {
		kept, isNew, err = tx.KeepMedia(ctx, f)
		return err
	})
	if err != nil || !isNew {
		c.discard(ctx, tenantID, f)
	}
	return kept, err
}

// Arrive stores what a guest sent, of any type and up to a size. It is nobody's until a
// transaction has kept it (postgres.Tx.KeepMedia): when that fails, or finds the same
// bytes, Discard it.
func (c *Cabinet) Arrive(ctx context.Context, tenantID id.Tenant, filename string, limit int64, content io.Reader) (media.File, error) {
	f := media.File{ID: id.NewMedia(), Filename: tidy(filename), CreatedAt: c.clock.Now()}
	f, err := c.receive(ctx, tenantID, f, content, func(string) int64 { return limit })
	if err == nil {
		f.Derived = c.derive(ctx, tenantID, f)
	}
	return f, err
}

// Discard removes the bytes of a file that no row names.
func (c *Cabinet) Discard(ctx context.Context, tenantID id.Tenant, f media.File) {
	c.discard(ctx, tenantID, f)
}
