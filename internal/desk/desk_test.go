package desk_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// Somebody opens a closed conversation again at the moment in which the guest writes and
// so gets a new one: the guest wins, and the refusal says why.
func TestReopenWhileTheGuestWrites(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	closed := pgtest.Conversation(t, db, hotel, pgtest.InState(conversation.Closed))
	open := conversation.Open

	reopened := make(chan error, 1)
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
		c := conversation.Begin(closed.ContactID, "whatsapp", "", time.Now())
		c.LastMessageAt = c.CreatedAt
		if err := tx.InsertConversations(ctx, c); err != nil {
			return err
		}
		go func() {
			_, err := desk.New(db, nil, clock.System{}).Change(ctx, hotel.ID, hotel.Admin, closed.ID, desk.Changes{State: &open})
			reopened <- err
		}()
		return awaitBlocked(ctx, t, db)
	})
	if err := <-reopened; !errors.Is(err, conversation.ErrClosed) {
		t.Errorf("got %v, want %v", err, conversation.ErrClosed)
	}
}

// awaitBlocked waits until a transaction waits for another.
func awaitBlocked(ctx context.Context, t *testing.T, db *postgres.DB) error {
	t.Helper()
	owner := pgtest.Owner(t, db)
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		var blocked bool
		err := owner.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
			WHERE NOT l.granted AND a.datname = current_database())`).Scan(&blocked)
		if err != nil || blocked {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
