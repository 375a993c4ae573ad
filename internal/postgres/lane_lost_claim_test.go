package postgres_test

import (
	"context"
	"slices"
	"testing"

	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
)

func TestClaim_whose_answer_got_lost_is_given_back(t *testing.T) {
	t.Parallel()
	q := newQueue(t)
	q.put("ana:1", "ana:2")
	lost := q.claimOne()
	if kept := q.claim(10); len(kept) != 0 {
		t.Fatalf("a leased lane was claimed again: %v", spelled(kept))
	}
	postgres.LoseAnswer(q.db, lost)
	tenants, err := q.db.LaneTenants(within(t), lane.Inbox)
	if err != nil || !slices.Contains(tenants, q.hotel.ID) {
		t.Fatalf("tenants with work: %v, %v; nobody would look for the lane", tenants, err)
	}
	if again := q.claimOne(); len(again.Items) != 2 || again.Lease == lost.Lease {
		t.Errorf("claimed %d items", len(again.Items))
	}
	if kept := q.claim(10); len(kept) != 0 {
		t.Errorf("given back more than once: %v", spelled(kept))
	}
}

func TestClaim_that_fails_is_remembered(t *testing.T) {
	t.Parallel()
	q := newQueue(t)
	ctx, cancel := context.WithCancel(within(t))
	cancel()
	if _, err := q.db.ClaimLanes(ctx, q.hotel.ID, lane.Inbox, 1); err == nil {
		t.Fatal("a claim without time succeeded")
	}
	tenants, err := q.db.LaneTenants(within(t), lane.Inbox)
	if err != nil || !slices.Contains(tenants, q.hotel.ID) {
		t.Errorf("tenants with work: %v, %v", tenants, err)
	}
	q.claim(1)
	if tenants, err = q.db.LaneTenants(within(t), lane.Inbox); err != nil || slices.Contains(tenants, q.hotel.ID) {
		t.Errorf("tenants with work after a good claim: %v, %v", tenants, err)
	}
}
