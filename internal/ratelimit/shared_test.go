package ratelimit_test

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/ratelimit"
	"github.com/botreserva/botreserva/internal/redisbus"
	"github.com/botreserva/botreserva/internal/redisbus/redistest"
)

// connect returns one process' way to a Redis.
func connect(t *testing.T, server *redistest.Server) *redisbus.Bus {
	t.Helper()
	bus, err := redisbus.Open(redisbus.Options{URL: server.URL(), Namespace: "test", Clock: clock.System{}, Log: logtest.Logger()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = bus.Close(ctx)
	})
	return bus
}

// named keeps the keys of one run apart from those of others.
type named struct {
	ratelimit.Store
	run int
}

func (n named) Eval(ctx context.Context, lua, key string, args ...any) ([]int64, error) {
	return n.Store.Eval(ctx, lua, strconv.Itoa(n.run)+key, args...)
}

// twins asks two processes in turn: together they must behave as one.
type twins struct {
	one, other *ratelimit.Shared
}

func (t *twins) next() ratelimit.Limiter {
	t.one, t.other = t.other, t.one
	return t.one
}

func (t *twins) Allow(ctx context.Context, key string, p ratelimit.Policy) (ratelimit.Decision, error) {
	return t.next().Allow(ctx, key, p)
}

func (t *twins) Peek(ctx context.Context, key string, p ratelimit.Policy) (ratelimit.Decision, error) {
	return t.next().Peek(ctx, key, p)
}

func (t *twins) Charge(ctx context.Context, key string, p ratelimit.Policy) (ratelimit.Decision, error) {
	return t.next().Charge(ctx, key, p)
}

func (t *twins) Refund(ctx context.Context, key string, p ratelimit.Policy) error {
	return t.next().Refund(ctx, key, p)
}

// TestShared_countsTogether: many callers of several processes get one count, by the
// store's own clock.
func TestShared_countsTogether(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	p := ratelimit.Policy{Name: "api", Count: 40, Window: time.Hour}
	var allowed atomic.Int64
	var callers sync.WaitGroup
	for range 4 {
		s := ratelimit.NewShared(connect(t, server), ratelimit.NewMemory(clock.System{}, 0))
		for range 5 {
			callers.Go(func() {
				for range 10 {
					if d, err := s.Allow(t.Context(), "somebody", p); err != nil {
						t.Error(err)
					} else if d.Allowed {
						allowed.Add(1)
					}
				}
			})
		}
	}
	callers.Wait()
	if n := allowed.Load(); n != 40 {
		t.Errorf("%d of 200 calls were allowed, want 40", n)
	}
}

// TestShared_refillsByTheStoresClock: a real interval passes.
func TestShared_refillsByTheStoresClock(t *testing.T) {
	t.Parallel()
	s := ratelimit.NewShared(connect(t, redistest.Start(t)), ratelimit.NewMemory(clock.System{}, 0))
	p := ratelimit.Policy{Name: "api", Count: 1, Window: 200 * time.Millisecond}
	call(t, s.Allow, "a", p)
	d := call(t, s.Allow, "a", p)
	if d.Allowed || d.RetryAfter <= 0 || d.RetryAfter > p.Window {
		t.Fatalf("at once: %+v", d)
	}
	<-time.After(d.RetryAfter + time.Millisecond)
	if d := call(t, s.Allow, "a", p); !d.Allowed {
		t.Errorf("after RetryAfter: %+v", d)
	}
}

// TestShared_goesOnAlone: while the store is away a process counts for itself, strictly,
// and comes back by itself.
func TestShared_goesOnAlone(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	bus := connect(t, server)
	s := ratelimit.NewShared(bus, ratelimit.NewMemory(clock.System{}, 0))
	p := ratelimit.Policy{Name: "api", Count: 3, Window: time.Hour}
	for range 4 {
		call(t, s.Allow, "a", p)
	}
	server.Kill()
	for range 3 {
		if d := call(t, s.Allow, "a", p); !d.Allowed {
			t.Errorf("alone: %+v", d)
		}
	}
	if d := call(t, s.Allow, "a", p); d.Allowed || d.Limit != 3 {
		t.Errorf("alone there is no limit: %+v", d)
	}
	if n := s.CountedAlone(); n != 4 {
		t.Errorf("%d decisions alone, want 4", n)
	}
	server.Restart()
	limit := time.After(20 * time.Second)
	for n := s.CountedAlone(); ; n = s.CountedAlone() {
		call(t, s.Peek, "b", p)
		if s.CountedAlone() == n {
			return
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-limit:
			t.Fatal("does not come back")
		}
	}
}

// TestShared_keysShowNobody: what is stored shows no address and no e-mail, and ends.
func TestShared_keysShowNobody(t *testing.T) {
	t.Parallel()
	bus := connect(t, redistest.Start(t))
	seen := &recorder{Store: bus}
	s := ratelimit.NewShared(seen, ratelimit.NewMemory(clock.System{}, 0))
	call(t, s.Allow, "ana@hotel.example 203.0.113.9", login)
	if strings.Contains(seen.said.String(), "ana") || strings.Contains(seen.said.String(), "203") {
		t.Errorf("stored: %s", seen.said.String())
	}
	left, err := bus.Eval(t.Context(), "return {redis.call('PTTL', KEYS[1])}", seen.key)
	if err != nil || left[0] <= 0 || left[0] > (3*time.Minute).Milliseconds() {
		t.Errorf("the key lives for %v ms, %v", left, err)
	}
}

type recorder struct {
	ratelimit.Store
	said bytes.Buffer
	key  string
}

func (r *recorder) Eval(ctx context.Context, lua, key string, args ...any) ([]int64, error) {
	r.key = key
	fmt.Fprintln(&r.said, key, args)
	return r.Store.Eval(ctx, lua, key, args...)
}
