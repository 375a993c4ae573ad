package privacy_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/inbox"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
)

func (w *world) processor() *inbox.Processor {
	w.t.Helper()
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		w.t.Fatal(err)
	}
	return inbox.NewProcessor(w.db, directory.New(w.db, box, clock.System{}), clock.System{}, logtest.Logger())
}

// arrives stores what Meta tells us, as the door does: raw, with a piece of work.
func (w *world) arrives(key, payload string) error {
	return w.db.SystemStoreDeliveries(w.ctx, []postgres.Delivery{{
		ID: id.NewDelivery(), TenantID: w.hotel.ID, PhoneNumberID: w.hotel.Number.PhoneNumberID, Fate: postgres.Queued, Body: []byte(payload),
		Items: []lane.New{{Key: key, NumberID: w.hotel.Number.ID, Payload: []byte(payload)}},
	}})
}

func (w *world) claimed() []*lane.Lane {
	w.t.Helper()
	lanes, err := w.db.ClaimLanes(w.ctx, w.hotel.ID, lane.Inbox, 10)
	if err != nil {
		w.t.Fatal(err)
	}
	return lanes
}

// works processes what lies in the inbox until nothing does.
func (w *world) works(p *inbox.Processor) {
	w.t.Helper()
	for {
		pgtest.Exec(w.t, w.db, "UPDATE lane SET ready_at = now() WHERE lease IS NULL")
		lanes := w.claimed()
		if len(lanes) == 0 {
			return
		}
		p.Work(w.ctx, lanes)
	}
}

func saying(phone, text string) (key, payload string) {
	return "phone:" + string(contact.Canonical(phone)), fmt.Sprintf(
		`{"message":{"id":"wamid.%s.%s","from":%q,"timestamp":"%d","type":"text","text":{"body":%q}}}`, phone, text, phone, time.Now().Unix(), text)
}

// writer is a guest who does not stop writing.
type writer struct {
	w     *world
	phone string

	mu    sync.Mutex
	begun []string // texts of which the storing has begun
	done  []string // those that Meta got a 200 for
}

func (g *writer) writes(stop <-chan struct{}) {
	for i := 0; !ended(stop); i++ {
		text := fmt.Sprintf("wort%sx%dend", g.phone[len(g.phone)-4:], i)
		g.mu.Lock()
		g.begun = append(g.begun, text)
		g.mu.Unlock()
		if err := g.w.arrives(saying(g.phone, text)); err != nil {
			g.w.t.Error(err)
			return
		}
		g.mu.Lock()
		g.done = append(g.done, text)
		g.mu.Unlock()
	}
}

func ended(stop <-chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}

func (g *writer) so(list *[]string) []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(*list)
}

// await waits until so many texts were taken.
func (g *writer) await(n int) {
	for len(g.so(&g.done)) < n && g.w.ctx.Err() == nil {
		time.Sleep(time.Millisecond) //nolint:forbidigo // a pace, not a hope: what is awaited is checked
	}
}

// TestEraseWhileTheGuestWrites: what was taken before is gone, what is taken afterwards is
// there, in a conversation of somebody new; what comes in between is the one or the other.
func TestEraseWhileTheGuestWrites(t *testing.T) {
	t.Parallel()
	w := setup(t)
	var all sync.WaitGroup
	stop := make(chan struct{})
	for range 2 {
		p := w.processor()
		all.Go(func() {
			for !ended(stop) {
				lanes, err := w.db.ClaimLanes(w.ctx, w.hotel.ID, lane.Inbox, 2)
				if err != nil {
					t.Error(err)
					return
				}
				if len(lanes) > 0 {
					p.Work(w.ctx, lanes)
				}
			}
		})
	}
	all.Go(func() {
		for w.ctx.Err() == nil && !ended(stop) {
			if _, err := w.db.SystemIndexMessages(w.ctx, 5); err != nil {
				t.Error(err)
			}
		}
	})
	guests := make([]*writer, 3)
	for i := range guests {
		g := &writer{w: w, phone: fmt.Sprintf("55119876543%02d", i)}
		guests[i] = g
		all.Go(func() { g.writes(stop) })
	}
	type erased struct {
		guest         id.Contact
		before, begun []string
	}
	past := map[*writer][]erased{}
	for round := range 3 {
		for _, g := range guests {
			g.await(12 * (round + 1))
			found, err := w.known(g.phone)
			if err != nil {
				t.Fatal(err)
			}
			e := erased{guest: found, before: g.so(&g.done)}
			if _, err := w.officer.Erase(w.ctx, w.hotel.ID, w.hotel.Admin, found, g.phone, "Pedido"); err != nil {
				t.Fatal(err)
			}
			e.begun = g.so(&g.begun)
			past[g] = append(past[g], e)
		}
	}
	for _, g := range guests {
		g.await(len(g.so(&g.done)) + 10)
	}
	close(stop)
	all.Wait()
	w.works(w.processor())
	stands := w.stored()
	for _, g := range guests {
		last := past[g][len(past[g])-1]
		for _, e := range past[g] {
			for _, text := range e.before {
				if _, there := stands[text]; there {
					t.Errorf("%s was said before the erasure and is there", text)
				}
			}
		}
		after := 0
		for _, text := range g.done {
			if slices.Contains(last.begun, text) {
				continue
			}
			after++
			if stands[text].IsZero() || slices.ContainsFunc(past[g], func(e erased) bool { return e.guest == stands[text] }) {
				t.Errorf("%s was said after the erasure and belongs to %s", text, stands[text])
			}
		}
		if after < 5 {
			t.Errorf("only %d messages after the last erasure", after)
		}
		for _, e := range past[g] {
			w.isEmpty(e.guest)
		}
	}
	w.rawAsStored(stands)
}

