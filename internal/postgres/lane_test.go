package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// queue is a database in which one hotel's inbox is worked.
type queue struct {
	t     *testing.T
	db    *postgres.DB
	hotel pgtest.Hotel
}

func newQueue(t *testing.T) queue {
	t.Helper()
	db := pgtest.DB(t)
	return queue{t, db, pgtest.Tenant(t, db)}
}

// put queues items, each written as "lane:payload".
func (q queue) put(items ...string) {
	q.t.Helper()
	pgtest.InTx(q.t, q.db, q.hotel.ID, func(tx *postgres.Tx) error {
		for _, item := range items {
			key, payload, _ := strings.Cut(item, ":")
			tx.Enqueue(lane.Inbox, lane.New{Key: key, Payload: []byte(payload)})
		}
		return nil
	})
}

func (q queue) claim(maxLanes int) []*lane.Lane {
	q.t.Helper()
	return claim(q.t, q.db, q.hotel.ID, lane.Inbox, maxLanes)
}

// claimOne claims what must be the only lane that is ready.
func (q queue) claimOne() *lane.Lane {
	q.t.Helper()
	lanes := q.claim(10)
	if len(lanes) != 1 {
		q.t.Fatalf("claimed %v, want one lane", spelled(lanes))
	}
	return lanes[0]
}

func (q queue) assertIdle() {
	q.t.Helper()
	if lanes := q.claim(10); len(lanes) > 0 {
		q.t.Errorf("%v can be claimed", spelled(lanes))
	}
}

func (q queue) release(outcomes ...lane.Outcome) error {
	return q.db.InTx(within(q.t), q.hotel.ID, func(tx *postgres.Tx) error { return tx.ReleaseLanes(within(q.t), outcomes...) })
}

// pass lets an hour pass for the lanes.
func (q queue) pass() {
	q.t.Helper()
	pgtest.Exec(q.t, q.db, "UPDATE lane SET ready_at = ready_at - interval '1 hour'")
}

// spelled writes lanes as "lane:payload payload".
func spelled(lanes []*lane.Lane) []string {
	var out []string
	for _, l := range lanes {
		var payloads []string
		for _, i := range l.Items {
			payloads = append(payloads, string(i.Payload))
		}
		out = append(out, l.Key+":"+strings.Join(payloads, " "))
	}
	return out
}

func assertSpelled(t *testing.T, got []*lane.Lane, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, spelled(got)); diff != "" {
		t.Errorf("claimed other items (- want, + got): %s", diff)
	}
}

func TestClaimInOrder(t *testing.T) {
	t.Parallel()
	q := newQueue(t)
	q.put("ana:1", "bia:1", "ana:2")
	q.put("ana:3")
	lanes := q.claim(10)
	assertSpelled(t, lanes, "ana:1 2 3", "bia:1")
	l := lanes[0]
	if l.TenantID != q.hotel.ID || l.Kind != lane.Inbox || l.Attempts != 0 || l.Lease == uuid.Nil || time.Until(l.Expires) < time.Minute {
		t.Errorf("the lane says %+v", l)
	}
	q.assertIdle()
	must(t, q.release(lanes[0].Finished(), lanes[1].Finished()))
	q.assertIdle()
	if n := number(t, pgtest.Owner(t, q.db), "SELECT (SELECT count(*) FROM lane_item) + (SELECT sum(depth) FROM lane)"); n != 0 {
		t.Errorf("%d things remain", n)
	}
}

