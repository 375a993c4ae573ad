package filing_test

import (
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestBytesOfTheDead: what a process stored before it died, and nobody's row names, is removed
// by upkeep; what has its row stays, whenever upkeep comes.
func TestBytesOfTheDead(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	h := pgtest.Tenant(t, db)
	store, now := &counting{objects: map[string]bool{}}, clock.NewFrozen(time.Now())
	cabinet := filing.New(db, store, now, logtest.Logger())
	kept, err := cabinet.Upload(t.Context(), h.ID, h.Admin, "a.jpg", strings.NewReader(string(photo(t, 800, 600))))
	if err != nil || len(store.objects) != 2 {
		t.Fatalf("%v; %v", err, store.objects)
	}
	// It arrives, and the process dies before it keeps the row.
	if _, err := cabinet.Arrive(t.Context(), h.ID, "b.jpg", 1_000_000, strings.NewReader(string(photo(t, 640, 480)))); err != nil || len(store.objects) != 4 {
		t.Fatalf("%v; %v", err, store.objects)
	}
	sweep := func() {
		t.Helper()
		if err := db.SystemRemoveLeftovers(t.Context(), now.Now(), cabinet.Remove); err != nil {
			t.Fatal(err)
		}
	}
	now.Advance(5 * time.Hour)
	sweep()
	if len(store.objects) != 4 {
		t.Errorf("files that may still be arriving are gone: %v", store.objects)
	}
	now.Advance(2 * time.Hour)
	sweep()
	if len(store.objects) != 2 || !store.objects[kept.Key] || !store.objects[kept.ThumbKey] {
		t.Errorf("left: %v", store.objects)
	}
	again, err := cabinet.Arrive(t.Context(), h.ID, "c.jpg", 1_000_000, strings.NewReader(string(photo(t, 320, 240))))
	if err != nil {
		t.Fatal(err)
	}
	cabinet.Discard(t.Context(), h.ID, again)
	if rows := count(t, db, "SELECT count(*) FROM media_leftover"); len(store.objects) != 2 || rows != 0 {
		t.Errorf("%d files are still expected; %v", rows, store.objects)
	}
}

func count(t *testing.T, db *postgres.DB, sql string) (n int) {
	t.Helper()
	if err := pgtest.Owner(t, db).QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
