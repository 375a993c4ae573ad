package fanout

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/sealed"
)

// Replay tells a subscriber something once more, under the same delivery id: whoever got it
// the first time can know it by that.
func (s *Subscriptions) Replay(ctx context.Context, tenant id.Tenant, by string, of id.Subscription, delivery id.Subscribed) error {
	return s.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		row, err := tx.LockSubscription(ctx, of)
		if err != nil {
			return err
		}
		a, err := tx.SubscriptionAttempt(ctx, of, delivery)
		if err != nil {
			return err
		}
		if row.IsPaused() {
			return subscription.ErrPaused
		}
		tx.Retell(of, a.Ref)
		e := s.entry(by, "REPLAY_WEBHOOK_DELIVERY", of, nil, nil)
		e.Detail = map[string]any{"deliveryId": delivery}
		return tx.Audit(ctx, e)
	})
}

// Test posts a ping to a subscriber and returns how that ended, paused or not.
func (s *Subscriptions) Test(ctx context.Context, tenant id.Tenant, of id.Subscription) (subscription.Attempt, error) {
	row, err := s.db.Subscription(ctx, tenant, of)
	if err != nil {
		return subscription.Attempt{}, err
	}
	hotel, err := s.directory.Hotel(ctx, tenant)
	if err != nil {
		return subscription.Attempt{}, err
	}
	now := s.clock.Now()
	a := subscription.Attempt{
		ID: id.NewSubscribed(), Event: subscription.Ping, Attempts: 1, CreatedAt: now, UpdatedAt: now,
		Ref: subscription.Ref{Event: subscription.Ping, At: now},
	}
	body, err := n8n.PingBody(hotel.Slug, a.ID.String(), now)
	if err != nil {
		return a, err
	}
	secrets, err := secretsOf(s.box, tenant, row, now)
	if err != nil {
		return a, err
	}
	a, _ = posted(ctx, s.client, s.clock, row.URL, secrets, body, a, 1)
	if a.State == subscription.Retrying {
		a.State = subscription.GivenUp // a test is not repeated
	}
	return a, nil
}

// secrets sign what a subscriber is told.
type secrets struct{ now, before string }

func secretsOf(box *sealed.Box, tenant id.Tenant, row postgres.SubscriptionRow, now time.Time) (out secrets, err error) {
	if out.now, err = box.Open(row.Secret, tenant.String()); err != nil {
		return out, fmt.Errorf("open secret of subscription %s: %w", row.ID, err)
	}
	if row.OldSecret == "" || !now.Before(row.OldSecretUntil) {
		return out, nil
	}
	if out.before, err = box.Open(row.OldSecret, tenant.String()); err != nil {
		return out, fmt.Errorf("open old secret of subscription %s: %w", row.ID, err)
	}
	return out, nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// sentence begins a text of an error as people write.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + strings.TrimSuffix(text[size:], ".") + "."
}