func TestClaimTakesOldestLanesAndFirstItems(t *testing.T) {
	t.Parallel()
	q := newQueue(t)
	q.put("zoe:1")
	var many, first, rest []string
	for i := range 13 {
		letter := string(rune('a' + i))
		many = append(many, "ana:"+letter)
		if i < 10 {
			first = append(first, letter)
		} else {
			rest = append(rest, letter)
		}
	}
	q.put(many...)
	assertSpelled(t, q.claim(1), "zoe:1")
	l := q.claimOne()
	assertSpelled(t, []*lane.Lane{l}, "ana:"+strings.Join(first, " "))
	must(t, q.release(l.Finished()))
	assertSpelled(t, q.claim(1), "ana:"+strings.Join(rest, " "))
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		outcome  func(*lane.Lane) lane.Outcome
		later    bool // what remains is ready only after a while
		remains  string
		attempts int
	}{
		"retry of the first":   {func(l *lane.Lane) lane.Outcome { return l.Retry(0, time.Minute) }, true, "ana:1 2 3", 2},
		"retry of the second":  {func(l *lane.Lane) lane.Outcome { return l.Retry(1, time.Minute) }, true, "ana:2 3", 1},
		"retry at once":        {func(l *lane.Lane) lane.Outcome { return l.Retry(2, 0) }, false, "ana:3", 1},
		"hold of the first":    {func(l *lane.Lane) lane.Outcome { return l.Hold(0, time.Minute) }, true, "ana:1 2 3", 1},
		"hold of the second":   {func(l *lane.Lane) lane.Outcome { return l.Hold(1, time.Minute) }, true, "ana:2 3", 0},
		"hold without a delay": {func(l *lane.Lane) lane.Outcome { return l.Hold(1, 0) }, false, "ana:2 3", 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newQueue(t)
			q.put("ana:1", "ana:2", "ana:3")
			must(t, q.release(q.claimOne().Retry(0, 0))) // one failed attempt so far
			must(t, q.release(c.outcome(q.claimOne())))
			if c.later {
				q.assertIdle()
				q.pass()
			}
			l := q.claimOne()
			assertSpelled(t, []*lane.Lane{l}, c.remains)
			if l.Attempts != c.attempts {
				t.Errorf("%d attempts, want %d", l.Attempts, c.attempts)
			}
		})
	}
}

func TestItemQueuedDuringALeaseIsNotLost(t *testing.T) {
	t.Parallel()
	q := newQueue(t)
	q.put("ana:1")
	l := q.claimOne()
	q.put("ana:2")
	q.assertIdle() // leased
	h := record(q.db, func() {})
	must(t, q.release(l.Finished()))
	if want := []lane.Kind{lane.Inbox}; !cmp.Equal(want, h.wakes) {
		t.Errorf("woke %v for what is left, want %v", h.wakes, want)
	}
	assertSpelled(t, q.claim(10), "ana:2")
}

func TestReleaseWakesOnlyForReadyWork(t *testing.T) {
	t.Parallel()
	q := newQueue(t)
	q.put("ana:1", "ana:2")
	h := record(q.db, func() {})
	must(t, q.release(q.claimOne().Retry(1, time.Minute)))
	h.assertSilent(t)
	q.pass()
	must(t, q.release(q.claimOne().Finished()))
	h.assertSilent(t)
}

func TestLeaseLost(t *testing.T) {
	t.Parallel()
	q := newQueue(t)
	q.put("ana:1", "bia:1")
	late := q.claim(10)
	q.pass() // the leases run out
	thief := q.claim(1)
	assertSpelled(t, thief, "ana:1")
	m := id.NewMessage()
	err := q.db.InTx(within(t), q.hotel.ID, func(tx *postgres.Tx) error {
		must(t, tx.Audit(within(t), postgres.Entry{Actor: "bot", Action: "x", Entity: "message", EntityID: m.String(), At: time.Now()}))
		return tx.ReleaseLanes(within(t), late[0].Finished(), late[1].Finished())
	})
	if !errors.Is(err, postgres.ErrLeaseLost) {
		t.Errorf("got %v, want %v", err, postgres.ErrLeaseLost)
	}
	if n := number(t, pgtest.Owner(t, q.db), "SELECT count(*) FROM audit_entry WHERE entity_id = $1", m.String()); n != 0 {
		t.Error("what was done for the lost lane was kept")
	}
	must(t, q.release(thief[0].Finished()))
	must(t, q.release(late[1].Finished())) // expired, but nobody took it
	q.assertIdle()
	if err := q.release(late[1].Finished()); !errors.Is(err, postgres.ErrLeaseLost) {
		t.Errorf("released twice: %v", err)
	}
}

