package apptest

import (
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// Waiting counts the queues of a kind that wait for more than a few seconds.
func (w *World) Waiting(kind lane.Kind) int {
	w.t.Helper()
	return w.number(`SELECT count(*) FROM lane WHERE depth > 0 AND lease IS NULL AND kind = $1
		AND ready_at > clock_timestamp() + interval '5 seconds'`, kind)
}

// Queued counts the items of a hotel that a queue holds.
func (h *Hotel) Queued(kind lane.Kind) int {
	h.w.t.Helper()
	return h.w.number("SELECT coalesce(sum(depth), 0) FROM lane WHERE kind = $1 AND tenant_id = $2", kind, h.Tenant.ID)
}

// number asks the database, as its owner, for a number.
func (w *World) number(sql string, args ...any) int {
	w.t.Helper()
	ctx := within(w.t)
	if w.owner == nil {
		w.owner = pgtest.Owner(w.t, w.DB)
	}
	var n int
	if err := w.owner.QueryRow(ctx, sql, args...).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return n
}
