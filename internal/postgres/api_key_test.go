package postgres_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func TestAPIKeyRotation(t *testing.T) {
	t.Parallel()
	ctx, db, now := within(t), pgtest.DB(t), time.Now()
	hotel, other := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	first := string(hotel.KeyHash[:])
	rotate := func(hash string, overlapEnds time.Time) {
		t.Helper()
		pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error { return tx.RotateAPIKey(ctx, []byte(hash), overlapEnds) })
	}
	assertKeys := func(at time.Duration, want ...string) {
		t.Helper()
		hashes, err := db.SystemAPIKeyHashes(ctx, hotel.Slug, now.Add(at))
		must(t, err)
		var got []string
		for _, h := range hashes {
			got = append(got, string(h))
		}
		if !cmp.Equal(want, got, cmpopts.SortSlices(func(a, b string) bool { return a < b }), cmpopts.EquateEmpty()) {
			t.Errorf("after %s these keys work: %q, want %q", at, got, want)
		}
	}
	assertKeys(0, first)
	rotate("second", now.Add(time.Hour))
	assertKeys(0, first, "second")
	assertKeys(2*time.Hour, "second")
	rotate("third", now.Add(10*time.Hour)) // does not lengthen the life of the first
	assertKeys(2*time.Hour, "second", "third")
	rotate("fourth", now.Add(time.Minute)) // but shortens that of the second
	assertKeys(2*time.Minute, "fourth")
	rotate("fifth", time.Time{}) // at once
	assertKeys(0, "fifth")

	hashes, err := db.SystemAPIKeyHashes(ctx, other.Slug, now)
	if err != nil || len(hashes) != 1 || string(hashes[0]) != string(other.KeyHash[:]) {
		t.Errorf("another hotel's keys changed: %d (%v)", len(hashes), err)
	}
	if hashes, err := db.SystemAPIKeyHashes(ctx, "nobody", now); err != nil || len(hashes) > 0 {
		t.Errorf("nobody has %d keys (%v)", len(hashes), err)
	}
}
