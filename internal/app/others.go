package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/config"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/realtime"
	"github.com/botreserva/botreserva/internal/redisbus"
	"github.com/botreserva/botreserva/internal/stale"
)

// What instances tell each other, by topic.
const (
	topicStale   = "stale"   // a stale.Notice in JSON
	topicWake    = "wake"    // a kind of lane and a tenant
	topicSettled = "settled" // a message's id
)

const (
	// wakeOthersEvery is how often other instances are told of one tenant's work of one
	// kind while we are busy with it ourselves.
	wakeOthersEvery = 200 * time.Millisecond
	flushTime       = 2 * time.Second
	identityTime    = 10 * time.Second
)

// openBus connects to the other instances; it returns nil when the settings name no Redis.
// The keys carry the database's identity: two platforms may share a Redis.
func openBus(cfg config.Config, db *postgres.DB, c clock.Clock, log *slog.Logger) (*redisbus.Bus, error) {
	if !cfg.RedisURL.IsSet() {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), identityTime)
	defer cancel()
	identity, err := db.SystemIdentity(ctx)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(identity))
	return redisbus.Open(redisbus.Options{
		URL: cfg.RedisURL.Reveal(), Namespace: "botreserva:" + hex.EncodeToString(sum[:6]), Clock: c, Log: log,
	})
}

// wireOthers has this instance hear the others, and tell them.
func (a *App) wireOthers(settled settled) {
	if a.bus == nil {
		return
	}
	a.bus.Hear(topicStale, func(m []byte) {
		var n stale.Notice
		if json.Unmarshal(m, &n) == nil {
			a.stale.Arrive(n)
		}
	}, func() { a.stale.Arrive(stale.Everything()) })
	a.stale.Carry(func(n stale.Notice) {
		if m, err := json.Marshal(n); err == nil {
			a.bus.Tell(topicStale, m)
		}
	})
	a.bus.Hear(topicWake, func(m []byte) {
		kind, tenant, _ := strings.Cut(string(m), " ")
		if t, err := uuid.Parse(tenant); err == nil {
			a.wakeHere(lane.Kind(kind), id.Tenant{UUID: t})
		}
	}, nil) // what was missed is found by looking around
	a.bus.Hear(topicSettled, func(m []byte) {
		if message, err := id.ParseMessage(string(m)); err == nil {
			settled.Arrive(message)
		}
	}, nil)
}

// socketOptions adds the other instances, if there can be any.
func (a *App) socketOptions(o realtime.Options) realtime.Options {
	if a.bus != nil {
		o.Others = a.bus
	}
	return o
}

// settled is who waits for messages.
type settled interface{ Arrive(message id.Message) }

// wake is called after commits that put work into lanes.
func (a *App) wake(kind lane.Kind, tenant id.Tenant) {
	if !a.wakeHere(kind, tenant) && a.bus != nil && a.tellWake(kind, tenant) {
		a.bus.Tell(topicWake, []byte(string(kind)+" "+tenant.String()))
	}
}

func (a *App) wakeHere(kind lane.Kind, tenant id.Tenant) (atOnce bool) {
	for _, r := range a.runners {
		if r.Kind == kind {
			atOnce = r.Wake(tenant) || atOnce
		}
	}
	return atOnce
}

// tellWake decides whether the others should hear of work that is not taken up here at
// once: always by a process that does not work lanes; by one that is busy now and then,
// so that they help.
func (a *App) tellWake(kind lane.Kind, tenant id.Tenant) bool {
	if !a.opts.Roles.Worker {
		return true
	}
	return a.wakes.due(kind, tenant, a.opts.Clock.Now())
}

// wakes remembers when others were told of work.
type wakes struct {
	mu   sync.Mutex
	told map[work]time.Time
}

type work struct {
	kind   lane.Kind
	tenant id.Tenant
}

func (w *wakes) due(kind lane.Kind, tenant id.Tenant, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.told == nil || len(w.told) > 10_000 {
		w.told = map[work]time.Time{}
	}
	of := work{kind, tenant}
	if now.Sub(w.told[of]) < wakeOthersEvery {
		return false
	}
	w.told[of] = now
	return true
}

// leaveOthers tells the others what is still to be told, and ends the connection.
func (a *App) leaveOthers(ctx context.Context) error {
	if a.bus == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTime)
	defer cancel()
	return a.bus.Close(ctx)
}