// known finds a guest, once they are known again.
func (w *world) known(phone string) (id.Contact, error) {
	for {
		found, err := w.db.ContactByPhone(w.ctx, w.hotel.ID, contact.Canonical(phone))
		if !errors.Is(err, contact.ErrNotFound) || w.ctx.Err() != nil {
			return found.ID, err
		}
	}
}

// stored lists what messages say, and of whom they are.
func (w *world) stored() map[string]id.Contact {
	w.t.Helper()
	conn, out := pgtest.Owner(w.t, w.db), map[string]id.Contact{}
	rows, err := conn.Query(w.ctx, "SELECT m.content, c.contact_id FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE content <> ''")
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		var guest id.Contact
		if err := rows.Scan(&text, &guest); err != nil {
			w.t.Fatal(err)
		}
		if _, twice := out[text]; twice {
			w.t.Errorf("%s is stored twice", text)
		}
		out[text] = guest
	}
	return out
}

// isEmpty checks that nothing is left of a guest but that there was one.
func (w *world) isEmpty(guest id.Contact) {
	w.t.Helper()
	var left int
	err := pgtest.Owner(w.t, w.db).QueryRow(w.ctx, `SELECT (SELECT count(*) FROM contact WHERE id = $1 AND (erased_at IS NULL OR phone || wa_id || bsuid || name <> ''))
		+ (SELECT count(*) FROM contact_alias WHERE contact_id = $1)
		+ (SELECT count(*) FROM conversation WHERE contact_id = $1 AND (state <> 'CLOSED' OR last_message IS NOT NULL))
		+ (SELECT count(*) FROM message_search s JOIN conversation c ON c.id = s.conversation_id WHERE c.contact_id = $1)
		+ (SELECT count(*) FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE c.contact_id = $1 AND (content <> '' OR wamid IS NOT NULL))`,
		guest.UUID).Scan(&left)
	if err != nil || left > 0 {
		w.t.Errorf("%d things are left of %s: %v", left, guest, err)
	}
}

// rawAsStored checks that of what is not there the raw delivery is not either, and that
// none is kept of what is gone.
func (w *world) rawAsStored(stands map[string]id.Contact) {
	w.t.Helper()
	var raw, waiting int
	err := pgtest.Owner(w.t, w.db).QueryRow(w.ctx, "SELECT (SELECT count(*) FROM webhook_delivery), (SELECT count(*) FROM lane_item WHERE kind = 'inbox') + (SELECT count(*) FROM dead_letter)").Scan(&raw, &waiting)
	if err != nil || raw != len(stands) || waiting > 0 {
		w.t.Errorf("%d raw deliveries of %d messages, %d items waiting: %v", raw, len(stands), waiting, err)
	}
}

