package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
	"github.com/botreserva/botreserva/internal/stale"
)

// SubscriptionRow is a subscription with its secrets as they are stored: sealed.
type SubscriptionRow struct {
	subscription.Subscription
	Secret, OldSecret string
	OldSecretUntil    time.Time
}

// Subscriptions lists a hotel's, the oldest first.
func (db *DB) Subscriptions(ctx context.Context, tenant id.Tenant) ([]subscription.Subscription, error) {
	rows, err := db.reads(tenant).SubscriptionList(ctx, tenant)
	if err != nil {
		return nil, wrap(err, "list subscriptions", nil)
	}
	return subscriptionNouns(rows)
}

// Subscription returns one, or subscription.ErrNotFound.
func (db *DB) Subscription(ctx context.Context, tenant id.Tenant, s id.Subscription) (SubscriptionRow, error) {
	r, err := db.reads(tenant).SubscriptionGet(ctx, sqlc.SubscriptionGetParams{TenantID: tenant, ID: s})
	if err != nil {
		return SubscriptionRow{}, wrap(err, "load subscription", subscription.ErrNotFound)
	}
	return subscriptionRow(r)
}

// LockSubscription locks and returns one, or subscription.ErrNotFound.
func (tx *Tx) LockSubscription(ctx context.Context, s id.Subscription) (SubscriptionRow, error) {
	r, err := tx.q.SubscriptionLock(ctx, sqlc.SubscriptionLockParams{TenantID: tx.tenant, ID: s})
	if err != nil {
		return SubscriptionRow{}, wrap(err, "lock subscription", subscription.ErrNotFound)
	}
	return subscriptionRow(r)
}

// CountSubscriptions counts a hotel's.
func (tx *Tx) CountSubscriptions(ctx context.Context) (int, error) {
	n, err := tx.q.SubscriptionCount(ctx, tx.tenant)
	return int(n), wrap(err, "count subscriptions", nil)
}

// InsertSubscription stores a new one with its sealed secret.
func (tx *Tx) InsertSubscription(ctx context.Context, s subscription.Subscription, secret string) error {
	options, err := json.Marshal(s.Options)
	if err != nil {
		return fmt.Errorf("encode options: %w", err)
	}
	tx.Outdate(stale.Tenant(tx.tenant))
	return wrap(tx.q.SubscriptionInsert(ctx, sqlc.SubscriptionInsertParams{
		TenantID: tx.tenant, ID: s.ID, Url: s.URL, Events: eventTexts(s.Events), Options: options, Description: s.Description,
		Secret: secret, CreatedAt: s.CreatedAt,
	}), "store subscription", nil)
}

// SaveSubscription writes one that was locked before, but for its secrets.
func (tx *Tx) SaveSubscription(ctx context.Context, s subscription.Subscription) error {
	tx.Outdate(stale.Tenant(tx.tenant))
	return tx.SaveSubscriptionHealth(ctx, s)
}

// SaveSubscriptionHealth is SaveSubscription for what only people look at: nobody who
// remembers the subscription need hear of it.
func (tx *Tx) SaveSubscriptionHealth(ctx context.Context, s subscription.Subscription) error {
	options, err := json.Marshal(s.Options)
	if err != nil {
		return fmt.Errorf("encode options: %w", err)
	}
	return wrap(tx.q.SubscriptionSave(ctx, sqlc.SubscriptionSaveParams{
		TenantID: tx.tenant, ID: s.ID, Url: s.URL, Events: eventTexts(s.Events), Options: options, Description: s.Description,
		PausedAt: nullIfZero(s.PausedAt), PausedByUs: s.PausedByUs, FailingSince: nullIfZero(s.FailingSince),
		Failures: int32(s.Failures), LastError: s.LastError, UpdatedAt: s.UpdatedAt,
	}), "save subscription", nil)
}

// RotateSubscription replaces the sealed secret; the one before signs too until a time.
func (tx *Tx) RotateSubscription(ctx context.Context, s id.Subscription, secret string, until, now time.Time) error {
	tx.Outdate(stale.Tenant(tx.tenant))
	return wrap(tx.q.SubscriptionRotate(ctx, sqlc.SubscriptionRotateParams{
		TenantID: tx.tenant, ID: s, Secret: secret, Until: &until, Now: now,
	}), "rotate secret", nil)
}

// DeleteSubscription removes one with its log and what was still to be told.
func (tx *Tx) DeleteSubscription(ctx context.Context, s id.Subscription) error {
	n, err := tx.q.SubscriptionDelete(ctx, sqlc.SubscriptionDeleteParams{TenantID: tx.tenant, ID: s})
	if err != nil {
		return wrap(err, "delete subscription", nil)
	}
	if n == 0 {
		return subscription.ErrNotFound
	}
	tx.Outdate(stale.Tenant(tx.tenant))
	err = tx.q.SubscriptionLanesDelete(ctx, sqlc.SubscriptionLanesDeleteParams{TenantID: tx.tenant, ID: s.String()})
	return wrap(err, "delete what was to be told", nil)
}

