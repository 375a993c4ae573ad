package lane

import (
	"context"
	"log/slog"
	"slices"
	"time"
)

// Presence is where it can be seen which processes work on the same lanes.
type Presence interface {
	// Instance names this process; it is empty as long as the others cannot see it.
	Instance() string
	// SystemPresent names the processes that are there.
	SystemPresent(ctx context.Context) ([]string, error)
	// SystemLeaseholders names the processes that hold leases, there or not.
	SystemLeaseholders(ctx context.Context) ([]string, error)
	// SystemFreeLanesOf ends the leases of processes, and returns how many it ended.
	SystemFreeLanesOf(ctx context.Context, owners []string) (int, error)
}

const (
	// lookEvery is how often Leftovers looks who is there.
	lookEvery = 500 * time.Millisecond
	// missingLooks is how often in a row a process must be missing before it counts as
	// dead: one whose connection was cut is back after less. Were it alive after all, it
	// would find its leases lost and undo what it did for them.
	missingLooks = 3
	// sweepEvery is how often Leftovers looks for leases of processes that it never saw.
	sweepEvery = time.Minute
)

// Leftovers frees the lanes that processes held when they died, so that those who live
// take them up within seconds and not when the leases end.
type Leftovers struct {
	Of  Presence
	Log *slog.Logger

	missing map[string]int // by process: how often it was missing in a row
}

// Run looks until ctx ends.
func (l *Leftovers) Run(ctx context.Context) {
	l.missing = map[string]int{}
	every, sweep := time.NewTicker(lookEvery), time.NewTicker(sweepEvery)
	defer every.Stop()
	defer sweep.Stop()
	l.sweep(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-sweep.C:
			l.sweep(ctx)
		case <-every.C:
			l.look(ctx)
		}
	}
}

// sweep notices processes that may be dead already.
func (l *Leftovers) sweep(ctx context.Context) {
	holders, err := l.Of.SystemLeaseholders(ctx)
	if err != nil && ctx.Err() == nil {
		l.Log.Warn("owners of lanes cannot be listed", "err", err)
	}
	l.note(holders)
}

// note remembers processes whose end matters.
func (l *Leftovers) note(seen []string) {
	for _, owner := range seen {
		if _, known := l.missing[owner]; !known {
			l.missing[owner] = 0
		}
	}
}

// look counts who is missing and frees the lanes of the dead. Whoever is not there itself,
// because the database has just restarted, judges nobody.
func (l *Leftovers) look(ctx context.Context) {
	present, err := l.Of.SystemPresent(ctx)
	if err != nil || !slices.Contains(present, l.Of.Instance()) {
		return
	}
	l.note(present)
	var dead []string
	for owner := range l.missing {
		if l.missing[owner]++; slices.Contains(present, owner) {
			l.missing[owner] = 0
		}
		if l.missing[owner] >= missingLooks {
			dead = append(dead, owner)
		}
	}
	if len(dead) > 0 {
		l.free(ctx, dead)
	}
}

func (l *Leftovers) free(ctx context.Context, dead []string) {
	freed, err := l.Of.SystemFreeLanesOf(ctx, dead)
	if err != nil {
		l.Log.Warn("lanes of processes that are gone cannot be freed; it is tried again", "err", err)
		return
	}
	for _, owner := range dead {
		delete(l.missing, owner)
	}
	if freed > 0 {
		l.Log.Info("taking up lanes of a process that is gone", "lanes", freed)
	}
}
