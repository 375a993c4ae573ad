package redisbus

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// retryPause is between two attempts to have a connection again.
	retryPause = 250 * time.Millisecond
	// silence is how long a connection may say nothing before it is asked whether it
	// lives, and again how long it may take to answer that.
	silence = 2 * time.Second
)

// hearer is somebody who wants to hear of a topic.
type hearer struct {
	topic   string
	receive func(message []byte)
	missed  func()
}

type hearers struct {
	mu  sync.RWMutex
	all []*hearer
}

// Hear has receive called for every message that other instances tell under a topic, one
// at a time, those of one instance in their order, once Listen runs. missed is called
// when messages may have been lost before the next one, also when Listen begins: then
// whatever was derived from them is to be found out anew. Neither may block. stop ends it.
func (b *Bus) Hear(topic string, receive func(message []byte), missed func()) (stop func()) {
	h := &hearer{topic, receive, missed}
	b.hearers.mu.Lock()
	defer b.hearers.mu.Unlock()
	b.hearers.all = append(b.hearers.all, h)
	return func() {
		b.hearers.mu.Lock()
		defer b.hearers.mu.Unlock()
		b.hearers.all = slices.DeleteFunc(b.hearers.all, func(other *hearer) bool { return other == h })
	}
}

func (b *Bus) channel(topic string) string { return b.namespace + ":" + topic }

// topics lists what is heard, each once.
func (b *Bus) topics() (topics, channels []string) {
	b.hearers.mu.RLock()
	defer b.hearers.mu.RUnlock()
	for _, h := range b.hearers.all {
		if !slices.Contains(topics, h.topic) {
			topics, channels = append(topics, h.topic), append(channels, b.channel(h.topic))
		}
	}
	return topics, channels
}

// Listen hears the topics that Hear named before, until ctx ends.
func (b *Bus) Listen(ctx context.Context) {
	for ctx.Err() == nil {
		err := b.hearOnce(ctx)
		b.note(ctx, err)
		timer := time.NewTimer(retryPause)
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// hearOnce hears over one connection until that is lost.
func (b *Bus) hearOnce(ctx context.Context) error {
	topics, channels := b.topics()
	connection := b.client.Subscribe(ctx) // connects with the first command
	defer connection.Close()
	stop := context.AfterFunc(ctx, func() { _ = connection.Close() })
	defer stop()
	if err := connection.Subscribe(ctx, channels...); err != nil {
		return err
	}
	for waiting := len(channels); waiting > 0; {
		news, err := connection.ReceiveTimeout(ctx, silence)
		if err != nil {
			return err
		}
		if _, ok := news.(*redis.Subscription); ok {
			waiting--
		}
	}
	b.note(ctx, nil)
	for _, topic := range topics {
		b.missed(topic)
	}
	return b.hearUntilLost(ctx, connection)
}

func (b *Bus) hearUntilLost(ctx context.Context, connection *redis.PubSub) error {
	asked := false
	for {
		news, err := connection.ReceiveTimeout(ctx, silence)
		var slow net.Error
		switch {
		case errors.As(err, &slow) && slow.Timeout() && !asked && ctx.Err() == nil:
			if err := connection.Ping(ctx); err != nil {
				return err
			}
			asked = true
			continue
		case err != nil:
			return err
		}
		asked = false
		switch n := news.(type) {
		case *redis.Message:
			b.deliver(n.Channel, []byte(n.Payload))
		case *redis.Subscription: // the library has connected again by itself
			b.missed(n.Channel[len(b.namespace)+1:])
		}
	}
}

// deliver gives a frame to those who hear its topic. What is no frame of ours is ignored.
func (b *Bus) deliver(channel string, frame []byte) {
	if len(frame) < 1+originLen || string(frame[1:1+originLen]) == b.origin {
		return
	}
	topic := channel[len(b.namespace)+1:]
	switch frame[0] {
	case kindMessage:
		b.each(topic, func(h *hearer) { h.receive(frame[1+originLen:]) })
	case kindGap:
		b.missed(topic)
	}
}

func (b *Bus) missed(topic string) {
	b.each(topic, func(h *hearer) {
		if h.missed != nil {
			h.missed()
		}
	})
}

func (b *Bus) each(topic string, f func(*hearer)) {
	b.hearers.mu.RLock()
	all := slices.Clone(b.hearers.all)
	b.hearers.mu.RUnlock()
	for _, h := range all {
		if h.topic == topic {
			f(h)
		}
	}
}
