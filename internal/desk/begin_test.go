package desk_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
)

// told collects the names of events.
type told struct {
	mu    sync.Mutex
	names []string
}

func (l *told) publish(_ context.Context, events []event.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range events {
		l.names = append(l.names, string(e.Name))
	}
}

// take returns what was told since the last time.
func (l *told) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	names := l.names
	l.names = nil
	return names
}

// TestScreensHear: whatever people change about a conversation, screens are told, and
// what changes nothing they are not.
func TestScreensHear(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	card := pgtest.Conversation(t, db, hotel)
	m := pgtest.Message(t, db, hotel.ID, card)
	tag := pgtest.Tag(t, db, hotel.ID, "VIP")
	var heard told
	db.OnCommit(postgres.Hooks{Publish: heard.publish})
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	d := desk.New(db, directory.New(db, box, clock.System{}), clock.System{})
	opening := desk.Opening{Phone: "5511987654321", State: conversation.Open, Priority: conversation.Medium, Source: "manual"}
	change := func(c desk.Changes) func() error {
		return func() error { _, err := d.Change(ctx, hotel.ID, hotel.Admin, card.ID, c); return err }
	}
	chance, unit, tags := true, "Camburi", []uuid.UUID{tag.ID}
	for _, step := range []struct {
		name string
		do   func() error
		want []string
	}{
		{"open", func() error { _, err := d.Begin(ctx, hotel.ID, hotel.Admin, opening); return err }, []string{"contact:created", "conversation:new"}},
		{"open again", func() error { _, err := d.Begin(ctx, hotel.ID, hotel.Admin, opening); return err }, nil},
		{"read one", func() error { _, err := d.MarkMessageRead(ctx, hotel.ID, hotel.Admin, m.ID); return err }, []string{"conversation:updated"}},
		{"read it again", func() error { _, err := d.MarkMessageRead(ctx, hotel.ID, hotel.Admin, m.ID); return err }, nil},
		{"move", change(desk.Changes{Unit: &unit, Opportunity: &chance}), []string{"conversation:updated"}},
		{"tag", change(desk.Changes{Tags: &tags}), []string{"conversation:updated"}},
		{"archive", func() error { _, err := d.Archive(ctx, hotel.ID, hotel.Admin, card.ID); return err }, []string{"conversation:updated", "message:new"}},
		{"unarchive", func() error { _, err := d.Unarchive(ctx, hotel.ID, hotel.Admin, card.ID); return err }, []string{"conversation:updated"}},
		{"delete", func() error { return d.Delete(ctx, hotel.ID, hotel.Admin, card.ID) }, []string{"conversation:deleted"}},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if got := heard.take(); !slices.Equal(got, step.want) {
			t.Errorf("%s: screens heard %v, want %v", step.name, got, step.want)
		}
	}
}
