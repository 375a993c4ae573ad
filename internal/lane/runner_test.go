package lane_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a runner at work over lanes in memory, inside a bubble of its own time.
type bench struct {
	*lane.Runner
	lanes *memory
	stop  context.CancelFunc
	ended chan struct{}
}

// start runs a runner until the test ends. Call it inside a synctest bubble.
func start(t *testing.T, work func(ctx context.Context, lanes []*lane.Lane), change func(*lane.Runner)) *bench {
	t.Helper()
	b := &bench{lanes: newMemory(), ended: make(chan struct{})}
	b.Runner = &lane.Runner{
		Kind: lane.Inbox, Source: b.lanes, MaxLanes: 10, PerTenant: 4, Concurrency: 8, Poll: time.Minute,
		Log: slog.New(slog.DiscardHandler), Work: work,
	}
	if change != nil {
		change(b.Runner)
	}
	ctx, stop := context.WithCancel(t.Context())
	b.stop = stop
	go func() {
		defer close(b.ended)
		b.Run(ctx)
	}()
	synctest.Wait()
	t.Cleanup(func() {
		stop()
		<-b.ended
	})
	return b
}

// put makes lanes with one item each ready, and wakes the runner.
func (b *bench) put(tenant id.Tenant, keys ...string) {
	b.lanes.put(tenant, keys...)
	b.Wake(tenant)
}

// gauge counts calls of Work: how many run now, and how many ran at once at most.
type gauge struct {
	mu        sync.Mutex
	now, most map[id.Tenant]int
	all, peak int
	done      map[id.Tenant]int
}

func newGauge() *gauge {
	return &gauge{now: map[id.Tenant]int{}, most: map[id.Tenant]int{}, done: map[id.Tenant]int{}}
}

// hold is work that takes d.
func (g *gauge) hold(d time.Duration) func(context.Context, []*lane.Lane) {
	return func(_ context.Context, lanes []*lane.Lane) {
		g.begin(lanes[0].TenantID)
		<-time.After(d)
		g.end(lanes)
	}
}

func (g *gauge) begin(tenant id.Tenant) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now[tenant]++
	g.all++
	g.most[tenant] = max(g.most[tenant], g.now[tenant])
	g.peak = max(g.peak, g.all)
}

func (g *gauge) end(lanes []*lane.Lane) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now[lanes[0].TenantID]--
	g.all--
	for _, l := range lanes {
		g.done[l.TenantID]++
	}
}

// count is how many lanes of a tenant are done.
func (g *gauge) count(tenant id.Tenant) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.done[tenant]
}

// mostOf is how many calls of Work ran at a time at most: of a tenant, and in all.
func (g *gauge) mostOf(tenant id.Tenant) (one, all int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.most[tenant], g.peak
}

func keys(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("lane %05d", i)
	}
	return out
}

func TestOneTenantsFloodDelaysNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const each = 10 * time.Millisecond
		g := newGauge()
		b := start(t, g.hold(each), nil)
		flood, guest := id.NewTenant(), id.NewTenant()
		b.put(flood, keys(10_000)...)
		<-time.After(105 * time.Millisecond) // in the middle of it
		before := g.count(flood)
		if before == 0 {
			t.Fatal("the flood is not being worked")
		}
		b.put(guest, "a single message")
		<-time.After(each)
		synctest.Wait()
		if g.count(guest) != 1 {
			t.Error("the guest waits behind the flood although there are free slots")
		}
		<-time.After(time.Minute)
		if n := g.count(flood); n != 10_000 {
			t.Errorf("%d lanes of the flood are done", n)
		}
	})
}

// TestFloodsOfManyTenantsDelayOneByATurn fills every slot: a guest of yet another
// tenant is served after those that wait already, once each.
func TestFloodsOfManyTenantsDelayOneByATurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const each, floods = 10 * time.Millisecond, 6
		g := newGauge()
		b := start(t, g.hold(each), nil)
		for range floods {
			b.put(id.NewTenant(), keys(1000)...)
		}
		<-time.After(105 * time.Millisecond)
		synctest.Wait()
		guest := id.NewTenant()
		b.put(guest, "a single message")
		<-time.After(3 * each) // at most the calls in progress, then one of each flood, then its own
		synctest.Wait()
		if g.count(guest) != 1 {
			t.Error("the guest waits behind the floods")
		}
	})
}

