package ratelimit

import (
	"strconv"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
)

// Len counts the keys that are held, loaded or not.
func (m *Memory) Len() int {
	n := 0
	for i := range m.shards {
		m.shards[i].mu.Lock()
		n += len(m.shards[i].until)
		m.shards[i].mu.Unlock()
	}
	return n
}

const SweepEvery = sweepEvery

// NewSharedAt is NewShared with a clock of the test's own. Keys stay although the store's
// clock goes on without it.
func NewSharedAt(store Store, alone *Memory, c clock.Clock) *Shared {
	s := NewShared(store, alone)
	s.now = func() string { return strconv.FormatInt(c.Now().UnixMicro(), 10) }
	s.slack = time.Hour
	return s
}
