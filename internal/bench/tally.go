package main

import (
	"bytes"
	"sync"
	"time"
)

// tally counts the messages of one wave where they arrive: each once, and each
// guest's in order.
type tally struct {
	number int
	want   int

	mu         sync.Mutex
	arrived    [][]time.Time // by guest and sequence; zero: not yet
	highest    []int         // sequence of the latest, by guest; -1: none yet
	seen       int
	doubled    int
	disordered int
	strange    int // messages that nobody sent
	last       time.Time
	done       chan struct{} // closed when all that are wanted were seen
}

// newTally expects the messages of the guests for whom expects is true.
func newTally(w *wave, expects func(guest int) bool) *tally {
	t := &tally{number: w.number, arrived: make([][]time.Time, len(w.perGuest)), highest: make([]int, len(w.perGuest)), done: make(chan struct{})}
	for g, n := range w.perGuest {
		t.highest[g] = -1
		if expects(g) {
			t.arrived[g] = make([]time.Time, n)
			t.want += n
		}
	}
	if t.want == 0 {
		close(t.done)
	}
	return t
}

// note counts an arrival. Messages of earlier waves are not of this tally.
func (t *tally) note(r ref, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case r.wave != t.number:
	case r.guest >= len(t.arrived) || r.seq >= len(t.arrived[r.guest]):
		t.strange++
	case !t.arrived[r.guest][r.seq].IsZero():
		t.doubled++
	default:
		t.first(r, at)
	}
}

func (t *tally) first(r ref, at time.Time) {
	t.arrived[r.guest][r.seq] = at
	if r.seq < t.highest[r.guest] {
		t.disordered++
	}
	t.highest[r.guest] = max(t.highest[r.guest], r.seq)
	t.last = at
	t.seen++
	if t.seen == t.want {
		close(t.done)
	}
}

// find notes every message of ours that a text names after key. Where a text names
// the same message in several places, only the first counts.
func (t *tally) find(text, key []byte, at time.Time) {
	i := bytes.Index(text, key)
	if i < 0 {
		return
	}
	if r, ok := parseRef(text[i+len(key):]); ok {
		t.note(r, at)
	}
}

// faults is what must be zero.
type faults struct {
	Lost       int `json:"lost"`
	Doubled    int `json:"doubled"`
	Disordered int `json:"outOfOrder"`
	Strange    int `json:"strange"`
}

func (f faults) any() bool { return f != faults{} }

func (f faults) plus(g faults) faults {
	return faults{f.Lost + g.Lost, f.Doubled + g.Doubled, f.Disordered + g.Disordered, f.Strange + g.Strange}
}

func (t *tally) faults() faults {
	t.mu.Lock()
	defer t.mu.Unlock()
	return faults{t.want - t.seen, t.doubled, t.disordered, t.strange}
}

func (t *tally) progress() (seen int, last time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.seen, t.last
}

func (t *tally) at(r ref) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.arrived[r.guest] == nil {
		return time.Time{}
	}
	return t.arrived[r.guest][r.seq]
}
