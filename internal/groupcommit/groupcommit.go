// Package groupcommit turns many small commits into few larger ones: callers that
// arrive while a commit is running share the next one. A lone caller does not
// wait. What is committed is the caller's business.
package groupcommit

import (
	"context"
	"errors"
	"sync"
)

// ErrStopped is returned to callers after Close.
var ErrStopped = errors.New("group commit is stopped")

// Committer groups calls of Do. Make one with New.
type Committer[T any] struct {
	commit   func(ctx context.Context, group []T) error
	maxGroup int
	mu       sync.Mutex
	waiting  []call[T]
	running  bool
	closed   bool
	idle     *sync.Cond
}

type call[T any] struct {
	value T
	done  chan error
}

// New returns a committer that calls commit with at most maxGroup values at a time,
// never twice at once, in the order in which Do was called.
func New[T any](maxGroup int, commit func(ctx context.Context, group []T) error) *Committer[T] {
	c := &Committer[T]{commit: commit, maxGroup: maxGroup}
	c.idle = sync.NewCond(&c.mu)
	return c
}

// Do returns when the value has been committed, with the error of its commit. When
// ctx ends first it returns at once; the value may still be committed.
func (c *Committer[T]) Do(ctx context.Context, value T) error {
	done := make(chan error, 1)
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return ErrStopped
	}
	c.waiting = append(c.waiting, call[T]{value, done})
	if !c.running {
		c.running = true
		go c.run()
	}
	c.mu.Unlock()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run commits group after group until nobody waits.
func (c *Committer[T]) run() {
	for {
		group := c.next()
		if len(group) == 0 {
			return
		}
		values := make([]T, len(group))
		for i, g := range group {
			values[i] = g.value
		}
		// No caller's context: the group outlives each of them.
		err := c.commit(context.Background(), values)
		if err != nil && len(group) > 1 {
			c.oneByOne(group)
			continue
		}
		for _, g := range group {
			g.done <- err
		}
	}
}

// oneByOne commits each value of a failed group alone, so that one bad value does
// not fail its neighbours.
func (c *Committer[T]) oneByOne(group []call[T]) {
	for _, g := range group {
		g.done <- c.commit(context.Background(), []T{g.value})
	}
}

func (c *Committer[T]) next() []call[T] {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := min(len(c.waiting), c.maxGroup)
	group := c.waiting[:n:n]
	c.waiting = c.waiting[n:]
	if n == 0 {
		c.waiting = nil
		c.running = false
		c.idle.Broadcast()
	}
	return group
}

// Close refuses new calls and waits until those accepted are committed.
func (c *Committer[T]) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for c.running {
		c.idle.Wait()
	}
}
