package apptest

import (
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/lane"
)

// movable is a clock that runs as the machine's does, ahead of it by as much as a
// test says.
type movable struct {
	mu    sync.Mutex
	ahead time.Duration
}

// Now returns the time of this world.
func (m *movable) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Now().Add(m.ahead)
}

func (m *movable) move(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ahead += d
}

// Now returns the time of this world.
func (w *World) Now() time.Time { return w.clock.Now() }

// Later lets some minutes pass for the product, its queues and Meta: what was to wait
// at most that long is due.
func (w *World) Later(d time.Duration) {
	w.t.Helper()
	w.clock.move(d)
	w.Sim.Advance(d)
	w.number(`WITH moved AS (UPDATE lane SET ready_at = ready_at - make_interval(secs => $1) WHERE lease IS NULL RETURNING 1)
		SELECT count(*) FROM moved`, d.Seconds())
	w.number(`WITH moved AS (UPDATE lane_item SET created_at = created_at - make_interval(secs => $1) RETURNING 1) SELECT count(*) FROM moved`, d.Seconds())
	w.number(`WITH moved AS (UPDATE dead_letter SET failed_at = failed_at - make_interval(secs => $1) RETURNING 1) SELECT count(*) FROM moved`, d.Seconds())
}

// LongAgo makes everything that guests said so far older by d. Unlike Later it is for
// hours and days: the database, whose clock cannot be moved, dates what arrives.
func (w *World) LongAgo(d time.Duration) {
	w.t.Helper()
	Eventually(w.t, "what was taken is stored", func() bool {
		return w.number("SELECT coalesce(sum(depth), 0) FROM lane WHERE kind = $1", lane.Inbox) == 0
	})
	w.number(`WITH moved AS (UPDATE conversation SET last_inbound_at = last_inbound_at - make_interval(secs => $1),
		last_message_at = last_message_at - make_interval(secs => $1) RETURNING 1) SELECT count(*) FROM moved`, d.Seconds())
	w.number(`WITH moved AS (UPDATE message SET timestamp = timestamp - make_interval(secs => $1) RETURNING 1)
		SELECT count(*) FROM moved`, d.Seconds())
}

// LaterUntil lets d pass again and again until something is so: for waits of the
// product whose length is partly chance.
func (w *World) LaterUntil(d time.Duration, what string, isSo func() bool) {
	w.t.Helper()
	Eventually(w.t, what, func() bool {
		if isSo() {
			return true
		}
		w.Later(d)
		return false
	})
}
