package inbox

import (
	"context"
	"sync"
)

// slots bounds how much is under way at a time by a limit that may change. Who waits goes in the
// order of asking.
type slots struct {
	mu      sync.Mutex
	limit   int
	busy    int
	waiting []chan struct{}
}

func newSlots(limit int) *slots { return &slots{limit: limit} }

// acquire waits for a slot, and reports whether there is one: not if ctx ends before.
func (s *slots) acquire(ctx context.Context) bool {
	mine := make(chan struct{})
	s.mu.Lock()
	s.waiting = append(s.waiting, mine)
	s.admit()
	s.mu.Unlock()
	select {
	case <-mine:
		return true
	default:
	}
	select {
	case <-mine:
		return true
	case <-ctx.Done():
	}
	return !s.leave(mine)
}

// leave takes somebody off who waits no more, and reports whether they had no slot yet.
func (s *slots) leave(mine chan struct{}) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, w := range s.waiting {
		if w == mine {
			s.waiting = append(s.waiting[:i], s.waiting[i+1:]...)
			return true
		}
	}
	return false
}

func (s *slots) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy--
	s.admit()
}

// shrink lets so many go at a time from now on; those that have a slot keep it.
func (s *slots) shrink(limit int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit = limit
}

// grow lets one more go at a time, up to a limit.
func (s *slots) grow(most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit = min(s.limit+1, most)
	s.admit()
}

func (s *slots) admit() {
	for s.busy < s.limit && len(s.waiting) > 0 {
		close(s.waiting[0])
		s.waiting = s.waiting[1:]
		s.busy++
	}
}
