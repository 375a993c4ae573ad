package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// FlowHealth returns how a hotel's flow is doing, as far as anybody has seen.
func (db *DB) FlowHealth(ctx context.Context, tenantID id.Tenant) (tenant.Health, error) {
	r, err := db.reads(tenantID).FlowHealth(ctx, tenantID)
	if errors.Is(err, pgx.ErrNoRows) {
		return tenant.Health{}, nil
	}
	return healthNoun(r), wrap(err, "load health of flow", nil)
}

// LockFlowHealth returns how the hotel's flow is doing. Of several who look, one does at a time.
func (tx *Tx) LockFlowHealth(ctx context.Context) (tenant.Health, error) {
	if err := tx.q.FlowHealthBegin(ctx, tx.tenant); err != nil {
		return tenant.Health{}, wrap(err, "begin health of flow", nil)
	}
	r, err := tx.q.FlowHealthLock(ctx, tx.tenant)
	return healthNoun(r), wrap(err, "lock health of flow", nil)
}

// SaveFlowHealth writes what LockFlowHealth returned and somebody has changed.
func (tx *Tx) SaveFlowHealth(ctx context.Context, h tenant.Health) error {
	err := tx.q.FlowHealthSave(ctx, sqlc.FlowHealthSaveParams{
		TenantID: tx.tenant, IllSince: nullIfZero(h.IllSince), Tries: int32(h.Tries), TriedAt: nullIfZero(h.TriedAt), Told: h.IsTold,
		LastAckAt: nullIfZero(h.LastAck), ProblemCode: h.Problem.Code, Problem: h.Problem.Text, ProblemAt: nullIfZero(h.Problem.At),
	})
	return wrap(err, "save health of flow", nil)
}

// TryFlowIn has the lane that is to try next whether the flow is well again be ready after a
// while: of those that tried least often, the one that waits longest.
func (tx *Tx) TryFlowIn(ctx context.Context, delay time.Duration) error {
	key, err := tx.q.FlowNextLane(ctx, tx.tenant)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // nothing waits, or all of it is at work
	}
	if err != nil {
		return wrap(err, "find what tries the flow", nil)
	}
	_, err = tx.q.LaneDue(ctx, sqlc.LaneDueParams{TenantID: tx.tenant, Kind: string(lane.Handoff), Key: key, DelaySeconds: max(delay, 0).Seconds()})
	tx.woken[lane.Handoff] = tx.woken[lane.Handoff] || delay <= 0
	return wrap(err, "set what tries the flow", nil)
}

// TryFlowNow has a flow that is ill tried at once: something says that it may be well.
func (tx *Tx) TryFlowNow(ctx context.Context) error {
	h, err := tx.LockFlowHealth(ctx)
	if err != nil || !h.IsIll() {
		return err
	}
	if err := tx.SaveFlowHealth(ctx, h.TryAgain()); err != nil {
		return err
	}
	return tx.TryFlowIn(ctx, 0)
}

// FlowCount is what was counted of posts to a flow. Acks says how many answers fell into each
// span of time.
type FlowCount struct {
	Slot               time.Time
	Acks               []int32
	Failures, Unknowns int
}

// CountFlow adds what somebody has counted.
func (tx *Tx) CountFlow(ctx context.Context, c FlowCount) error {
	err := tx.q.FlowCountAdd(ctx, sqlc.FlowCountAddParams{
		TenantID: tx.tenant, Slot: c.Slot, Acks: c.Acks, Failures: int32(c.Failures), Unknowns: int32(c.Unknowns),
	})
	return wrap(err, "count posts to flow", nil)
}

// FlowCounts returns what was counted after a time, added up.
func (db *DB) FlowCounts(ctx context.Context, tenantID id.Tenant, after time.Time) (FlowCount, error) {
	rows, err := db.reads(tenantID).FlowCounts(ctx, sqlc.FlowCountsParams{TenantID: tenantID, After: after})
	var sum FlowCount
	for _, r := range rows {
		sum.Failures, sum.Unknowns = sum.Failures+int(r.Failures), sum.Unknowns+int(r.Unknowns)
		for i, n := range r.Acks {
			if i == len(sum.Acks) {
				sum.Acks = append(sum.Acks, 0)
			}
			sum.Acks[i] += n
		}
	}
	return sum, wrap(err, "load counts of flow", nil)
}

// FlowWaiting returns how many messages wait to be handed over, and for how long the first of them
// has.
func (db *DB) FlowWaiting(ctx context.Context, tenantID id.Tenant) (waiting int, oldest time.Duration, err error) {
	r, err := db.reads(tenantID).FlowWaiting(ctx, tenantID)
	return int(r.Waiting), time.Duration(r.Seconds * float64(time.Second)), wrap(err, "count what waits for flow", nil)
}

func healthNoun(r sqlc.FlowHealth) tenant.Health {
	return tenant.Health{
		IllSince: zeroIfNull(r.IllSince), Tries: int(r.Tries), TriedAt: zeroIfNull(r.TriedAt), IsTold: r.Told, LastAck: zeroIfNull(r.LastAckAt),
		Problem: tenant.Problem{Code: r.ProblemCode, Text: r.Problem, At: zeroIfNull(r.ProblemAt)},
	}
}
