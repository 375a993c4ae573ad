package redisbus

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/gomodule/redigo/redis"
)

const (
	// retryPause is between two attempts to have a connection again.
	retryPause = 250 * time.Millisecond
	// silence is how often a connection is asked whether it lives; it is lost when nothing
	// comes for twice as long.
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
func (b *Bus) topics() (topics []string, channels []any) {
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
		if ctx.Err() == nil && !wasCut(err) { // if it is cut, the next attempt tells
			b.note(err)
		}
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
	dialing, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	conn, err := b.address.dial(dialing)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	connection := redis.PubSubConn{Conn: conn}
	topics, channels := b.topics()
	if err := connection.Subscribe(channels...); err != nil {
		return err
	}
	for range channels {
		if err, failed := connection.ReceiveWithTimeout(silence).(error); failed {
			return err
		}
	}
	b.note(nil)
	for _, topic := range topics {
		b.missed(topic)
	}
	return b.hearUntilLost(connection)
}

// hearUntilLost asks now and then whether the other end is there: a connection that says
// nothing, not even to that, is lost.
func (b *Bus) hearUntilLost(connection redis.PubSubConn) error {
	ended := make(chan struct{})
	var asking sync.WaitGroup
	asking.Go(func() { ask(connection, ended) })
	defer asking.Wait()
	defer close(ended)
	for {
		switch news := connection.ReceiveWithTimeout(2 * silence).(type) {
		case redis.Message:
			b.deliver(news.Channel, news.Data)
		case error:
			return news
		}
	}
}

func ask(connection redis.PubSubConn, ended <-chan struct{}) {
	every := time.NewTicker(silence)
	defer every.Stop()
	for {
		select {
		case <-ended:
			return
		case <-every.C:
			if connection.Ping("") != nil {
				return // it is lost, and who receives notices
			}
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
