package groupcommit_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/botreserva/botreserva/internal/groupcommit"
)

func TestCallersShareACommit(t *testing.T) {
	t.Parallel()
	var groups [][]int
	first, release := make(chan struct{}), make(chan struct{})
	c := groupcommit.New(100, func(_ context.Context, group []int) error {
		groups = append(groups, slices.Clone(group))
		if len(groups) == 1 {
			close(first)
			<-release
		}
		return nil
	})
	var wg sync.WaitGroup
	start := func(v int) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := c.Do(t.Context(), v); err != nil {
				t.Error(err)
			}
		}()
	}
	start(0)
	<-first // the first commit runs; whoever comes now shares the second
	for v := 1; v <= 50; v++ {
		start(v)
	}
	c.WaitFor(50)
	close(release)
	wg.Wait()
	if len(groups) != 2 || len(groups[0]) != 1 || len(groups[1]) != 50 {
		t.Fatalf("groups %v", groups)
	}
}

func TestOneBadValueDoesNotFailItsNeighbours(t *testing.T) {
	t.Parallel()
	bad := errors.New("bad value")
	first, release := make(chan struct{}), make(chan struct{})
	once := sync.Once{}
	c := groupcommit.New(10, func(_ context.Context, group []int) error {
		once.Do(func() { close(first); <-release })
		if slices.Contains(group, 13) {
			return bad
		}
		return nil
	})
	errs := make([]error, 15)
	var wg sync.WaitGroup
	do := func(v int) { defer wg.Done(); errs[v] = c.Do(t.Context(), v) }
	wg.Add(15)
	go do(0)
	<-first
	for v := 1; v < 15; v++ {
		go do(v)
	}
	c.WaitFor(14)
	close(release)
	wg.Wait()
	for v, err := range errs {
		if (v == 13) != errors.Is(err, bad) {
			t.Errorf("value %d: %v", v, err)
		}
	}
}

func TestCloseWaitsForAcceptedCalls(t *testing.T) {
	t.Parallel()
	committed := 0
	c := groupcommit.New(1, func(context.Context, []int) error { committed++; return nil })
	for v := range 5 {
		if err := c.Do(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	c.Close()
	if committed != 5 {
		t.Fatalf("%d committed", committed)
	}
	if err := c.Do(t.Context(), 6); !errors.Is(err, groupcommit.ErrStopped) {
		t.Fatalf("after Close: %v", err)
	}
}

func TestDoReturnsWhenTheCallerGivesUp(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	c := groupcommit.New(1, func(context.Context, []int) error { <-release; return nil })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Do(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	close(release)
	c.Close()
}
