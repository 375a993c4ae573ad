package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

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
		ThumbKey: f.ThumbKey, ThumbSize: f.ThumbSize, Width: int32(f.Width), Height: int32(f.Height),
		DurationMs: f.Duration.Milliseconds(), Waveform: append([]byte{}, f.Waveform...),
	})
	if err != nil {
		return f, false, wrap(err, "store file", nil)
	}
	if n == 1 {
		err := tx.q.MediaArrived(ctx, sqlc.MediaArrivedParams{TenantID: tx.tenant, Keys: objects(f.Key, f.ThumbKey)})
		return f, true, wrap(err, "note that a file arrived", nil)
	}
	row, err := tx.q.MediaBySHA256(ctx, sqlc.MediaBySHA256Params{TenantID: tx.tenant, Sha256: f.SHA256[:]})
	return mediaNoun(row), false, wrap(err, "find file", media.ErrNotFound)
}

// ExpectFile notes under which keys bytes are about to be stored. If KeepMedia does not know
// them by then, they are removed: whoever stored them died.
func (tx *Tx) ExpectFile(ctx context.Context, until time.Time, keys ...string) error {
	err := tx.q.MediaExpected(ctx, sqlc.MediaExpectedParams{TenantID: tx.tenant, Keys: keys, Until: until})
	return wrap(err, "expect file", nil)
}

// TakeBackMedia removes the files that guests sent with messages and took back, unless other
// messages show them. Their bytes go with the next upkeep.
func (tx *Tx) TakeBackMedia(ctx context.Context, now time.Time, messages ...id.Message) error {
	if len(messages) == 0 {
		return nil
	}
	of := plain(messages)
	files, err := tx.q.MediaOfMessages(ctx, sqlc.MediaOfMessagesParams{TenantID: tx.tenant, MessageIds: of})
	if err != nil {
		return wrap(err, "lock files of messages", nil)
	}
	if err := tx.q.MessageMediaDelete(ctx, sqlc.MessageMediaDeleteParams{TenantID: tx.tenant, MessageIds: of}); err != nil || len(files) == 0 {
		return wrap(err, "take files from messages", nil)
	}
	gone, err := tx.q.MediaUnshown(ctx, sqlc.MediaUnshownParams{TenantID: tx.tenant, Ids: plain(files)})
	if err != nil {
		return wrap(err, "remove files", nil)
	}
	var keys []string
	for _, f := range gone {
		keys = append(keys, objects(f.Key, f.ThumbKey)...)
	}
	return wrap(tx.q.MediaLeftoversInsert(ctx, sqlc.MediaLeftoversInsertParams{TenantID: tx.tenant, Keys: keys, Now: now}), "leave files", nil)
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

// MediaByID finds a file, or media.ErrNotFound.
func (db *DB) MediaByID(ctx context.Context, tenantID id.Tenant, of id.Media) (media.File, error) {
	row, err := db.reads(tenantID).MediaByID(ctx, sqlc.MediaByIDParams{TenantID: tenantID, ID: of})
	return mediaNoun(row), wrap(err, "find file", media.ErrNotFound)
}

// MediaByIDs finds those of some files that are there.
func (db *DB) MediaByIDs(ctx context.Context, tenantID id.Tenant, ids ...id.Media) (map[id.Media]media.File, error) {
	rows, err := db.reads(tenantID).MediaByIDs(ctx, sqlc.MediaByIDsParams{TenantID: tenantID, Ids: plain(ids)})
	found := make(map[id.Media]media.File, len(rows))
	for _, r := range rows {
		found[r.ID] = mediaNoun(r)
	}
	return found, wrap(err, "find files", nil)
}

// MetaMedia returns under which id Meta has kept a file for a number since a moment, or
// nothing.
func (db *DB) MetaMedia(ctx context.Context, tenantID id.Tenant, of id.Media, number id.Number, since time.Time) (string, error) {
	found, err := db.reads(tenantID).MediaUploadGet(ctx, sqlc.MediaUploadGetParams{TenantID: tenantID, MediaID: of, NumberID: number, After: since})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return found, wrap(err, "find Meta's id of a file", nil)
}

// KeepMetaMedia notes under which id Meta keeps a file for a number.
func (tx *Tx) KeepMetaMedia(ctx context.Context, of id.Media, number id.Number, metaID string, now time.Time) error {
	err := tx.q.MediaUploadSave(ctx, sqlc.MediaUploadSaveParams{TenantID: tx.tenant, MediaID: of, NumberID: number, MetaID: metaID, Now: now})
	return wrap(err, "note Meta's id of a file", nil)
}

// ForgetMetaMedia forgets under which ids Meta kept files for a number.
func (tx *Tx) ForgetMetaMedia(ctx context.Context, number id.Number, files ...id.Media) error {
	err := tx.q.MediaUploadForget(ctx, sqlc.MediaUploadForgetParams{TenantID: tx.tenant, NumberID: number, MediaIds: plain(files)})
	return wrap(err, "forget Meta's ids of files", nil)
}

// objects returns under which keys the store keeps a file.
func objects(key, thumb string) []string {
	if thumb == "" {
		return []string{key}
	}
	return []string{key, thumb}
}

func mediaNoun(r sqlc.Medium) media.File {
	f := media.File{
		ID: r.ID, Name: r.Name, Key: r.Key, Kind: message.Kind(r.Kind), MimeType: r.MimeType, Size: r.Size, Filename: r.Filename,
		UploadedBy: r.UploadedBy, CreatedAt: r.CreatedAt,
		Derived: media.Derived{
			ThumbKey: r.ThumbKey, ThumbSize: r.ThumbSize, Width: int(r.Width), Height: int(r.Height),
			Duration: time.Duration(r.DurationMs) * time.Millisecond,
		},
	}
	if len(r.Waveform) > 0 {
		f.Waveform = r.Waveform
	}
	copy(f.SHA256[:], r.Sha256)
	return f
}
