package inbox

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
)

const (
	// illAfter is how many posts in a row, of whichever guests, fail before a flow is ill.
	illAfter = 5
	// illHold is how long lanes sleep while their flow is ill. They are woken when it is well: this
	// is for a process that died before it could.
	illHold = 5 * time.Minute
	// mostTries is how often a lane counts as tried while its flow is ill: nothing is given up
	// because it was often the one that tried.
	mostTries = 20
)

// gate lets those lanes of a hotel through that may be handed over now: all of them while the flow
// is well, and one when a flow that is ill is to be tried. It puts the others to sleep.
func (h *Handoff) gate(ctx context.Context, hotel *directory.Hotel, s *flowState, lanes []*lane.Lane) (through []*lane.Lane, isTry bool, err error) {
	if !h.posts(hotel) {
		return lanes, false, nil // nothing is posted: there is nothing to try
	}
	if isIll, err := h.seemsIll(ctx, hotel.ID, s); err != nil || !isIll {
		return lanes, false, err
	}
	first := slices.MinFunc(lanes, byTries)
	wait := time.Duration(0)
	err = h.db.InTx(ctx, hotel.ID, func(tx *postgres.Tx) error {
		health, err := tx.LockFlowHealth(ctx)
		if isTry = err == nil && health.IsIll(); !isTry {
			return err
		}
		now := h.clock.Now()
		if wait = health.NextTry(first.Attempts == 0).Sub(now); wait <= 0 {
			if err := tx.SaveFlowHealth(ctx, health.Tried(now.Add(postTime))); err != nil {
				return err
			}
		}
		return tx.ReleaseLanes(ctx, asleep(lanes, first, wait)...)
	})
	switch {
	case err != nil:
		return nil, false, err
	case !isTry: // another instance found it well
		h.isWell(s)
		return lanes, false, nil
	case wait > 0:
		return nil, false, nil
	}
	h.trying(s, true)
	return []*lane.Lane{onlyFirst(hotel, first)}, true, nil
}

// handOver hands over what waits in a lane that was let through, unless the flow has fallen ill
// since.
func (h *Handoff) handOver(ctx context.Context, hotel *directory.Hotel, s *flowState, l *lane.Lane, spoken map[id.Message]postgres.Spoken, isTry bool) result {
	if isTry {
		return h.tried(ctx, hotel.ID, s, h.next(ctx, hotel, s, l, spoken))
	}
	h.mu.Lock()
	isIll := s.isIll
	h.mu.Unlock()
	if isIll && h.posts(hotel) {
		return result{outcome: l.Hold(0, illHold)}
	}
	return h.next(ctx, hotel, s, l, spoken)
}

// asleep is what becomes of lanes whose flow is ill. The first one comes back for the next try, or
// is left out because it is the try.
func asleep(lanes []*lane.Lane, first *lane.Lane, wait time.Duration) []lane.Outcome {
	var out []lane.Outcome
	for _, l := range lanes {
		switch {
		case l != first:
			out = append(out, l.Hold(0, illHold))
		case wait > 0:
			out = append(out, l.Hold(0, wait))
		}
	}
	return out
}

// byTries puts lanes first that tried least often, and of those the one whose message waits
// longest: a message on which a flow chokes must not be the only one that tries.
func byTries(a, b *lane.Lane) int {
	return cmp.Or(cmp.Compare(a.Attempts, b.Attempts), cmp.Compare(a.Items[0].ID, b.Items[0].ID))
}

// onlyFirst leaves a lane one post: when the flow takes it, the others are handed over at the
// usual pace.
func onlyFirst(hotel *directory.Hotel, l *lane.Lane) *lane.Lane {
	if !hotel.Bot.Turns() {
		l.Items = l.Items[:1]
	}
	return l
}

// posts reports whether anything is posted to a hotel's flow now.
func (h *Handoff) posts(hotel *directory.Hotel) bool {
	return hotel.HasFlow() && !hotel.Bot.Paused && hotel.MayWork(h.clock.Now()) == nil
}

// seemsIll reports whether the flow was ill when this process saw or asked last.
func (h *Handoff) seemsIll(ctx context.Context, hotel id.Tenant, s *flowState) (bool, error) {
	h.mu.Lock()
	isKnown, isIll := s.isKnown, s.isIll
	h.mu.Unlock()
	if isKnown {
		return isIll, nil
	}
	health, err := h.db.FlowHealth(ctx, hotel)
	if err != nil {
		return false, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	s.isKnown, s.isIll = true, health.IsIll()
	return s.isIll, nil
}

func (h *Handoff) trying(s *flowState, is bool) (was bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	was, s.isTrying = s.isTrying, is
	return was
}

// isWell begins anew, with one post at a time.
func (h *Handoff) isWell(s *flowState) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.isIll, s.failures = false, 0
	s.slots.shrink(1)
}

