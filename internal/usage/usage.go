// Package usage counts what hotels use of their plans, and says when it is used up.
// Nothing is written for a message: a counting every few minutes adds what was made since
// the last one, and whoever asks adds the rest (count.go). The meter here stands before
// every sending and remembers its answer for seconds.
package usage

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
)

// fresh is how long a count is believed. What this process sends meanwhile is added;
// what others send is not, so N instances may exceed a plan by what they send in it.
const fresh = 5 * time.Second

// Meter keeps hotels within the messages of their plans.
type Meter struct {
	db    *postgres.DB
	clock clock.Clock
	log   *slog.Logger

	asking singleflight.Group
	mu     sync.Mutex
	gauges map[id.Tenant]*gauge
}

// gauge is what is known of one hotel's month.
type gauge struct {
	period  time.Time
	counted int // by the database
	since   int // sent by this process after that
	pending int // about to be
	until   time.Time
}

// New makes a meter.
func New(db *postgres.DB, c clock.Clock, log *slog.Logger) *Meter {
	return &Meter{db: db, clock: c, log: log, gauges: map[id.Tenant]*gauge{}}
}

// Take asks to send one message, and returns tenant.ErrPlanLimit once the month's are
// used up. Whoever got none must call done, and say whether the message was stored. A
// nil meter limits nothing.
func (m *Meter) Take(ctx context.Context, t tenant.Tenant) (done func(stored bool), err error) {
	if m == nil || t.Limits.Messages == 0 {
		return func(bool) {}, nil
	}
	g, err := m.look(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if g.counted+g.since+g.pending >= t.Limits.Messages {
		return nil, tenant.ErrPlanLimit.Saying(fmt.Sprintf(
			"The hotel has sent the %d messages that its plan allows in a month. Guests' messages still arrive; ask whoever runs the platform for a larger plan.",
			t.Limits.Messages))
	}
	g.pending++
	return func(stored bool) { m.settle(g, stored) }, nil
}

func (m *Meter) settle(g *gauge, stored bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	g.pending--
	if stored {
		g.since++
	}
}

// look returns the gauge of a hotel, counted anew if it is not fresh.
func (m *Meter) look(ctx context.Context, tenantID id.Tenant) (*gauge, error) {
	now := m.clock.Now()
	period := tenant.MonthOf(now)
	m.mu.Lock()
	g := m.gauges[tenantID]
	isFresh := g != nil && g.period.Equal(period) && now.Before(g.until)
	m.mu.Unlock()
	if isFresh {
		return g, nil
	}
	_, err, _ := m.asking.Do(tenantID.String(), func() (any, error) {
		used, err := m.db.Usage(context.WithoutCancel(ctx), tenantID, period)
		if err == nil {
			m.note(tenantID, period, used.Sent, m.clock.Now().Add(fresh))
		}
		return nil, err
	})
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.gauges[tenantID], nil
}

// maxGauges is far more than hotels that have a limit and send within seconds.
const maxGauges = 50_000

func (m *Meter) note(tenantID id.Tenant, period time.Time, counted int, until time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.gauges) >= maxGauges {
		clear(m.gauges)
	}
	g := m.gauges[tenantID]
	if g == nil {
		g = &gauge{}
		m.gauges[tenantID] = g
	}
	g.period, g.counted, g.since, g.until = period, counted, 0, until
}
