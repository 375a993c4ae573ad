package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// patience bounds every wait of these tests.
const patience = 30 * time.Second

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// sqlState is the code of the database's refusal, empty if it did not refuse.
func sqlState(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

// must fails the test at once; for steps that are not what the test is about.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// furnished is a hotel that has at least one row in every table of a tenant's.
type furnished struct {
	pgtest.Hotel
	Ana        user.User
	Card       conversation.Card // locked, assigned to Ana, tagged
	Closed     conversation.Card
	Lonely     contact.Contact // a guest without a conversation
	Tag        conversation.Tag
	In         message.Message
	Out        message.Message // from the bot, with a ClientID; Meta is being asked
	Parked     postgres.Parked
	Escalation escalation.Escalation
	Reply      uuid.UUID
	Letter     postgres.DeadLetter
	Delivery   postgres.DeliveryRow
	Entry      postgres.AuditRow
	Leased     *lane.Lane // of kind Deliver
	File       media.File
	Erasure    uuid.UUID
	Leftover   string // the key of a file that is to be removed
	Later      message.Scheduled
	Failed     message.Message // of the hotel
	Paused     id.Number       // another number, through which nothing is sent
	Merge      contact.Merge   // into the guest of Card, of somebody who is gone
	Told       subscription.Subscription
	ToldOnce   subscription.Attempt
}

// waitingKey names a lane of every furnished hotel that waits for a retry; busyKey
// one that is ready.
const (
	waitingKey = "waiting"
	busyKey    = "busy"
)

// furnish makes a furnished hotel. What its people wrote says so: marker.
func furnish(t *testing.T, db *postgres.DB, marker string) furnished {
	t.Helper()
	ctx := within(t)
	h := furnished{Hotel: pgtest.Tenant(t, db)}
	h.Ana = pgtest.User(t, db, h.ID, user.Attendant, "Camburi", func(a *postgres.AccountRow) { a.Name = marker + " Ana" })
	h.Card = pgtest.Conversation(t, db, h.Hotel, pgtest.InState(conversation.InProgress), pgtest.OfUnit(marker+" unit"),
		pgtest.AssignedTo(h.Ana.ID), pgtest.LockedBy(h.Ana.ID.String()))
	h.Closed = pgtest.Conversation(t, db, h.Hotel, pgtest.InState(conversation.Closed))
	pgtest.Exec(t, db, "INSERT INTO conversation_shelf SELECT $1, 'CLOSED', 'MEDIUM', $2, $1, false, 0", h.ID, marker+" unit")
	h.Lonely = pgtest.Contact(t, db, h.ID)
	h.Merge = contact.Merge{
		ID: uuid.New(), Survivor: h.Card.ContactID, Absorbed: id.NewContact(), By: marker, At: time.Now(), Snapshot: []byte("{}"),
	}
	pgtest.InTx(t, db, h.ID, func(tx *postgres.Tx) error { return tx.InsertMerge(within(t), h.Merge) })
	h.Tag = pgtest.Tag(t, db, h.ID, marker+" tag")
	h.Erasure, h.Leftover = uuid.New(), marker+"/left"
	pgtest.InTx(t, db, h.ID, func(tx *postgres.Tx) error { return tx.InsertErasure(ctx, erasureOf(h.Erasure)) })
	pgtest.Exec(t, db, "INSERT INTO media_leftover VALUES ($1, $2, now())", h.ID, h.Leftover)
	pgtest.Exec(t, db, "INSERT INTO retention_day VALUES ($1, current_date, 1, 1, 1)", h.ID)
	h.In = pgtest.Message(t, db, h.ID, h.Card, func(m *message.Message) { m.Content = marker + " says hello" })
	// Findable, and to be made so anew.
	pgtest.Exec(t, db, `INSERT INTO message_search (tenant_id, message_id, conversation_id, timestamp, stems)
		SELECT tenant_id, id, conversation_id, timestamp, message_stems(content) FROM message WHERE tenant_id = $1`, h.ID)
	pgtest.Exec(t, db, "INSERT INTO message_search_since SELECT $1, now() - interval '1 day'", h.ID)
	h.Out = pgtest.Message(t, db, h.ID, h.Card, pgtest.FromBot, func(m *message.Message) {
		m.ClientID, m.Content = "client-"+m.ID.String(), marker+" is answered"
		m.Metadata.Said = &message.Spoken{Hash: marker, First: h.In.ID} // which is not so, but found
	})
	h.Escalation = pgtest.Escalation(t, db, h.ID, h.Card)
	h.Reply = pgtest.QuickReply(t, db, h.ID, h.Ana.ID, marker+" says this often")
	h.Parked = postgres.Parked{
		Received: postgres.Received{Number: h.Number.ID, WAMID: marker + " wamid"}, Status: message.Failed,
		Failure: &message.Failure{Message: marker + " failure"},
	}
	pgtest.InTx(t, db, h.ID, func(tx *postgres.Tx) error {
		must(t, tx.BeginAttempt(ctx, h.Out.ID, time.Now()))
		must(t, tx.NoteOrigins(ctx, time.Now(), map[id.Message]id.Contact{h.In.ID: h.Merge.Absorbed}))
		must(t, tx.SetTags(ctx, h.Card.ID, []uuid.UUID{h.Tag.ID}))
		must(t, tx.ParkStatuses(ctx, []postgres.Parked{h.Parked}))
		h.File = fileOf(marker)
		_, _, err := tx.KeepMedia(ctx, h.File)
		must(t, err)
		err = tx.KeepMetaMedia(ctx, h.File.ID, h.Number.ID, marker, time.Now().Add(-time.Hour))
		must(t, err)
		must(t, tx.ShowMedia(ctx, h.Out.ID, h.File.ID))
		must(t, tx.KeepMetaMedia(ctx, h.File.ID, h.Number.ID, marker+" at Meta", time.Now()))
		tx.Enqueue(lane.Inbox, lane.New{Key: "to be given up", NumberID: h.Number.ID, Payload: []byte(marker)})
		tx.Enqueue(lane.Handoff, lane.New{Key: waitingKey, Payload: []byte(marker)})
		_, err = tx.CountUsage(ctx, month, month, time.Now())
		must(t, err)
		return tx.Audit(ctx, postgres.Entry{Actor: h.Ana.ID.String(), Action: "test", Entity: "tenant", Detail: marker, At: time.Now()})
	})
	furnishInbound(t, db, h, marker)
	furnishTemplates(t, db, h, marker)
	h.Paused = pgtest.Number(t, db, h.ID).ID
	pgtest.Exec(t, db, "UPDATE whatsapp_number SET paused_since = now() WHERE id = $1", h.Paused)
	furnishScheduled(t, db, &h, marker)
	furnishAvailability(t, db, h, marker)
	furnishReminder(t, db, h)
	furnishSubscription(t, db, &h, marker)
	h.Letter = giveUp(t, db, h.ID)
	delay(t, db, h.ID, lane.Handoff)
	furnishFlow(t, db, h, marker)
	pgtest.InTx(t, db, h.ID, func(tx *postgres.Tx) error {
		tx.Enqueue(lane.Deliver, lane.New{Key: "leased", Payload: []byte(marker)})
		return nil
	})
	h.Leased = claim(t, db, h.ID, lane.Deliver, 1)[0]
	must(t, db.SystemStoreDeliveries(ctx, []postgres.Delivery{{
		ID: id.NewDelivery(), TenantID: h.ID, PhoneNumberID: h.Number.PhoneNumberID, Fate: postgres.Queued, Body: []byte(marker),
		Items: []lane.New{{Key: busyKey, NumberID: h.Number.ID, Payload: []byte(marker + " item")}},
	}}))
	must(t, db.SystemStoreDeliveries(ctx, []postgres.Delivery{{
		ID: id.NewDelivery(), TenantID: h.ID, PhoneNumberID: h.Number.PhoneNumberID, Fate: postgres.Poison, Body: []byte(marker + " poison"),
	}}))
	deliveries, _, err := db.Deliveries(ctx, h.ID, postgres.DeliveryFilter{Limit: 1})
	must(t, err)
	entries, _, err := db.AuditEntries(ctx, h.ID, postgres.AuditFilter{Limit: 1})
	must(t, err)
	h.Delivery, h.Entry = deliveries[0], entries[0]
	_, err = db.ContactTotals(ctx, h.ID) // counted once, and kept
	must(t, err)
	return h
}

// month is the one of which every furnished hotel has a row of usage; nothing is made
// in it.
var month = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// indexMessages makes everything findable that was said.
func indexMessages(t *testing.T, db *postgres.DB) {
	t.Helper()
	for n := 1; n > 0; {
		var err error
		n, err = db.SystemIndexMessages(within(t), 1000)
		must(t, err)
	}
}

// giveUp buries everything that is ready in the inbox of a tenant and returns the
// last letter.
func giveUp(t *testing.T, db *postgres.DB, tenantID id.Tenant) postgres.DeadLetter {
	t.Helper()
	ctx := within(t)
	for _, l := range claim(t, db, tenantID, lane.Inbox, 10) {
		pgtest.InTx(t, db, tenantID, func(tx *postgres.Tx) error {
			for _, item := range l.Items {
				must(t, tx.Bury(ctx, l, item, "hopeless", "It cannot be done."))
			}
			return tx.ReleaseLanes(ctx, l.Finished())
		})
	}
	letters, err := db.DeadLetters(ctx, tenantID, lane.Inbox, 100)
	must(t, err)
	if len(letters) == 0 {
		t.Fatal("nothing was buried")
	}
	return letters[len(letters)-1]
}

// delay makes everything that is ready in a tenant's lanes of a kind wait an hour.
func delay(t *testing.T, db *postgres.DB, tenantID id.Tenant, kind lane.Kind) {
	t.Helper()
	for _, l := range claim(t, db, tenantID, kind, 10) {
		pgtest.InTx(t, db, tenantID, func(tx *postgres.Tx) error { return tx.ReleaseLanes(within(t), l.Retry(0, time.Hour)) })
	}
}

func claim(t *testing.T, db *postgres.DB, tenantID id.Tenant, kind lane.Kind, maxLanes int) []*lane.Lane {
	t.Helper()
	lanes, err := db.ClaimLanes(within(t), tenantID, kind, maxLanes)
	must(t, err)
	return lanes
}

// tenantTables lists the tables with a tenant_id, partitions left out, asked of the
// database so that a new table cannot be forgotten.
func tenantTables(t *testing.T, owner *pgx.Conn) []string {
	t.Helper()
	return texts(t, owner, `
		SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`)
}

func texts(t *testing.T, conn *pgx.Conn, sql string, args ...any) []string {
	t.Helper()
	rows, err := conn.Query(within(t), sql, args...)
	must(t, err)
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	return found
}

func number(t *testing.T, conn *pgx.Conn, sql string, args ...any) int {
	t.Helper()
	var n int
	must(t, conn.QueryRow(within(t), sql, args...).Scan(&n))
	return n
}
