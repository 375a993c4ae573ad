package desk

import (
	"context"
	"log/slog"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/postgres"
)

const (
	// remindEvery is how often it is looked for windows that close.
	remindEvery = time.Minute
	// remindAtOnce is how many guests of one hotel people are reminded of in one transaction; the others follow.
	remindAtOnce = 100
)

// RemindOfWindows tells screens of guests who still wait when Meta's 24-hour window is about
// to close on them, until ctx ends. Every instance may do it: each guest's message is told of
// once.
func (d *Desk) RemindOfWindows(ctx context.Context, log *slog.Logger) {
	look := func() {
		if err := d.Remind(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "people are reminded of closing windows later", "err", err)
		}
	}
	look()
	clock.Every(ctx, remindEvery, look)
}

// Remind does so once.
func (d *Desk) Remind(ctx context.Context) error {
	began := conversation.OpenSince(d.clock.Now())
	due, err := d.db.SystemWindowsClosing(ctx, began)
	for _, hotel := range due {
		for more := true; more && err == nil; {
			more, err = d.remind(ctx, hotel, began)
		}
	}
	return err
}

// remind tells a hotel's screens of guests who wrote soon after began, when the windows began
// that close now. It reports whether there may be more.
func (d *Desk) remind(ctx context.Context, of postgres.WindowsClosing, began time.Time) (bool, error) {
	told := 0
	err := d.db.InTx(ctx, of.Tenant, func(tx *postgres.Tx) error {
		cards, err := tx.WindowReminders(ctx, began, began.Add(of.Reminder), remindAtOnce)
		for _, c := range cards {
			tx.Emit(event.Event{Name: event.WindowClosing, Card: &c})
		}
		told = len(cards)
		return err
	})
	return told == remindAtOnce, err
}
