package app

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/metrics"
	"github.com/botreserva/botreserva/internal/outbox"
)

// count has everybody who does something worth counting tell the metrics.
func (a *App) count(deliverer *outbox.Deliverer) {
	deliverer.Counted, a.handoff.Counted = a.Metrics.Delivered, a.Metrics.HandedOver
	for _, r := range a.runners {
		r.Waited = func(kind lane.Kind, d time.Duration) { a.Metrics.Waited(string(kind), d) }
	}
	a.Metrics.Gauge("sockets", "Screens that are connected to this process.", func() float64 { return float64(a.sockets.Connections()) })
	if ping := a.pingRedis(); ping != nil {
		a.Metrics.Gauge("redis_up", "Whether Redis answers.", func() float64 { return upIf(ping) })
	}
	if nightly := a.opts.Backup; nightly != nil {
		a.Metrics.Gauge("backup_age_seconds", "How old the newest backup is that was tried out; infinite if there is none.", nightly.Age)
	}
	a.Metrics.Watch(metrics.Store{Backlog: a.backlog, Connections: a.connections})
}

// redisTime is how long Redis may take to show that it is there.
const redisTime = time.Second

func upIf(ping func(context.Context) error) float64 {
	ctx, cancel := context.WithTimeout(context.Background(), redisTime)
	defer cancel()
	if ping(ctx) != nil {
		return 0
	}
	return 1
}

func (a *App) backlog(ctx context.Context) (metrics.Backlog, error) {
	now, err := a.DB.SystemBacklog(ctx)
	out := metrics.Backlog{DeadLetters: map[string]int{}, Hotels: now.Hotels, Paused: now.Paused}
	for _, l := range now.Lanes {
		out.Lanes = append(out.Lanes, metrics.LaneBacklog{Kind: string(l.Kind), Lanes: l.Lanes, Items: l.Items, Oldest: l.Oldest})
	}
	for kind, n := range now.DeadLetters {
		out.DeadLetters[string(kind)] = n
	}
	return out, err
}

func (a *App) connections() []metrics.Connections {
	var out []metrics.Connections
	for _, c := range a.DB.SystemConnections() {
		out = append(out, metrics.Connections(c))
	}
	return out
}

// serveMetrics opens the address of those who watch, if the settings name one.
func (a *App) serveMetrics(ctx context.Context, workers *sync.WaitGroup) error {
	address := a.opts.Config.MetricsAddr
	if address == "" {
		return nil
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen at METRICS_ADDR: %w", err)
	}
	workers.Go(func() {
		if err := a.Metrics.Serve(ctx, l, a.opts.Config.MetricsToken.Reveal(), a.log); err != nil {
			a.log.Error("metrics are not served any more", "err", err)
		}
	})
	return nil
}
