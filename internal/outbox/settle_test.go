package outbox

import (
	"context"
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

// Who died while Meta was asked and comes back after a long time has not been told what
// became of the message: Meta's statuses found nobody. They get as long as ever before
// the message is sent again.
func TestAttemptOfAnEarlierProcess(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	m := pgtest.Message(t, db, hotel.ID, pgtest.Conversation(t, db, hotel), pgtest.FromBot)
	now := clock.NewFrozen(time.Now())
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error { return tx.BeginAttempt(ctx, m.ID, now.Now().Add(-time.Hour)) })

	d, opened := newDeliverer(ctx, t, db, hotel, now)
	if j, s, err := d.prepare(ctx, opened, m.ID, nil); err != nil || j != nil || s.wait != SettleAfter {
		t.Fatalf("after the start: sends %v, waits %v: %v", j != nil, s.wait, err)
	}
	now.Advance(SettleAfter)
	if j, s, err := d.prepare(ctx, opened, m.ID, nil); err != nil || j == nil {
		t.Errorf("when no status came: sends %v, waits %v: %v", j != nil, s.wait, err)
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
