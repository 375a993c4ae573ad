package ratelimit_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/ratelimit"
	"github.com/botreserva/botreserva/internal/redisbus/redistest"
)

// bucket is the same rule told the other way round, as a bucket of tokens that fills by itself. Tokens are counted in
// the time that it takes to fill them.
type bucket struct {
	tokens, each, full time.Duration
	at                 time.Time
}

func newBucket(p ratelimit.Policy, now time.Time, grain time.Duration) *bucket {
	each := (p.Window / time.Duration(p.Count)).Truncate(grain)
	return &bucket{tokens: each * time.Duration(p.Count), each: each, full: each * time.Duration(p.Count), at: now}
}

func (b *bucket) fill(now time.Time) {
	b.tokens = min(b.full, b.tokens+now.Sub(b.at))
	b.at = now
}

func (b *bucket) describe(allowed bool, p ratelimit.Policy) ratelimit.Decision {
	d := ratelimit.Decision{Allowed: allowed, Limit: p.Count, Remaining: int(b.tokens / b.each), ResetAfter: b.full - b.tokens}
	if b.tokens < b.each {
		d.RetryAfter = b.each - b.tokens
	}
	return d
}

func (b *bucket) allow(p ratelimit.Policy) ratelimit.Decision {
	if b.tokens < b.each {
		return b.describe(false, p)
	}
	b.tokens -= b.each
	return b.describe(true, p)
}

func (b *bucket) peek(p ratelimit.Policy) ratelimit.Decision {
	return b.describe(b.tokens >= b.each, p)
}

func (b *bucket) charge(p ratelimit.Policy) ratelimit.Decision {
	b.tokens = max(0, b.tokens-b.each)
	return b.peek(p)
}

func drawPolicy(t *rapid.T, name string) ratelimit.Policy {
	return ratelimit.Policy{
		Name:   name,
		Count:  rapid.IntRange(1, 12).Draw(t, name+" count"),
		Window: time.Duration(rapid.Int64Range(int64(time.Second), int64(20*time.Minute)).Draw(t, name+" window")),
	}
}

// TestBehavesAsABucketOfTokens holds every limiter to the model.
func TestBehavesAsABucketOfTokens(t *testing.T) {
	t.Parallel()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, func(t *rapid.T) {
			c := clock.NewFrozen(time.Unix(1_700_000_000, 0))
			compare(t, ratelimit.NewMemory(c, 0), c, 1)
		})
	})
	t.Run("shared", func(t *testing.T) {
		t.Parallel()
		store, run := connect(t, redistest.Start(t)), 0
		rapid.Check(t, func(t *rapid.T) {
			c := clock.NewFrozen(time.Unix(1_700_000_000, 0))
			run++
			one := ratelimit.NewSharedAt(named{store, run}, ratelimit.NewMemory(c, 0), c)
			other := ratelimit.NewSharedAt(named{store, run}, ratelimit.NewMemory(c, 0), c)
			compare(t, &twins{one: one, other: other}, c, time.Microsecond)
			if n := one.CountedAlone() + other.CountedAlone(); n > 0 {
				t.Fatalf("%d decisions were made without the store", n)
			}
		})
	})
}

// compare does anything to a limiter that keeps time in grains, and to its model.
func compare(t *rapid.T, l ratelimit.Limiter, c *clock.Frozen, grain time.Duration) {
	policies := []ratelimit.Policy{drawPolicy(t, "one"), drawPolicy(t, "two")}
	buckets := make(map[string]*bucket)
	for range rapid.IntRange(1, 120).Draw(t, "steps") {
		p := rapid.SampledFrom(policies).Draw(t, "policy")
		key := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "key")
		b := buckets[p.Name+key]
		if b == nil {
			b = newBucket(p, c.Now(), grain)
			buckets[p.Name+key] = b
		}
		b.fill(c.Now())
		step(t, l, c, b, key, p, grain)
	}
}

// step does one thing to the limiter and to its model, and compares the answers.
func step(t *rapid.T, m ratelimit.Limiter, c *clock.Frozen, b *bucket, key string, p ratelimit.Policy, grain time.Duration) {
	var got, want ratelimit.Decision
	var err error
	switch what := rapid.SampledFrom([]string{"allow", "allow", "peek", "charge", "refund", "wait", "wait long"}).Draw(t, "what"); what {
	case "allow":
		got, err = m.Allow(context.Background(), key, p)
		want = b.allow(p)
	case "peek":
		got, err = m.Peek(context.Background(), key, p)
		want = b.peek(p)
	case "charge":
		got, err = m.Charge(context.Background(), key, p)
		want = b.charge(p)
	case "refund":
		err = m.Refund(context.Background(), key, p)
		b.tokens = min(b.full, b.tokens+b.each)
	case "wait":
		c.Advance(grain * time.Duration(rapid.Int64Range(1, 2*int64(b.each/grain)).Draw(t, "pause")))
	default:
		c.Advance(grain * time.Duration(rapid.Int64Range(1, 2*int64(b.full/grain)).Draw(t, "pause")))
	}
	if err != nil || got != want {
		t.Fatalf("%s with %+v: got %+v, want %+v, err %v", key, p, got, want, err)
	}
}

// Whatever the rhythm of the calls, no stretch of time sees more than a full count and what refills meanwhile.
func TestAllow_neverMoreThanTheLimitSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t, "p")
		each := p.Window / time.Duration(p.Count)
		c := clock.NewFrozen(time.Unix(1_700_000_000, 0))
		m := ratelimit.NewMemory(c, 0)
		var passed []time.Time
		for range rapid.IntRange(1, 100).Draw(t, "calls") {
			if rapid.Bool().Draw(t, "pauses") {
				c.Advance(time.Duration(rapid.Int64Range(0, 3*int64(each)).Draw(t, "pause")))
			}
			if d, err := m.Allow(context.Background(), "a", p); err == nil && d.Allowed {
				passed = append(passed, c.Now())
			}
		}
		for first := range passed {
			for last := first; last < len(passed); last++ {
				if most := p.Count + int(passed[last].Sub(passed[first])/each); last-first+1 > most {
					t.Fatalf("%+v: %d events within %s, at most %d", p, last-first+1, passed[last].Sub(passed[first]), most)
				}
			}
		}
	})
}
