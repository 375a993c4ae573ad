package reports_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/figures"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/reports"
	"github.com/botreserva/botreserva/internal/sealed"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

type world struct {
	*reports.Service
	db    *postgres.DB
	hotel pgtest.Hotel
}

func setup(t *testing.T) world {
	t.Helper()
	db := pgtest.DB(t)
	box, err := sealed.NewBox("5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a")
	if err != nil {
		t.Fatal(err)
	}
	c := clock.System{}
	return world{reports.New(db, directory.New(db, box, c), c), db, pgtest.Tenant(t, db, func(row *postgres.TenantRow) { row.Units = []string{"Camburi", "Ilhabela"} })}
}

// TestWhatJustHappened: a conversation that has just begun is in the next answer, and
// one answer after the other is up to date.
func TestWhatJustHappened(t *testing.T) {
	t.Parallel()
	w := setup(t)
	admin := user.User{Role: user.TenantAdmin}
	for want := range 3 {
		f, err := w.Frame(t.Context(), w.hotel.ID, admin, reports.Question{Period: figures.Week})
		if err != nil {
			t.Fatal(err)
		}
		if o, err := w.Overview(t.Context(), w.hotel.ID, f); err != nil || o.Total != want {
			t.Errorf("%d conversations, want %d: %v", o.Total, want, err)
		}
		pgtest.Conversation(t, w.db, w.hotel, pgtest.OfUnit("Camburi"))
	}
}

// TestTogether: many who ask the same at once get the same right answer, each its own
// copy, and one who leaves takes nobody along.
func TestTogether(t *testing.T) {
	t.Parallel()
	w := setup(t)
	pgtest.Conversation(t, w.db, w.hotel, pgtest.OfUnit("Camburi"))
	f, err := w.Frame(t.Context(), w.hotel.ID, user.User{Role: user.TenantAdmin}, reports.Question{Period: figures.Month})
	if err != nil {
		t.Fatal(err)
	}
	var asking sync.WaitGroup
	for i := range 40 {
		asking.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%4 == 0 {
				cancel()
			}
			units, err := w.Units(ctx, w.hotel.ID, f)
			if i%4 == 0 {
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Errorf("who left was told %v", err)
				}
				return
			}
			if err != nil || len(units) != 2 || units[0].Total != 1 || units[1].Name != "Ilhabela" {
				t.Errorf("%+v, %v", units, err)
			}
		})
	}
	asking.Wait()
}

// TestFrameOfUnits: who leads a unit gets that one, who leads none of them nothing.
func TestFrameOfUnits(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for name, c := range map[string]struct {
		by         user.User
		asked, got string
		refused    bool
	}{
		"an administrator, everything":    {by: user.User{Role: user.TenantAdmin}},
		"an administrator, a unit":        {by: user.User{Role: user.TenantAdmin}, asked: "ilha bela", got: "Ilhabela"},
		"a head of all":                   {by: user.User{Role: user.Head}},
		"a head":                          {by: user.User{Role: user.Head, Unit: "Camburi"}, got: "Camburi"},
		"a head of another":               {by: user.User{Role: user.Head, Unit: "Camburi"}, asked: "Ilhabela", refused: true},
		"an attendant of a unit":          {by: user.User{Role: user.Attendant, Unit: "Camburi"}, got: "Camburi"}, // the door keeps them out
		"a seller, who sees no unit":      {by: user.User{Role: user.Sales}, refused: true},
		"somebody without a role at all":  {by: user.User{}, refused: true},
		"an attendant without a unit yet": {by: user.User{Role: user.Attendant}, refused: true},
	} {
		f, err := w.Frame(t.Context(), w.hotel.ID, c.by, reports.Question{Period: figures.Week, Unit: c.asked})
		if errors.Is(err, reports.ErrUnitForbidden) != c.refused || err == nil && f.Unit != c.got {
			t.Errorf("%s: unit %q, %v", name, f.Unit, err)
		}
		if err == nil && f.To.Before(time.Now()) {
			t.Errorf("%s: the frame ended at %s already", name, f.To)
		}
	}
}
