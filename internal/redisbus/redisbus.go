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
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/botreserva/botreserva/internal/clock"
)

const (
	dialTime = time.Second
	// evalTime is how long a script may take; somebody's request waits for it.
	evalTime = 250 * time.Millisecond
	// retryAfter is how long nobody asks Redis after it did not answer.
	retryAfter = time.Second
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
	client    *redis.Client
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
	logging.Disable() // it would write to standard error by itself; what matters is logged here
	settings, err := redis.ParseURL(o.URL)
	if err != nil {
		return nil, fmt.Errorf("read REDIS_URL: %w", withoutAddress(err))
	}
	settings.DialTimeout, settings.ContextTimeoutEnabled = dialTime, true
	settings.MaxRetries, settings.DialerRetries = -1, 1 // who asks has something better to do
	settings.DisableIdentity = true
	settings.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	b := &Bus{
		client: redis.NewClient(settings), namespace: o.Namespace, origin: rand.Text()[:originLen],
		clock: o.Clock, log: o.Log, scripts: map[string]*redis.Script{},
	}
	b.outbound.init(b)
	return b, nil
}

// withoutAddress keeps the password that an address may hold out of an error.
func withoutAddress(err error) error {
	var inURL *url.Error
	if errors.As(err, &inURL) {
		return errors.New("it is not an address")
	}
	return err
}

// Close sends what waits, for as long as ctx allows, and disconnects.
func (b *Bus) Close(ctx context.Context) error {
	b.outbound.close(ctx)
	return b.client.Close()
}

// Ping asks Redis whether it is there.
func (b *Bus) Ping(ctx context.Context) error {
	err := b.client.Ping(ctx).Err()
	b.note(ctx, err)
	return err
}

// Eval runs a Lua script, as one step that nothing else comes between, on a key of the
// namespace. While Redis is away it returns ErrAway at once.
func (b *Bus) Eval(ctx context.Context, lua, key string, args ...any) ([]int64, error) {
	if b.isAway() {
		return nil, ErrAway
	}
	waiting, cancel := context.WithTimeout(ctx, evalTime)
	defer cancel()
	answer, err := b.script(lua).Run(waiting, b.client, []string{b.namespace + ":" + key}, args...).Int64Slice()
	b.note(ctx, err)
	return answer, err
}

func (b *Bus) script(lua string) *redis.Script {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.scripts[lua] == nil {
		b.scripts[lua] = redis.NewScript(lua)
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
// caller who gave up says nothing about Redis.
func (b *Bus) note(ctx context.Context, err error) {
	if err != nil && ctx.Err() != nil {
		return
	}
	answers := err == nil
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	switch {
	case !answers && b.awaySince.IsZero():
		b.awaySince = now
		b.log.Warn("redis does not answer: this instance is on its own until it does", "err", err)
	case answers && !b.awaySince.IsZero():
		b.log.Info("redis answers again", "duration_ms", now.Sub(b.awaySince).Milliseconds())
		b.awaySince = time.Time{}
	}
	if !answers {
		b.askAgain = now.Add(retryAfter)
	}
}
