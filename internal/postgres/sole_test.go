package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

const (
	holderOfSole = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
	cutSole = "SELECT pg_terminate_backend(pid) FROM (" + holderOfSole + ") h"
)

func TestSoleInstance_takes_its_lock_again_when_the_connection_is_lost(t *testing.T) {
	t.Parallel()
	ctx, url := within(t), pgtest.URL(t)
	one, two := pgtest.Open(t, url), pgtest.Open(t, url)
	release, ok, err := one.SystemClaimSole(ctx, func() { t.Error("the lock was lost") })
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
	if _, ok, err := two.SystemClaimSole(ctx, func() {}); ok || err != nil {
		t.Errorf("the second instance: %v, %v", ok, err)
	}
}

func TestSoleInstance_is_told_when_another_was_quicker(t *testing.T) {
	t.Parallel()
	ctx, url := within(t), pgtest.URL(t)
	one := pgtest.Open(t, url)
	lost := make(chan struct{})
	release, ok, err := one.SystemClaimSole(ctx, func() { close(lost) })
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
