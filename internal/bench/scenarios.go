package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

const (
	// patience is how long nothing may happen before what is missing counts as lost.
	patience = 20 * time.Second
	idleTime = 5 * time.Second

	warmUpMessages  = 2000
	latencyRate     = 20 // messages per second, as the original was measured
	latencyMessages = 30 * latencyRate
)

// play runs the chosen scenarios. The idle figures are taken of a product that has
// just started, those of latency after it has been under load.
func (s *stage) play(ctx context.Context, r *report) error {
	wants := func(name string) bool { return s.options.scenario == "all" || s.options.scenario == name }
	if err := s.product.start(ctx, s.client); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "bench: product is process %d, PostgreSQL %d, scratch folder %s\n", s.product.pid(), s.postmaster, s.scratch)
	if wants("idle") {
		idle, err := s.idle(ctx)
		if err != nil {
			return err
		}
		r.Idle = &idle
	}
	if !wants("accept") && !wants("latency") {
		return nil
	}
	if err := s.connectDashboards(ctx); err != nil {
		return err
	}
	if err := s.warmUp(ctx, r); err != nil {
		return err
	}
	if wants("accept") {
		if err := s.accept(ctx, r); err != nil {
			return err
		}
	}
	if wants("latency") {
		return s.latency(ctx, r)
	}
	return nil
}

// idle lets the product be for a while and looks at what it holds and does.
func (s *stage) idle(ctx context.Context) (idleFigures, error) {
	before := s.usage()
	if err := until(ctx, time.Now().Add(idleTime)); err != nil {
		return idleFigures{}, err
	}
	used := s.usage().since(before)
	return idleFigures{
		Memory:     memoryOf(s.product.pid()),
		ProductCPU: used.product.Seconds() / idleTime.Seconds(), PostgresCPU: used.postgres.Seconds() / idleTime.Seconds(),
	}, s.product.alive()
}

// warmUp fills caches, pools and statistics, with guests who do not come back.
func (s *stage) warmUp(ctx context.Context, r *report) error {
	o := s.options
	w := s.nextWave(o, warmUpMessages)
	run, err := s.run(ctx, w, o.rate)
	r.WarmUp = run.Faults
	if err != nil || o.fresh {
		return err
	}
	// Autovacuum does it within a minute of a table's growth; until then plans are
	// made for empty tables.
	if _, err := s.database.Exec(ctx, "VACUUM ANALYZE"); err != nil {
		return fmt.Errorf("analyze: %w", err)
	}
	return nil
}

// accept measures throughput, several times, and what the product holds afterwards.
func (s *stage) accept(ctx context.Context, r *report) error {
	if s.options.statements {
		if err := s.countStatements(ctx); err != nil {
			return err
		}
	}
	for range s.options.runs {
		run, err := s.run(ctx, s.nextWave(s.options, s.options.messages), s.options.rate)
		if err != nil {
			return err
		}
		r.Accept = append(r.Accept, run)
		fmt.Fprintf(os.Stderr, "bench: run %d: %.0f webhooks/s, %.0f messages/s end to end\n", len(r.Accept), run.AcceptedPerSecond, run.ProcessedPerSecond)
	}
	if s.options.statements {
		all, err := s.statements(ctx, s.options.runs*s.options.messages)
		if err != nil {
			return err
		}
		r.Statements = all
	}
	after, err := s.idle(ctx)
	r.AfterLoad = &after
	return err
}

// latency measures the time from just before a webhook is posted until the message
// is on a dashboard, at a pace at which nothing queues.
func (s *stage) latency(ctx context.Context, r *report) error {
	if len(s.dashboards) == 0 {
		return nil
	}
	o := s.options
	o.batch = 1
	w := s.nextWave(o, latencyMessages)
	run, err := s.run(ctx, w, latencyRate)
	if err != nil {
		return err
	}
	r.Latency = &latencyFigures{Faults: run.Faults, Ack: run.Ack, Flow: run.ToFlow, Screen: run.ToScreen}
	return nil
}

func (s *stage) nextWave(o options, messages int) *wave {
	s.waves++
	return newWave(s.waves, o, messages, s.hotels, time.Now())
}

// run sends a wave and waits until every message of it has arrived everywhere.
func (s *stage) run(ctx context.Context, w *wave, rate float64) (runFigures, error) {
	flow := newTally(w, func(int) bool { return true })
	s.flow.tally.Store(flow)
	screens := make([]*tally, len(s.dashboards))
	for i, d := range s.dashboards {
		screens[i] = newTally(w, func(guest int) bool { return guest%len(s.hotels) == d.hotel })
		d.tally.Store(screens[i])
	}
	before := s.usage()
	sent, err := drive(ctx, s.product.address, w, rate)
	if err != nil {
		return runFigures{}, fmt.Errorf("send webhooks: %w", firstError(s.product.alive(), err))
	}
	s.accepted += w.webhooks
	ends := append([]*tally{flow}, screens...)
	for _, t := range ends {
		if err := s.await(ctx, t); err != nil {
			return runFigures{}, err
		}
	}
	if err := s.awaitEmptyLanes(ctx); err != nil {
		return runFigures{}, err
	}
	used := s.usage().since(before)
	kept, err := s.kept(ctx, w)
	if err != nil {
		return runFigures{}, err
	}
	return figuresOf(w, sent, ends, used, kept), nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// await waits until a tally is complete, or nothing more arrives.
func (s *stage) await(ctx context.Context, t *tally) error {
	stuck := time.NewTicker(patience)
	defer stuck.Stop()
	before := -1
	for {
		select {
		case <-t.done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-s.product.ended:
			return s.product.alive()
		case <-stuck.C:
			seen, _ := t.progress()
			if seen == before {
				return s.whyStuck() // what is missing is lost
			}
			before = seen
		}
	}
}

// whyStuck returns an error if the missing messages are the bench's own fault.
func (s *stage) whyStuck() error {
	for _, d := range s.dashboards {
		if err := d.health(); err != nil {
			return err
		}
	}
	if n := s.flow.odd.Load(); n > 0 {
		return fmt.Errorf("the flow could not read %d requests", n)
	}
	return nil
}
