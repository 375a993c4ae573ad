package fanout

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/sealed"
)

const (
	// inFlight is how many posts a subscriber works on at a time: one that is slow holds no
	// more of its hotel's slots. probing is how many it gets while it does not answer.
	inFlight = 4
	probing  = 1
	// postTime is longer than a post (30 s) with recording its end may take.
	postTime = 45 * time.Second
	// keptFor is how long something waits to be told at most.
	keptFor = 24 * time.Hour
)

// Teller tells subscribers what happened: one POST for each thing, in the order of a
// conversation, again and again for a day.
type Teller struct {
	db        *postgres.DB
	directory *directory.Directory
	box       *sealed.Box
	client    *n8n.Client
	clock     clock.Clock
	log       *slog.Logger
	// Links, if set, makes of the address with which a message was stored one that can be fetched.
	Links func(tenant id.Tenant, stored string) string

	mu   sync.Mutex
	ears map[id.Subscription]*ear
}

// ear is what we remember of a subscriber while we run.
type ear struct {
	busy    int
	down    bool                  // its last answer was no good one
	unknown map[id.Subscribed]int // posts of which nobody knows whether they arrived
}

// NewTeller makes a teller that posts through client.
func NewTeller(db *postgres.DB, dir *directory.Directory, box *sealed.Box, client *n8n.Client, c clock.Clock, log *slog.Logger) *Teller {
	return &Teller{db: db, directory: dir, box: box, client: client, clock: c, log: log, ears: map[id.Subscription]*ear{}}
}

// Work tells what lies in lanes.
func (t *Teller) Work(ctx context.Context, lanes []*lane.Lane) {
	for _, l := range lanes {
		t.lane(ctx, l)
	}
}

func (t *Teller) lane(ctx context.Context, l *lane.Lane) {
	named, _, _ := strings.Cut(l.Key, "/")
	of, err := id.ParseSubscription(named)
	if err != nil {
		t.release(ctx, l, told{outcome: l.Finished()})
		return
	}
	if !t.take(of) { // its other posts go first; nobody waits here holding a slot
		t.release(ctx, l, told{outcome: l.Hold(0, 500*time.Millisecond+rand.N(time.Second))})
		return
	}
	defer t.give(of)
	r, err := t.tell(ctx, l, of)
	switch {
	case errors.Is(err, subscription.ErrNotFound):
		r = told{outcome: l.Finished()}
	case err != nil:
		t.log.WarnContext(ctx, "subscribers are told later", "tenant_id", l.TenantID, "err", err)
		r = told{outcome: l.Hold(0, time.Second)}
	}
	t.release(ctx, l, r)
}

func (t *Teller) take(of id.Subscription) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.ears[of]
	if e == nil {
		e = &ear{unknown: map[id.Subscribed]int{}}
		t.ears[of] = e
	}
	if e.busy >= inFlight || e.down && e.busy >= probing {
		return false
	}
	e.busy++
	return true
}

func (t *Teller) give(of id.Subscription) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e := t.ears[of]; e != nil {
		if e.busy--; e.busy == 0 && !e.down && len(e.unknown) == 0 {
			delete(t.ears, of)
		}
	}
}

// note keeps what a post taught about a subscriber, and returns how many posts of the same
// thing have an unknown end.
func (t *Teller) note(of id.Subscription, d id.Subscribed, failed *n8n.PostError) (unknown int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.ears[of]
	e.down = failed != nil && failed.Outcome != n8n.Rejected
	if failed == nil || failed.Outcome != n8n.Unknown {
		n := e.unknown[d]
		if failed == nil || failed.Outcome == n8n.Rejected {
			delete(e.unknown, d)
		}
		return n
	}
	e.unknown[d]++
	if n := e.unknown[d]; n > 1 {
		delete(e.unknown, d)
		return n
	}
	return 1
}

// told is what became of a lane.
type told struct {
	outcome  lane.Outcome
	of       subscription.Subscription
	log      []subscription.Attempt
	arrived  bool   // at least one
	isFailed bool   // the last one did not arrive, and that is the subscriber's fault
	reason   string // of that
}

