package lane_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/botreserva/botreserva/internal/lane"
)

// crowd is who is there, and who holds leases.
type crowd struct {
	mu      sync.Mutex
	present []string
	holders []string
	freed   []string
	err     error
}

func (c *crowd) Instance() string { return "me" }

func (c *crowd) SystemPresent(context.Context) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.present), c.err
}

func (c *crowd) SystemLeaseholders(context.Context) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.holders), c.err
}

func (c *crowd) SystemFreeLanesOf(_ context.Context, owners []string) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return 0, c.err
	}
	c.freed = append(c.freed, owners...)
	c.holders = slices.DeleteFunc(c.holders, func(h string) bool { return slices.Contains(owners, h) })
	return len(owners), nil
}

func (c *crowd) are(present ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.present = present
}

// want lets time pass and tells whose lanes were freed until then.
func (c *crowd) want(t *testing.T, after time.Duration, freed ...string) {
	t.Helper()
	<-time.After(after)
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	slices.Sort(c.freed)
	if !slices.Equal(freed, c.freed) {
		t.Errorf("after %s: freed %v, want %v", after, c.freed, freed)
	}
	c.freed = nil
}

func inCrowd(t *testing.T, c *crowd, story func()) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &lane.Leftovers{Of: c, Log: slog.New(slog.DiscardHandler)}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); l.Run(ctx) }()
		story()
		stop()
		<-ended
	})
}

func TestLeftovers(t *testing.T) {
	t.Parallel()
	t.Run("of one that died", func(t *testing.T) {
		t.Parallel()
		c := &crowd{present: []string{"me", "other"}}
		inCrowd(t, c, func() {
			c.want(t, 10*time.Second)
			c.are("me")
			c.want(t, 2*time.Second, "other")
			c.want(t, 10*time.Second)
		})
	})
	t.Run("of one that died before we came", func(t *testing.T) {
		t.Parallel()
		c := &crowd{present: []string{"me", "alive"}, holders: []string{"dead", "alive", "me"}}
		inCrowd(t, c, func() { c.want(t, 2*time.Second, "dead") })
	})
	t.Run("of one that came and died unseen", func(t *testing.T) {
		t.Parallel()
		c := &crowd{present: []string{"me"}}
		inCrowd(t, c, func() {
			c.want(t, time.Second)
			c.mu.Lock()
			c.holders = []string{"brief"}
			c.mu.Unlock()
			c.want(t, 2*time.Minute, "brief")
		})
	})
	t.Run("not of one whose connection was cut", func(t *testing.T) {
		t.Parallel()
		c := &crowd{present: []string{"me", "other"}}
		inCrowd(t, c, func() {
			for range 5 {
				c.want(t, time.Second+time.Millisecond)
				c.are("me")
				c.want(t, time.Second)
				c.are("me", "other")
			}
		})
	})
	t.Run("not while we are not there ourselves", func(t *testing.T) {
		t.Parallel()
		c := &crowd{present: []string{"me", "other"}}
		inCrowd(t, c, func() {
			c.want(t, time.Second)
			c.are()
			c.want(t, time.Minute)
			c.are("me", "other")
			c.want(t, time.Minute)
		})
	})
	t.Run("as soon as the database answers", func(t *testing.T) {
		t.Parallel()
		c := &crowd{present: []string{"me"}, holders: []string{"dead"}}
		inCrowd(t, c, func() {
			c.mu.Lock()
			c.err = errors.New("away")
			c.mu.Unlock()
			c.want(t, time.Minute)
			c.mu.Lock()
			c.err = nil
			c.mu.Unlock()
			c.want(t, 2*time.Minute, "dead")
		})
	})
}
