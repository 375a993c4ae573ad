package lane

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/botreserva/botreserva/internal/domain/id"
)

// Source is where lanes are kept.
type Source interface {
	// ClaimLanes leases up to maxLanes ready lanes of a tenant, those that waited
	// longest first.
	ClaimLanes(ctx context.Context, tenant id.Tenant, kind Kind, maxLanes int) ([]*Lane, error)
	// LaneTenants lists the tenants that have ready work of a kind.
	LaneTenants(ctx context.Context, kind Kind) ([]id.Tenant, error)
}

// Runner works the lanes of one kind. Each tenant with work has a goroutine of its
// own for as long as there is some: it claims lanes and hands them to Work, at
// most PerTenant at a time, and all tenants together at most Concurrency. Slots
// are given in the order in which they were asked for, so a tenant with a flood
// waits its turn behind a tenant with one message.
type Runner struct {
	Kind        Kind
	Source      Source
	Together    bool          // give Work all lanes of a claim at once, not one by one
	MaxLanes    int           // lanes in one claim
	PerTenant   int           // calls of Work at a time for one tenant
	Concurrency int           // calls of Work at a time for all tenants
	Pace        time.Duration // rest after a claim that found several lanes but was not full; 0 is none
	Poll        time.Duration // how often to look around when nobody wakes us
	Log         *slog.Logger
	// Waited, if set, is told how long work lay before it was first taken up.
	Waited func(kind Kind, d time.Duration)

	// Work does the items of lanes and records an outcome for each lane. Whoever
	// records it wakes the runner if something is left that is ready now.
	Work func(ctx context.Context, lanes []*Lane)

	slots   *semaphore.Weighted
	mu      sync.Mutex
	stop    context.Context
	tenants map[id.Tenant]*tenant // nil while not running
	busy    sync.WaitGroup
}

// tenant is what a Runner knows of one tenant.
type tenant struct {
	slots   *semaphore.Weighted
	serving bool        // its goroutine runs
	again   bool        // there may be something to claim
	rest    *time.Timer // runs out when the next claim may begin; nil when it may now
}

// Run works lanes until ctx ends, then waits for work in progress.
func (r *Runner) Run(ctx context.Context) {
	r.mu.Lock()
	r.slots = semaphore.NewWeighted(int64(r.Concurrency))
	r.tenants = map[id.Tenant]*tenant{}
	r.stop = ctx
	r.mu.Unlock()
	poll := time.NewTicker(r.Poll)
	defer poll.Stop()
	for ctx.Err() == nil {
		r.lookAround(ctx)
		select {
		case <-ctx.Done():
		case <-poll.C:
		}
	}
	r.mu.Lock()
	r.tenants = nil // a Wake that came just in time has counted itself as busy
	r.mu.Unlock()
	r.busy.Wait()
}

// lookAround wakes every tenant that has ready work: at start, and as a safety net
// for wake-ups that were lost.
func (r *Runner) lookAround(ctx context.Context) {
	ids, err := r.Source.LaneTenants(ctx, r.Kind)
	if err != nil && ctx.Err() == nil {
		r.Log.Warn("lanes cannot be listed", "kind", r.Kind, "err", err)
	}
	for _, t := range ids {
		r.Wake(t)
	}
}

// Wake tells the runner that a tenant has new work, and reports whether it is taken up at
// once: not by a runner that does not run, or is busy with that tenant. It never blocks.
func (r *Runner) Wake(tenantID id.Tenant) (atOnce bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tenants == nil || r.stop.Err() != nil {
		return false // not running: whoever runs next finds the work by itself
	}
	t, known := r.tenants[tenantID]
	if !known {
		t = &tenant{slots: semaphore.NewWeighted(int64(r.PerTenant))}
		r.tenants[tenantID] = t
	}
	t.again = true
	if !t.serving {
		t.serving = true
		r.busy.Add(1)
		go r.serve(r.stop, tenantID, t)
		return true
	}
	return false
}

// serve claims a tenant's lanes and hands them out until none is ready.
func (r *Runner) serve(ctx context.Context, tenantID id.Tenant, t *tenant) {
	defer r.busy.Done()
	for r.rested(ctx, t) && r.another(ctx, t) {
		lanes, err := r.Source.ClaimLanes(ctx, tenantID, r.Kind, r.MaxLanes)
		if err != nil && ctx.Err() == nil {
			r.Log.Warn("lanes cannot be claimed", "kind", r.Kind, "tenant_id", tenantID, "err", err)
		}
		if len(lanes) > 0 {
			r.observe(lanes)
			r.hand(ctx, t, lanes)
		}
		switch n := len(lanes); {
		case n == r.MaxLanes:
			r.Wake(tenantID) // there may be more than one claim takes
		case n >= busyFrom && r.Pace > 0:
			t.rest = time.NewTimer(r.Pace)
		}
	}
}

// observe tells of items that are taken up for the first time: what is tried again waits because it must.
func (r *Runner) observe(lanes []*Lane) {
	if r.Waited == nil {
		return
	}
	now := time.Now() //nolint:forbidigo // the database stored them by its clock, which no test sets
	for _, l := range lanes {
		if l.Attempts == 0 && len(l.Items) > 0 {
			r.Waited(r.Kind, max(0, now.Sub(l.Items[0].QueuedAt)))
		}
	}
}

// busyFrom is how many lanes in one claim mean that a tenant is busy. Then a short
// rest lets more work gather for the next claim, which costs little more than a claim
// of one; a lone message never waits.
const busyFrom = 4

// rested waits until the tenant may claim again, and reports whether to go on.
func (r *Runner) rested(ctx context.Context, t *tenant) bool {
	if t.rest == nil {
		return true
	}
	select {
	case <-t.rest.C:
		t.rest = nil
		return true
	case <-ctx.Done():
		t.rest.Stop()
		return r.another(ctx, t)
	}
}

// another reports whether to claim once more. If not, the tenant's goroutine ends
// and the next Wake starts a new one.
func (r *Runner) another(ctx context.Context, t *tenant) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !t.again || ctx.Err() != nil {
		t.serving = false
		return false
	}
	t.again = false
	return true
}

// hand gives lanes to Work, together or one by one, as slots become free.
func (r *Runner) hand(ctx context.Context, t *tenant, lanes []*Lane) {
	size := 1
	if r.Together {
		size = len(lanes)
	}
	for len(lanes) > 0 {
		if t.slots.Acquire(ctx, 1) != nil {
			return // stopping: the leases run out, or the next start frees them
		}
		if r.slots.Acquire(ctx, 1) != nil {
			t.slots.Release(1)
			return
		}
		r.busy.Add(1)
		go r.work(ctx, t, lanes[:size])
		lanes = lanes[size:]
	}
}

func (r *Runner) work(ctx context.Context, t *tenant, lanes []*Lane) {
	defer r.busy.Done()
	defer t.slots.Release(1)
	defer r.slots.Release(1)
	r.Work(ctx, lanes)
}
