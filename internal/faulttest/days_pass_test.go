package faulttest

import (
	"time"
)

// view is what can be seen of everybody at one moment.
type view struct {
	busy    bool      // somebody works
	next    time.Time // when the next of what waits is due; zero: nothing waits
	talking bool      // a flow or a person waits for an answer of the product
	marks   [5]int64  // grow with whatever happens
}

func (w *stay) look() view {
	w.t.Helper()
	var v view
	v.busy, v.next = w.sim.Outlook()
	c := w.sim.Counters()
	flowOpen, flowDone := w.flow.count()
	deskOpen, deskDone := w.desk.count()
	v.talking = flowOpen+deskOpen > 0
	working, depth, left := w.lanes()
	v.busy = v.busy || working > 0 || v.isSoon(w.clock.Now())
	if left != nil {
		if due := w.clock.Now().Add(time.Duration(*left * float64(time.Second))); v.next.IsZero() || due.Before(v.next) {
			v.next = due
		}
	}
	v.marks = [5]int64{c.WebhookAttempts, c.Sends, int64(flowDone + deskDone), int64(flowOpen + deskOpen), int64(depth)}
	return v
}

// isSoon reports whether what waits is due so soon that skipping is not worth it.
func (v view) isSoon(now time.Time) bool {
	return !v.next.IsZero() && v.next.Sub(now) < 50*time.Millisecond
}

// lanes looks at the program's queues: how many are worked on or could be, what they hold,
// and in how many seconds the next is due.
func (w *stay) lanes() (working, depth int, left *float64) {
	w.t.Helper()
	err := w.clock.conn.QueryRow(within(w.t), `
		SELECT count(*) FILTER (WHERE lease IS NOT NULL OR ready_at <= days.clock_timestamp()), coalesce(sum(depth), 0),
			extract(epoch FROM min(ready_at) FILTER (WHERE lease IS NULL) - days.clock_timestamp())::float8
		FROM lane WHERE depth > 0`).Scan(&working, &depth, &left)
	if err != nil {
		w.t.Fatal(err)
	}
	return working, depth, left
}

const lookAgain = 10 * time.Millisecond

// quiet waits until nobody works: two looks in a row see the same, and nobody busy.
func (w *stay) quiet() view {
	w.t.Helper()
	last := view{busy: true}
	changed := time.Now()
	for {
		v := w.look()
		if !v.busy && !last.busy && v.marks == last.marks {
			return v
		}
		if v.marks != last.marks {
			changed = time.Now()
		}
		if time.Since(changed) > patience {
			w.t.Fatalf("nothing has happened for %s, though somebody works: %+v", patience, v)
		}
		last = v
		<-time.After(lookAgain)
	}
}

// Time is skipped in strides: what is due in the same ten seconds happens together, or a
// run would take twice as long. They are far from the two minutes after which the product
// believes that no status will come. While Meta limits the rate they are short, so that
// waits are about as long as the product makes them.
const (
	longStride  = 10 * time.Second
	shortStride = 2 * time.Second
)

// passTo lets time pass until t. It is waited for while anybody works, and skipped while
// all wait.
func (w *stay) passTo(t time.Time) {
	w.t.Helper()
	since := time.Now()
	for {
		v := w.quiet()
		next := t
		if due := v.next.Truncate(w.stride).Add(w.stride); !v.next.IsZero() && due.Before(t) {
			next = due
		}
		if next.Equal(t) && v.talking {
			if time.Since(since) > patience {
				w.t.Fatalf("somebody has waited %s for the product: %+v", patience, v)
			}
			<-time.After(lookAgain)
			continue
		}
		if left := next.Sub(w.clock.Now()); left > 0 {
			w.clock.jump(left)
		}
		if next.Equal(t) {
			return
		}
	}
}

// passAll lets time pass until nothing waits any more, at most two days.
func (w *stay) passAll() {
	w.t.Helper()
	for range 48 {
		w.passTo(w.clock.Now().Add(time.Hour))
		if v := w.quiet(); v.next.IsZero() && !v.talking {
			return
		}
	}
	w.t.Errorf("two days later something still waits: %+v", w.look())
}
