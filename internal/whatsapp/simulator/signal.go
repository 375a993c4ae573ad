package simulator

import "sync"

// broadcast wakes everybody who waits for a change. It allocates only while somebody waits, which keeps it cheap
// under load.
type broadcast struct {
	mu sync.Mutex
	ch chan struct{}
}

// wait returns a channel that closes at the next notify. Take it before looking at the state.
func (b *broadcast) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *broadcast) notify() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}

// ring keeps the last n values.
type ring[T any] struct {
	mu    sync.Mutex
	items []T
	next  int
	limit int
}

func newRing[T any](limit int) *ring[T] { return &ring[T]{limit: limit} }

func (r *ring[T]) add(v T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.items) < r.limit {
		r.items = append(r.items, v)
		return
	}
	r.items[r.next] = v
	r.next = (r.next + 1) % r.limit
}

// all returns the values, oldest first.
func (r *ring[T]) all() []T {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]T, 0, len(r.items))
	out = append(out, r.items[r.next:]...)
	return append(out, r.items[:r.next]...)
}

func (r *ring[T]) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.items, r.next = nil, 0
}
