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

func within(tb testing.TB) context.Context {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	tb.Cleanup(cancel)
	return ctx
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
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

func setup(tb testing.TB) *bench {
	tb.Helper()
	url := pgtest.URL(tb)
	b := &bench{db: pgtest.Open(tb, url), clock: clock.NewFrozen(time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC))}
	b.hotel = pgtest.Tenant(tb, b.db)
	card := pgtest.Conversation(tb, b.db, b.hotel)
	pgtest.Message(tb, b.db, b.hotel.ID, card, func(m *message.Message) { m.Content = "a room with a view" })
	target, err := blob.OpenFolder(tb.TempDir())
	must(tb, err)
	b.media, err = blob.OpenFolder(tb.TempDir())
	must(tb, err)
	tb.Cleanup(func() { must(tb, target.Close()); must(tb, b.media.Close()) })
	b.Keeper = keeper(tb, b, url, target, newKey(tb))
	return b
}

func newKey(tb testing.TB) string {
	tb.Helper()
	secret, _, err := backup.NewKey()
	must(tb, err)
	return secret
}

func keeper(tb testing.TB, b *bench, url string, target blob.Lister, key string) *backup.Keeper {
	tb.Helper()
	k, err := backup.New(backup.Options{
		DatabaseURL: url, Target: target, Media: b.media, Key: key, Version: "1.2.3", Clock: b.clock,
		Log: slog.New(slog.NewTextHandler(&b.log, nil)),
		Scratch: func(ctx context.Context) (string, func(context.Context) error, error) {
			return postgres.MakeScratch(ctx, url)
		},
	})
	must(tb, err)
	return k
}

// file makes a file of the hotel's.
func (b *bench) file(tb testing.TB, content string) media.File {
	tb.Helper()
	f := media.File{
		ID: id.NewMedia(), Kind: message.Document, MimeType: "text/plain", Size: int64(len(content)),
		SHA256: sha256.Sum256([]byte(content)), CreatedAt: b.clock.Now(),
	}
	f.Name, f.Key = f.ID.String()+".txt", "hotel/"+f.ID.String()
	_, err := b.media.Put(within(tb), f.Key, strings.NewReader(content), f.Size)
	must(tb, err)
	pgtest.InTx(tb, b.db, b.hotel.ID, func(tx *postgres.Tx) error {
		_, _, err := tx.KeepMedia(within(tb), f)
		return err
	})
	return f
}

func (b *bench) create(tb testing.TB) backup.Created {
	tb.Helper()
	made, err := b.Create(within(tb))
	must(tb, err)
	return made
}
