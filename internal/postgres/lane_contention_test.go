package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

const (
	crowd        = 8
	crowdedLanes = 50
	itemsEach    = 20
)

var errCrash = errors.New("the worker crashed")

// worker does items by writing one line each to the audit log, in the transaction
// that releases the lane. It fails at random.
type worker struct {
	queue
	dice   *rand.Rand
	owner  *pgx.Conn
	queued <-chan struct{} // closed when nothing more arrives
}

// TestLanesUnderContention lets workers that fail in every way do the items of many
// lanes while more arrive, and looks at what they left: each item's effect once, and
// those of a lane in order.
func TestLanesUnderContention(t *testing.T) {
	t.Parallel()
	q, ctx, seed := newQueue(t), within(t), rand.Uint64()
	t.Logf("seed %d", seed)
	queued := make(chan struct{})
	var all errgroup.Group
	all.Go(func() error {
		defer close(queued)
		return q.fill(ctx)
	})
	for n := range crowd {
		w := worker{q, rand.New(rand.NewPCG(seed, uint64(n))), pgtest.Owner(t, q.db), queued}
		all.Go(func() error { return w.work(ctx) })
	}
	must(t, all.Wait())

	next := map[string]int{}
	for _, done := range texts(t, pgtest.Owner(t, q.db), "SELECT entity_id FROM audit_entry ORDER BY id") {
		key, item, _ := strings.Cut(done, ":")
		if item != strconv.Itoa(next[key]) {
			t.Fatalf("%s did item %s when it was the turn of %d", key, item, next[key])
		}
		next[key]++
	}
	for l := range crowdedLanes {
		if key := crowdedLane(l); next[key] != itemsEach {
			t.Errorf("%s did %d items, want %d", key, next[key], itemsEach)
		}
	}
}

func crowdedLane(n int) string { return fmt.Sprintf("lane %d", n) }

// fill queues item n of every lane before item n+1 of any, several lanes at a time.
func (q queue) fill(ctx context.Context) error {
	for n := range itemsEach {
		for from := 0; from < crowdedLanes; from += 10 {
			err := q.db.InTx(ctx, q.hotel.ID, func(tx *postgres.Tx) error {
				for l := range 10 {
					tx.Enqueue(lane.Inbox, lane.New{Key: crowdedLane(from + l), Payload: []byte(strconv.Itoa(n))})
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// work goes on until everything is queued and nothing is left.
func (w worker) work(ctx context.Context) error {
	for ctx.Err() == nil {
		lanes, err := w.db.ClaimLanes(ctx, w.hotel.ID, lane.Inbox, 1+w.dice.IntN(5))
		if err != nil {
			return err
		}
		for _, l := range lanes {
			if err := w.try(ctx, l); err != nil && !errors.Is(err, errCrash) && !errors.Is(err, postgres.ErrLeaseLost) {
				return err
			}
		}
		if over, err := w.over(ctx); over || err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (w worker) over(ctx context.Context) (over bool, err error) {
	select {
	case <-w.queued:
		err = w.owner.QueryRow(ctx, "SELECT NOT EXISTS (SELECT FROM lane_item)").Scan(&over)
	default:
	}
	return over, err
}

// try does a lane: well, in part, too late, or not at all.
func (w worker) try(ctx context.Context, l *lane.Lane) error {
	fate := w.dice.IntN(6)
	if fate == 0 { // slow: others may take it from us meanwhile
		if err := w.expire(ctx, l); err != nil {
			return err
		}
	}
	done := l.Items
	if fate == 1 { // the rest is to be tried again
		done = done[:w.dice.IntN(len(done)+1)]
	}
	err := w.db.InTx(ctx, w.hotel.ID, func(tx *postgres.Tx) error {
		for _, item := range done {
			e := postgres.Entry{Actor: "worker", Action: "do", Entity: "item", EntityID: l.Key + ":" + string(item.Payload), At: time.Now()}
			if err := tx.Audit(ctx, e); err != nil {
				return err
			}
		}
		if fate == 2 {
			return errCrash
		}
		return tx.ReleaseLanes(ctx, l.Retry(len(done), 0))
	})
	if fate == 2 {
		return errors.Join(err, w.expire(ctx, l))
	}
	return err
}

// expire lets a lease run out.
func (w worker) expire(ctx context.Context, l *lane.Lane) error {
	_, err := w.owner.Exec(ctx, "UPDATE lane SET ready_at = clock_timestamp() WHERE key = $1 AND lease = $2", l.Key, l.Lease)
	return err
}
