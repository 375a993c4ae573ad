package backup

import (
	"context"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Retention says how many backups are kept: of the last days, weeks and months of which
// there are any, one each. Days begin at midnight UTC.
type Retention struct{ Days, Weeks, Months int }

// Spare returns those of the backups, the newest first, that need not be kept. The newest
// always is, and the newest that was tried out.
func (r Retention) Spare(all []Made) (spare []Made) {
	keep := map[string]bool{}
	for _, p := range []struct {
		most int
		name func(time.Time) string
	}{
		{r.Days, func(t time.Time) string { return t.UTC().Format(time.DateOnly) }},
		{r.Weeks, func(t time.Time) string {
			year, week := t.UTC().ISOWeek()
			return fmt.Sprint(year, "/", week)
		}},
		{r.Months, func(t time.Time) string { return t.UTC().Format("2006-01") }},
	} {
		keepBest(all, p.most, p.name, keep)
	}
	keepBest(all, 1, func(time.Time) string { return "" }, keep)
	for i, m := range all {
		if i > 0 && !keep[m.Name] {
			spare = append(spare, m)
		}
	}
	return spare
}

// keepBest keeps one backup of each of the newest periods: the newest that was tried out,
// else the newest.
func keepBest(all []Made, most int, period func(time.Time) string, keep map[string]bool) {
	best := map[string]Made{}
	for _, m := range all {
		p := period(m.At)
		b, seen := best[p]
		if !seen && len(best) == most {
			break
		}
		if !seen || m.Verified && !b.Verified {
			best[p] = m
		}
	}
	for _, m := range best {
		keep[m.Name] = true
	}
}

// Pruned is what came of removing what need not be kept.
type Pruned struct {
	Backups []string `json:"backups"`
	Files   int      `json:"files"`
}

// Prune removes backups that need not be kept, and files that no other one speaks of.
func (k *Keeper) Prune(ctx context.Context, r Retention) (p Pruned, err error) {
	err = k.alone(ctx, func() error {
		p, err = k.prune(ctx, r)
		return err
	})
	return p, err
}

func (k *Keeper) prune(ctx context.Context, r Retention) (p Pruned, err error) {
	all, err := k.List(ctx)
	if err != nil {
		return p, err
	}
	spare := r.Spare(all)
	p.Backups = []string{}
	for _, m := range spare {
		if err := k.forget(ctx, m.Name); err != nil {
			return p, err
		}
		p.Backups = append(p.Backups, m.Name)
	}
	if len(spare) > 0 {
		p.Files, err = k.pruneMedia(ctx)
	}
	return p, err
}

// pruneMedia removes the files of which no backup that is left speaks. If one of the backups
// cannot be read, nobody knows, and all stay.
func (k *Keeper) pruneMedia(ctx context.Context) (removed int, err error) {
	left, err := k.List(ctx)
	if err != nil {
		return 0, err
	}
	needed := known{}
	for _, m := range left {
		err := k.eachMedia(ctx, m.Name, func(f postgres.BackupMedia) error {
			needed.add(f.SHA256)
			return nil
		})
		if err != nil {
			return 0, fmt.Errorf("files of older backups stay, because %s cannot be read: %w", m.Name, err)
		}
	}
	err = k.Target.List(ctx, mediaFolder, func(key string, _ blob.Info) error {
		sum, ok := sumOf(key)
		if !ok || needed.has(sum) {
			return nil
		}
		removed++
		return k.Target.Delete(ctx, key)
	})
	return removed, err
}
