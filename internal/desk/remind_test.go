package desk_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// People are reminded of each guest who waits once, an hour before Meta's window closes:
// not of those who were answered, nor of what is closed, nor where a hotel wants none.
func TestRemind(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db, c := pgtest.DB(t), clock.NewFrozen(time.Now().UTC().Truncate(time.Second))
	hotel, quiet := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	pgtest.Exec(t, db, "UPDATE tenant SET window_reminder_minutes = 0 WHERE id = $1", quiet.ID)

	var mu sync.Mutex
	var told []id.Conversation
	db.OnCommit(postgres.Hooks{Publish: func(_ context.Context, events []event.Event) {
		mu.Lock()
		defer mu.Unlock()
		for _, e := range events {
			if e.Name == event.WindowClosing {
				told = append(told, e.Card.ID)
			}
		}
	}})
	wrote := func(h pgtest.Hotel, ago time.Duration, direction string, options ...pgtest.ConversationOption) id.Conversation {
		at := c.Now().Add(-ago)
		card := pgtest.Conversation(t, db, h, append(options, pgtest.LastMessageAt(at), pgtest.LastInboundAt(at))...)
		pgtest.Exec(t, db, "UPDATE conversation SET last_message = jsonb_build_object('direction', $2::text) WHERE id = $1", card.ID, direction)
		return card.ID
	}
	waits := wrote(hotel, 23*time.Hour+30*time.Minute, "INBOUND")
	later := wrote(hotel, 22*time.Hour+30*time.Minute, "INBOUND")
	wrote(hotel, 23*time.Hour+30*time.Minute, "OUTBOUND")
	wrote(hotel, 23*time.Hour+59*time.Minute, "INBOUND")
	wrote(hotel, 23*time.Hour+30*time.Minute, "INBOUND", pgtest.InState(conversation.Closed))
	wrote(quiet, 23*time.Hour+30*time.Minute, "INBOUND")

	d := desk.New(db, nil, c)
	remind := func(want ...id.Conversation) {
		t.Helper()
		told = nil
		for range 2 { // the second time nobody is left
			if err := d.Remind(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(told, want) {
			t.Errorf("told of %v, want %v", told, want)
		}
	}
	remind(waits)
	c.Advance(time.Hour)
	remind(later)
	// Who writes again and waits again is told of again.
	at := c.Now().Add(-23*time.Hour - 30*time.Minute)
	pgtest.Exec(t, db, "UPDATE conversation SET last_message_at = $2, last_inbound_at = $2 WHERE id = $1", waits, at)
	remind(waits)
}

// However many guests wait, all are told of.
func TestRemindOfMany(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	const guests = 250
	at := time.Now().Add(-23*time.Hour - 30*time.Minute)
	pgtest.Exec(t, db, `INSERT INTO contact (tenant_id, id, phone, wa_id, name, created_at, updated_at)
		SELECT $1, gen_random_uuid(), '55119' || (10000000 + n), '', 'Guest', now(), now() FROM generate_series(1, $2::int) n`, hotel.ID, guests)
	pgtest.Exec(t, db, `INSERT INTO conversation (tenant_id, id, contact_id, state, priority, source, last_message_at, last_inbound_at, last_message, created_at)
		SELECT tenant_id, gen_random_uuid(), id, 'OPEN', 'MEDIUM', 'whatsapp', $2, $2, '{"direction":"INBOUND"}', $2 FROM contact WHERE tenant_id = $1`, hotel.ID, at)
	told := map[id.Conversation]bool{}
	db.OnCommit(postgres.Hooks{Publish: func(_ context.Context, events []event.Event) {
		for _, e := range events {
			told[e.Card.ID] = true
		}
	}})
	if err := desk.New(db, nil, clock.System{}).Remind(ctx); err != nil {
		t.Fatal(err)
	}
	if len(told) != guests {
		t.Errorf("told of %d guests, want %d", len(told), guests)
	}
}
