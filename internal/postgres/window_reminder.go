package postgres

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// WindowReminders notes that people are reminded of conversations whose guest waits for an
// answer since a time in [after, before), and returns those of which nobody reminded them
// before, at most most.
func (tx *Tx) WindowReminders(ctx context.Context, after, before time.Time, most int) ([]conversation.Card, error) {
	ids, err := tx.q.WindowReminders(ctx, sqlc.WindowRemindersParams{
		TenantID: tx.tenant, After: after, Before: before, Most: int32(most),
	})
	if err != nil || len(ids) == 0 {
		return nil, wrap(err, "note reminders", nil)
	}
	return tx.Cards(ctx, ids...)
}

// WindowsClosing is a tenant whose people are to be reminded of guests who wait.
type WindowsClosing struct {
	Tenant   id.Tenant
	Reminder time.Duration // how long before a window closes
}

// SystemWindowsClosing finds tenants with guests of whom people are to be reminded now: who
// wait since after, when the windows began that close now, or so much later as the tenant's
// reminder comes before the end.
func (db *DB) SystemWindowsClosing(ctx context.Context, after time.Time) ([]WindowsClosing, error) {
	rows, err := db.systemQueries().SystemWindowsClosing(ctx, after)
	out := make([]WindowsClosing, 0, len(rows))
	for _, r := range rows {
		out = append(out, WindowsClosing{r.ID, time.Duration(r.WindowReminderMinutes) * time.Minute})
	}
	return out, wrap(err, "find windows that close", nil)
}
