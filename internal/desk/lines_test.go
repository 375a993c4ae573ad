package desk_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
)

// TestLines: whoever opens a conversation reads who took it, gave it away, closed it and opened it
// again, each once; of two who take it at the same moment one is told that the other was first.
func TestLines(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	d := desk.New(db, directory.New(db, box, clock.System{}), clock.System{})
	ana, rui := pgtest.User(t, db, hotel.ID, user.Head, ""), pgtest.User(t, db, hotel.ID, user.Head, "")
	for _, begins := range []struct {
		name string
		card conversation.Card
	}{
		{"the bot's", pgtest.Conversation(t, db, hotel)},
		{"one that waits for a person", pgtest.Conversation(t, db, hotel, pgtest.InState(conversation.Open), pgtest.LockedBy(conversation.System))},
	} {
		c, seen := begins.card.ID, begins.card.Ball.Version
		if card, err := d.Claim(ctx, hotel.ID, ana, c, seen); err != nil || card.AssignedTo != ana.ID || card.Holder() != conversation.HeldByPerson {
			t.Fatalf("%s: Ana has not got it: %+v, %v", begins.name, card, err)
		}
		if _, err := d.Claim(ctx, hotel.ID, rui, c, seen); !errors.Is(err, desk.ErrTaken) {
			t.Errorf("%s: Rui was not told that Ana was first: %v", begins.name, err)
		}
		card, err := d.Claim(ctx, hotel.ID, ana, c, seen)
		if err != nil {
			t.Errorf("%s: Ana cannot take what she has: %v", begins.name, err)
		}
		if card, err = d.Claim(ctx, hotel.ID, rui, c, card.Ball.Version); err != nil || card.AssignedTo != rui.ID {
			t.Errorf("%s: Rui, who knows that Ana has it, cannot take it: %v", begins.name, err)
		}
		open, urgent := conversation.Open, conversation.Urgent
		for _, step := range []func() error{
			func() error { _, err := d.Assign(ctx, hotel.ID, rui, c, ana.ID); return err },
			func() error { _, err := d.Change(ctx, hotel.ID, rui, c, desk.Changes{Priority: &urgent}); return err },
			func() error { _, err := d.Close(ctx, hotel.ID, ana, c, " Reservou "); return err },
			func() error { _, err := d.Change(ctx, hotel.ID, rui, c, desk.Changes{State: &open}); return err },
		} {
			if err := step(); err != nil {
				t.Fatal(err)
			}
		}
		messages, _, err := db.Messages(ctx, hotel.ID, c, 50, 0)
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(messages)
		var told []string
		for _, m := range messages {
			if m.Metadata.Notice != nil {
				told = append(told, strings.NewReplacer(ana.Name, "Ana", rui.Name, "Rui").Replace(m.Metadata.Notice.Type+" "+m.Content))
			}
		}
		want := []string{
			"taken_over Assumida por Ana", "taken_over Assumida por Rui", "assigned Passada para Ana por Rui", "closed Encerrada por Ana: Reservou", "reopened Reaberta por Rui",
		}
		if !slices.Equal(told, want) {
			t.Errorf("%s: the lines are\n%s\nwant\n%s", begins.name, strings.Join(told, "\n"), strings.Join(want, "\n"))
		}
	}
}
