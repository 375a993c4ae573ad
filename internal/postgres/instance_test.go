package postgres_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

const (
	holderOfSole = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
	cutSole = "SELECT pg_terminate_backend(pid) FROM (" + holderOfSole + ") h"
)

func TestSoleInstance(t *testing.T) {
	t.Parallel()
	ctx, url := within(t), pgtest.URL(t)
	one, two := pgtest.Open(t, url), pgtest.Open(t, url)
	release, ok, err := one.SystemJoin(ctx, postgres.Alone, func() { t.Error("the lock was lost") })
	if err != nil || !ok {
		t.Fatalf("the first instance: %v, %v", ok, err)
	}
	if _, ok, err := two.SystemJoin(ctx, postgres.Alone, func() { t.Error("the lock was lost") }); ok || err != nil {
		t.Errorf("the second instance: %v, %v", ok, err)
	}
	release()
	release, ok, err = two.SystemJoin(ctx, postgres.Alone, func() { t.Error("the lock was lost") })
	if err != nil || !ok {
		t.Fatalf("after the first has gone: %v, %v", ok, err)
	}
	release()
}

// TestInstancesTogether: several processes work side by side as long as none of them must
// be alone; each is seen while it is there.
func TestInstancesTogether(t *testing.T) {
	t.Parallel()
	ctx, url := within(t), pgtest.URL(t)
	one, two, three := pgtest.Open(t, url), pgtest.Open(t, url), pgtest.Open(t, url)
	join := func(db *postgres.DB, company postgres.Company) (func(), bool) {
		leave, ok, err := db.SystemJoin(ctx, company, func() { t.Error("the lock was lost") })
		must(t, err)
		return leave, ok
	}
	want := func(present ...*postgres.DB) {
		t.Helper()
		var names []string
		for _, db := range present {
			names = append(names, db.Instance())
		}
		got, err := three.SystemPresent(ctx)
		must(t, err)
		slices.Sort(names)
		slices.Sort(got)
		if !slices.Equal(names, got) || slices.Contains(got, "") {
			t.Errorf("%v are there, want %v", got, names)
		}
	}
	want()
	leaveOne, ok := join(one, postgres.Together)
	if !ok {
		t.Fatal("the first is refused")
	}
	leaveTwo, ok := join(two, postgres.Together)
	if !ok {
		t.Fatal("the second is refused")
	}
	want(one, two)
	if _, ok := join(three, postgres.Alone); ok {
		t.Error("one that must be alone is let in beside two others")
	}
	want(one, two)
	leaveOne()
	want(two)
	leaveTwo()
	leave, ok := join(three, postgres.Alone)
	if !ok {
		t.Fatal("nobody is there, and one that must be alone is refused")
	}
	if _, ok := join(one, postgres.Together); ok {
		t.Error("one is let in beside one that must be alone")
	}
	leave()
}

// TestInstancesTogether_after_a_cut: connections that are cut make nobody leave.
func TestInstancesTogether_after_a_cut(t *testing.T) {
	t.Parallel()
	ctx, url := within(t), pgtest.URL(t)
	one, two := pgtest.Open(t, url), pgtest.Open(t, url)
	for _, db := range []*postgres.DB{one, two} {
		leave, ok, err := db.SystemJoin(ctx, postgres.Together, func() { t.Error("the lock was lost") })
		if err != nil || !ok {
			t.Fatalf("%v, %v", ok, err)
		}
		defer leave()
	}
	owner := pgtest.Connect(t, url, "")
	pids := func() (all []uint32) {
		must(t, owner.QueryRow(ctx, "SELECT array_agg(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory' AND granted").Scan(&all))
		return all
	}
	before := pids()
	if _, err := owner.Exec(ctx, cutSole); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		present, err := one.SystemPresent(ctx)
		must(t, err)
		again := !slices.ContainsFunc(pids(), func(pid uint32) bool { return slices.Contains(before, pid) })
		if len(present) == 2 && again {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("only %v are there again", present)
		}
	}
}

