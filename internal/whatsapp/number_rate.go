package whatsapp

import (
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
)

// DefaultThroughput is what Meta allows a number, in messages per second, in and out together; upgraded numbers
// have 1,000, numbers that are also in the phone app 20 (throughput page, 2026).
const DefaultThroughput = 80

const (
	quietTime   = 10 * time.Second // after it, one message per second more
	slowestRate = 1.0
	// burstShare of a second's messages may go at once; the rest comes evenly, so that no second has more than the
	// rate.
	burstShare = 0.1
)

// NumberLimiter is a token bucket for each number: it says when the next message can go without Meta refusing it
// with code 130429. The rate is halved when Meta refuses and grows by one message per second for every ten quiet
// seconds. It remembers every number it was asked about: as many as there are hotels' numbers.
type NumberLimiter struct {
	clock   clock.Clock
	mu      sync.Mutex
	numbers map[string]*bucket
}

type bucket struct {
	ceiling float64 // messages per second
	reduced float64 // the rate after the last refusal
	slowed  time.Time
	tokens  float64
	filled  time.Time
}

// NewNumberLimiter makes a limiter in which every number has DefaultThroughput.
func NewNumberLimiter(c clock.Clock) *NumberLimiter {
	return &NumberLimiter{clock: c, numbers: map[string]*bucket{}}
}

// Take counts a message from the number and returns 0, or returns how long to wait and counts nothing.
func (l *NumberLimiter) Take(number string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	b := l.bucket(number)
	b.fill(now)
	if b.tokens >= 1 {
		b.tokens--
		return 0
	}
	return time.Duration((1-b.tokens)/b.refill(now)*float64(time.Second)).Round(time.Microsecond) + time.Microsecond
}

// SlowDown halves the rate of the number, because Meta refused for throughput. Refusals of messages that were under
// way together count once.
func (l *NumberLimiter) SlowDown(number string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	b := l.bucket(number)
	if !b.slowed.IsZero() && now.Sub(b.slowed) < time.Second {
		return
	}
	b.reduced, b.slowed = max(slowestRate, b.rate(now)/2), now
	b.tokens, b.filled = 0, now
}

// SetThroughput sets what Meta allows the number, in messages per second.
func (l *NumberLimiter) SetThroughput(number string, perSecond int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bucket(number).ceiling = max(slowestRate, float64(perSecond))
}

// Rate returns how many messages per second the number may send now.
func (l *NumberLimiter) Rate(number string) float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bucket(number).rate(l.clock.Now())
}

func (l *NumberLimiter) bucket(number string) *bucket {
	b, known := l.numbers[number]
	if !known {
		b = &bucket{ceiling: DefaultThroughput}
		l.numbers[number] = b
	}
	return b
}

func (b *bucket) rate(now time.Time) float64 {
	if b.slowed.IsZero() {
		return b.ceiling
	}
	return min(b.ceiling, b.reduced+float64(now.Sub(b.slowed)/quietTime))
}

func (b *bucket) refill(now time.Time) float64 { return b.rate(now) * (1 - burstShare) }

func (b *bucket) fill(now time.Time) {
	capacity := max(1, b.rate(now)*burstShare)
	if b.filled.IsZero() {
		b.tokens = capacity
	} else {
		b.tokens = min(capacity, b.tokens+now.Sub(b.filled).Seconds()*b.refill(now))
	}
	b.filled = now
}