// TestErasedStayErased: a worker that was at it, and what Meta tells afterwards of earlier
// messages, bring nothing back.
func TestErasedStayErased(t *testing.T) {
	t.Parallel()
	w := setup(t)
	guest := pgtest.Contact(t, w.db, w.hotel.ID, func(c *contact.Contact) { c.WAID, c.Phone, c.Name = "5511987654321", "5511987654321", "Rosalinda" })
	card := pgtest.Conversation(t, w.db, w.hotel, pgtest.With(guest))
	sent := pgtest.Message(t, w.db, w.hotel.ID, card, pgtest.FromBot, func(m *message.Message) { m.WAMID, m.Status = "wamid.abc", message.Sent })
	if err := w.arrives(saying("5511987654321", "Sou eu, Rosalinda")); err != nil {
		t.Fatal(err)
	}
	late := w.claimed()
	if len(late) != 1 {
		t.Fatalf("%d lanes", len(late))
	}
	if _, err := w.officer.Erase(w.ctx, w.hotel.ID, w.hotel.Admin, guest.ID, "Rosalinda", "Pedido"); err != nil {
		t.Fatal(err)
	}
	p := w.processor()
	p.Work(w.ctx, late)
	status := fmt.Sprintf(`{"status":{"id":"wamid.abc","recipient_id":"5511987654321","timestamp":"%d","status":"read","biz_opaque_callback_data":%q}}`,
		time.Now().Unix(), sent.ID)
	if err := w.arrives("phone:5511987654321", status); err != nil {
		t.Fatal(err)
	}
	w.works(p)
	w.isEmpty(guest.ID)
	if left := pgtest.Traces(t, w.db, "Rosalinda"); len(left) > 0 {
		t.Error(left)
	}
	var statuses []string
	if err := pgtest.Owner(t, w.db).QueryRow(w.ctx, "SELECT array_agg(status) FROM message").Scan(&statuses); err != nil || !slices.Equal(statuses, []string{"SENT"}) {
		t.Errorf("statuses: %v, %v", statuses, err)
	}
}

// TestErasedIsNobody: who looked the guest up before cannot give them anything afterwards.
func TestErasedIsNobody(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for name, write := range map[string]func(tx *postgres.Tx, guest contact.Contact) error{
		"an alias": func(tx *postgres.Tx, guest contact.Contact) error {
			return tx.InsertAliases(w.ctx, map[contact.Alias]contact.Contact{{Kind: contact.ByBSUID, Value: "BR.9"}: guest})
		},
		"a conversation": func(tx *postgres.Tx, guest contact.Contact) error {
			return tx.InsertConversations(w.ctx, conversation.Begin(guest.ID, "whatsapp", "", time.Now()))
		},
	} {
		guest := pgtest.Contact(t, w.db, w.hotel.ID)
		err := w.db.InTx(w.ctx, w.hotel.ID, func(tx *postgres.Tx) error {
			alias := contact.Alias{Kind: contact.ByPhone, Value: string(guest.Phone)}
			known, err := tx.ContactsByAlias(w.ctx, []contact.Alias{alias})
			if err != nil || known[alias].ID != guest.ID {
				t.Fatalf("found %v, %v", known, err)
			}
			if _, err := w.officer.Erase(w.ctx, w.hotel.ID, w.hotel.Admin, guest.ID, string(guest.Phone), "Pedido"); err != nil {
				t.Fatal(err)
			}
			if err := tx.SaveContacts(w.ctx, time.Now(), known[alias].Contact); err != nil {
				t.Error(err)
			}
			return write(tx, known[alias].Contact)
		})
		if !errors.Is(err, postgres.ErrRepeated) {
			t.Errorf("%s: %v", name, err)
		}
		err = w.db.InTx(w.ctx, w.hotel.ID, func(tx *postgres.Tx) error { return tx.SaveContacts(w.ctx, time.Now(), guest) })
		if err != nil {
			t.Error(err)
		}
		w.isEmpty(guest.ID)
	}
}

// TestEraseWaitsForTheIndex: words that are just being made findable do not come back.
func TestEraseWaitsForTheIndex(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := pgtest.Conversation(t, w.db, w.hotel)
	m := pgtest.Message(t, w.db, w.hotel.ID, card, func(m *message.Message) { m.Content = "pitangueira" })
	owner := pgtest.Owner(t, w.db)
	exec := func(sql string, args ...any) {
		if _, err := owner.Exec(w.ctx, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("BEGIN")
	exec("SELECT pg_advisory_xact_lock_shared(x'626f7469'::integer)") // as SystemIndexMessages
	done := make(chan error, 1)
	go func() {
		_, err := w.officer.Erase(w.ctx, w.hotel.ID, w.hotel.Admin, card.ContactID, string(card.Contact.Phone), "Pedido")
		done <- err
	}()
	watch := pgtest.Owner(t, w.db)
	for waits := false; !waits; {
		select {
		case err := <-done:
			t.Fatalf("did not wait: %v", err)
		default:
		}
		err := watch.QueryRow(w.ctx, `SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
			WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objid = x'626f7469'::integer::oid AND NOT l.granted)`).Scan(&waits)
		if err != nil {
			t.Fatal(err)
		}
	}
	exec("INSERT INTO message_search SELECT tenant_id, id, conversation_id, timestamp, content FROM message WHERE id = $1", m.ID)
	exec("COMMIT")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if left := pgtest.Traces(t, w.db, "pitangueira"); len(left) > 0 {
		t.Error(left)
	}
}
