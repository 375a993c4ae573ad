package postgres_test

import (
	"context"
	"crypto/sha256"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func init() { maps.Copy(attempts, mediaAttempts) }

var mediaAttempts = map[string]attempt{
	"DB.Media": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.Media(ctx, as, of.File.Name)
	}},
	"Tx.KeepMedia": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		f := fileOf("mine")
		f.SHA256 = of.File.SHA256 // the same bytes
		kept, _, err := tx.KeepMedia(ctx, f)
		return kept, err
	}},
	"DB.MediaByID": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.MediaByID(ctx, as, of.File.ID)
	}},
	"DB.MediaByIDs": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.MediaByIDs(ctx, as, of.File.ID)
	}},
	"DB.MetaMedia": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.MetaMedia(ctx, as, of.File.ID, of.Number.ID, time.Time{})
	}},
	"Tx.KeepMetaMedia": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.KeepMetaMedia(ctx, of.File.ID, of.Number.ID, "mine", time.Now()))
	}},
	"Tx.ForgetMetaMedia": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.ForgetMetaMedia(ctx, of.Number.ID, of.File.ID))
	}},
	"Tx.ShowMedia": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.ShowMedia(ctx, of.In.ID, of.File.ID))
	}},
}

// fileOf is a file with a marker for content.
func fileOf(marker string) media.File {
	fileID := id.NewMedia()
	return media.File{
		ID: fileID, Name: fileID.String() + ".txt", Key: marker + "/" + fileID.String(), Kind: message.Document, MimeType: "text/plain",
		Size: int64(len(marker)), SHA256: sha256.Sum256([]byte(marker)), Filename: marker + ".txt", CreatedAt: time.Now().UTC().Truncate(time.Microsecond),
	}
}

// The same bytes are one file in a hotel, and two in two hotels.
func TestKeepMediaOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	a, b := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	keep := func(tenantID id.Tenant, f media.File) (kept media.File, isNew bool) {
		pgtest.InTx(t, db, tenantID, func(tx *postgres.Tx) (err error) {
			kept, isNew, err = tx.KeepMedia(within(t), f)
			return err
		})
		return kept, isNew
	}
	first, again, elsewhere := fileOf("photo"), fileOf("photo"), fileOf("photo")
	if _, isNew := keep(a.ID, first); !isNew {
		t.Error("the first is not new")
	}
	if kept, isNew := keep(a.ID, again); isNew || kept.ID != first.ID {
		t.Errorf("the same bytes again: new %v, %+v", isNew, kept)
	}
	if _, isNew := keep(b.ID, elsewhere); !isNew {
		t.Error("another hotel's is not new")
	}
	got, err := db.Media(within(t), a.ID, first.Name)
	must(t, err)
	if diff := cmp.Diff(first, got); diff != "" {
		t.Error(diff)
	}
	if _, err := db.Media(within(t), b.ID, first.Name); err == nil {
		t.Error("another hotel finds it")
	}
}
