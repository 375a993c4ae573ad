package inbox

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
)

const (
	// CountSlot is the time for which posts to a flow are counted together.
	CountSlot = 5 * time.Minute
	// countEvery is how often what this process has counted is written down.
	countEvery = 5 * time.Second
)

// tally is what was seen of a flow since it was last written down.
type tally struct {
	acks               [n8n.Spans]int32
	failures, unknowns int
	lastAck            time.Time
	problem            tenant.Problem
}

func (t *tally) add(now time.Time, failed *n8n.PostError, took time.Duration) {
	switch {
	case failed == nil:
		t.acks[n8n.SpanOf(took)]++
		t.lastAck = now
		return
	case failed.Outcome == n8n.Unknown:
		t.unknowns++
	case failed.IsFlows() || failed.Outcome == n8n.Rejected:
		t.failures++
	default:
		return // it was us
	}
	t.problem = problemOf(failed, now)
}

// KeepCounts writes down what was counted, until ctx ends.
func (h *Handoff) KeepCounts(ctx context.Context) {
	clock.Every(ctx, countEvery, func() { h.WriteCounts(ctx) })
}

// WriteCounts writes down what was counted so far. What cannot be written is not counted: it is
// for people to look at.
func (h *Handoff) WriteCounts(ctx context.Context) {
	for hotel, t := range h.tallies() {
		err := h.onHealth(ctx, hotel, func(tx *postgres.Tx, was tenant.Health) (tenant.Health, error) {
			return was.Noticed(t.lastAck, t.problem), tx.CountFlow(ctx, postgres.FlowCount{
				Slot: h.clock.Now().Truncate(CountSlot), Acks: t.acks[:], Failures: t.failures, Unknowns: t.unknowns,
			})
		})
		if err != nil && ctx.Err() == nil {
			h.log.WarnContext(ctx, "posts to a flow are not counted", "tenant_id", hotel, "err", err)
		}
	}
}

func (h *Handoff) tallies() map[id.Tenant]tally {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := map[id.Tenant]tally{}
	for hotel, s := range h.hotels {
		if s.tally != (tally{}) {
			all[hotel], s.tally = s.tally, tally{}
		}
	}
	return all
}