func TestSystemFreeLanes(t *testing.T) {
	t.Parallel()
	q := newQueue(t)
	q.put("ana:1", "bia:1", "caio:1")
	leased := q.claim(2)
	must(t, q.release(q.claim(1)[0].Retry(0, time.Hour))) // waits, is not leased
	n, err := q.db.SystemFreeLanes(within(t))
	must(t, err)
	if n != 2 {
		t.Errorf("freed %d lanes, want 2", n)
	}
	if err := q.release(leased[0].Finished()); !errors.Is(err, postgres.ErrLeaseLost) {
		t.Errorf("the lease of a dead instance still works: %v", err)
	}
	again := q.claim(10)
	assertSpelled(t, again, "ana:1", "bia:1")
}

func TestWake(t *testing.T) {
	t.Parallel()
	ctx, q := within(t), newQueue(t)
	q.put("ana:1", "bia:1", "caio:1")
	lanes := q.claim(10)
	must(t, q.release(lanes[0].Retry(0, time.Hour), lanes[1].Retry(0, time.Hour)))
	h := record(q.db, func() {})
	inTx := func(fn func(*postgres.Tx) error) { pgtest.InTx(t, q.db, q.hotel.ID, fn) }

	inTx(func(tx *postgres.Tx) error { return tx.WakeLane(ctx, lane.Inbox, "nobody") })
	inTx(func(tx *postgres.Tx) error { return tx.WakeLane(ctx, lane.Inbox, "caio") }) // leased
	inTx(func(tx *postgres.Tx) error { return tx.WakeLane(ctx, lane.Handoff, "ana") })
	h.assertSilent(t)
	inTx(func(tx *postgres.Tx) error { return tx.WakeLane(ctx, lane.Inbox, "bia") })
	assertSpelled(t, q.claim(10), "bia:1")
	inTx(func(tx *postgres.Tx) error { return tx.WakeAllLanes(ctx, lane.Inbox) })
	assertSpelled(t, q.claim(10), "ana:1")
	inTx(func(tx *postgres.Tx) error { return tx.WakeAllLanes(ctx, lane.Inbox) })
	if want := []lane.Kind{lane.Inbox, lane.Inbox}; !cmp.Equal(want, h.wakes) {
		t.Errorf("woke %v, want %v", h.wakes, want)
	}
}

func TestLaneTenants(t *testing.T) {
	t.Parallel()
	q := newQueue(t)
	other := queue{t, q.db, pgtest.Tenant(t, q.db)}
	assertTenants := func(want ...id.Tenant) {
		t.Helper()
		got, err := q.db.LaneTenants(within(t), lane.Inbox)
		must(t, err)
		byID := func(a, b id.Tenant) int { return slices.Compare(a.UUID[:], b.UUID[:]) }
		slices.SortFunc(got, byID)
		slices.SortFunc(want, byID)
		if !slices.Equal(want, got) {
			t.Errorf("tenants with work: %v, want %v", got, want)
		}
	}
	assertTenants()
	q.put("ana:1")
	other.put("ana:1")
	assertTenants(q.hotel.ID, other.hotel.ID)
	must(t, q.release(q.claimOne().Finished()))
	assertTenants(other.hotel.ID)
	other.claimOne()
	assertTenants()
}

