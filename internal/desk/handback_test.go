package desk_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
)

// TestIdleGoesBackOnce: several instances look at the same moment; each conversation goes back
// once, with one line, and those that nobody has taken stay.
func TestIdleGoesBackOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel, other := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	pgtest.Exec(t, db, "UPDATE tenant SET hand_back_minutes = 60 WHERE id = $1", hotel.ID)
	held := func(h pgtest.Hotel, by string, s conversation.State) id.Conversation {
		return pgtest.Conversation(t, db, h, pgtest.InState(s), pgtest.LockedBy(by)).ID
	}
	ana := hotel.Admin.ID.String()
	back := []id.Conversation{held(hotel, ana, conversation.Open), held(hotel, conversation.System, conversation.InProgress)}
	stay := []id.Conversation{held(hotel, conversation.System, conversation.Open), held(other, ana, conversation.InProgress)}
	pgtest.Exec(t, db, `UPDATE conversation SET locked_at = locked_at - interval '2 hours', ball_since = ball_since - interval '2 hours',
		last_message_at = last_message_at - interval '2 hours'`)
	fresh := held(hotel, ana, conversation.InProgress)

	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := desk.New(db, directory.New(db, box, clock.System{}), clock.System{}).HandBackDue(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	check := func(h pgtest.Hotel, c id.Conversation, holder conversation.Holder, version int64) {
		card, err := db.Card(ctx, h.ID, c)
		if err != nil || card.Holder() != holder || card.Ball.Version != version {
			t.Errorf("%s is held by %s after %d passes, want %s after %d: %v", c, card.Holder(), card.Ball.Version, holder, version, err)
		}
	}
	for _, c := range back {
		check(hotel, c, conversation.HeldByBot, 2)
	}
	check(hotel, stay[0], conversation.HeldByNobody, 1)
	check(other, stay[1], conversation.HeldByPerson, 1)
	check(hotel, fresh, conversation.HeldByPerson, 1)
	var lines int
	if err := pgtest.Owner(t, db).QueryRow(ctx, "SELECT count(*) FROM message WHERE kind = 'NOTICE'").Scan(&lines); err != nil || lines != 2 {
		t.Errorf("%d lines, want 2: %v", lines, err)
	}
}
