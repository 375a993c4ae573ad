package desk_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// heard collects what screens are told.
type heard struct {
	mu   sync.Mutex
	told []string
}

func listen(db *postgres.DB) *heard {
	h := &heard{}
	db.OnCommit(postgres.Hooks{Publish: func(_ context.Context, events []event.Event) {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, e := range events {
			told := string(e.Name)
			if e.Escalation != nil {
				told += " " + string(e.Escalation.State)
			}
			h.told = append(h.told, told)
		}
	}})
	return h
}

// since returns what was told since the last call.
func (h *heard) since() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	told := strings.Join(h.told, ", ")
	h.told = nil
	return told
}

// Screens hear of every escalation that moves, whether somebody moved it or its
// conversation took it along.
func TestScreensHearOfEscalations(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	ana := pgtest.User(t, db, hotel.ID, user.Attendant, "")
	d := desk.New(db, nil, clock.System{})
	card := pgtest.Conversation(t, db, hotel, pgtest.LockedBy(conversation.System))
	first, second := pgtest.Escalation(t, db, hotel.ID, card), pgtest.Escalation(t, db, hotel.ID, card)
	told := listen(db)
	resolved := escalation.Resolved
	for _, step := range []struct {
		name string
		do   func() error
		want string
	}{
		{
			"giving away", func() error { _, err := d.Assign(ctx, hotel.ID, hotel.Admin, card.ID, ana.ID); return err },
			"conversation:updated, message:new, escalation:updated IN_PROGRESS, escalation:updated IN_PROGRESS",
		},
		{"giving away again", func() error { _, err := d.Assign(ctx, hotel.ID, hotel.Admin, card.ID, ana.ID); return err }, "conversation:updated"},
		{"ending one", func() error {
			_, err := d.Handle(ctx, hotel.ID, ana, first.ID, desk.Handling{State: &resolved})
			return err
		}, "conversation:updated, escalation:updated RESOLVED"},
		{"handing back", func() error {
			_, err := d.Handle(ctx, hotel.ID, ana, first.ID, desk.Handling{HandBack: true})
			return err
		}, "conversation:updated, escalation:updated RESOLVED, escalation:updated RESOLVED"},
		{"closing", func() error { _, err := d.Close(ctx, hotel.ID, ana, card.ID, ""); return err }, "conversation:updated, message:new"},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if got := told.since(); got != step.want {
			t.Errorf("%s: screens heard %q, want %q", step.name, got, step.want)
		}
	}
	e, err := db.Escalation(ctx, hotel.ID, second.ID)
	if err != nil || e.State != escalation.Resolved || e.AttendedBy != ana.ID {
		t.Errorf("the other one: %+v, %v", e, err)
	}
}