func TestCaps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGauge()
		b := start(t, g.hold(time.Second), nil)
		one, others := id.NewTenant(), []id.Tenant{id.NewTenant(), id.NewTenant()}
		b.put(one, keys(30)...)
		<-time.After(2500 * time.Millisecond)
		if most, all := g.mostOf(one); most != 4 || all != 4 {
			t.Errorf("alone, a tenant uses %d slots, want 4", most)
		}
		for _, other := range others {
			b.put(other, keys(30)...)
		}
		<-time.After(time.Minute)
		for _, tenant := range append(others, one) {
			if most, _ := g.mostOf(tenant); g.count(tenant) != 30 || most > 4 {
				t.Errorf("a tenant did %d lanes, at most %d at a time", g.count(tenant), most)
			}
		}
		if _, all := g.mostOf(one); all != 8 {
			t.Errorf("%d calls at a time, want 8", all)
		}
	})
}

func TestTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sizes []int
		b := start(t, func(_ context.Context, lanes []*lane.Lane) { sizes = append(sizes, len(lanes)) },
			func(r *lane.Runner) { r.Together, r.PerTenant = true, 1 })
		b.put(id.NewTenant(), keys(25)...)
		synctest.Wait()
		if want := []int{10, 10, 5}; !slices.Equal(want, sizes) {
			t.Errorf("batches of %v, want %v", sizes, want)
		}
	})
}

// TestWakeIsNotLost wakes at each moment at which the runner could be about to find
// that there is nothing left. The poll is a minute away.
func TestWakeIsNotLost(t *testing.T) {
	t.Parallel()
	for _, moment := range []string{"before it looks", "after it has looked", "during work"} {
		t.Run(moment, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tenant, g := id.NewTenant(), newGauge()
				var b *bench
				more := func() { b.put(tenant, "second") }
				b = start(t, func(ctx context.Context, lanes []*lane.Lane) {
					b.lanes.reach("during work")
					g.hold(0)(ctx, lanes)
				}, nil)
				b.lanes.at(moment, more)
				b.put(tenant, "first")
				synctest.Wait()
				if n := g.count(tenant); n != 2 {
					t.Errorf("%d lanes were worked, want 2", n)
				}
			})
		})
	}
}

// TestWorkThatIsLeftIsWoken is how a lane with more items than one claim takes goes
// on: whoever records the outcome wakes the runner.
func TestWorkThatIsLeftIsWoken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant, times := id.NewTenant(), 0
		var b *bench
		b = start(t, func(_ context.Context, lanes []*lane.Lane) {
			if times++; times < 100 {
				b.put(tenant, lanes[0].Key)
			}
		}, nil)
		b.put(tenant, "long")
		synctest.Wait()
		if times != 100 {
			t.Errorf("worked %d times, want 100", times)
		}
	})
}

// TestPace: a busy tenant rests between claims so that work gathers, a lone message
// and a backlog do not wait, and other tenants do not notice.
func TestPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, busy, calm := newGauge(), id.NewTenant(), id.NewTenant()
		b := start(t, g.hold(0), func(r *lane.Runner) { r.Pace = 40 * time.Millisecond })
		worked := func(tenant id.Tenant, want int, when string) {
			t.Helper()
			synctest.Wait()
			if n := g.count(tenant); n != want {
				t.Errorf("%s: %d lanes are worked, want %d", when, n, want)
			}
		}
		b.put(busy, keys(5)...)
		worked(busy, 5, "the first claim")
		b.put(busy, "next 1")
		b.put(calm, "lone")
		worked(calm, 1, "another tenant")
		worked(busy, 5, "at rest")
		<-time.After(39 * time.Millisecond)
		b.put(busy, "next 2")
		worked(busy, 5, "just before the rest ends")
		<-time.After(time.Millisecond)
		worked(busy, 7, "after the rest")
		b.put(busy, "lone 1")
		worked(busy, 8, "after a small claim")
		b.put(busy, "lone 2")
		worked(busy, 9, "after a lone lane")
		b.put(busy, keys(20)...)
		worked(busy, 29, "a backlog of full claims")
	})
}

