package outbox

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Who died while Meta was asked and comes back has not been told what became of the
// message: Meta's statuses found nobody, and come again after pauses that have grown with
// the time. The message is not sent again before they can have come.
func TestAttemptOfAnEarlierProcess(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	card := pgtest.Conversation(t, db, hotel)
	for _, c := range []struct{ before, wait time.Duration }{
		{time.Second, SettleAfter}, {5 * time.Minute, 15 * time.Minute}, {20 * time.Minute, longestSettle}, {24 * time.Hour, longestSettle},
	} {
		for _, status := range []message.Status{message.Pending, message.Unknown} {
			m := pgtest.Message(t, db, hotel.ID, card, pgtest.FromBot)
			now := clock.NewFrozen(time.Now().Truncate(time.Microsecond)) // as the database has it
			pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
				m.Status = status
				return errors.Join(tx.SaveStatuses(ctx, m), tx.BeginAttempt(ctx, m.ID, now.Now().Add(-c.before)))
			})
			d, opened := newDeliverer(ctx, t, db, hotel, now)
			if j, s, err := d.prepare(ctx, opened, m.ID, nil); err != nil || j != nil || s.wait != c.wait {
				t.Errorf("%s, asked %s before the start: sends %v, waits %v: %v", status, c.before, j != nil, s.wait, err)
			}
			now.Advance(c.wait)
			if j, s, err := d.prepare(ctx, opened, m.ID, nil); err != nil || j == nil {
				t.Errorf("%s, when no status came: sends %v, waits %v: %v", status, j != nil, s.wait, err)
			}
		}
	}
}

// Statuses that were quicker than Meta's answer, and did not carry our id, count when
// the answer has told which message they were about.
func TestParkedStatusesCountWithTheAnswer(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	card := pgtest.Conversation(t, db, hotel)
	m := pgtest.Message(t, db, hotel.ID, card, pgtest.FromBot)
	key := postgres.Received{Number: m.NumberID, WAMID: "wamid.answer"}
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
		return tx.ParkStatuses(ctx, []postgres.Parked{{Received: key, Status: message.Read}, {Received: key, Status: message.Delivered}})
	})
	d, opened := newDeliverer(ctx, t, db, hotel, clock.NewFrozen(time.Now()))
	line, _ := opened.Line(m.NumberID)
	s, err := d.record(ctx, &job{hotel: opened, line: line, message: m, card: card}, whatsapp.Accepted{WAMID: key.WAMID}, nil, 1)
	if err != nil || s != (step{}) {
		t.Fatalf("recorded: %+v, %v", s, err)
	}
	got, err := db.Message(ctx, hotel.ID, m.ID)
	if err != nil || got.Status != message.Read || got.WAMID != key.WAMID {
		t.Errorf("%s %q, %v; want %s %q", got.Status, got.WAMID, err, message.Read, key.WAMID)
	}
}

// Meta's answer tells the address of a guest of whom only a number was known. What the
// guest told meanwhile stays.
func TestAnswerTellsTheAddress(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	guest := pgtest.Contact(t, db, hotel.ID, func(c *contact.Contact) { c.WAID, c.Name = "", "" })
	card := pgtest.Conversation(t, db, hotel, pgtest.With(guest))
	m := pgtest.Message(t, db, hotel.ID, card, pgtest.FromBot)
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
		named := guest
		named.Name = "Marina"
		return tx.SaveContacts(ctx, time.Now(), named)
	})
	d, opened := newDeliverer(ctx, t, db, hotel, clock.NewFrozen(time.Now()))
	line, _ := opened.Line(m.NumberID)
	if _, err := d.record(ctx, &job{hotel: opened, line: line, message: m, card: card}, whatsapp.Accepted{WAMID: "wamid.x", WAID: "551187654321"}, nil, 1); err != nil {
		t.Fatal(err)
	}
	got, err := db.Card(ctx, hotel.ID, card.ID)
	if err != nil || got.Contact.WAID != "551187654321" || got.Contact.Name != "Marina" {
		t.Errorf("the guest is %+v, %v", got.Contact, err)
	}
}

func newDeliverer(ctx context.Context, t *testing.T, db *postgres.DB, hotel pgtest.Hotel, c clock.Clock) (*Deliverer, *directory.Hotel) {
	t.Helper()
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	dir := directory.New(db, box, c)
	opened, err := dir.Hotel(ctx, hotel.ID)
	if err != nil {
		t.Fatal(err)
	}
	return NewDeliverer(db, dir, nil, c, logtest.Logger(), SettleAfter), opened
}

// What Meta refused is no attempt of which nobody knows the end: a message that was refused
// first and cut off afterwards is still sent once more.
func TestRefusalsAreNotUnknown(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	card := pgtest.Conversation(t, db, hotel)
	m := pgtest.Message(t, db, hotel.ID, card, pgtest.FromBot)
	now := clock.NewFrozen(time.Now())
	d, opened := newDeliverer(ctx, t, db, hotel, now)
	line, _ := opened.Line(m.NumberID)
	j := &job{hotel: opened, line: line, message: m, card: card}
	for i, failure := range []error{&whatsapp.APIError{Code: 131000}, &whatsapp.UnknownOutcomeError{Err: context.DeadlineExceeded}} {
		pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error { return tx.BeginAttempt(ctx, m.ID, now.Now()) })
		if s, err := d.record(ctx, j, whatsapp.Accepted{}, failure, i+1); err != nil || s.wait == 0 {
			t.Fatalf("attempt %d: %+v, %v", i+1, s, err)
		}
	}
	now.Advance(SettleAfter)
	if j, s, err := d.prepare(ctx, opened, m.ID, nil); err != nil || j == nil {
		t.Errorf("when no status came: sends %v, waits %v: %v", j != nil, s.wait, err)
	}
}

// Waiting for a limited rate, a stopped number or a Meta that cannot be reached is no failed
// attempt: an error of Meta's servers afterwards is tried again as often as ever.
func TestWaitsAreNoFailedAttempts(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	card := pgtest.Conversation(t, db, hotel)
	m := pgtest.Message(t, db, hotel.ID, card, pgtest.FromBot)
	now := clock.NewFrozen(time.Now())
	d, opened := newDeliverer(ctx, t, db, hotel, now)
	line, _ := opened.Line(m.NumberID)
	j := &job{hotel: opened, line: line, message: m, card: card}
	refuse := func(failure error, failed int) step {
		t.Helper()
		pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error { return tx.BeginAttempt(ctx, m.ID, now.Now()) })
		s, err := d.record(ctx, j, whatsapp.Accepted{}, failure, failed+1)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for range 6 {
		for _, waits := range []error{
			&whatsapp.APIError{Code: 131056}, &whatsapp.APIError{Code: 190}, &whatsapp.NotSentError{Err: context.DeadlineExceeded},
		} {
			if s := refuse(waits, 0); s.wait == 0 || s.counts {
				t.Fatalf("%v: %+v", waits, s)
			}
		}
	}
	for failed := range 2 {
		if s := refuse(&whatsapp.APIError{Code: 131000}, failed); s.wait == 0 || !s.counts {
			t.Fatalf("the servers' error %d: %+v", failed+1, s)
		}
	}
	if s := refuse(&whatsapp.APIError{Code: 131000}, 2); s.wait != 0 {
		t.Fatalf("the third error: %+v", s)
	}
	if len(d.waits.of) != 0 {
		t.Errorf("%d messages are remembered", len(d.waits.of))
	}
}