// TestFreeLanesOf: the leases of a process that is gone end, those of others do not.
func TestFreeLanesOf(t *testing.T) {
	t.Parallel()
	q := newQueue(t)
	ctx := within(t)
	leave, ok, err := q.db.SystemJoin(ctx, postgres.Together, func() {})
	if err != nil || !ok {
		t.Fatalf("%v, %v", ok, err)
	}
	defer leave()
	q.put("ana:1", "bia:1", "caio:1")
	ours := q.claim(1)
	pgtest.Exec(t, q.db, "UPDATE lane SET lease = 'deadbeef-0000-4000-8000-000000000000', ready_at = now() + interval '5 minutes' WHERE key = 'bia'")
	holders, err := q.db.SystemLeaseholders(ctx)
	must(t, err)
	slices.Sort(holders)
	if want := []string{q.db.Instance(), "deadbeef"}; len(holders) != 2 || !slices.Contains(holders, want[0]) || !slices.Contains(holders, want[1]) {
		t.Fatalf("leaseholders %v, want %v", holders, want)
	}
	n, err := q.db.SystemFreeLanesOf(ctx, []string{"deadbeef", "00000001"})
	must(t, err)
	if n != 1 {
		t.Errorf("freed %d lanes, want 1", n)
	}
	assertSpelled(t, q.claim(10), "bia:1", "caio:1")
	must(t, q.release(ours[0].Finished()))
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	ctx, url := within(t), pgtest.URL(t)
	one, same, other := pgtest.Open(t, url), pgtest.Open(t, url), pgtest.DB(t)
	identity := func(db *postgres.DB) string {
		name, err := db.SystemIdentity(ctx)
		must(t, err)
		return name
	}
	if identity(one) != identity(same) || identity(one) == identity(other) || identity(one) == "" {
		t.Errorf("%q and %q are one database, %q another", identity(one), identity(same), identity(other))
	}
}

func TestSoleInstance_takes_its_lock_again_when_the_connection_is_lost(t *testing.T) {
	t.Parallel()
	ctx, url := within(t), pgtest.URL(t)
	one, two := pgtest.Open(t, url), pgtest.Open(t, url)
	release, ok, err := one.SystemJoin(ctx, postgres.Alone, func() { t.Error("the lock was lost") })
	if err != nil || !ok {
		t.Fatalf("the first instance: %v, %v", ok, err)
	}
	defer release()
	owner := pgtest.Connect(t, url, "")
	var before, now uint32
	if err := owner.QueryRow(ctx, holderOfSole).Scan(&before); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Exec(ctx, cutSole); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for now == 0 || now == before {
		select {
		case <-tick.C:
			_ = owner.QueryRow(ctx, holderOfSole).Scan(&now) // no row for a moment
		case <-ctx.Done():
			t.Fatal("the lock is not taken again")
		}
	}
	if _, ok, err := two.SystemJoin(ctx, postgres.Alone, func() {}); ok || err != nil {
		t.Errorf("the second instance: %v, %v", ok, err)
	}
}

func TestSoleInstance_is_told_when_another_was_quicker(t *testing.T) {
	t.Parallel()
	ctx, url := within(t), pgtest.URL(t)
	one := pgtest.Open(t, url)
	lost := make(chan struct{})
	release, ok, err := one.SystemJoin(ctx, postgres.Alone, func() { close(lost) })
	if err != nil || !ok {
		t.Fatalf("the first instance: %v, %v", ok, err)
	}
	defer release()
	owner, other := pgtest.Connect(t, url, ""), pgtest.Connect(t, url, "")
	waits := make(chan error, 1)
	go func() { // stands in the queue, so it is the next to have the lock
		_, err := other.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_lock($1)", int64(0x626f7472))
		waits <- err
	}()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for queued := false; !queued; {
		select {
		case <-tick.C:
			err := owner.QueryRow(ctx, "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").Scan(&queued)
			if err != nil {
				t.Fatal(err)
			}
		case <-ctx.Done():
			t.Fatal("nobody waits for the lock")
		}
	}
	if _, err := owner.Exec(ctx, cutSole); err != nil {
		t.Fatal(err)
	}
	if err := <-waits; err != nil {
		t.Fatal(err)
	}
	select {
	case <-lost:
	case <-ctx.Done():
		t.Fatal("not told")
	}
}