// tell posts the items of a lane until one has to wait.
func (t *Teller) tell(ctx context.Context, l *lane.Lane, of id.Subscription) (told, error) {
	row, err := t.db.Subscription(ctx, l.TenantID, of)
	if err != nil {
		return told{}, err
	}
	hotel, err := t.directory.Hotel(ctx, l.TenantID)
	if err != nil {
		return told{}, err
	}
	keys, err := secretsOf(t.box, l.TenantID, row, t.clock.Now())
	if err != nil {
		return told{}, err
	}
	refs := refsOf(l)
	world, err := t.load(ctx, hotel, refs)
	if err != nil {
		return told{}, err
	}
	r := told{outcome: l.Finished(), of: row.Subscription}
	for i, ref := range refs {
		if isStopping(ctx) || l.Left() < postTime { // whoever has the lane next posts it
			r.outcome = l.Hold(i, 0)
			return r, nil
		}
		attempts := 1
		if i == 0 {
			attempts = l.Attempts + 1
		}
		a, delay, again := t.once(ctx, &r, row, keys, world, ref, l.Items[i], attempts)
		if a.State != "" {
			r.log = append(r.log, a)
		}
		if again {
			r.outcome = l.Retry(i, delay)
			return r, nil
		}
	}
	return r, nil
}

func isStopping(ctx context.Context) bool { return ctx.Err() != nil }

func refsOf(l *lane.Lane) []subscription.Ref {
	refs := make([]subscription.Ref, len(l.Items))
	for i, item := range l.Items {
		_ = json.Unmarshal(item.Payload, &refs[i]) // one that cannot be read names nothing, and is passed over
	}
	return refs
}

// once tells one thing, unless it is not to be told any more.
func (t *Teller) once(ctx context.Context, r *told, row postgres.SubscriptionRow, keys secrets, world *world, ref subscription.Ref, item lane.Item, attempts int) (a subscription.Attempt, delay time.Duration, again bool) {
	a = subscription.Attempt{
		ID: ref.DeliveryID, Event: ref.Event, ConversationID: ref.ConversationID, Ref: ref, CreatedAt: ref.At, UpdatedAt: t.clock.Now(),
	}
	body, why := world.body(row.Subscription, ref, attempts)
	if time.Since(item.QueuedAt) > keptFor { //nolint:forbidigo // queued by the database's clock, which no test sets
		why = "Não foi entregue em 24 horas."
	}
	switch {
	case why == gone:
		return subscription.Attempt{}, 0, false
	case why != "":
		a.State, a.Reason = subscription.Skipped, why
		return a, 0, false
	}
	a.Attempts = 1
	a, failed := posted(ctx, t.client, t.clock, row.URL, keys, body, a, attempts)
	unknown := t.note(row.ID, ref.DeliveryID, failed)
	if failed == nil {
		r.arrived, r.isFailed = true, false
		return a, 0, false
	}
	if failed.Outcome != n8n.Unknown { // slow is not failed
		r.isFailed, r.reason = true, a.Reason
	}
	if delay, again = failed.Next(attempts, unknown); !again {
		a.State = subscription.GivenUp
	}
	t.log.InfoContext(ctx, "subscriber not reached", "tenant_id", world.hotel.ID, "subscription_id", row.ID, "event", ref.Event,
		"attempt", attempts, "again", again, "delay", delay, "err", failed)
	return a, delay, again
}

// release records what became of a lane, whatever happens.
func (t *Teller) release(ctx context.Context, l *lane.Lane, r told) {
	err := t.db.Insist(ctx, l.TenantID, postgres.LeaseIsOurs, func(ctx context.Context, tx *postgres.Tx) error {
		return t.record(ctx, tx, r)
	})
	if err != nil && postgres.LeaseIsOurs(err) {
		t.log.ErrorContext(ctx, "a lane stays leased until its lease runs out", "tenant_id", l.TenantID, "err", err)
	}
}

// record locks the subscription before the lane, as whoever deletes it does.
func (t *Teller) record(ctx context.Context, tx *postgres.Tx, r told) error {
	if err := t.health(ctx, tx, r); err != nil {
		return err
	}
	for _, a := range r.log {
		if err := tx.NoteDelivery(ctx, r.of.ID, a); err != nil {
			return err
		}
	}
	return tx.ReleaseLanes(ctx, r.outcome)
}

// health notes that a subscriber fails, or does no more.
func (t *Teller) health(ctx context.Context, tx *postgres.Tx, r told) error {
	isBack := r.arrived && !r.of.FailingSince.IsZero()
	if !isBack && !r.isFailed {
		return nil
	}
	row, err := tx.LockSubscription(ctx, r.of.ID)
	if errors.Is(err, subscription.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s, wasPaused := row.Subscription, row.IsPaused()
	if r.arrived {
		s = s.Succeeded()
	}
	if r.isFailed {
		s = s.Failed(r.reason, t.clock.Now())
	}
	if isBack {
		if err := tx.WakeAllLanes(ctx, lane.Tell); err != nil {
			return err
		}
	}
	if s.IsPaused() != wasPaused {
		t.log.WarnContext(ctx, "subscription paused: nothing has arrived for a day", "subscription_id", s.ID)
		return tx.SaveSubscription(ctx, s)
	}
	return tx.SaveSubscriptionHealth(ctx, s)
}
