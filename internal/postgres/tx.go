package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
	"github.com/botreserva/botreserva/internal/stale"
)

// Tx is one unit of work of one tenant. Rows, events, lane items and audit entries
// live or die together. Lock the conversation first, then write; call nothing
// outside the database while it is open.
type Tx struct {
	tenant id.Tenant
	q      *sqlc.Queries
	events []event.Event
	queued map[lane.Kind][]lane.New
	woken  map[lane.Kind]bool
	stale  []stale.Notice

	subscribers *subscribers
	before      []standing // how the conversations stood that were locked
}

const tries = 5

// InTx runs fn in one transaction that sees only the given tenant, and commits it if
// fn returns nil. A transaction that lost a race against another one is tried again,
// so fn must not change anything but tx. After the commit the hooks are called.
func (db *DB) InTx(ctx context.Context, tenant id.Tenant, fn func(tx *Tx) error) error {
	for try := 1; ; try++ {
		tx := &Tx{tenant: tenant, queued: map[lane.Kind][]lane.New{}, woken: map[lane.Kind]bool{}, subscribers: &db.subscribers}
		err := db.attempt(ctx, tx, fn)
		if err == nil {
			db.committed(ctx, tx)
			return nil
		}
		if !IsRaceLost(err) || try == tries || !pause(ctx) {
			return err
		}
	}
}

// longestPause is how long a transaction that lost a race steps aside at most. Two that
// lost against each other would meet again if both came back at once.
const longestPause = 20 * time.Millisecond

// pause waits a random while and reports whether there is a point in going on.
func pause(ctx context.Context) bool {
	timer := time.NewTimer(rand.N(longestPause))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (db *DB) attempt(ctx context.Context, tx *Tx, fn func(tx *Tx) error) error {
	conn, err := db.app.Acquire(ctx)
	if err != nil {
		return wrap(err, "acquire connection", nil)
	}
	defer conn.Release()
	if err := begin(ctx, conn, tx.tenant); err != nil {
		return wrap(err, "begin transaction", nil)
	}
	tx.q = sqlc.New(conn)
	if err := fn(tx); err != nil {
		return errors.Join(err, rollback(ctx, conn))
	}
	if err := tx.flush(ctx); err != nil {
		return errors.Join(err, rollback(ctx, conn))
	}
	return wrap(commit(ctx, conn), "commit", nil)
}

// begin opens a transaction and pins its tenant in one round trip.
func begin(ctx context.Context, conn *pgxpool.Conn, tenant id.Tenant) error {
	var b pgx.Batch
	b.Queue("BEGIN")
	b.Queue(pinTenant, tenant.String())
	return conn.SendBatch(ctx, &b).Close()
}

func commit(ctx context.Context, conn *pgxpool.Conn) error {
	tag, err := conn.Exec(ctx, "COMMIT")
	if err != nil {
		return err
	}
	if tag.String() != "COMMIT" {
		return fmt.Errorf("transaction ended with %s", tag)
	}
	return nil
}

// rollback undoes a failed transaction even when its context has ended. A connection
// on which that fails is closed, not reused.
func rollback(ctx context.Context, conn *pgxpool.Conn) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if conn.Conn().IsClosed() {
		return nil
	}
	if _, err := conn.Exec(ctx, "ROLLBACK"); err != nil {
		_ = conn.Conn().Close(ctx)
	}
	return nil
}

// Emit tells screens about something, after the commit.
func (tx *Tx) Emit(events ...event.Event) {
	for _, e := range events {
		e.TenantID = tx.tenant
		tx.events = append(tx.events, e)
	}
}

// Outdate tells whoever remembers something, after the commit, that it has changed: a
// person's state, a hotel's settings.
func (tx *Tx) Outdate(notices ...stale.Notice) { tx.stale = append(tx.stale, notices...) }

// Enqueue puts items behind what their lanes already hold.
func (tx *Tx) Enqueue(kind lane.Kind, items ...lane.New) {
	tx.queued[kind] = append(tx.queued[kind], items...)
}

// flush writes what was collected for the lanes, and what subscribers are to be told of the
// events.
func (tx *Tx) flush(ctx context.Context) error {
	if err := tx.tell(ctx); err != nil {
		return err
	}
	for _, kind := range []lane.Kind{lane.Inbox, lane.Handoff, lane.Deliver, lane.Media, lane.Listen, lane.Tell} {
		if items := tx.queued[kind]; len(items) > 0 {
			if err := tx.writeLanes(ctx, kind, items); err != nil {
				return err
			}
			tx.woken[kind] = true
		}
	}
	return nil
}

func (db *DB) committed(ctx context.Context, tx *Tx) {
	db.outdated(tx.stale...)
	if len(tx.events) > 0 && db.hooks.Publish != nil {
		db.hooks.Publish(ctx, tx.events)
	}
	if db.hooks.Wake == nil {
		return
	}
	for kind, woken := range tx.woken {
		if woken {
			db.hooks.Wake(kind, tx.tenant)
		}
	}
}
