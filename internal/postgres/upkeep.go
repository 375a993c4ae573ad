package postgres

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
)

// SystemFreeLanes ends all leases. Only the sole instance may call it, before its
// workers start: whoever held the leases is gone.
func (db *DB) SystemFreeLanes(ctx context.Context) (int, error) {
	n, err := db.systemQueries().SystemLanesFree(ctx)
	return int(n), wrap(err, "free lanes", nil)
}

// SystemLeaseholders names the processes that hold leases, whether they are there or not.
func (db *DB) SystemLeaseholders(ctx context.Context) ([]string, error) {
	owners, err := db.systemQueries().SystemLaneOwners(ctx)
	return owners, wrap(err, "list owners of lanes", nil)
}

// SystemFreeLanesOf ends the leases of processes that are gone.
func (db *DB) SystemFreeLanesOf(ctx context.Context, owners []string) (int, error) {
	n, err := db.systemQueries().SystemLanesFreeOf(ctx, owners)
	return int(n), wrap(err, "free lanes", nil)
}

// SystemPurge deletes what has served its time: empty lanes after an hour, parked
// statuses after ten minutes, log-ins and their like a day after they expired, second
// factors of those who were removed, what subscribers were told long ago, how flows did hours
// ago, and what would undo a merge when it is too late.
func (db *DB) SystemPurge(ctx context.Context, now time.Time) error {
	q := db.systemQueries()
	if _, err := q.SystemLanesPurge(ctx, now.Add(-time.Hour)); err != nil {
		return wrap(err, "purge lanes", nil)
	}
	if _, err := q.SystemParkedStatusesPurge(ctx, now.Add(-10*time.Minute)); err != nil {
		return wrap(err, "purge parked statuses", nil)
	}
	if _, err := q.SystemChangesPurge(ctx, now.Add(-8*24*time.Hour)); err != nil { // Meta repeats for a week
		return wrap(err, "purge changes of messages", nil)
	}
	for _, purge := range []func(context.Context, time.Time) (int64, error){
		q.SystemSessionsPurge, q.SystemEndedTokensPurge, q.SystemPasswordResetsPurge,
	} {
		if _, err := purge(ctx, now.Add(-24*time.Hour)); err != nil {
			return wrap(err, "purge log-ins", nil)
		}
	}
	if _, err := q.SystemMergesForget(ctx, now.Add(-contact.UndoTime)); err != nil {
		return wrap(err, "forget merges", nil)
	}
	if _, err := q.SystemOriginsPurge(ctx, now.Add(-contact.UndoTime)); err != nil {
		return wrap(err, "forget origins", nil)
	}
	if _, err := q.SystemFlowCountsPurge(ctx, now.Add(-2*time.Hour)); err != nil {
		return wrap(err, "purge counts of flows", nil)
	}
	if err := purgeSubscriptionLogs(ctx, q, now); err != nil {
		return err
	}
	if _, err := q.SystemSecondFactorsPurge(ctx); err != nil {
		return wrap(err, "purge second factors", nil)
	}
	_, err := q.SystemRecoveryCodesPurge(ctx)
	return wrap(err, "purge recovery codes", nil)
}