func TestPaceEndsWithTheRunner(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, tenant := newGauge(), id.NewTenant()
		b := start(t, g.hold(0), func(r *lane.Runner) { r.Pace = time.Hour })
		b.put(tenant, keys(5)...)
		synctest.Wait()
		b.put(tenant, "too late")
		b.stop()
		<-b.ended // not after an hour
		if n := g.count(tenant); n != 5 {
			t.Errorf("%d lanes are worked", n)
		}
	})
}

func TestPollFindsWhatNobodySpokeOf(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, tenant := newGauge(), id.NewTenant()
		b := start(t, g.hold(0), nil)
		b.lanes.put(tenant, "silent")
		<-time.After(59 * time.Second)
		synctest.Wait()
		if g.count(tenant) != 0 {
			t.Error("it was found before the poll")
		}
		<-time.After(time.Second)
		synctest.Wait()
		if g.count(tenant) != 1 {
			t.Error("the poll does not find it")
		}
	})
}

func TestStartFindsWhatIsThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, tenant := newGauge(), id.NewTenant()
		start(t, g.hold(0), func(r *lane.Runner) { r.Source.(*memory).put(tenant, "from before") })
		if g.count(tenant) != 1 {
			t.Error("it waits for the poll")
		}
	})
}

func TestStopWaitsForWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, tenant := newGauge(), id.NewTenant()
		b := start(t, g.hold(time.Second), nil)
		b.put(tenant, keys(30)...) // more than the slots
		synctest.Wait()
		b.stop()
		<-time.After(999 * time.Millisecond)
		synctest.Wait()
		select {
		case <-b.ended:
			t.Error("it did not wait for work in progress")
		default:
		}
		<-time.After(time.Millisecond)
		synctest.Wait()
		select {
		case <-b.ended:
		default:
			t.Error("it waits for more than the work in progress")
		}
		if n := g.count(tenant); n != 4 {
			t.Errorf("%d lanes were worked, want the 4 in progress", n)
		}
		b.put(tenant, "late") // not running: nothing happens
		synctest.Wait()
		if n := g.count(tenant); n != 4 {
			t.Error("it works after it has stopped")
		}
	})
}

func TestErrorsOfTheSourcePass(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, tenant := newGauge(), id.NewTenant()
		b := start(t, g.hold(0), nil)
		b.lanes.fail(errors.New("the database is away"))
		b.put(tenant, "patient")
		<-time.After(3 * time.Minute) // polls that fail too
		synctest.Wait()
		if n := b.lanes.calls(); n > 10 {
			t.Errorf("it asked %d times in three minutes", n)
		}
		b.lanes.fail(nil)
		<-time.After(time.Minute)
		synctest.Wait()
		if g.count(tenant) != 1 {
			t.Error("it gave up")
		}
	})
}

// TestWakeWhileStopping races wake-ups with the end of Run, for the race detector.
func TestWakeWhileStopping(t *testing.T) {
	t.Parallel()
	for range 200 {
		lanes := newMemory()
		r := &lane.Runner{
			Kind: lane.Inbox, Source: lanes, MaxLanes: 1, PerTenant: 1, Concurrency: 1, Poll: time.Hour,
			Log: slog.New(slog.DiscardHandler), Work: func(context.Context, []*lane.Lane) {},
		}
		ctx, stop := context.WithCancel(t.Context())
		var wakers sync.WaitGroup
		for range 4 {
			wakers.Go(func() {
				for range 20 {
					r.Wake(id.NewTenant())
				}
			})
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			r.Run(ctx)
			if n := lanes.claiming(); n != 0 {
				t.Errorf("%d claims are under way after the end", n)
			}
		}()
		stop()
		<-ended
		wakers.Wait()
	}
}

// TestWaited: whoever counts hears of each lane that is taken up for the first time.
func TestWaited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var heard []time.Duration
		g := newGauge()
		b := start(t, g.hold(0), func(r *lane.Runner) {
			r.Waited = func(kind lane.Kind, d time.Duration) {
				mu.Lock()
				defer mu.Unlock()
				heard = append(heard, d)
			}
		})
		tenant := id.NewTenant()
		b.lanes.put(tenant, "a", "b")
		<-time.After(20 * time.Second) // nobody woke the runner
		b.Wake(tenant)
		synctest.Wait()
		mu.Lock()
		defer mu.Unlock()
		if !slices.Equal(heard, []time.Duration{20 * time.Second, 20 * time.Second}) {
			t.Errorf("heard of %v", heard)
		}
	})
}
