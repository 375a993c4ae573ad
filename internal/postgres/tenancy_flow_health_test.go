package postgres_test

import (
	"context"
	"maps"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func init() { maps.Copy(attempts, flowAttempts) }

// fillingKey names a lane of every furnished hotel that waits for more.
const fillingKey = "filling"

// furnishFlow gives a hotel a flow that is ill, with numbers of its own.
func furnishFlow(t *testing.T, db *postgres.DB, h furnished, marker string) {
	t.Helper()
	mine := markerCount[marker]
	pgtest.InTx(t, db, h.ID, func(tx *postgres.Tx) error {
		_, err := tx.LockFlowHealth(within(t))
		must(t, err)
		must(t, tx.SaveFlowHealth(within(t), tenant.Health{IllSince: time.Now(), TriedAt: time.Now(), Problem: tenant.Problem{Code: marker}}))
		tx.Enqueue(lane.Handoff, lane.New{Key: fillingKey, Payload: []byte(marker)})
		return tx.CountFlow(within(t), postgres.FlowCount{Slot: time.Now(), Acks: []int32{int32(mine)}, Failures: mine})
	})
	pgtest.Exec(t, db, "UPDATE lane SET ready_at = now() + interval '1 hour' WHERE tenant_id = $1 AND key = $2", h.ID, fillingKey)
	pgtest.Exec(t, db, "UPDATE lane_item SET created_at = created_at - make_interval(days => $2) WHERE tenant_id = $1 AND kind = 'handoff'", h.ID, mine)
}

// markerCount gives each furnished hotel a number, and countedAs names the hotel of a number.
var markerCount = map[string]int{"ALPHA": 1, "BRAVO": 2}

func countedAs(n int) string {
	for marker, count := range markerCount {
		if count == n {
			return marker
		}
	}
	return ""
}

var flowAttempts = map[string]attempt{
	"DB.FlowHealth": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.FlowHealth(ctx, as)
	}},
	"DB.FlowCounts": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		c, err := db.FlowCounts(ctx, as, time.Now().Add(-time.Hour))
		return countedAs(c.Failures), err
	}},
	"DB.FlowWaiting": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		_, oldest, err := db.FlowWaiting(ctx, as)
		return countedAs(int(oldest.Hours() / 24)), err
	}},
	"Tx.LockFlowHealth": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		return tx.LockFlowHealth(ctx)
	}},
	"Tx.SaveFlowHealth": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		return nothing(tx.SaveFlowHealth(ctx, tenant.Health{Tries: 7}))
	}},
	"Tx.WakeFullLane": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		return nothing(tx.WakeFullLane(ctx, lane.Handoff, fillingKey, 1))
	}},
	"Tx.TryFlowNow": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		return nothing(tx.TryFlowNow(ctx))
	}},
	"Tx.TryFlowIn": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		return nothing(tx.TryFlowIn(ctx, time.Minute))
	}},
	"Tx.Talk": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		n, err := tx.Talk(ctx, of.Card.ID, message.Outbound, time.Now().Add(-time.Hour), 10)
		if n == 0 {
			return nil, err
		}
		return of.Card, err
	}},
	"Tx.CountFlow": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		return nothing(tx.CountFlow(ctx, postgres.FlowCount{Slot: time.Now(), Acks: []int32{1}, Failures: 1}))
	}},
}
