package directory

import (
	"context"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Flow is where guests are handed over to: the address of the hotel's settings, or without one the
// subscriber that answers guests. It is zero where there is neither.
type Flow struct {
	URL    string
	Secret string // signs what is posted

	OldSecret string // signs too until OldUntil
	OldUntil  time.Time

	Subscription id.Subscription // zero for the address of the settings
}

// IsSubscriber reports whether the flow subscribed by itself.
func (f Flow) IsSubscriber() bool { return !f.Subscription.IsZero() }

// OldSecretAt returns the secret that the flow had before, while it signs too.
func (f Flow) OldSecretAt(now time.Time) string {
	if now.Before(f.OldUntil) {
		return f.OldSecret
	}
	return ""
}

// HasFlow reports whether there is anybody to hand guests over to.
func (h *Hotel) HasFlow() bool { return h.Flow.URL != "" }

// flow finds out who answers a hotel's guests. Of several subscribers that want to it is the
// newest that is not paused: whoever publishes a flow anew means that one.
func (d *Directory) flow(ctx context.Context, h *Hotel) (Flow, error) {
	if h.Bot.URL != "" {
		return Flow{URL: h.Bot.URL, Secret: h.BotSecret}, nil
	}
	all, err := d.db.Subscriptions(ctx, h.ID)
	if err != nil {
		return Flow{}, err
	}
	chosen, ok := subscription.Answering(all)
	if !ok {
		return Flow{}, nil
	}
	row, err := d.db.Subscription(ctx, h.ID, chosen.ID)
	if err != nil {
		return Flow{}, err
	}
	return d.subscriber(h, row)
}

func (d *Directory) subscriber(h *Hotel, row postgres.SubscriptionRow) (Flow, error) {
	f := Flow{URL: row.URL, Subscription: row.ID, OldUntil: row.OldSecretUntil}
	var err error
	if f.Secret, err = d.box.Open(row.Secret, h.ID.String()); err != nil {
		return Flow{}, fmt.Errorf("open secret of subscription %s: %w", row.ID, err)
	}
	if f.OldSecret, err = d.box.Open(row.OldSecret, h.ID.String()); err != nil {
		return Flow{}, fmt.Errorf("open old secret of subscription %s: %w", row.ID, err)
	}
	return f, nil
}
