package backup_test

import (
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/backup"
)

// Two instances make one backup a night, try it out, and know its age.
func TestNightly(t *testing.T) {
	t.Parallel()
	ctx, b := within(t), setup(t) // at noon
	instance := func() *backup.Nightly {
		return &backup.Nightly{Keeper: b.Keeper, At: 6*time.Hour + 30*time.Minute, Keep: backup.Retention{Days: 2}}
	}
	one, two := instance(), instance()
	if !math.IsInf(one.Age(), 1) {
		t.Errorf("without a backup its age is %v", one.Age())
	}
	both := func() {
		var wait sync.WaitGroup
		wait.Go(func() { one.Tick(ctx) })
		wait.Go(func() { two.Tick(ctx) })
		wait.Wait()
	}
	count := func(want int) {
		t.Helper()
		all, err := b.List(ctx)
		must(t, err)
		if len(all) != want || want > 0 && !all[0].Verified {
			t.Errorf("there are %+v, want %d; %s", all, want, &b.log)
		}
	}
	both()
	count(1) // at once: there was none
	b.clock.Advance(18*time.Hour + 29*time.Minute)
	both()
	count(1)
	if age := time.Duration(one.Age()) * time.Second; age != 18*time.Hour+29*time.Minute {
		t.Errorf("the age is %v", age)
	}
	b.clock.Advance(time.Minute)
	both()
	count(2)
	b.clock.Advance(48 * time.Hour) // nothing ran for a night
	both()
	count(2)
	if strings.Count(b.log.String(), "backup made and tried out") != 3 {
		t.Error(b.log.String())
	}
}

// A failure is said, and tried again after an hour, not at once.
func TestNightlyFails(t *testing.T) {
	t.Parallel()
	ctx, b := within(t), setup(t)
	right := b.DatabaseURL
	n := &backup.Nightly{Keeper: b.Keeper, At: time.Hour, Keep: backup.Retention{Days: 1}}
	n.DatabaseURL = "postgres://nobody@127.0.0.1:1/nothing"
	n.Tick(ctx)
	n.DatabaseURL = right
	n.Tick(ctx)
	if all, err := b.List(ctx); err != nil || len(all) != 0 || strings.Count(b.log.String(), "the nightly backup failed") != 1 {
		t.Errorf("%v, %v; %s", all, err, &b.log)
	}
	b.clock.Advance(time.Hour)
	n.Tick(ctx)
	if all, err := b.List(ctx); err != nil || len(all) != 1 {
		t.Errorf("%v, %v; %s", all, err, &b.log)
	}
}
