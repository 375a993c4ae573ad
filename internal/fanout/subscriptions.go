// Package fanout tells programs outside what happens at a hotel's desk. Who wants to hear what
// is set up here (subscriptions.go, log.go), and each thing is told here, in order, signed and
// until it arrives (teller.go, post.go). What can be told is decided by domain/subscription; that
// it is to be told is stored by package postgres in the transaction in which it happens.
package fanout

import (
	"context"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/sealed"
)

// Subscriptions sets up who is told what.
type Subscriptions struct {
	db        *postgres.DB
	directory *directory.Directory
	box       *sealed.Box
	client    *n8n.Client
	clock     clock.Clock
	// AllowPrivate lets subscribers live at private addresses.
	AllowPrivate bool
}

// New makes it. Tests of a subscription are posted through client.
func New(db *postgres.DB, dir *directory.Directory, box *sealed.Box, client *n8n.Client, c clock.Clock) *Subscriptions {
	return &Subscriptions{db: db, directory: dir, box: box, client: client, clock: c}
}

// Change is what can be changed about a subscription; nil fields stay.
type Change struct {
	URL, Description *string
	Events           *[]subscription.Name
	Options          *subscription.Options
	Paused           *bool
}

// Create makes a subscription and returns it with the secret that signs what it is told, which
// is shown this once.
func (s *Subscriptions) Create(ctx context.Context, tenant id.Tenant, by string, want subscription.Subscription) (subscription.Subscription, string, error) {
	want.ID, want.CreatedAt = id.NewSubscription(), s.clock.Now()
	want.UpdatedAt = want.CreatedAt
	want, err := s.checked(want)
	if err != nil {
		return want, "", err
	}
	secret := newSecret()
	err = s.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		n, err := tx.CountSubscriptions(ctx)
		if err != nil {
			return err
		}
		if n >= subscription.Max {
			return subscription.ErrTooMany
		}
		if err := tx.InsertSubscription(ctx, want, s.box.Seal(secret, tenant.String())); err != nil {
			return err
		}
		return tx.Audit(ctx, s.entry(by, "CREATE_WEBHOOK", want.ID, nil, facts(want)))
	})
	return want, secret, err
}

// newSecret makes one that tells secret scanners, and people, what it is.
func newSecret() string { return "wh" + n8n.NewSecret() }

func (s *Subscriptions) checked(want subscription.Subscription) (subscription.Subscription, error) {
	if err := egress.CheckURL(want.URL, s.AllowPrivate); err != nil {
		return want, subscription.ErrInvalid.With(fault.Detail{Path: "url", Message: sentence(err.Error())})
	}
	return want.Checked()
}

func (s *Subscriptions) entry(by, action string, of id.Subscription, before, after map[string]any) postgres.Entry {
	e := postgres.Entry{Actor: by, Action: action, Entity: "webhook", EntityID: of.String(), At: s.clock.Now()}
	if before != nil {
		e.Before = before
	}
	if after != nil {
		e.After = after
	}
	return e
}

// facts are what an audit entry says about a subscription. A URL's path may be its only secret.
func facts(s subscription.Subscription) map[string]any {
	return map[string]any{
		"host": hostOf(s.URL), "events": s.Events, "options": s.Options, "description": s.Description, "paused": s.IsPaused(),
	}
}

// Change changes what is given.
func (s *Subscriptions) Change(ctx context.Context, tenant id.Tenant, by string, of id.Subscription, c Change) (subscription.Subscription, error) {
	var after subscription.Subscription
	err := s.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		row, err := tx.LockSubscription(ctx, of)
		if err != nil {
			return err
		}
		before := row.Subscription
		if after, err = s.changed(before, c); err != nil {
			return err
		}
		if err := tx.SaveSubscription(ctx, after); err != nil {
			return err
		}
		return tx.Audit(ctx, s.entry(by, "UPDATE_WEBHOOK", of, facts(before), facts(after)))
	})
	return after, err
}

// changed checks a URL only when it is given: one that was taken once may be left as it is.
func (s *Subscriptions) changed(before subscription.Subscription, c Change) (subscription.Subscription, error) {
	want := c.of(before, s.clock)
	if c.URL == nil {
		return want.Checked()
	}
	return s.checked(want)
}

func (c Change) of(s subscription.Subscription, at clock.Clock) subscription.Subscription {
	set(&s.URL, c.URL)
	set(&s.Description, c.Description)
	set(&s.Events, c.Events)
	set(&s.Options, c.Options)
	switch {
	case c.Paused == nil:
	case !*c.Paused:
		s = s.Resumed()
	case !s.IsPaused():
		s.PausedAt, s.PausedByUs = at.Now(), false
	}
	s.UpdatedAt = at.Now()
	return s
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// Rotate makes a new secret and returns it. The one before signs too for a day, so that the
// receiver can be changed at leisure.
func (s *Subscriptions) Rotate(ctx context.Context, tenant id.Tenant, by string, of id.Subscription) (subscription.Subscription, string, error) {
	var now subscription.Subscription
	secret, at := newSecret(), s.clock.Now()
	err := s.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		row, err := tx.LockSubscription(ctx, of)
		if err != nil {
			return err
		}
		now = row.Subscription
		if err := tx.RotateSubscription(ctx, of, s.box.Seal(secret, tenant.String()), at.Add(subscription.Overlap), at); err != nil {
			return err
		}
		return tx.Audit(ctx, s.entry(by, "ROTATE_WEBHOOK_SECRET", of, nil, map[string]any{"secret": "changed"}))
	})
	return now, secret, err
}

// Delete removes a subscription with its log and what was still to be told.
func (s *Subscriptions) Delete(ctx context.Context, tenant id.Tenant, by string, of id.Subscription) error {
	return s.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		row, err := tx.LockSubscription(ctx, of)
		if err != nil {
			return err
		}
		if err := tx.DeleteSubscription(ctx, of); err != nil {
			return err
		}
		return tx.Audit(ctx, s.entry(by, "DELETE_WEBHOOK", of, facts(row.Subscription), nil))
	})
}
