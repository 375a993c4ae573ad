package postgres

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Company says with whom a process works on a database.
type Company bool

// The kinds of company.
const (
	Alone    Company = false // nobody else may
	Together Company = true  // others may who say the same
)

// The advisory locks of processes. Both end with the connection that holds them, and so
// with the process.
const (
	// soleInstance is held exclusively by whoever works alone, and shared by the others.
	soleInstance = 0x626f7472 // "botr"
	// presence, with the number of a process behind it, says that the process is there.
	presence = 0x626f7470 // "botp"
)

const (
	// joinPause is between two attempts to have the locks again.
	joinPause = 250 * time.Millisecond
	// joinCheck is how long the connection with the locks is silent before it is tried.
	joinCheck = 2 * time.Second
)

// membership is the connection that says that this process is there.
type membership struct {
	db      *DB
	company Company
	number  uint32
}

// SystemJoin enters this process among those that work on the database, until leave is
// called. It reports false if there are others and one of them, or this one, must be
// alone. Membership ends with a connection of its own; when that is lost (the database
// restarts, say) it is taken up again as soon as the database answers. If that is refused,
// because another process was quicker, lost is called, once, and the caller must stop
// working.
func (db *DB) SystemJoin(ctx context.Context, company Company, lost func()) (leave func(), ok bool, err error) {
	m := &membership{db: db, company: company, number: 1 + rand.Uint32N(1<<31-1)}
	conn, _, err := m.lock(ctx)
	if conn == nil || err != nil {
		return nil, false, err
	}
	db.instance.Store(m.number)
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if !m.keep(ctx, conn) {
			lost()
		}
	}()
	return func() { cancel(); <-ended }, true, nil
}

// lock returns a connection that holds the locks; without one, the process of the
// database that stands in the way (0: it has just gone).
func (m *membership) lock(ctx context.Context) (conn *pgx.Conn, holder uint32, err error) {
	conn, err = pgx.ConnectConfig(ctx, m.connection())
	if err != nil {
		return nil, 0, wrap(err, "connect for the instance lock", nil)
	}
	try, conflicting := "pg_try_advisory_lock", "ExclusiveLock,ShareLock"
	if m.company == Together {
		try, conflicting = "pg_try_advisory_lock_shared", "ExclusiveLock"
	}
	var ok bool
	err = conn.QueryRow(ctx, fmt.Sprintf(`SELECT %s($1), coalesce((SELECT pid FROM pg_locks
		WHERE locktype = 'advisory' AND classid = 0 AND objid = $1 AND objsubid = 1 AND granted AND mode = ANY (string_to_array($2, ','))
		  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1), 0)`, try),
		int64(soleInstance), conflicting).Scan(&ok, &holder)
	if err == nil && ok {
		// Shared, because the database may not have noticed yet that our last connection is gone.
		_, err = conn.Exec(ctx, "SELECT pg_advisory_lock_shared($1, $2)", int32(presence), int32(m.number))
	}
	if err != nil || !ok {
		_ = conn.Close(ctx)
		return nil, holder, wrap(err, "take the instance lock", nil)
	}
	return conn, holder, nil
}

// connection is found dead within half a minute when the machine or the network at its
// other end dies; a process that dies ends it at once.
func (m *membership) connection() *pgx.ConnConfig {
	config := m.db.system.Config().ConnConfig.Copy()
	config.RuntimeParams["tcp_keepalives_idle"] = "10"
	config.RuntimeParams["tcp_keepalives_interval"] = "5"
	config.RuntimeParams["tcp_keepalives_count"] = "3"
	config.RuntimeParams["idle_session_timeout"] = "0"
	return config
}

// keep holds the locks until ctx ends. It reports false if another process got in between.
func (m *membership) keep(ctx context.Context, conn *pgx.Conn) bool {
	for conn != nil {
		m.awaitLoss(ctx, conn)
		before := conn.PgConn().PID()
		unlock(ctx, conn)
		if ctx.Err() != nil {
			return true
		}
		conn = m.relock(ctx, before)
	}
	return ctx.Err() != nil
}

// awaitLoss returns when the connection is lost, or ctx ends.
func (m *membership) awaitLoss(ctx context.Context, conn *pgx.Conn) {
	for ctx.Err() == nil && !conn.IsClosed() {
		quiet, cancel := context.WithTimeout(ctx, joinCheck)
		_, err := conn.WaitForNotification(quiet) // nobody notifies
		cancel()
		if err == nil || ctx.Err() != nil || conn.IsClosed() {
			continue
		}
		asking, cancel := context.WithTimeout(ctx, joinCheck)
		err = conn.Ping(asking)
		cancel()
		if err != nil {
			return
		}
	}
}

// unlock gives the locks back at once: closing does so too, but only after we have gone
// on.
func unlock(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, _ = conn.Exec(ctx, "SELECT pg_advisory_unlock_all()")
	_ = conn.Close(ctx)
}

// relock tries to have the locks again until it has them (or ctx ends), or somebody else
// does. The database may need a while to see that our own last connection, process before
// of the database, is gone.
func (m *membership) relock(ctx context.Context, before uint32) *pgx.Conn {
	again := time.NewTicker(joinPause)
	defer again.Stop()
	for {
		conn, holder, err := m.lock(ctx)
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

// newLease names a claim, and in it the process that claims: see SystemFreeLanesOf.
func (db *DB) newLease() uuid.UUID {
	lease := uuid.New()
	if number := db.instance.Load(); number != 0 {
		binary.BigEndian.PutUint32(lease[:4], number)
	}
	return lease
}

// ownerName is how a process is called in its leases.
func ownerName(number uint32) string { return fmt.Sprintf("%08x", number) }

// Instance names this process among those that joined; it is empty before SystemJoin.
func (db *DB) Instance() string {
	if number := db.instance.Load(); number != 0 {
		return ownerName(number)
	}
	return ""
}

// SystemPresent names the processes that have joined and are there.
func (db *DB) SystemPresent(ctx context.Context) ([]string, error) {
	rows, err := db.system.Query(ctx, `SELECT DISTINCT objid FROM pg_locks
		WHERE locktype = 'advisory' AND classid = $1 AND objsubid = 2 AND granted
		  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, uint32(presence))
	if err != nil {
		return nil, wrap(err, "list processes", nil)
	}
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[uint32])
	names := make([]string, 0, len(numbers))
	for _, n := range numbers {
		names = append(names, ownerName(n))
	}
	return names, wrap(err, "list processes", nil)
}

// SystemIdentity tells this database apart from every other one, also from a copy of it
// on another server.
func (db *DB) SystemIdentity(ctx context.Context) (string, error) {
	var identity string
	err := db.system.QueryRow(ctx, `SELECT s.system_identifier || '/' || d.oid
		FROM pg_control_system() s, pg_database d WHERE d.datname = current_database()`).Scan(&identity)
	return identity, wrap(err, "identify the database", nil)
}
