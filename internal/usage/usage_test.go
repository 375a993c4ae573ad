package usage_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/usage"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// world is a meter over a database of its own, and a hotel that may send some messages.
type world struct {
	t     *testing.T
	db    *postgres.DB
	clock *clock.Frozen
	meter *usage.Meter
	logs  bytes.Buffer
	hotel pgtest.Hotel
}

func setup(t *testing.T, limit int) *world {
	t.Helper()
	w := &world{t: t, db: pgtest.DB(t), clock: clock.NewFrozen(time.Now())}
	w.meter = usage.New(w.db, w.clock, logtest.LoggerTo(&w.logs))
	w.hotel = pgtest.Tenant(t, w.db, func(row *postgres.TenantRow) { row.Limits.Messages = limit })
	return w
}

// sends stores messages of the bot.
func (w *world) sends(n int) {
	w.t.Helper()
	card := pgtest.Conversation(w.t, w.db, w.hotel)
	for range n {
		pgtest.Message(w.t, w.db, w.hotel.ID, card, pgtest.FromBot)
	}
}

func (w *world) month() tenant.Usage {
	w.t.Helper()
	used, err := w.meter.Month(w.t.Context(), w.hotel.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return used
}

// TestMeter: as many as the plan allows, at once and however many ask.
func TestMeter(t *testing.T) {
	t.Parallel()
	w := setup(t, 10)
	w.sends(3)
	var taken atomic.Int64
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			done, err := w.meter.Take(t.Context(), w.hotel.Tenant)
			if err == nil {
				taken.Add(1)
				done(true)
			} else if !errors.Is(err, tenant.ErrPlanLimit) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := taken.Load(); n != 7 {
		t.Errorf("%d may be sent, want 7", n)
	}
	w.clock.Advance(5 * time.Second) // counted anew: nothing of it was stored
	done, err := w.meter.Take(t.Context(), w.hotel.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	done(false)
	w.sends(7)
	w.clock.Advance(5 * time.Second)
	if _, err := w.meter.Take(t.Context(), w.hotel.Tenant); !errors.Is(err, tenant.ErrPlanLimit) {
		t.Errorf("the eleventh: %v", err)
	}
	w.hotel.Limits.Messages = 0
	if _, err := w.meter.Take(t.Context(), w.hotel.Tenant); err != nil {
		t.Errorf("without a limit: %v", err)
	}
}

// TestNothingIsAskedPerMessage: between two countings the database is not asked.
func TestNothingIsAskedPerMessage(t *testing.T) {
	t.Parallel()
	w := setup(t, 100)
	take := func() error {
		done, err := w.meter.Take(t.Context(), w.hotel.Tenant)
		if err == nil {
			done(true)
		}
		return err
	}
	if err := take(); err != nil {
		t.Fatal(err)
	}
	w.db.Close()
	for range 50 {
		if err := take(); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.Advance(5 * time.Second)
	if take() == nil {
		t.Error("an old count is believed")
	}
}

// TestCounting: what was counted and what came after make the same sum, counted as often
// as one likes.
func TestCounting(t *testing.T) {
	t.Parallel()
	w := setup(t, 10)
	count := func() {
		t.Helper()
		if err := w.meter.CountAll(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	count()
	w.sends(2)
	pgtest.Message(t, w.db, w.hotel.ID, pgtest.Conversation(t, w.db, w.hotel))
	if got := w.month(); got.Messages != 3 || got.Sent != 2 || got.Conversations != 2 || got.Users != 1 {
		t.Errorf("not yet counted: %+v", got)
	}
	w.clock.Advance(3 * time.Minute)
	count()
	count()
	if got := w.month(); got.Messages != 3 || got.Sent != 2 || got.Conversations != 2 || got.CreatedAt.IsZero() {
		t.Errorf("counted: %+v", got)
	}
	months, total, err := w.meter.Months(t.Context(), w.hotel.ID, time.Unix(0, 0), w.clock.Now(), 10, 0)
	if err != nil || total != 1 || len(months) != 1 || months[0].Messages != 3 {
		t.Errorf("listed %+v of %d, %v", months, total, err)
	}
	if strings.Contains(w.logs.String(), "used most") {
		t.Error("warned of two in ten")
	}
}

// TestWarning: whoever used most of their plan is told so once a month.
func TestWarning(t *testing.T) {
	t.Parallel()
	w := setup(t, 10)
	w.sends(8)
	w.clock.Advance(3 * time.Minute)
	for range 3 {
		if err := w.meter.CountAll(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(w.logs.String(), "a hotel has used most of its plan"); n != 1 {
		t.Errorf("warned %d times: %s", n, w.logs.String())
	}
}

// TestMonthsEnd: a month that has ended keeps what was used in it.
func TestMonthsEnd(t *testing.T) {
	t.Parallel()
	w := setup(t, 10)
	w.sends(4)
	w.clock.Advance(tenant.MonthOf(w.clock.Now()).AddDate(0, 1, 0).Add(time.Hour).Sub(w.clock.Now()))
	if err := w.meter.CountAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	months, total, err := w.meter.Months(t.Context(), w.hotel.ID, time.Unix(0, 0), w.clock.Now(), 10, 0)
	if err != nil || total != 2 || months[0].Sent != 0 || months[1].Sent != 4 {
		t.Errorf("listed %+v of %d, %v", months, total, err)
	}
	if done, err := w.meter.Take(t.Context(), w.hotel.Tenant); err != nil {
		t.Errorf("a new month begins with %v", err)
	} else {
		done(true)
	}
}
