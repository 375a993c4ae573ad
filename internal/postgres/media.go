package postgres

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// KeepMedia stores a file. When the tenant has one with the same bytes, that one is
// returned and isNew is false.
func (tx *Tx) KeepMedia(ctx context.Context, f media.File) (kept media.File, isNew bool, err error) {
	n, err := tx.q.MediaInsert(ctx, sqlc.MediaInsertParams{
		TenantID: tx.tenant, ID: f.ID, Name: f.Name, Key: f.Key, Kind: string(f.Kind), MimeType: f.MimeType, Size: f.Size,
		Sha256: f.SHA256[:], Filename: f.Filename, UploadedBy: f.UploadedBy, CreatedAt: f.CreatedAt,
	})
	if err != nil {
		return f, false, wrap(err, "store file", nil)
	}
	if n == 1 {
		return f, true, nil
	}
	row, err := tx.q.MediaBySHA256(ctx, sqlc.MediaBySHA256Params{TenantID: tx.tenant, Sha256: f.SHA256[:]})
	return mediaNoun(row), false, wrap(err, "find file", media.ErrNotFound)
}

// ShowMedia notes that a message shows a file.
func (tx *Tx) ShowMedia(ctx context.Context, m id.Message, f id.Media) error {
	err := tx.q.MessageMediaInsert(ctx, sqlc.MessageMediaInsertParams{TenantID: tx.tenant, MessageID: m, MediaID: f})
	return wrap(err, "note the file of a message", nil)
}

// Media finds a file by its name, or media.ErrNotFound.
func (db *DB) Media(ctx context.Context, tenantID id.Tenant, name string) (media.File, error) {
	row, err := db.reads(tenantID).MediaByName(ctx, sqlc.MediaByNameParams{TenantID: tenantID, Name: name})
	return mediaNoun(row), wrap(err, "find file", media.ErrNotFound)
}

func mediaNoun(r sqlc.Medium) media.File {
	f := media.File{
		ID: r.ID, Name: r.Name, Key: r.Key, Kind: message.Kind(r.Kind), MimeType: r.MimeType, Size: r.Size, Filename: r.Filename,
		UploadedBy: r.UploadedBy, CreatedAt: r.CreatedAt,
	}
	copy(f.SHA256[:], r.Sha256)
	return f
}