// watch learns from the end of a post how a flow is doing. What it cannot write down is seen at
// the next post.
func (h *Handoff) watch(ctx context.Context, hotel id.Tenant, failed *n8n.PostError, took time.Duration) {
	s := h.state(hotel)
	h.mu.Lock()
	s.tally.add(h.clock.Now(), failed, took)
	isIll, isTry := s.isIll, s.isTrying
	switch {
	case failed == nil:
		s.failures = 0
	case failed.IsFlows():
		s.failures++
	}
	falls := !isIll && s.failures >= illAfter
	h.mu.Unlock()
	ctx = context.WithoutCancel(ctx)
	var err error
	switch {
	case failed == nil && isIll:
		err = h.recovered(ctx, hotel, s)
	case failed == nil:
		s.slots.grow(inFlight)
	case falls:
		err = h.fell(ctx, hotel, s, failed)
	case isTry && failed.Outcome != n8n.Unknown: // else the next try may be made at once
		err = h.tryFailed(ctx, hotel, s, failed)
	}
	if err != nil {
		h.log.WarnContext(ctx, "health of flow is noted later", "tenant_id", hotel, "err", err)
	}
}

func (h *Handoff) fell(ctx context.Context, hotel id.Tenant, s *flowState, failed *n8n.PostError) error {
	now := h.clock.Now()
	h.mu.Lock()
	s.isIll, s.isKnown = true, true
	h.mu.Unlock()
	h.log.WarnContext(ctx, "flow is ill", "tenant_id", hotel, "code", failed.Code(), "err", failed)
	return h.onHealth(ctx, hotel, func(tx *postgres.Tx, was tenant.Health) (tenant.Health, error) {
		is := was.Fell(problemOf(failed, now))
		return is, tx.TryFlowIn(ctx, is.NextTry(false).Sub(now))
	})
}

func (h *Handoff) tryFailed(ctx context.Context, hotel id.Tenant, s *flowState, failed *n8n.PostError) error {
	now := h.clock.Now()
	h.trying(s, false)
	return h.onHealth(ctx, hotel, func(tx *postgres.Tx, was tenant.Health) (tenant.Health, error) {
		is, tell := was.TryFailed(problemOf(failed, now), failed.RetryAfter)
		if tell {
			tx.Emit(event.Event{Name: event.FlowIll, Flow: &is})
		}
		h.mu.Lock()
		s.pause = is.NextTry(false).Sub(now)
		h.mu.Unlock()
		return is, tx.TryFlowIn(ctx, is.NextTry(false).Sub(now))
	})
}

func (h *Handoff) recovered(ctx context.Context, hotel id.Tenant, s *flowState) error {
	h.trying(s, false)
	h.isWell(s)
	h.log.InfoContext(ctx, "flow is well again", "tenant_id", hotel)
	return h.onHealth(ctx, hotel, func(tx *postgres.Tx, was tenant.Health) (tenant.Health, error) {
		is, tell := was.Recovered(h.clock.Now())
		if tell {
			tx.Emit(event.Event{Name: event.FlowRecovered, Flow: &is})
		}
		return is, tx.WakeAllLanes(ctx, lane.Handoff)
	})
}

// tried ends a try. One that posted nothing, or of which nobody knows the end, lets another lane
// try soon.
func (h *Handoff) tried(ctx context.Context, hotel id.Tenant, s *flowState, r result) result {
	if h.trying(s, false) {
		err := h.onHealth(context.WithoutCancel(ctx), hotel, func(tx *postgres.Tx, was tenant.Health) (tenant.Health, error) {
			return was.TryAgain(), tx.TryFlowIn(ctx, time.Second)
		})
		if err != nil {
			h.log.WarnContext(ctx, "flow is tried later", "tenant_id", hotel, "err", err)
		}
		return r
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.isIll && r.outcome.Attempts > 0 { // it waits as the others do, not as long as by itself
		r.outcome.Attempts, r.outcome.Delay = min(r.outcome.Attempts, mostTries), s.pause
	}
	return r
}

func (h *Handoff) onHealth(ctx context.Context, hotel id.Tenant, change func(*postgres.Tx, tenant.Health) (tenant.Health, error)) error {
	return h.db.InTx(ctx, hotel, func(tx *postgres.Tx) error {
		was, err := tx.LockFlowHealth(ctx)
		if err != nil {
			return err
		}
		is, err := change(tx, was)
		if err != nil {
			return err
		}
		return tx.SaveFlowHealth(ctx, is)
	})
}

func problemOf(failed *n8n.PostError, now time.Time) tenant.Problem {
	return tenant.Problem{Code: failed.Code(), Text: failed.Reason(), At: now}
}
