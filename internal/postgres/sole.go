package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// soleInstance is the advisory lock that the one instance without Redis holds.
const soleInstance = 0x626f7472 // "botr"

// solePause is between two attempts to have the lock again.
const solePause = 250 * time.Millisecond

// SystemClaimSole takes the lock of the sole instance on a connection of its own. It
// reports false if another instance has it. The lock is held until release is called:
// it ends with its connection, so when that is lost (the database restarts, say) it is
// taken again as soon as the database answers. If another instance is quicker, lost is
// called, once, and the caller must stop working.
func (db *DB) SystemClaimSole(ctx context.Context, lost func()) (release func(), ok bool, err error) {
	conn, _, err := db.lockSole(ctx)
	if conn == nil || err != nil {
		return nil, false, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if !db.keepSole(ctx, conn) {
			lost()
		}
	}()
	return func() { cancel(); <-ended }, true, nil
}

// lockSole returns a connection that holds the lock; without one, the process of the
// database that holds it (0: it has just been freed).
func (db *DB) lockSole(ctx context.Context) (conn *pgx.Conn, holder uint32, err error) {
	conn, err = pgx.ConnectConfig(ctx, db.system.Config().ConnConfig)
	if err != nil {
		return nil, 0, wrap(err, "connect for the instance lock", nil)
	}
	var ok bool
	err = conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1), coalesce((SELECT pid FROM pg_locks
		WHERE locktype = 'advisory' AND classid = 0 AND objid = $1 AND objsubid = 1 AND granted
		  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1), 0)`, int64(soleInstance)).Scan(&ok, &holder)
	if err != nil || !ok {
		_ = conn.Close(ctx)
		return nil, holder, wrap(err, "take the instance lock", nil)
	}
	return conn, holder, nil
}

// keepSole holds the lock until ctx ends. It reports false if another instance got it.
func (db *DB) keepSole(ctx context.Context, conn *pgx.Conn) bool {
	for conn != nil {
		// Nobody notifies: it returns when the connection ends, or ctx.
		if _, err := conn.WaitForNotification(ctx); err == nil {
			continue
		}
		before := conn.PgConn().PID()
		unlockSole(ctx, conn)
		if ctx.Err() != nil {
			return true
		}
		conn = db.relockSole(ctx, before)
	}
	return ctx.Err() != nil
}

// unlockSole gives the lock back at once: closing does so too, but only after we have
// gone on.
func unlockSole(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, _ = conn.Exec(ctx, "SELECT pg_advisory_unlock($1)", int64(soleInstance))
	_ = conn.Close(ctx)
}

// relockSole tries to have the lock again until it has it (or ctx ends), or somebody
// else does. The database may need a while to see that our own last connection,
// process before of the database, is gone.
func (db *DB) relockSole(ctx context.Context, before uint32) *pgx.Conn {
	again := time.NewTicker(solePause)
	defer again.Stop()
	for {
		conn, holder, err := db.lockSole(ctx)
		if conn != nil || err == nil && holder != 0 && holder != before {
			return conn
		}
		select {
		case <-ctx.Done():
			return nil
		case <-again.C:
		}
	}
}
