package apptest

import (
	"context"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait: far more than anything takes on a busy machine.
const patience = time.Minute

// within returns a context for one wait of a test.
func within(tb testing.TB) context.Context {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	tb.Cleanup(cancel)
	return ctx
}

// bell wakes everybody who waits for a change.
type bell struct {
	mu   sync.Mutex
	next chan struct{}
}

func (b *bell) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = make(chan struct{})
	}
	return b.next
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next != nil {
		close(b.next)
		b.next = nil
	}
}

// await waits until something is so, looking again whenever the bell rings.
func (b *bell) await(tb testing.TB, what string, isSo func() bool) {
	tb.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		changed := b.wait()
		if isSo() {
			return
		}
		select {
		case <-changed:
		case <-limit.C:
			tb.Fatalf("waited in vain: %s", what)
		}
	}
}

// Eventually waits until something is so that nobody reports, asking now and then.
func Eventually(tb testing.TB, what string, isSo func() bool) {
	tb.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !isSo() {
		select {
		case <-again.C:
		case <-limit.C:
			tb.Fatalf("waited in vain: %s", what)
		}
	}
}
