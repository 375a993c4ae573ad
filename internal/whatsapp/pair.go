package whatsapp

import (
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
)

// Meta's pair rate, from one number to one guest (throughput page, 2026): one message in 6 s; up to 45 within 6 s
// are allowed but borrowed from the future. We take the strict of two readings: a burst of n closes the pair until
// 6·n seconds after its start.
const (
	pairInterval = 6 * time.Second
	pairBurst    = 45
	// pairMargin is for messages that take longer or shorter to reach Meta than those before them.
	pairMargin = 500 * time.Millisecond
)

// PairLimiter says when the next message to a guest can go without Meta refusing it with code 131056. It remembers
// a bounded number of pairs, and after a restart none: forgetting costs a refusal, which is retried.
type PairLimiter struct {
	clock    clock.Clock
	maxPairs int

	mu      sync.Mutex
	pairs   map[pair]burst
	sweepAt int // size at which pairs that are open again are forgotten
}

type pair struct{ number, guest string }

type burst struct {
	start  time.Time
	sent   int
	closed time.Time // nothing goes before, because Meta refused
}

// DefaultMaxPairs takes about 16 MB when full.
const DefaultMaxPairs = 100_000

const firstSweep = 1024

// NewPairLimiter makes a limiter that remembers at most maxPairs pairs, or DefaultMaxPairs when that is 0.
func NewPairLimiter(c clock.Clock, maxPairs int) *PairLimiter {
	if maxPairs <= 0 {
		maxPairs = DefaultMaxPairs
	}
	return &PairLimiter{clock: c, maxPairs: maxPairs, pairs: map[pair]burst{}, sweepAt: min(firstSweep, maxPairs)}
}

// Take counts a message to the guest and returns 0, or returns how long to wait and counts nothing. guest is any
// text that stays the same for the guest, such as the lane key.
func (l *PairLimiter) Take(number, guest string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	key, now := pair{number, guest}, l.clock.Now()
	b := l.pairs[key]
	if wait := b.wait(now); wait > 0 {
		return wait
	}
	if !b.isOpen(now) {
		b.sent++
	} else {
		b = burst{start: now, sent: 1}
	}
	l.put(key, b, now)
	return 0
}

// Hold closes the pair for a while, because Meta refused.
func (l *PairLimiter) Hold(number, guest string, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key, now := pair{number, guest}, l.clock.Now()
	b := l.pairs[key]
	b.closed = now.Add(wait)
	l.put(key, b, now)
}

// isOpen reports whether everything borrowed is paid back, so that a new burst may begin.
func (b burst) isOpen(now time.Time) bool {
	return b.sent == 0 || !now.Before(b.paid())
}

func (b burst) paid() time.Time {
	return b.start.Add(time.Duration(b.sent)*pairInterval + pairMargin)
}

func (b burst) wait(now time.Time) time.Duration {
	if now.Before(b.closed) {
		return b.closed.Sub(now)
	}
	inBurst := now.Sub(b.start) < pairInterval-pairMargin && b.sent < pairBurst
	if b.isOpen(now) || inBurst {
		return 0
	}
	return b.paid().Sub(now)
}

// put stores a pair and makes room first when there is none: by forgetting pairs that are open again, then any.
func (l *PairLimiter) put(key pair, b burst, now time.Time) {
	if _, known := l.pairs[key]; !known && len(l.pairs) >= l.sweepAt {
		l.sweep(now)
	}
	l.pairs[key] = b
}

func (l *PairLimiter) sweep(now time.Time) {
	for key, b := range l.pairs {
		if b.isOpen(now) && !now.Before(b.closed) {
			delete(l.pairs, key)
		}
	}
	for key := range l.pairs {
		if len(l.pairs) < l.maxPairs {
			break
		}
		delete(l.pairs, key)
	}
	l.sweepAt = min(l.maxPairs, max(firstSweep, 2*len(l.pairs)))
}
