package socketio

import (
	"context"
	"slices"
	"sync"
)

// Broker carries broadcasts between the instances of a service. Messages are
// small JSON documents; every subscriber gets every message, those published
// by one instance in their order. Delivery is best effort: clients catch up by
// other means when an instance was cut off.
type Broker interface {
	// Publish hands a message to all subscribers, the publisher's own
	// included. It may wait for the network, until ctx ends.
	Publish(ctx context.Context, message []byte) error
	// Subscribe has receive called for every message, one at a time, until
	// stop is called. It does not wait for the network: an implementation
	// connects, and connects again, on its own. After stop has returned,
	// receive is not called any more.
	Subscribe(receive func(message []byte)) (stop func())
}

// MemoryBroker joins servers of one process. The zero value is ready.
type MemoryBroker struct {
	mu          sync.Mutex
	subscribers []*func([]byte)
}

// Publish calls the subscribers before it returns.
func (b *MemoryBroker) Publish(_ context.Context, message []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, receive := range b.subscribers {
		(*receive)(message)
	}
	return nil
}

// Subscribe adds a subscriber. It must not publish from receive.
func (b *MemoryBroker) Subscribe(receive func(message []byte)) (stop func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.subscribers = append(b.subscribers, &receive)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.subscribers = slices.DeleteFunc(b.subscribers, func(f *func([]byte)) bool { return f == &receive })
	}
}
