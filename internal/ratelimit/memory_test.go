package ratelimit_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/ratelimit"
)

var (
	login = ratelimit.Policy{Name: "login", Count: 5, Window: 15 * time.Minute}
	api   = ratelimit.Policy{Name: "api", Count: 100, Window: time.Minute}
)

func setup(t *testing.T) (*ratelimit.Memory, *clock.Frozen) {
	t.Helper()
	c := clock.NewFrozen(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	return ratelimit.NewMemory(c, 0), c
}

type method func(context.Context, string, ratelimit.Policy) (ratelimit.Decision, error)

func call(t *testing.T, m method, key string, p ratelimit.Policy) ratelimit.Decision {
	t.Helper()
	d, err := m(t.Context(), key, p)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func refund(t *testing.T, m *ratelimit.Memory, key string, p ratelimit.Policy) {
	t.Helper()
	if err := m.Refund(t.Context(), key, p); err != nil {
		t.Fatal(err)
	}
}

func TestAllow_countsDownAndRefills(t *testing.T) {
	t.Parallel()
	m, c := setup(t)
	for left := 4; left >= 0; left-- {
		want := ratelimit.Decision{Allowed: true, Limit: 5, Remaining: left, ResetAfter: time.Duration(5-left) * 3 * time.Minute}
		if left == 0 {
			want.RetryAfter = 3 * time.Minute
		}
		if diff := cmp.Diff(want, call(t, m.Allow, "a", login)); diff != "" {
			t.Fatal(diff)
		}
	}
	refused := ratelimit.Decision{Limit: 5, ResetAfter: 15 * time.Minute, RetryAfter: 3 * time.Minute}
	for range 3 { // being refused costs nothing
		if diff := cmp.Diff(refused, call(t, m.Allow, "a", login)); diff != "" {
			t.Fatal(diff)
		}
	}
	c.Advance(3*time.Minute - 1)
	if d := call(t, m.Allow, "a", login); d.Allowed || d.RetryAfter != 1 {
		t.Errorf("a nanosecond too early: %+v", d)
	}
	c.Advance(1)
	if d := call(t, m.Allow, "a", login); !d.Allowed || d.Remaining != 0 {
		t.Errorf("after one interval: %+v", d)
	}
	c.Advance(15 * time.Minute)
	if d := call(t, m.Peek, "a", login); d.Remaining != 5 || d.ResetAfter != 0 {
		t.Errorf("after a quiet window: %+v", d)
	}
}

func TestAllow_keysAndPoliciesAreApart(t *testing.T) {
	t.Parallel()
	m, _ := setup(t)
	for range 5 {
		call(t, m.Allow, "a", login)
	}
	other := login
	other.Name = "other"
	if call(t, m.Allow, "a", login).Allowed || !call(t, m.Allow, "b", login).Allowed || !call(t, m.Allow, "a", other).Allowed {
		t.Error("keys or policies share a count")
	}
}

func TestPolicy_off(t *testing.T) {
	t.Parallel()
	m, _ := setup(t)
	for range 1000 {
		for _, f := range []method{m.Allow, m.Peek, m.Charge} {
			if d := call(t, f, "a", ratelimit.Policy{Name: "off"}); d != (ratelimit.Decision{Allowed: true}) {
				t.Fatalf("%+v", d)
			}
		}
	}
	refund(t, m, "a", ratelimit.Policy{Name: "off"})
	if m.Len() != 0 {
		t.Error("keeps keys for a limit that is off")
	}
}

func TestPolicy_withoutMeaning(t *testing.T) {
	t.Parallel()
	m, _ := setup(t)
	for _, p := range []ratelimit.Policy{{Count: -1, Window: time.Minute}, {Count: 1}, {Count: 1, Window: -time.Minute}, {Count: 1e6, Window: time.Millisecond}} {
		for name, f := range map[string]method{"Allow": m.Allow, "Peek": m.Peek, "Charge": m.Charge} {
			if d, err := f(t.Context(), "a", p); !errors.Is(err, ratelimit.ErrPolicy) || d.Allowed {
				t.Errorf("%s with %+v: %+v, %v", name, p, d, err)
			}
		}
		if err := m.Refund(t.Context(), "a", p); !errors.Is(err, ratelimit.ErrPolicy) {
			t.Errorf("Refund with %+v: %v", p, err)
		}
	}
}

// A count that does not divide its window must still let exactly Count pass at once.
func TestAllow_exactlyCountAtOnce(t *testing.T) {
	t.Parallel()
	for _, p := range []ratelimit.Policy{
		{Name: "a", Count: 7, Window: time.Second},
		{Name: "b", Count: 1, Window: time.Hour},
		{Name: "c", Count: 999_983, Window: time.Second + 999_982*time.Nanosecond},
		{Name: "d", Count: 5000, Window: time.Minute},
	} {
		m, _ := setup(t)
		passed := 0
		for call(t, m.Allow, "a", p).Allowed {
			passed++
		}
		if passed != p.Count {
			t.Errorf("%+v: %d passed", p, passed)
		}
	}
}

func TestPeekAndCharge_countFailuresOnly(t *testing.T) {
	t.Parallel()
	m, c := setup(t)
	for range 50 { // fifty log-ins that succeed
		if !call(t, m.Peek, "a", login).Allowed {
			t.Fatal("a success was counted")
		}
	}
	for range 5 {
		if !call(t, m.Peek, "a", login).Allowed {
			t.Fatal("refused too early")
		}
		call(t, m.Charge, "a", login)
	}
	if d := call(t, m.Peek, "a", login); d.Allowed || d.RetryAfter != 3*time.Minute || d.Remaining != 0 {
		t.Errorf("after five failures: %+v", d)
	}
	for range 100 { // that were under way
		call(t, m.Charge, "a", login)
	}
	c.Advance(3 * time.Minute)
	if d := call(t, m.Peek, "a", login); !d.Allowed || d.Remaining != 1 {
		t.Errorf("debt went beyond a full count: %+v", d)
	}
}

func TestAllowAndRefund_countFailuresOnly(t *testing.T) {
	t.Parallel()
	m, _ := setup(t)
	for range 50 {
		if !call(t, m.Allow, "a", login).Allowed {
			t.Fatal("a success was counted")
		}
		refund(t, m, "a", login)
	}
	if m.Len() != 0 {
		t.Error("a key without load is kept")
	}
	for range 10 {
		refund(t, m, "a", login)
	}
	for range 5 {
		call(t, m.Allow, "a", login)
	}
	if call(t, m.Allow, "a", login).Allowed {
		t.Error("refunds were saved up")
	}
}

// Guesses that are under way at the same time must not all see a free place.
func TestAllow_parallelCallersShareOneCount(t *testing.T) {
	t.Parallel()
	m, _ := setup(t)
	var passed atomic.Int64
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			for range 20 {
				if d, err := m.Allow(t.Context(), "a", api); err == nil && d.Allowed {
					passed.Add(1)
				}
			}
		})
	}
	group.Wait()
	if passed.Load() != 100 {
		t.Errorf("%d passed, want 100", passed.Load())
	}
}

