package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/lane"
)

// Server limits. The body of a webhook has a deadline of its own; long polls of
// sockets may take as long as they like.
const (
	headerTime   = 10 * time.Second
	idleTime     = 2 * time.Minute
	maxHeader    = 64 << 10
	drainTime    = 20 * time.Second
	upkeepEvery  = 10 * time.Minute
	daysPrepared = 7
)

// Run serves on l and works lanes until ctx ends, then lets work in progress finish.
func (a *App) Run(ctx context.Context, l net.Listener) error {
	if err := a.checkStore(ctx); err != nil {
		return err
	}
	if err := a.upkeep(ctx); err != nil {
		return err
	}
	if text := a.mirror.VersionState().Warning(); text != "" {
		a.log.WarnContext(ctx, "the version of Meta's API", "warning", text)
	}
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWorking()
	var workers sync.WaitGroup
	if err := a.serveMetrics(working, &workers); err != nil { // first: whoever returns here leaves nothing running
		return err
	}
	if a.opts.Roles.Worker {
		for _, r := range a.runners {
			workers.Go(func() { r.Run(working) })
		}
		workers.Go(func() { a.keepUp(working) })
		workers.Go(func() { a.handoff.KeepCounts(working) })
		workers.Go(func() { a.indexMessages(working) })
		workers.Go(func() { a.sender.SendScheduled(working, a.log) })
		workers.Go(func() { a.desk.RemindOfWindows(working, a.log) })
		workers.Go(func() { a.desk.HandBackIdle(working, a.log) })
		workers.Go(func() { a.desk.GiveUnheard(working, a.log) })
		workers.Go(func() { a.mirror.Run(working) })
		if a.opts.Backup != nil {
			workers.Go(func() { a.opts.Backup.Run(working) })
		}
	}
	if a.bus != nil {
		workers.Go(func() { a.bus.Listen(working) })
	}
	if a.bus != nil && a.opts.Roles.Worker {
		leftovers := lane.Leftovers{Of: a.DB, Log: a.log}
		workers.Go(func() { leftovers.Run(working) })
	}
	workers.Go(func() { a.auth.SendLetters(working) })
	server := &http.Server{
		Handler: a.Handler, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHeader,
		ErrorLog:    slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
		BaseContext: func(net.Listener) context.Context { return working },
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	var err error
	select {
	case <-ctx.Done():
		err = a.drain(failed)
	case err = <-failed:
		err = fmt.Errorf("serve: %w", err)
	}
	return errors.Join(err, a.stop(context.WithoutCancel(ctx), server, stopWorking, &workers))
}

// drain serves on for a while after a request to stop, so that the proxy in front finds out by itself.
func (a *App) drain(failed <-chan error) error {
	a.draining.Store(true)
	noticed := time.NewTimer(a.opts.Config.ShutdownDelay)
	defer noticed.Stop()
	select {
	case <-noticed.C:
		return nil
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	}
}

// stop ends in the order of the flow: doors first, so that nothing new comes in, then
// the workers, then what they still had to write.
func (a *App) stop(ctx context.Context, server *http.Server, stopWorking func(), workers *sync.WaitGroup) error {
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	err := errors.Join(a.sockets.Shutdown(ctx), server.Shutdown(ctx))
	a.Receiver.Close()
	stopWorking()
	workers.Wait()
	a.handoff.Close() //nolint:contextcheck // what it still has to write must not end with ctx
	a.meta.CloseIdleConnections()
	return errors.Join(err, a.leaveOthers(ctx), a.closeFiles())
}

// upkeep is done at the start and then every few minutes.
func (a *App) upkeep(ctx context.Context) error {
	now := a.opts.Clock.Now()
	if err := a.DB.SystemPrepareDays(ctx, now, daysPrepared); err != nil {
		return err
	}
	if err := a.Receiver.ClaimAll(ctx); err != nil && ctx.Err() == nil {
		a.log.Warn("what waits for connected numbers is looked for again later", "err", err)
	}
	if err := a.processor.SettleChanges(ctx); err != nil && ctx.Err() == nil {
		a.log.Warn("changes of messages are shown later", "err", err)
	}
	if err := a.sweepFiles(); err != nil {
		a.log.Warn("files that never arrived are removed later", "err", err)
	}
	if err := a.DB.SystemShelve(ctx); err != nil {
		return err
	}
	return a.DB.SystemPurge(ctx, now)
}

func (a *App) keepUp(ctx context.Context) {
	every := time.NewTicker(upkeepEvery)
	defer every.Stop()
	for {
		// Not at the start, where everybody waits: the first counting of a month is long.
		if err := a.meter.CountAll(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("what hotels used is counted later", "err", err)
		}
		if err := a.privacy.Retain(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("what is too old is removed later", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
			if err := a.upkeep(ctx); err != nil && ctx.Err() == nil {
				a.log.Warn("upkeep failed; it is tried again", "err", err)
			}
		}
	}
}
