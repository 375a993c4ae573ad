package faulttest

import (
	"testing"
	"time"
)

// TestKill: the program is killed three times in the middle of a burst, each time while
// another part of the way is busy, and started again at once.
func TestKill(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(*testing.T) string{
		"with a database of its own":   func(*testing.T) string { return "" },
		"with a database that goes on": func(t *testing.T) string { t.Helper(); return newCluster(t).url() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, database(t), usual)
			w.addHotel()
			p := w.serve()
			w.begin()
			for _, busy := range []struct {
				what string
				yet  func() bool
			}{
				{"a fifth of the webhooks taken", func() bool { return w.taken() >= w.burst.messages()/5 }},
				{"half of the messages handed over", func() bool { return w.flow.count() >= w.burst.messages()/2 }},
				{"half of the answers sent", func() bool { return w.answered() >= w.burst.answers()/2 }},
			} {
				await(t, busy.what, busy.yet)
				p.kill()
				p = w.restart(busy.what)
			}
			w.settle()
			w.check()
			t.Logf("%d of %d messages were handed over more than once, under the same id", w.flow.repeats(), w.burst.messages())
		})
	}
}

// restart starts the program after a kill and tells how long it took until a guest's
// message was processed again. The design says 5 s; on a busy machine only sanity is
// asserted.
func (w *world) restart(what string) *process {
	w.t.Helper()
	handed, answered := w.flow.posts(), w.answered()
	p := w.serve()
	ready := time.Since(p.begun)
	if w.flow.count() < w.burst.messages() || w.answered() < w.burst.answers() {
		await(w.t, "a message to be processed after the restart", func() bool {
			return w.flow.posts() > handed || w.answered() > answered
		})
	}
	took := time.Since(p.begun)
	w.t.Logf("killed after %s: ready %d ms after the start, processing again after %d ms", what, ready.Milliseconds(), took.Milliseconds())
	if took > 30*time.Second {
		w.t.Errorf("processing again after %s", took)
	}
	return p
}
