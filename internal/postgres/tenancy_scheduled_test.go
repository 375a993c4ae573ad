package postgres_test

import (
	"context"
	"encoding/json"
	"maps"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func init() { maps.Copy(attempts, scheduledAttempts) }

// furnishScheduled gives a hotel a message that is to be sent later, and one that failed.
func furnishScheduled(t *testing.T, db *postgres.DB, h *furnished, marker string) {
	t.Helper()
	h.Later = laterOf(*h, marker)
	pgtest.InTx(t, db, h.ID, func(tx *postgres.Tx) error { return tx.InsertScheduled(within(t), h.Later) })
	h.Failed = pgtest.Message(t, db, h.ID, h.Card, func(m *message.Message) {
		m.Direction, m.Sender, m.Status = message.Outbound, message.Person, message.Failed
	})
}

// furnishReminder gives a hotel a guest who waits, and of whom people were reminded once.
func furnishReminder(t *testing.T, db *postgres.DB, h furnished) {
	t.Helper()
	pgtest.Exec(t, db, `UPDATE conversation SET last_message_at = now() - interval '1 hour', last_inbound_at = now() - interval '1 hour',
		last_message = '{"direction":"INBOUND"}' WHERE id = $1`, h.Card.ID)
	pgtest.Exec(t, db, "INSERT INTO window_reminder VALUES ($1, $2, now() - interval '1 day')", h.ID, h.Card.ID)
}

func laterOf(h furnished, marker string) message.Scheduled {
	text, err := json.Marshal(map[string]any{"type": "text", "text": map[string]string{"body": marker}})
	if err != nil {
		panic(err)
	}
	return message.Scheduled{
		ID: id.NewScheduled(), ConversationID: h.Card.ID, Content: text, ClientID: marker + " later", MadeBy: h.Ana.ID,
		SendAt: time.Now().Add(-time.Hour).UTC(), State: message.StillScheduled, CreatedAt: time.Now().Add(-2 * time.Hour),
	}
}

// scheduledAttempts has the rows of what is sent later or again.
var scheduledAttempts = map[string]attempt{
	"Tx.InsertScheduled": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.InsertScheduled(ctx, laterOf(of, "mine")))
	}},
	"Tx.ScheduledByClientID": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.ScheduledByClientID(ctx, of.Later.ClientID)
	}},
	"Tx.LockScheduled": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LockScheduled(ctx, of.Later.ID)
	}},
	"Tx.OpenScheduled": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		n, err := tx.OpenScheduled(ctx, of.Card.ID)
		return countedFor(of, n, err)
	}},
	"Tx.SettleScheduled": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		s := of.Later
		s.State, s.SettledAt = message.ScheduleEnded, time.Now()
		return nothing(tx.SettleScheduled(ctx, s))
	}},
	"Tx.WindowReminders": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.WindowReminders(ctx, time.Now().Add(-24*time.Hour), time.Now().Add(time.Hour), 10)
	}},
	"DB.Scheduled": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.Scheduled(ctx, as, of.Later.ID)
	}},
	"DB.ScheduledOf": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.ScheduledOf(ctx, as, of.Card.ID, "", 10, 0)
	}},
	"DB.ScheduledCount": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		n, err := db.ScheduledCount(ctx, as, of.Card.ID, message.StillScheduled)
		return countedFor(of, n, err)
	}},
	"Tx.Resend": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.Resend(ctx, of.Failed.ID)
	}},
}

// countedFor is nothing when nothing was counted.
func countedFor(of furnished, n int, err error) (any, error) {
	if n == 0 {
		return nil, err
	}
	return of.Card.ID, err
}
