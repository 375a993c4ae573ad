// Package redisbus is what the instances of one database share through Redis: messages
// to all of them (listen.go, tell.go) and scripts that run as one step (Eval). Redis may
// be away at any time: nothing here waits long for it, everything comes back by itself,
// and whoever may have missed a message is told so. What the messages mean is known to
// those who send them; nothing that must not be lost travels here.
package redisbus

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"sync"
	"syscall"
	"time"

	"github.com/gomodule/redigo/redis"

	"github.com/botreserva/botreserva/internal/clock"
)

const (
	// evalTime is how long a script may take; somebody's request waits for it.
	evalTime = 250 * time.Millisecond
	// retryAfter is how long nobody asks Redis after it did not answer.
	retryAfter = time.Second
	// Connections: as many as a busy instance uses, looked after when they were idle.
	maxConnections = 64
	maxIdle        = 16
	idleTime       = time.Minute
	trustTime      = 5 * time.Second
)

// ErrAway is returned while Redis does not answer.
var ErrAway = errors.New("redis does not answer")

// Options of a Bus.
type Options struct {
	URL       string // redis://, rediss:// or unix://
	Namespace string // of keys and channels: instances with another one are strangers
	Clock     clock.Clock
	Log       *slog.Logger
}

// Bus is one instance's way to the others. Make one with Open.
type Bus struct {
	address   address
	pool      *redis.Pool
	namespace string
	origin    string
	clock     clock.Clock
	log       *slog.Logger
	outbound  outbound
	hearers   hearers

	mu        sync.Mutex
	scripts   map[string]*redis.Script // by their text
	awaySince time.Time                // zero while Redis answers
	askAgain  time.Time                // not before
}

// Open makes a bus. It does not connect: that Redis is away is no reason not to start.
// The error is that of a URL which means nothing.
func Open(o Options) (*Bus, error) {
	address, err := parse(o.URL)
	if err != nil {
		return nil, err
	}
	b := &Bus{
		address: address, namespace: o.Namespace, origin: rand.Text()[:originLen],
		clock: o.Clock, log: o.Log, scripts: map[string]*redis.Script{},
	}
	b.pool = &redis.Pool{
		DialContext: address.dial, MaxIdle: maxIdle, MaxActive: maxConnections, Wait: true, IdleTimeout: idleTime,
		TestOnBorrow: b.test,
	}
	b.outbound.init(b)
	return b, nil
}

// test asks a connection that was idle for a while whether it still lives.
func (b *Bus) test(conn redis.Conn, lastUsed time.Time) error {
	if b.clock.Now().Sub(lastUsed) < trustTime {
		return nil
	}
	_, err := redis.DoWithTimeout(conn, evalTime, "PING")
	return err
}

// Close sends what waits, for as long as ctx allows, and disconnects.
func (b *Bus) Close(ctx context.Context) error {
	b.outbound.close(ctx)
	return b.pool.Close()
}

// do lends a connection out, which it takes no longer than limit to have.
func (b *Bus) do(ctx context.Context, limit time.Duration, with func(redis.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	conn, err := b.pool.GetContext(ctx)
	if err == nil {
		err = with(conn)
		_ = conn.Close() // gives it back; a broken one has said so
	}
	b.note(err)
	return err
}

// Ping asks Redis whether it is there.
func (b *Bus) Ping(ctx context.Context) error {
	return b.do(ctx, dialTime, func(conn redis.Conn) error {
		_, err := redis.DoWithTimeout(conn, evalTime, "PING")
		return err
	})
}

// Eval runs a Lua script, as one step that nothing else comes between, on a key of the
// namespace. While Redis is away it returns ErrAway at once.
func (b *Bus) Eval(ctx context.Context, lua, key string, args ...any) (answer []int64, err error) {
	if b.isAway() {
		return nil, ErrAway
	}
	run := func(conn redis.Conn) error {
		answer, err = redis.Int64s(b.script(lua).Do(impatient{conn}, append([]any{b.namespace + ":" + key}, args...)...))
		return err
	}
	if err = b.do(ctx, evalTime, run); wasCut(err) {
		err = b.do(ctx, evalTime, run) // Redis was started again since the connection was used last
	}
	return answer, err
}

// impatient is a connection on which nothing takes longer than evalTime.
type impatient struct{ redis.Conn }

// Do implements redis.Conn.
func (c impatient) Do(command string, args ...any) (any, error) {
	return redis.DoWithTimeout(c.Conn, evalTime, command, args...)
}

func wasCut(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
}

func (b *Bus) script(lua string) *redis.Script {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.scripts[lua] == nil {
		b.scripts[lua] = redis.NewScript(1, lua)
	}
	return b.scripts[lua]
}

// isAway reports whether to spare Redis: it did not answer a moment ago.
func (b *Bus) isAway() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.awaySince.IsZero() && b.clock.Now().Before(b.askAgain)
}

// note keeps account of whether Redis answers, and says in the log when that changes. A
// caller who gave up, and a connection that was cut while idle, say nothing about Redis.
func (b *Bus) note(err error) {
	if errors.Is(err, context.Canceled) || wasCut(err) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	switch {
	case err != nil && b.awaySince.IsZero():
		b.awaySince = now
		b.log.Warn("redis does not answer: this instance is on its own until it does", "err", err)
	case err == nil && !b.awaySince.IsZero():
		b.log.Info("redis answers again", "duration_ms", now.Sub(b.awaySince).Milliseconds())
		b.awaySince = time.Time{}
	}
	if err != nil {
		b.askAgain = now.Add(retryAfter)
	}
}
