package ratelimit

import (
	"context"
	"hash/maphash"
	"maps"
	"math"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
)

const (
	shardCount = 64 // a power of two
	// sweepEvery is how often a shard that is in use drops the keys whose time has passed.
	sweepEvery = time.Minute
	// DefaultMaxKeys is what NewMemory takes for 0. A busy platform has thousands; BenchmarkMemory_flood shows the bytes.
	DefaultMaxKeys = 1 << 18
	// evictionSample keys are compared when room must be made: enough to hit one that matters little, without a queue.
	evictionSample = 8
)

// Memory is a Limiter for one process. It runs no goroutine: keys that no longer matter are dropped in passing. Make one
// with NewMemory.
type Memory struct {
	clock  clock.Clock
	start  time.Time // times are kept as distance from here, which a change of the machine's clock does not move
	seed   maphash.Seed
	shards [shardCount]shard
}

type shard struct {
	mu      sync.Mutex
	full    int
	until   map[entry]time.Duration // from start to the moment at which the load is 0
	swept   time.Duration
	highest int // most keys since the map was made: maps do not shrink
}

type entry struct{ policy, key string }

// NewMemory makes a limiter that holds at most about maxKeys keys; 0 means DefaultMaxKeys. When that many are loaded at
// once, those with the smallest load are forgotten first, so that a flood of new keys does not free one that is full.
func NewMemory(c clock.Clock, maxKeys int) *Memory {
	if maxKeys <= 0 {
		maxKeys = DefaultMaxKeys
	}
	m := &Memory{clock: c, start: c.Now(), seed: maphash.MakeSeed()}
	for i := range m.shards {
		m.shards[i].full = max(1, maxKeys/shardCount)
		m.shards[i].until = make(map[entry]time.Duration)
	}
	return m
}

var _ Limiter = (*Memory)(nil)

// Allow implements Limiter.
func (m *Memory) Allow(_ context.Context, key string, p Policy) (Decision, error) {
	return m.decide(key, p, func(load time.Duration) (bool, time.Duration) {
		if !p.fits(load) {
			return false, load
		}
		return true, load + p.interval()
	})
}

// Peek implements Limiter.
func (m *Memory) Peek(_ context.Context, key string, p Policy) (Decision, error) {
	return m.decide(key, p, func(load time.Duration) (bool, time.Duration) { return p.fits(load), load })
}

// Charge implements Limiter.
func (m *Memory) Charge(_ context.Context, key string, p Policy) (Decision, error) {
	return m.decide(key, p, func(load time.Duration) (bool, time.Duration) {
		load = p.clampLoad(load + p.interval())
		return p.fits(load), load
	})
}

// Refund implements Limiter.
func (m *Memory) Refund(_ context.Context, key string, p Policy) error {
	_, err := m.decide(key, p, func(load time.Duration) (bool, time.Duration) {
		return true, p.clampLoad(load - p.interval())
	})
	return err
}

// decide applies one rule to a key's load, under the shard's lock.
func (m *Memory) decide(key string, p Policy, rule func(load time.Duration) (bool, time.Duration)) (Decision, error) {
	if err := p.valid(); err != nil {
		return Decision{}, err
	}
	if p.off() {
		return unlimited, nil
	}
	s := &m.shards[maphash.String(m.seed, key)&(shardCount-1)]
	s.mu.Lock()
	defer s.mu.Unlock()
	now := m.clock.Now().Sub(m.start) // under the lock, so that a shard's time does not jump back and forth
	e := entry{p.Name, key}
	before := p.clampLoad(s.until[e] - now)
	allowed, load := rule(before)
	if load != before {
		s.store(e, now, load)
	}
	return p.decision(allowed, load), nil
}

func (s *shard) store(e entry, now, load time.Duration) {
	if load == 0 {
		delete(s.until, e)
		return
	}
	if now-s.swept >= sweepEvery {
		s.sweep(now)
	}
	if _, known := s.until[e]; !known && len(s.until) >= s.full {
		s.evict(now)
	}
	s.until[e] = now + load
	s.highest = max(s.highest, len(s.until))
}

// sweep drops keys without load, and the map itself when most of it is empty.
func (s *shard) sweep(now time.Duration) {
	maps.DeleteFunc(s.until, func(_ entry, until time.Duration) bool { return until <= now })
	if len(s.until) < s.highest/4 {
		smaller := make(map[entry]time.Duration, len(s.until))
		maps.Copy(smaller, s.until)
		s.until, s.highest = smaller, len(smaller)
	}
	s.swept = now
}

// evict makes room for one key: it drops the one with the smallest load among a few, which a map yields in random order.
func (s *shard) evict(now time.Duration) {
	var least entry
	earliest, seen := time.Duration(math.MaxInt64), 0
	for e, until := range s.until {
		if until < earliest {
			least, earliest = e, until
		}
		if seen++; seen == evictionSample || until <= now {
			break
		}
	}
	delete(s.until, least)
}
