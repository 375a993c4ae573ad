package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// soleInstance is the advisory lock that the one instance without Redis holds.
const soleInstance = 0x626f7472 // "botr"

// SystemClaimSole takes the lock of the sole instance on a connection of its own,
// and holds it until release is called or the connection is lost. It reports false
// if another instance has it.
func (db *DB) SystemClaimSole(ctx context.Context) (release func(), ok bool, err error) {
	conn, err := pgx.ConnectConfig(ctx, db.system.Config().ConnConfig)
	if err != nil {
		return nil, false, wrap(err, "connect for the instance lock", nil)
	}
	release = func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		// Closing gives the lock back too, but only after we have gone on.
		_, _ = conn.Exec(ctx, "SELECT pg_advisory_unlock($1)", soleInstance)
		_ = conn.Close(ctx)
	}
	if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", soleInstance).Scan(&ok); err != nil {
		release()
		return nil, false, wrap(err, "take the instance lock", nil)
	}
	if !ok {
		release()
		return nil, false, nil
	}
	return release, true, nil
}

// SystemFreeLanes ends all leases. Only the sole instance may call it, before its
// workers start: whoever held the leases is gone.
func (db *DB) SystemFreeLanes(ctx context.Context) (int, error) {
	n, err := db.systemQueries().SystemLanesFree(ctx)
	return int(n), wrap(err, "free lanes", nil)
}

// SystemPurge deletes what has served its time: empty lanes after an hour, parked
// statuses after ten minutes, log-ins a day after they expired.
func (db *DB) SystemPurge(ctx context.Context, now time.Time) error {
	q := db.systemQueries()
	if _, err := q.SystemLanesPurge(ctx, now.Add(-time.Hour)); err != nil {
		return wrap(err, "purge lanes", nil)
	}
	if _, err := q.SystemParkedStatusesPurge(ctx, now.Add(-10*time.Minute)); err != nil {
		return wrap(err, "purge parked statuses", nil)
	}
	if _, err := q.SystemSessionsPurge(ctx, now.Add(-24*time.Hour)); err != nil {
		return wrap(err, "purge sessions", nil)
	}
	return nil
}
