package backup_test

import (
	"bytes"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/backup"
	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// What is backed up, destroyed and brought back is what it was, byte for byte.
func TestRestore(t *testing.T) {
	t.Parallel()
	ctx, b := within(t), setup(t)
	voucher, photo := b.file(t, "a voucher"), b.file(t, strings.Repeat("a photo ", 100_000))
	before := rows(t, b.DatabaseURL)
	made := b.create(t)
	if made.Media.Files != 2 || made.Media.Copied != 2 || made.Rows == 0 || made.Size == 0 {
		t.Errorf("made %+v", made)
	}
	checked, err := b.Verify(ctx, made.Name)
	must(t, err)
	if checked.Rows != made.Rows || checked.Media != 2 || checked.MediaMissing != 0 || checked.Version != "1.2.3" {
		t.Errorf("checked %+v", checked)
	}
	all, err := b.List(ctx)
	must(t, err)
	if diff := cmp.Diff([]backup.Made{{Name: made.Name, At: b.clock.Now(), Size: made.Size, Verified: true}}, all); diff != "" {
		t.Error(diff)
	}

	name := pgtest.Connect(t, b.DatabaseURL, "").Config().Database
	if _, err := b.Restore(ctx, made.Name, "another", true); !errors.Is(err, backup.ErrConfirm) {
		t.Errorf("without the right name: %v", err)
	}
	if _, err := b.Restore(ctx, made.Name, name, false); !errors.Is(err, postgres.ErrNotEmpty) {
		t.Errorf("over what is there: %v", err)
	}
	pgtest.Exec(t, b.db, "TRUNCATE tenant CASCADE")
	b.db.Close()
	must(t, b.media.Delete(ctx, photo.Key))
	restored, err := b.Restore(ctx, made.Name, name, true)
	must(t, err)
	if restored.Files != (backup.Copied{Files: 2, Copied: 1, Bytes: photo.Size}) || restored.Rows != made.Rows {
		t.Errorf("restored %+v", restored)
	}
	if diff := cmp.Diff(before, rows(t, b.DatabaseURL)); diff != "" {
		t.Errorf("other rows:\n%s", diff)
	}
	if got := content(t, b.media, photo.Key); got != strings.Repeat("a photo ", 100_000) {
		t.Errorf("the photo has %d bytes", len(got))
	}
	if got := content(t, b.media, voucher.Key); got != "a voucher" {
		t.Errorf("the voucher says %q", got)
	}
	must(t, postgres.Migrate(ctx, b.DatabaseURL))
}

// rows are all rows of all tables, as PostgreSQL copies them.
func rows(t *testing.T, url string) map[string]string {
	t.Helper()
	s, err := postgres.TakeSnapshot(within(t), url)
	must(t, err)
	all := map[string]string{}
	for _, table := range s.Tables {
		var w bytes.Buffer
		must(t, s.Copy(within(t), table, &w))
		all[table.Name] = w.String()
	}
	must(t, s.Close(within(t)))
	return all
}

func content(t *testing.T, store blob.Store, key string) string {
	t.Helper()
	from, err := store.Open(within(t), key, 0)
	must(t, err)
	text, err := io.ReadAll(from)
	must(t, errors.Join(err, from.Close()))
	return string(text)
}

// A backup that is not what was written is refused before anything is touched, with the
// reason.
func TestDamaged(t *testing.T) {
	t.Parallel()
	ctx, b := within(t), setup(t)
	made := b.create(t)
	whole := content(t, b.Target, made.Name)
	put := func(text string) {
		_, err := b.Target.Put(ctx, made.Name, strings.NewReader(text), int64(len(text)))
		must(t, err)
	}
	before := rows(t, b.DatabaseURL)
	b.db.Close()
	database := pgtest.Connect(t, b.DatabaseURL, "").Config().Database
	refused := func(what string) {
		t.Helper()
		var bad *backup.DamagedError
		_, err := b.Restore(ctx, made.Name, database, true)
		if !errors.As(err, &bad) && !errors.Is(err, backup.ErrKey) { // its beginning says for which key it is
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, n := range []int{0, 1, 100, 250, len(whole) / 2, len(whole) - 1} {
		put(whole[:n])
		refused("cut short")
		flipped := []byte(whole)
		flipped[n] ^= 0x10
		put(string(flipped))
		refused("one bit is another")
	}
	put(whole + "x")
	refused("something follows")
	put(whole)
	other := keeper(t, b, b.DatabaseURL, b.Target, newKey(t))
	if _, err := other.Verify(ctx, made.Name); !errors.Is(err, backup.ErrKey) {
		t.Errorf("with another key: %v", err)
	}
	if _, err := b.Verify(ctx, "botreserva-20200101T000000Z.backup"); !errors.Is(err, backup.ErrNone) {
		t.Errorf("one that is not there: %v", err)
	}
	if _, err := b.Verify(ctx, "media/../x"); !errors.Is(err, backup.ErrNone) {
		t.Errorf("one that cannot be: %v", err)
	}
	if diff := cmp.Diff(before, rows(t, b.DatabaseURL)); diff != "" {
		t.Errorf("rows were touched:\n%s", diff)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "AGE-SECRET-KEY-1", strings.ToLower(newKey(t)) + "x", "age1xyz"} {
		if _, err := backup.New(backup.Options{Key: key}); !errors.Is(err, backup.ErrNoKey) {
			t.Errorf("%q: %v", key, err)
		}
	}
}

// Files are kept once, and as long as a backup speaks of them.
func TestMedia(t *testing.T) {
	t.Parallel()
	ctx, b := within(t), setup(t)
	old := b.file(t, "an old file")
	lost := b.file(t, "a lost file")
	must(t, b.media.Delete(ctx, lost.Key))
	_, err := b.media.Put(ctx, "hotel/other", strings.NewReader("x"), 1)
	must(t, err)
	first := b.create(t)
	if first.Media != (backup.Copied{Files: 2, Copied: 1, Bytes: old.Size, Missing: 1}) {
		t.Errorf("first %+v", first.Media)
	}
	pgtest.Exec(t, b.db, "DELETE FROM media")
	fresh := b.file(t, "a new file")
	b.clock.Advance(24 * time.Hour)
	if second := b.create(t); second.Media != (backup.Copied{Files: 1, Copied: 1, Bytes: fresh.Size}) {
		t.Errorf("second %+v", second.Media)
	}
	b.clock.Advance(time.Hour)
	if third := b.create(t); third.Media != (backup.Copied{Files: 1}) {
		t.Errorf("third %+v", third.Media)
	}
	pruned, err := b.Prune(ctx, backup.Retention{Days: 2})
	must(t, err)
	if len(pruned.Backups) != 1 || pruned.Files != 0 {
		t.Errorf("pruned %+v", pruned)
	}
	pruned, err = b.Prune(ctx, backup.Retention{Days: 1})
	must(t, err)
	if diff := cmp.Diff(backup.Pruned{Backups: []string{first.Name}, Files: 1}, pruned); diff != "" {
		t.Error(diff)
	}
}

// The standard tool opens what we write.
func TestAgeOpensIt(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("age"); err != nil {
		t.Fatal("age is not installed; run: make deps")
	}
	b := setup(t)
	made := b.create(t)
	dir := t.TempDir()
	folder, err := blob.OpenFolder(dir)
	must(t, err)
	for name, text := range map[string]string{"key": b.Key, "backup": content(t, b.Target, made.Name)} {
		_, err := folder.Put(within(t), name, strings.NewReader(text), -1)
		must(t, err)
	}
	must(t, folder.Close())
	plain, err := exec.CommandContext(within(t), "age", "-d", "-i", filepath.Join(dir, "key"), filepath.Join(dir, "backup")).Output()
	must(t, err)
	if !bytes.HasPrefix(plain, []byte{0x28, 0xb5, 0x2f, 0xfd}) {
		t.Errorf("it is no zstd: %x", plain[:min(8, len(plain))])
	}
}