func TestDeadLetters(t *testing.T) {
	t.Parallel()
	ctx, q := within(t), newQueue(t)
	q.put("ana:1", "ana:2")
	giveUp(t, q.db, q.hotel.ID)
	q.assertIdle()
	q.put("ana:3")
	letters, err := q.db.DeadLetters(ctx, q.hotel.ID, lane.Inbox, 10)
	must(t, err)
	if len(letters) != 2 || string(letters[0].Payload) != "1" || letters[0].Key != "ana" || letters[0].Code != "hopeless" ||
		letters[0].Reason == "" || letters[0].FailedAt.IsZero() {
		t.Fatalf("got %+v", letters)
	}
	h := record(q.db, func() {})
	unbury := func() error {
		return q.db.InTx(ctx, q.hotel.ID, func(tx *postgres.Tx) error { return tx.Unbury(ctx, letters[0].ID) })
	}
	must(t, unbury())
	if want := []lane.Kind{lane.Inbox}; !cmp.Equal(want, h.wakes) {
		t.Errorf("woke %v, want %v", h.wakes, want)
	}
	assertSpelled(t, q.claim(10), "ana:3 1")
	if err := unbury(); !errors.Is(err, postgres.ErrNoLetter) {
		t.Errorf("a letter was put back twice: %v", err)
	}
}

func TestPurgeKeepsLanesWithWork(t *testing.T) {
	t.Parallel()
	ctx, q := within(t), newQueue(t)
	q.put("empty:1", "full:1", "full:2", "leased:1")
	lanes := q.claim(10)
	must(t, q.release(lanes[0].Finished(), lanes[1].Retry(1, 0)))
	pgtest.Exec(t, q.db, "UPDATE lane SET depth = 0 WHERE key = 'leased'")
	pgtest.Exec(t, q.db, "UPDATE lane SET ready_at = ready_at - interval '1 day'")
	must(t, q.db.SystemPurge(ctx, time.Now()))
	if got := texts(t, pgtest.Owner(t, q.db), "SELECT key FROM lane ORDER BY key"); !cmp.Equal([]string{"full", "leased"}, got) {
		t.Errorf("%v remain", got)
	}
	q.put("empty:2")
	if got := spelled(q.claim(10)); !slices.Contains(got, "empty:2") {
		t.Errorf("claimed %v", got)
	}
}

// TestClaimDoesNotSeeThePast stops a claim right after it has begun to look, lets
// another instance do all the work and more arrive, and lets the claim go on: it must
// not come back with what is done, and what is new is there for the next claim, which
// its arrival causes.
func TestClaimDoesNotSeeThePast(t *testing.T) {
	t.Parallel()
	ctx, q := within(t), newQueue(t)
	q.put("ana:1", "ana:2")
	for _, sql := range []string{
		"CREATE SEQUENCE looks",
		`CREATE FUNCTION stall_first() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
		BEGIN
			IF nextval('looks') = 1 THEN
				PERFORM pg_advisory_xact_lock_shared(42);
			END IF;
			RETURN true;
		END $$`,
		"CREATE POLICY stall ON lane AS RESTRICTIVE FOR SELECT TO botreserva_app USING (stall_first())",
	} {
		pgtest.Exec(t, q.db, sql)
	}
	gate := pgtest.Owner(t, q.db)
	_, err := gate.Exec(ctx, "SELECT pg_advisory_lock(42)")
	must(t, err)
	type claimed struct {
		lanes []*lane.Lane
		err   error
	}
	slow := make(chan claimed, 1)
	go func() {
		lanes, err := q.db.ClaimLanes(ctx, q.hotel.ID, lane.Inbox, 10)
		slow <- claimed{lanes, err}
	}()
	awaitRow(t, gate, "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted)")
	must(t, q.release(q.claimOne().Finished()))
	q.put("ana:3")
	_, err = gate.Exec(ctx, "SELECT pg_advisory_unlock(42)")
	must(t, err)
	got := <-slow
	must(t, got.err)
	lanes := append(got.lanes, q.claim(10)...)
	assertSpelled(t, lanes, "ana:3")
	must(t, q.release(lanes[0].Finished()))
	if n := number(t, gate, "SELECT (SELECT count(*) FROM lane_item) + (SELECT sum(depth) FROM lane)"); n != 0 {
		t.Errorf("%d things remain", n)
	}
}

// awaitRow asks until the answer is true.
func awaitRow(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	ctx := within(t)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		var ok bool
		must(t, conn.QueryRow(ctx, sql).Scan(&ok))
		if ok {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain for: %s", sql)
		}
	}
}
