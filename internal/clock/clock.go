// Package clock injects the time. Production uses System; tests use a Frozen
// clock that moves only when told to.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time.
type Clock interface{ Now() time.Time }

// System is the machine's clock.
type System struct{}

// Now returns the machine's time.
func (System) Now() time.Time { return time.Now() }

// Frozen is a clock for tests: it stands still until Advance is called.
type Frozen struct {
	mu  sync.Mutex
	now time.Time
}

// NewFrozen returns a clock that stands at t.
func NewFrozen(t time.Time) *Frozen { return &Frozen{now: t} }

// Now returns the time at which the clock stands.
func (f *Frozen) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Advance moves the clock forward by d.
func (f *Frozen) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}
