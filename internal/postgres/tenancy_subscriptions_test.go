package postgres_test

import (
	"context"
	"maps"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func init() { maps.Copy(attempts, subscriptionAttempts) }

// furnishSubscription gives a hotel one, which was told something. It is paused: nothing more
// of what the hotel does is told.
func furnishSubscription(t *testing.T, db *postgres.DB, h *furnished, marker string) {
	t.Helper()
	h.Told, h.ToldOnce = toldOf(marker)
	h.Told.PausedAt = time.Now()
	h.ToldOnce.Ref.ConversationID = h.Card.ID
	pgtest.InTx(t, db, h.ID, func(tx *postgres.Tx) error {
		must(t, tx.InsertSubscription(within(t), h.Told, marker))
		must(t, tx.SaveSubscription(within(t), h.Told))
		return tx.NoteDelivery(within(t), h.Told.ID, h.ToldOnce)
	})
}

func toldOf(marker string) (subscription.Subscription, subscription.Attempt) {
	now := time.Now()
	s := subscription.Subscription{
		ID: id.NewSubscription(), URL: "https://example.com/" + marker, Events: []subscription.Name{subscription.MessageReceived},
		Description: marker, CreatedAt: now,
	}
	a := subscription.Attempt{
		ID: id.NewSubscribed(), Event: subscription.MessageReceived, State: subscription.Arrived, Attempts: 1, Reason: marker,
		CreatedAt: now, UpdatedAt: now,
	}
	a.Ref = subscription.Ref{DeliveryID: a.ID, Event: a.Event, At: now}
	return s, a
}

// subscriptionAttempts has the rows of who is told what happens.
var subscriptionAttempts = map[string]attempt{
	"DB.Subscriptions": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		all, err := db.Subscriptions(ctx, as)
		for _, s := range all {
			if s.ID == of.Told.ID {
				return s, err
			}
		}
		return nil, err
	}},
	"DB.Subscription": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.Subscription(ctx, as, of.Told.ID)
	}},
	"DB.SubscriptionLog": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		log, n, err := db.SubscriptionLog(ctx, as, of.Told.ID, 10, 0)
		if n == 0 {
			return nil, err
		}
		return log, err
	}},
	"Tx.LockSubscription": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LockSubscription(ctx, of.Told.ID)
	}},
	"Tx.CountSubscriptions": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		before, err := tx.CountSubscriptions(ctx)
		if err != nil || tx.DeleteSubscription(ctx, of.Told.ID) != nil {
			return nil, err
		}
		after, err := tx.CountSubscriptions(ctx)
		return before - after, err
	}},
	"Tx.InsertSubscription": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		s, _ := toldOf("mine")
		return nothing(tx.InsertSubscription(ctx, s, "mine"))
	}},
	"Tx.SaveSubscription": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		s := of.Told
		s.Description = "mine"
		return nothing(tx.SaveSubscription(ctx, s))
	}},
	"Tx.SaveSubscriptionHealth": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		s := of.Told
		s.Failures = 7
		return nothing(tx.SaveSubscriptionHealth(ctx, s))
	}},
	"Tx.RotateSubscription": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.RotateSubscription(ctx, of.Told.ID, "mine", time.Now(), time.Now()))
	}},
	"Tx.DeleteSubscription": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.DeleteSubscription(ctx, of.Told.ID))
	}},
	"Tx.NoteDelivery": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.NoteDelivery(ctx, of.Told.ID, of.ToldOnce))
	}},
	"Tx.SubscriptionAttempt": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.SubscriptionAttempt(ctx, of.Told.ID, of.ToldOnce.ID)
	}},
	"Tx.Retell": {inTx: func(_ context.Context, tx *postgres.Tx, of furnished) (any, error) {
		tx.Retell(of.Told.ID, of.ToldOnce.Ref)
		return nil, nil
	}},
}