// NoteDelivery writes how a delivery ended so far into the log of its subscription. Attempts
// are added to those that were noted before.
func (tx *Tx) NoteDelivery(ctx context.Context, s id.Subscription, a subscription.Attempt) error {
	ref, err := json.Marshal(a.Ref)
	if err != nil {
		return fmt.Errorf("encode what was told: %w", err)
	}
	return wrap(tx.q.SubscriptionDeliverySave(ctx, sqlc.SubscriptionDeliverySaveParams{
		TenantID: tx.tenant, SubscriptionID: s, ID: a.ID, Event: string(a.Event), Ref: ref, State: string(a.State),
		Attempts: int32(a.Attempts), HttpStatus: int32(a.HTTPStatus), TookMs: int32(a.Took.Milliseconds()), Answer: a.Answer,
		Reason: a.Reason, CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
	}), "note delivery", nil)
}

// SubscriptionLog returns a page of what a subscriber was told, the newest first, and how
// much there is.
func (db *DB) SubscriptionLog(ctx context.Context, tenant id.Tenant, s id.Subscription, limit, skip int) ([]subscription.Attempt, int, error) {
	rows, err := db.reads(tenant).SubscriptionDeliveries(ctx, sqlc.SubscriptionDeliveriesParams{
		TenantID: tenant, SubscriptionID: s, PageSize: int32(limit), Skip: int32(skip),
	})
	if err != nil {
		return nil, 0, wrap(err, "list deliveries", nil)
	}
	out := make([]subscription.Attempt, 0, len(rows))
	for _, r := range rows {
		a, err := attemptNoun(r)
		if err != nil {
			return nil, 0, err
		}
		out = append(out, a)
	}
	n, err := db.reads(tenant).SubscriptionDeliveryCount(ctx, sqlc.SubscriptionDeliveryCountParams{TenantID: tenant, SubscriptionID: s})
	return out, int(n), wrap(err, "count deliveries", nil)
}

// SubscriptionAttempt returns one delivery, or subscription.ErrNoDelivery.
func (tx *Tx) SubscriptionAttempt(ctx context.Context, s id.Subscription, d id.Subscribed) (subscription.Attempt, error) {
	r, err := tx.q.SubscriptionDeliveryGet(ctx, sqlc.SubscriptionDeliveryGetParams{TenantID: tx.tenant, SubscriptionID: s, ID: d})
	if err != nil {
		return subscription.Attempt{}, wrap(err, "load delivery", subscription.ErrNoDelivery)
	}
	return attemptNoun(r)
}

// purgeSubscriptionLogs keeps what people look at: the last days, and of each subscription
// the last few.
func purgeSubscriptionLogs(ctx context.Context, q *sqlc.Queries, now time.Time) error {
	if _, err := q.SystemDeliveriesOldDelete(ctx, now.Add(-subscription.LogTime)); err != nil {
		return wrap(err, "purge old deliveries", nil)
	}
	_, err := q.SystemDeliveriesManyDelete(ctx, subscription.LogSize-1)
	return wrap(err, "purge deliveries", nil)
}

func eventTexts(names []subscription.Name) []string {
	texts := make([]string, len(names))
	for i, n := range names {
		texts[i] = string(n)
	}
	return texts
}

func subscriptionNouns(rows []sqlc.Subscription) ([]subscription.Subscription, error) {
	out := make([]subscription.Subscription, 0, len(rows))
	for _, r := range rows {
		s, err := subscriptionRow(r)
		if err != nil {
			return nil, err
		}
		out = append(out, s.Subscription)
	}
	return out, nil
}

func subscriptionRow(r sqlc.Subscription) (SubscriptionRow, error) {
	s := SubscriptionRow{
		Subscription: subscription.Subscription{
			ID: r.ID, URL: r.Url, Description: r.Description, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
			PausedAt: zeroIfNull(r.PausedAt), PausedByUs: r.PausedByUs, FailingSince: zeroIfNull(r.FailingSince),
			Failures: int(r.Failures), LastError: r.LastError,
		},
		Secret: r.Secret, OldSecret: r.OldSecret, OldSecretUntil: zeroIfNull(r.OldSecretUntil),
	}
	for _, e := range r.Events {
		s.Events = append(s.Events, subscription.Name(e))
	}
	if err := json.Unmarshal(r.Options, &s.Options); err != nil {
		return s, fmt.Errorf("decode options of subscription %s: %w", r.ID, err)
	}
	return s, nil
}

func attemptNoun(r sqlc.SubscriptionDelivery) (subscription.Attempt, error) {
	a := subscription.Attempt{
		ID: r.ID, Event: subscription.Name(r.Event), State: subscription.State(r.State), Attempts: int(r.Attempts),
		HTTPStatus: int(r.HttpStatus), Took: time.Duration(r.TookMs) * time.Millisecond, Answer: r.Answer, Reason: r.Reason,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
	if err := json.Unmarshal(r.Ref, &a.Ref); err != nil {
		return a, fmt.Errorf("decode delivery %s: %w", r.ID, err)
	}
	a.ConversationID = a.Ref.ConversationID
	return a, nil
}
