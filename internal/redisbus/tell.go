package redisbus

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/gomodule/redigo/redis"
)

const (
	originLen = 8
	// tellTime is how long one batch of messages may take.
	tellTime = 2 * time.Second
	// maxBatch messages go in one round trip.
	maxBatch = 128
	// maxQueued bounds what waits for Redis, in bytes.
	maxQueued = 8 << 20
)

// A frame is what is published: its kind, who says it, and the message.
const (
	kindMessage = 'm'
	// kindGap says that messages of this origin may have been lost before it.
	kindGap = 'g'
)

// frame is a message on its way.
type frame struct {
	topic string
	bytes []byte
}

// outbound is what this instance has to say. It keeps its order and never holds up who
// says it: a goroutine that exists only while there is something to say waits for Redis.
type outbound struct {
	bus    *Bus
	ctx    context.Context //nolint:containedctx // the bus' own life
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu      sync.Mutex
	queue   []frame
	queued  int // bytes
	topics  []string
	gap     bool // something was lost: say so first
	dropped int  // messages, since the bus was made
	sending bool
	closed  bool
}

func (o *outbound) init(b *Bus) {
	o.bus = b
	o.ctx, o.cancel = context.WithCancel(context.Background())
}

// Tell sends a message to whoever hears the topic on other instances, soon and in order.
// It does not block. What cannot be sent is dropped, and hearers are told that something
// was as soon as they can be reached.
func (b *Bus) Tell(topic string, message []byte) {
	o := &b.outbound
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return
	}
	if !slices.Contains(o.topics, topic) {
		o.topics = append(o.topics, topic)
	}
	if o.queued+len(message) > maxQueued {
		o.gap = true
		o.dropped++
		return
	}
	bytes := make([]byte, 0, 1+originLen+len(message))
	bytes = append(append(append(bytes, kindMessage), b.origin...), message...)
	o.queue = append(o.queue, frame{topic, bytes})
	o.queued += len(message)
	if !o.sending {
		o.sending = true
		o.work.Go(o.send)
	}
}

// Dropped is how many messages could not be sent since the bus was made.
func (b *Bus) Dropped() int {
	b.outbound.mu.Lock()
	defer b.outbound.mu.Unlock()
	return b.outbound.dropped
}

// send publishes until nothing is left, and as long as hearers must be told of a loss.
func (o *outbound) send() {
	for {
		batch, more := o.take()
		if !more {
			return
		}
		if err := o.publish(batch); err != nil {
			o.lost(batch)
			o.rest()
		}
	}
}

// take removes the next batch from the queue. It begins with the news of a gap, if there
// was one, on every topic that was ever told.
func (o *outbound) take() (batch []frame, more bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gap && o.ctx.Err() == nil {
		for _, topic := range o.topics {
			batch = append(batch, frame{topic, append([]byte{kindGap}, o.bus.origin...)})
		}
		o.gap = false
	}
	n := min(len(o.queue), maxBatch)
	batch = append(batch, o.queue[:n]...)
	o.queue = slices.Delete(o.queue, 0, n)
	for _, f := range batch {
		if f.bytes[0] == kindMessage {
			o.queued -= len(f.bytes) - 1 - originLen
		}
	}
	o.sending = len(batch) > 0
	return batch, o.sending
}

func (o *outbound) publish(batch []frame) error {
	return o.bus.do(o.ctx, tellTime, func(conn redis.Conn) error {
		for _, f := range batch {
			if err := conn.Send("PUBLISH", o.bus.channel(f.topic), f.bytes); err != nil {
				return err
			}
		}
		answers, err := redis.Values(redis.DoWithTimeout(conn, tellTime, ""))
		for _, answer := range answers {
			if refusal, refused := answer.(redis.Error); refused {
				return refusal
			}
		}
		return err
	})
}

// lost notes that a batch may not have arrived. It is not sent again: part of it may have
// been, and hearers take messages in order and once.
func (o *outbound) lost(batch []frame) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.gap = true
	for _, f := range batch {
		if f.bytes[0] == kindMessage {
			o.dropped++
		}
	}
}

// rest gives Redis a moment before it is asked again.
func (o *outbound) rest() {
	timer := time.NewTimer(retryPause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-o.ctx.Done():
	}
}

// close sends what is queued, for as long as ctx allows.
func (o *outbound) close(ctx context.Context) {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	stop := context.AfterFunc(ctx, o.cancel)
	defer stop()
	o.work.Wait()
	o.cancel()
}
