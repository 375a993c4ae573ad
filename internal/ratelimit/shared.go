package ratelimit

import (
	"context"
	"crypto/sha256"
	_ "embed" // gcra.lua
	"encoding/base64"
	"fmt"
	"sync/atomic"
	"time"
)

//go:embed gcra.lua
var gcra string

// Store runs Lua scripts on one key as one step. It should fail quickly when it is away.
type Store interface {
	Eval(ctx context.Context, lua, key string, args ...any) ([]int64, error)
}

// Shared is a Limiter for several processes: they count together in a store, by the
// store's clock. While that is away each counts for itself, so that a limit is at most
// as many times higher as there are processes, and nobody waits. Make one with NewShared.
type Shared struct {
	store Store
	alone *Memory
	now   func() string // of a test; empty: the store's clock
	slack time.Duration // how long keys are kept beyond their use

	countedAlone atomic.Int64
}

// NewShared makes a limiter over a store that counts in alone while the store is away.
func NewShared(store Store, alone *Memory) *Shared {
	return &Shared{store: store, alone: alone, now: func() string { return "" }}
}

var _ Limiter = (*Shared)(nil)

// CountedAlone is how many decisions were made without the store.
func (s *Shared) CountedAlone() int64 { return s.countedAlone.Load() }

// Allow implements Limiter.
func (s *Shared) Allow(ctx context.Context, key string, p Policy) (Decision, error) {
	return s.decide(ctx, "allow", key, p, s.alone.Allow)
}

// Peek implements Limiter.
func (s *Shared) Peek(ctx context.Context, key string, p Policy) (Decision, error) {
	return s.decide(ctx, "peek", key, p, s.alone.Peek)
}

// Charge implements Limiter.
func (s *Shared) Charge(ctx context.Context, key string, p Policy) (Decision, error) {
	return s.decide(ctx, "charge", key, p, s.alone.Charge)
}

// Refund implements Limiter.
func (s *Shared) Refund(ctx context.Context, key string, p Policy) error {
	_, err := s.decide(ctx, "refund", key, p, func(ctx context.Context, key string, p Policy) (Decision, error) {
		return Decision{}, s.alone.Refund(ctx, key, p)
	})
	return err
}

type rule func(ctx context.Context, key string, p Policy) (Decision, error)

func (s *Shared) decide(ctx context.Context, what, key string, p Policy, alone rule) (Decision, error) {
	if err := p.valid(); err != nil {
		return Decision{}, err
	}
	if p.off() {
		return unlimited, nil
	}
	p = p.inMicroseconds()
	answer, err := s.store.Eval(ctx, gcra, storeKey(key, p), what,
		p.interval().Microseconds(), p.full().Microseconds(), s.now(), s.slack.Milliseconds())
	if err == nil && len(answer) != 2 {
		err = fmt.Errorf("the store answered %v", answer)
	}
	if err != nil {
		s.countedAlone.Add(1)
		return alone(ctx, key, p)
	}
	return p.decision(answer[0] == 1, time.Duration(answer[1])*time.Microsecond), nil
}

// inMicroseconds cuts what a store cannot keep off the interval.
func (p Policy) inMicroseconds() Policy {
	p.Window = p.interval().Truncate(time.Microsecond) * time.Duration(p.Count)
	return p
}

// storeKey does not show the key, which may hold an address or an e-mail.
func storeKey(key string, p Policy) string {
	sum := sha256.Sum256([]byte(key))
	return "limit:" + p.Name + ":" + base64.RawURLEncoding.EncodeToString(sum[:16])
}
