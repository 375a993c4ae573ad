package backup_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/backup"
	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func within(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// bench is a platform with a hotel, and a keeper of its backups.
type bench struct {
	*backup.Keeper

	db    *postgres.DB
	hotel pgtest.Hotel
	clock *clock.Frozen
	media *blob.Folder
	log   bytes.Buffer
}

func setup(t testing.TB) *bench {
	t.Helper()
	url := pgtest.URL(t)
	b := &bench{db: pgtest.Open(t, url), clock: clock.NewFrozen(time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC))}
	b.hotel = pgtest.Tenant(t, b.db)
	card := pgtest.Conversation(t, b.db, b.hotel)
	pgtest.Message(t, b.db, b.hotel.ID, card, func(m *message.Message) { m.Content = "a room with a view" })
	target, err := blob.OpenFolder(t.TempDir())
	must(t, err)
	b.media, err = blob.OpenFolder(t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, target.Close()); must(t, b.media.Close()) })
	b.Keeper = keeper(t, b, url, target, newKey(t))
	return b
}

func newKey(t testing.TB) string {
	t.Helper()
	secret, _, err := backup.NewKey()
	must(t, err)
	return secret
}

func keeper(t testing.TB, b *bench, url string, target blob.Lister, key string) *backup.Keeper {
	t.Helper()
	k, err := backup.New(backup.Options{
		DatabaseURL: url, Target: target, Media: b.media, Key: key, Version: "1.2.3", Clock: b.clock,
		Log: slog.New(slog.NewTextHandler(&b.log, nil)),
		Scratch: func(ctx context.Context) (string, func(context.Context) error, error) {
			return postgres.MakeScratch(ctx, url)
		},
	})
	must(t, err)
	return k
}

// file makes a file of the hotel's.
func (b *bench) file(t testing.TB, content string) media.File {
	t.Helper()
	f := media.File{
		ID: id.NewMedia(), Kind: message.Document, MimeType: "text/plain", Size: int64(len(content)),
		SHA256: sha256.Sum256([]byte(content)), CreatedAt: b.clock.Now(),
	}
	f.Name, f.Key = f.ID.String()+".txt", "hotel/"+f.ID.String()
	_, err := b.media.Put(within(t), f.Key, strings.NewReader(content), f.Size)
	must(t, err)
	pgtest.InTx(t, b.db, b.hotel.ID, func(tx *postgres.Tx) error {
		_, _, err := tx.KeepMedia(within(t), f)
		return err
	})
	return f
}

func (b *bench) create(t testing.TB) backup.Created {
	t.Helper()
	made, err := b.Create(within(t))
	must(t, err)
	return made
}
