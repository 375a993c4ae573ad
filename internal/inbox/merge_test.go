package inbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/merging"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// reception is a hotel at which guests write while somebody merges them.
type reception struct {
	t         *testing.T
	ctx       context.Context //nolint:containedctx // of one test
	db        *postgres.DB
	owner     *pgx.Conn
	hotel     pgtest.Hotel
	processor *Processor
	merger    *merging.Merger
}

func newDesk(t *testing.T) *reception {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	db := pgtest.DB(t)
	return &reception{
		t: t, ctx: ctx, db: db, owner: pgtest.Owner(t, db), hotel: pgtest.Tenant(t, db), processor: newProcessor(t, db),
		merger: merging.New(db, clock.System{}),
	}
}

// arrives queues a message of the guest with a number and a BSUID, either of which may be
// empty.
func (d *reception) arrives(phone, bsuid, text string) {
	key := (contact.Identity{WAID: phone, BSUID: bsuid}).LaneKey()
	err := d.db.InTx(d.ctx, d.hotel.ID, func(tx *postgres.Tx) error {
		tx.Enqueue(lane.Inbox, lane.New{Key: key, NumberID: d.hotel.Number.ID, Payload: fmt.Appendf(nil,
			`{"message":{"id":"wamid.%s","from":%q,"from_user_id":%q,"timestamp":"%d","type":"text","text":{"body":%q}}}`,
			text, phone, bsuid, time.Now().Unix(), text)})
		return nil
	})
	if err != nil {
		d.t.Error(err)
	}
}

// work processes whatever lies in lanes until nobody writes any more and nothing is left.
func (d *reception) work(writing *atomic.Int32) {
	for {
		over := writing.Load() == 0
		pgtest.Exec(d.t, d.db, "UPDATE lane SET ready_at = now() WHERE lease IS NULL AND depth > 0") // what is tried again waits for nothing here
		lanes, err := d.db.ClaimLanes(d.ctx, d.hotel.ID, lane.Inbox, 4)
		if err != nil {
			d.t.Error(err)
			return
		}
		if len(lanes) == 0 && over {
			return
		}
		if len(lanes) > 0 {
			d.processor.Work(d.ctx, lanes)
		}
	}
}

