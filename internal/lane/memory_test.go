package lane_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
)

// memory keeps lanes in order of their arrival. A claimed lane is gone.
type memory struct {
	mu      sync.Mutex
	ready   map[id.Tenant][]string
	err     error
	asked   int
	active  int
	moments map[string]func()
	last    time.Time // when something was put in
}

func newMemory() *memory {
	return &memory{ready: map[id.Tenant][]string{}, moments: map[string]func(){}}
}

func (m *memory) put(tenant id.Tenant, keys ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ready[tenant] = append(m.ready[tenant], keys...)
	m.last = time.Now()
}

// fail makes every call fail until it is given nil.
func (m *memory) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err, m.asked = err, 0
}

func (m *memory) calls() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.asked
}

func (m *memory) claiming() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.active
}

// at runs fn when a moment is reached for the first time.
func (m *memory) at(moment string, fn func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.moments[moment] = fn
}

func (m *memory) reach(moment string) {
	m.mu.Lock()
	fn := m.moments[moment]
	delete(m.moments, moment)
	m.mu.Unlock()
	if fn != nil {
		fn()
	}
}

func (m *memory) ClaimLanes(_ context.Context, tenant id.Tenant, kind lane.Kind, maxLanes int) ([]*lane.Lane, error) {
	m.reach("before it looks")
	lanes, err := m.take(tenant, kind, maxLanes)
	m.reach("after it has looked")
	m.mu.Lock()
	defer m.mu.Unlock()
	m.active--
	return lanes, err
}

func (m *memory) take(tenant id.Tenant, kind lane.Kind, maxLanes int) ([]*lane.Lane, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.active++
	m.asked++
	if m.err != nil {
		return nil, m.err
	}
	n := min(maxLanes, len(m.ready[tenant]))
	var lanes []*lane.Lane
	for _, key := range m.ready[tenant][:n] {
		lanes = append(lanes, &lane.Lane{TenantID: tenant, Kind: kind, Key: key, Items: []lane.Item{{ID: 1, QueuedAt: m.last}}})
	}
	m.ready[tenant] = slices.Clone(m.ready[tenant][n:])
	return lanes, nil
}

func (m *memory) LaneTenants(context.Context, lane.Kind) ([]id.Tenant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked++
	if m.err != nil {
		return nil, m.err
	}
	var tenants []id.Tenant
	for tenant, keys := range m.ready {
		if len(keys) > 0 {
			tenants = append(tenants, tenant)
		}
	}
	return tenants, nil
}
