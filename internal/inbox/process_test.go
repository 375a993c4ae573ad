package inbox

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
)

// claim leases the only lane of a kind that a tenant has.
func claim(ctx context.Context, t *testing.T, db *postgres.DB, tenantID id.Tenant, kind lane.Kind) []*lane.Lane {
	t.Helper()
	// A lane that is tried again waits a moment: it need not in a test.
	pgtest.Exec(t, db, "UPDATE lane SET ready_at = now() WHERE lease IS NULL")
	lanes, err := db.ClaimLanes(ctx, tenantID, kind, 1)
	if err != nil || len(lanes) != 1 {
		t.Fatalf("claimed %d lanes: %v", len(lanes), err)
	}
	return lanes
}

// An item that makes processing panic is put aside like any other that fails, and
// does not end the process each time it is taken up.
func TestPanicIsAFailureOfItsItem(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
		tx.Enqueue(lane.Inbox, lane.New{Key: "phone:5511911111111", NumberID: hotel.Number.ID, Payload: []byte(`{"message":{}}`)})
		return nil
	})
	p := NewProcessor(db, nil, clock.System{}, logtest.Logger())
	for range maxAttempts {
		p.work(ctx, nil, claim(ctx, t, db, hotel.ID, lane.Inbox)) // without a hotel it panics
	}
	letters, err := db.DeadLetters(ctx, hotel.ID, lane.Inbox, 10)
	if err != nil || len(letters) != 1 || letters[0].Code != "failed" {
		t.Fatalf("put aside: %+v, %v", letters, err)
	}
	pgtest.Exec(t, db, "UPDATE lane SET ready_at = now() WHERE lease IS NULL")
	if rest, err := db.ClaimLanes(ctx, hotel.ID, lane.Inbox, 1); err != nil || len(rest) != 0 {
		t.Errorf("%d lanes left: %v", len(rest), err)
	}
}

// An item that the database refuses is put aside; what the same guest said before and
// after it is stored, once, in order.
func TestOddItemAmongItsGuestsOthers(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	pgtest.Exec(t, db, "ALTER TABLE message ADD CHECK (content <> 'odd')")
	says := func(text string) lane.New {
		return lane.New{Key: "phone:5511911111111", NumberID: hotel.Number.ID, Payload: fmt.Appendf(nil,
			`{"message":{"id":"wamid.%s","from":"5511911111111","timestamp":"%d","type":"text","text":{"body":%q}}}`, text, time.Now().Unix(), text)}
	}
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
		tx.Enqueue(lane.Inbox, says("first"), says("odd"), says("second"), says("third"))
		return nil
	})
	p := newProcessor(t, db)
	for range 2 + maxAttempts { // the first; the odd one until it is put aside; the rest
		p.Work(ctx, claim(ctx, t, db, hotel.ID, lane.Inbox))
	}
	letters, err := db.DeadLetters(ctx, hotel.ID, lane.Inbox, 10)
	if err != nil || len(letters) != 1 || !bytes.Contains(letters[0].Payload, []byte("wamid.odd")) {
		t.Errorf("put aside: %+v, %v", letters, err)
	}
	var stored string
	row := pgtest.Owner(t, db).QueryRow(ctx, "SELECT string_agg(content, ' ' ORDER BY timestamp, id) FROM message")
	if err := row.Scan(&stored); err != nil || stored != "first second third" {
		t.Errorf("stored %q: %v", stored, err)
	}
}

// A status of a message that nobody knows is parked, with why it failed.
func TestStatusBeforeItsMessage(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
		tx.Enqueue(lane.Inbox, lane.New{Key: "phone:5511911111111", NumberID: hotel.Number.ID, Payload: fmt.Appendf(nil,
			`{"status":{"id":"wamid.x","recipient_id":"5511911111111","timestamp":"%d","status":"failed","errors":[{"code":131026,"title":"Undeliverable"}]}}`,
			time.Now().Unix())})
		return nil
	})
	newProcessor(t, db).Work(ctx, claim(ctx, t, db, hotel.ID, lane.Inbox))
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
		parked, err := tx.TakeParked(ctx, postgres.Received{Number: hotel.Number.ID, WAMID: "wamid.x"})
		if len(parked) != 1 || parked[0].Status != message.Failed || parked[0].Failure == nil || parked[0].Failure.Code != 131026 {
			t.Errorf("parked %+v", parked)
		}
		return err
	})
}

// A reaction after a conversation was closed begins none.
func TestReactionOpensNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	closed := pgtest.Conversation(t, db, hotel, pgtest.InState(conversation.Closed))
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
		tx.Enqueue(lane.Inbox, lane.New{Key: "phone:" + string(closed.Contact.Phone), NumberID: hotel.Number.ID, Payload: fmt.Appendf(nil,
			`{"message":{"id":"wamid.r","from":%q,"timestamp":"%d","type":"reaction","reaction":{"message_id":"wamid.1","emoji":"👍"}}}`,
			closed.Contact.Phone, time.Now().Unix())})
		return nil
	})
	newProcessor(t, db).Work(ctx, claim(ctx, t, db, hotel.ID, lane.Inbox))
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
		begun, err := tx.ActiveCards(ctx, closed.ContactID)
		if len(begun) != 0 {
			t.Errorf("begun: %+v", begun)
		}
		return err
	})
}

func newProcessor(t *testing.T, db *postgres.DB) *Processor {
	t.Helper()
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	return NewProcessor(db, directory.New(db, box, clock.System{}), clock.System{}, logtest.Logger())
}