func TestMemory_concurrentUse(t *testing.T) {
	t.Parallel()
	c := clock.NewFrozen(time.Unix(0, 0))
	m := ratelimit.NewMemory(c, 640)
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			for i := range 2000 {
				key := fmt.Sprint("k", (g*i)%1500)
				for _, f := range []method{m.Allow, m.Charge, m.Peek} {
					if _, err := f(t.Context(), key, api); err != nil {
						t.Error(err)
					}
				}
				if err := m.Refund(t.Context(), key, api); err != nil {
					t.Error(err)
				}
				if i%100 == 0 {
					c.Advance(5 * time.Second)
				}
			}
		})
	}
	group.Wait()
	if m.Len() > 640 {
		t.Errorf("holds %d keys, want at most 640", m.Len())
	}
}

func TestAllow_clockGoesBack(t *testing.T) {
	t.Parallel()
	m, c := setup(t)
	c.Advance(time.Hour)
	for range 5 {
		call(t, m.Allow, "a", login)
	}
	c.Advance(-time.Hour)
	if d := call(t, m.Peek, "a", login); d.Allowed || d.RetryAfter > 3*time.Minute || d.ResetAfter > 15*time.Minute {
		t.Errorf("locked out for longer than the limit says: %+v", d)
	}
}

func TestAllow_stricterPolicyTakesEffect(t *testing.T) {
	t.Parallel()
	m, _ := setup(t)
	for range 5 {
		call(t, m.Allow, "a", login)
	}
	stricter := login
	stricter.Window = time.Minute
	if d := call(t, m.Allow, "a", stricter); d.Allowed || d.ResetAfter != time.Minute || d.Remaining != 0 {
		t.Errorf("%+v", d)
	}
}

func TestMemory_dropsKeysWhoseTimeHasPassed(t *testing.T) {
	t.Parallel()
	m, c := setup(t)
	for i := range 20_000 {
		call(t, m.Allow, fmt.Sprint("old", i), api)
	}
	c.Advance(max(api.Window, ratelimit.SweepEvery))
	for i := range 2000 { // enough to come by every shard
		call(t, m.Allow, fmt.Sprint("new", i), api)
	}
	if m.Len() != 2000 {
		t.Errorf("holds %d keys, want the 2000 new ones", m.Len())
	}
}

// A flood of addresses must neither fill the memory nor wash away the one that has used up its attempts.
func TestMemory_floodIsBounded(t *testing.T) {
	t.Parallel()
	c := clock.NewFrozen(time.Unix(0, 0))
	m := ratelimit.NewMemory(c, 6400)
	for range 5 {
		call(t, m.Allow, "guesser", login)
	}
	for i := range 100_000 {
		call(t, m.Allow, fmt.Sprint("flood", i), login)
	}
	if m.Len() > 6400 {
		t.Errorf("holds %d keys, want at most 6400", m.Len())
	}
	if call(t, m.Allow, "guesser", login).Allowed {
		t.Error("the flood freed a key that was full")
	}
}

func BenchmarkMemory(b *testing.B) {
	m := ratelimit.NewMemory(clock.System{}, 0)
	keys := make([]string, 10_000)
	for i := range keys {
		keys[i] = fmt.Sprintf("user-%08d", i)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if _, err := m.Allow(b.Context(), keys[i%len(keys)], api); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkMemory_flood brings a new key with each call, until far beyond the bound.
func BenchmarkMemory_flood(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	m := ratelimit.NewMemory(clock.System{}, 0)
	n := 0
	for b.Loop() {
		if _, err := m.Allow(b.Context(), fmt.Sprintf("2001:db8::%x:%x", n>>16, n&0xffff), login); err != nil {
			b.Fatal(err)
		}
		n++
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(m.Len()), "B/key")
	b.ReportMetric(float64(m.Len()), "keys")
}
