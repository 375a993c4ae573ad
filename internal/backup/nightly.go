package backup

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"
)

// Nightly makes a backup every night, tries it out, and removes what need not be kept. Every
// instance may run one: only one of them does the work.
type Nightly struct {
	*Keeper

	At   time.Duration // after midnight UTC
	Keep Retention

	mu    sync.Mutex
	good  time.Time // of the newest backup that was tried out, as far as known
	after time.Time // of a failure: not before
}

const (
	// look is how often it is asked whether it is time.
	look = time.Minute
	// rest is how long a failure is left alone.
	rest = time.Hour
)

// Run works until ctx ends.
func (n *Nightly) Run(ctx context.Context) {
	every := time.NewTicker(look)
	defer every.Stop()
	for ctx.Err() == nil {
		n.Tick(ctx)
		select {
		case <-ctx.Done():
		case <-every.C:
		}
	}
}

// Tick makes the backup of last night if nobody has: at once when the program was not
// running at its time, or there is none at all.
func (n *Nightly) Tick(ctx context.Context) {
	now := n.Clock.Now()
	due, err := n.due(ctx, now)
	if err == nil && due {
		err = n.night(ctx, now)
	}
	if err == nil || errors.Is(err, ErrBusy) || ctx.Err() != nil {
		return
	}
	n.Log.ErrorContext(ctx, "the nightly backup failed; it is tried again in an hour (docs/runbook.md, Backups)", "err", err)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.after = now.Add(rest)
}

// due reports whether the newest backup is older than the last time at which one was due.
func (n *Nightly) due(ctx context.Context, now time.Time) (bool, error) {
	slot := n.lastSlot(now)
	n.mu.Lock()
	good, after := n.good, n.after
	n.mu.Unlock()
	if !good.Before(slot) || now.Before(after) {
		return false, nil
	}
	good, err := n.LastGood(ctx)
	if err != nil {
		return false, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.good = good
	return good.Before(slot), nil
}

func (n *Nightly) lastSlot(now time.Time) time.Time {
	slot := now.UTC().Truncate(24 * time.Hour).Add(n.At)
	if slot.After(now) {
		slot = slot.Add(-24 * time.Hour)
	}
	return slot
}

func (n *Nightly) night(ctx context.Context, now time.Time) error {
	return n.alone(ctx, func() error {
		// Another instance may have been quicker.
		if due, err := n.due(ctx, now); err != nil || !due {
			return err
		}
		made, err := n.create(ctx)
		if err != nil {
			return err
		}
		checked, err := n.verify(ctx, made.Name)
		if err == nil {
			n.mu.Lock()
			n.good = checked.At
			n.mu.Unlock()
		}
		pruned, pruneErr := n.prune(ctx, n.Keep)
		if err := errors.Join(err, pruneErr); err != nil {
			return err
		}
		n.Log.InfoContext(ctx, "backup made and tried out", "name", made.Name, "bytes", made.Size, "rows", checked.Rows,
			"files", made.Media.Files, "files_missing", checked.MediaMissing, "removed", len(pruned.Backups), "took", made.Took)
		return nil
	})
}

// Age is how old the newest backup is that was tried out, as far as this process knows;
// infinite if there is none.
func (n *Nightly) Age() float64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.good.IsZero() {
		return math.Inf(1)
	}
	return n.Clock.Now().Sub(n.good).Seconds()
}
