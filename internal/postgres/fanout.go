package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/stale"
)

// subscribers remembers who at which hotel wants to hear what, because every transaction
// that emits asks. A notice (package stale) ends that at once.
type subscribers struct {
	mu   sync.Mutex
	age  int // changes whenever something is forgotten
	kept map[id.Tenant]heard
}

type heard struct {
	by    []subscription.Subscription
	until time.Time
}

const (
	// subscribersFresh is how long an answer is believed: instances without Redis hear of a
	// new subscription after that.
	subscribersFresh = 10 * time.Second
	subscribersKept  = 20_000
)

// ForgetSubscribers drops what is remembered about the hotel of a notice.
func (db *DB) ForgetSubscribers(n stale.Notice) {
	s := &db.subscribers
	s.mu.Lock()
	defer s.mu.Unlock()
	if n.All {
		s.kept = nil
	}
	if n.All || !n.Tenant.IsZero() {
		delete(s.kept, n.Tenant)
		s.age++
	}
}

func (s *subscribers) remembered(t id.Tenant) (by []subscription.Subscription, age int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := s.kept[t]
	return h.by, s.age, ok && time.Now().Before(h.until) //nolint:forbidigo // how old a memory is, which no test sets
}

// remember keeps an answer, unless something was forgotten since it was asked for.
func (s *subscribers) remember(t id.Tenant, by []subscription.Subscription, age int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if age != s.age {
		return
	}
	if s.kept == nil || len(s.kept) >= subscribersKept {
		s.kept = map[id.Tenant]heard{}
	}
	s.kept[t] = heard{by, time.Now().Add(subscribersFresh)} //nolint:forbidigo // how old a memory is, which no test sets
}

// standing is how a conversation stood before a transaction changed it.
type standing struct {
	of id.Conversation
	subscription.Standing
}

func (tx *Tx) noteStanding(cards []conversation.Card) {
	for _, c := range cards {
		tx.before = append(tx.before, standing{c.ID, subscription.StandingOf(c.Conversation)})
	}
}

// stood tells how conversations stood when they were first locked.
func (tx *Tx) stood() map[id.Conversation]*subscription.Standing {
	out := make(map[id.Conversation]*subscription.Standing, len(tx.before))
	for _, b := range tx.before {
		if out[b.of] == nil {
			out[b.of] = &b.Standing
		}
	}
	return out
}

// tell queues what subscribers are to hear of the transaction's events: it lives or dies with
// what happened.
func (tx *Tx) tell(ctx context.Context) error {
	if len(tx.events) == 0 {
		return nil
	}
	by, err := tx.subscriptions(ctx)
	if err != nil || len(by) == 0 {
		return err
	}
	stood := tx.stood()
	now := time.Now() //nolint:forbidigo // when it happened, for people who read the log
	for _, e := range tx.events {
		if e.Card == nil {
			continue
		}
		for _, h := range subscription.Happenings(e, stood[e.Card.ID]) {
			tx.queueTold(by, h, e, now)
		}
		is := subscription.StandingOf(e.Card.Conversation)
		stood[e.Card.ID] = &is // before the next event
	}
	return nil
}

func (tx *Tx) queueTold(by []subscription.Subscription, h subscription.Happening, e event.Event, now time.Time) {
	for _, s := range by {
		if s.Wants(h, e.Card.Conversation) {
			tx.Enqueue(lane.Tell, toldItem(s.ID, h.Ref(now.UTC())))
		}
	}
}

// toldItem is the work of telling a subscriber something: in order for each conversation.
func toldItem(s id.Subscription, r subscription.Ref) lane.New {
	payload, err := json.Marshal(r)
	if err != nil {
		panic(fmt.Sprintf("encode what is told: %v", err)) // ids, names and a time
	}
	return lane.New{Key: s.String() + "/" + r.ConversationID.String(), Payload: payload}
}

// Retell queues something anew that a subscriber was told before.
func (tx *Tx) Retell(s id.Subscription, r subscription.Ref) { tx.Enqueue(lane.Tell, toldItem(s, r)) }

// subscriptions asks on the connection of the transaction: one that waits for another would
// stop everybody when all are taken.
func (tx *Tx) subscriptions(ctx context.Context) ([]subscription.Subscription, error) {
	by, age, ok := tx.subscribers.remembered(tx.tenant)
	if ok {
		return by, nil
	}
	rows, err := tx.q.SubscriptionList(ctx, tx.tenant)
	if err != nil {
		return nil, wrap(err, "list subscriptions", nil)
	}
	by, err = subscriptionNouns(rows)
	if err != nil {
		return nil, err
	}
	tx.subscribers.remember(tx.tenant, by, age)
	return by, nil
}