func (d *reception) texts(sql string, args ...any) []string {
	d.t.Helper()
	rows, err := d.owner.Query(d.ctx, sql, append([]any{d.hotel.ID}, args...)...)
	if err != nil {
		d.t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

// TestGuestsWriteWhileTheyAreMerged: two guests write, two workers store it, and somebody
// merges the guests and undoes it again and again. Everything is stored once, nobody new
// turns up, nothing is put aside; and in the end, when the two are two, each has all that
// came by their own number and Meta's id, and nothing of the other's.
func TestGuestsWriteWhileTheyAreMerged(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	guests := []contact.Contact{
		pgtest.Contact(t, d.db, d.hotel.ID, func(c *contact.Contact) { c.BSUID = "BR.1" }),
		pgtest.Contact(t, d.db, d.hotel.ID, func(c *contact.Contact) { c.BSUID = "BR.2" }),
	}
	pgtest.Conversation(t, d.db, d.hotel, pgtest.With(guests[0]))
	const said = 60
	var writing atomic.Int32
	var all sync.WaitGroup
	for i, guest := range guests {
		writing.Add(1)
		all.Go(func() {
			defer writing.Add(-1)
			for n := range said {
				phone, bsuid := string(guest.Phone), guest.BSUID
				switch n % 3 {
				case 1:
					phone = ""
				case 2:
					bsuid = ""
				}
				d.arrives(phone, bsuid, fmt.Sprintf("%d-%d", i, n))
			}
		})
	}
	for range 2 {
		all.Go(func() { d.work(&writing) })
	}
	writing.Add(1)
	merges := 0
	all.Go(func() {
		defer writing.Add(-1)
		for writing.Load() > 1 || merges < 10 {
			a, b := guests[merges%2].ID, guests[1-merges%2].ID
			done, err := d.merger.Merge(d.ctx, d.hotel.ID, d.hotel.Admin, a, b)
			if err == nil {
				_, err = d.merger.Undo(d.ctx, d.hotel.ID, d.hotel.Admin, done.ID)
			}
			if err != nil {
				t.Errorf("merge %d: %v", merges, err)
				return
			}
			merges++
		}
	})
	all.Wait()
	var want []string
	for i, guest := range guests {
		want = append(want, fmt.Sprintf("%s: %d of %d-", guest.ID, said, i))
	}
	slices.Sort(want)
	got := d.texts(`SELECT contact_id || ': ' || count(*) || ' of ' || left(content, 2) FROM message WHERE tenant_id = $1
		GROUP BY contact_id, left(content, 2) ORDER BY 1`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after %d merges (-want +got):\n%s", merges, diff)
	}
	for what, sql := range map[string]string{
		"guests":                      "SELECT count(*)::text FROM contact WHERE tenant_id = $1 HAVING count(*) <> 2",
		"items put aside":             "SELECT code FROM dead_letter WHERE tenant_id = $1",
		"aliases with an origin":      "SELECT value FROM contact_alias WHERE tenant_id = $1 AND origin_id IS NOT NULL",
		"messages of others":          "SELECT m.content FROM message m JOIN conversation c ON c.tenant_id = m.tenant_id AND c.id = m.conversation_id WHERE m.tenant_id = $1 AND m.contact_id <> c.contact_id",
		"conversations that go on":    "SELECT count(*)::text FROM conversation WHERE tenant_id = $1 AND state = 'OPEN' OR state = 'BOT_HANDLING' GROUP BY contact_id HAVING count(*) > 1",
		"conversations read wrongly":  "SELECT c.id::text FROM conversation c WHERE c.tenant_id = $1 AND c.unread <> (SELECT count(*) FROM message m WHERE m.tenant_id = c.tenant_id AND m.conversation_id = c.id AND m.status <> 'READ')",
		"conversations shown wrongly": "SELECT c.id::text FROM conversation c WHERE c.tenant_id = $1 AND c.last_message->>'id' IS DISTINCT FROM (SELECT m.id::text FROM message m WHERE m.tenant_id = c.tenant_id AND m.conversation_id = c.id ORDER BY m.timestamp DESC, m.id DESC LIMIT 1)",
	} {
		if wrong := d.texts(sql); len(wrong) > 0 {
			t.Errorf("%s: %v", what, wrong)
		}
	}
}

// TestMessageInTheMiddleOfAMerge: a message whose guest was looked up before the merge is
// stored after it, with the survivor; nobody new is made.
func TestMessageInTheMiddleOfAMerge(t *testing.T) {
	t.Parallel()
	for _, talks := range []bool{true, false} {
		d := newDesk(t)
		a, b := pgtest.Contact(t, d.db, d.hotel.ID), pgtest.Contact(t, d.db, d.hotel.ID)
		if talks {
			pgtest.Conversation(t, d.db, d.hotel, pgtest.With(b))
		}
		hotel, err := d.processor.directory.Hotel(d.ctx, d.hotel.ID)
		if err != nil {
			t.Fatal(err)
		}
		d.arrives(string(b.Phone), "", "hello")
		lanes := claim(d.ctx, t, d.db, d.hotel.ID, lane.Inbox)
		items := read(lanes, time.Now())
		err = d.db.InTx(d.ctx, d.hotel.ID, func(tx *postgres.Tx) error {
			app := application{tx: tx, hotel: hotel, now: items.now}
			guests, err := app.guests(d.ctx, items.messages)
			if err != nil || guests[0].ID != b.ID {
				return fmt.Errorf("found %v: %w", guests, err)
			}
			if _, err := d.merger.Merge(d.ctx, d.hotel.ID, d.hotel.Admin, a.ID, b.ID); err != nil {
				return err
			}
			cards, err := app.conversations(d.ctx, guests)
			if err != nil {
				return err
			}
			return app.save(d.ctx, cards, nil)
		})
		if !errors.Is(err, postgres.ErrRepeated) {
			t.Errorf("stored with a guest who is gone: %v", err)
		}
		d.processor.Work(d.ctx, lanes)
		got := d.texts("SELECT m.content FROM message m JOIN contact c ON c.tenant_id = m.tenant_id AND c.id = m.contact_id WHERE m.tenant_id = $1 AND c.id = $2", a.ID)
		if diff := cmp.Diff([]string{"hello"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if n := d.texts("SELECT id::text FROM contact WHERE tenant_id = $1"); len(n) != 1 {
			t.Errorf("%d guests", len(n))
		}
	}
}
