package merging_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/guestbook"
	"github.com/botreserva/botreserva/internal/merging"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// world is a hotel with a merger, and what its screens were told.
type world struct {
	t      *testing.T
	ctx    context.Context //nolint:containedctx // of one test
	db     *postgres.DB
	owner  *pgx.Conn
	hotel  pgtest.Hotel
	merger *merging.Merger

	mu   sync.Mutex
	told []event.Event
}

func setup(t *testing.T) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	w := &world{t: t, ctx: ctx, db: pgtest.DB(t)}
	w.owner = pgtest.Owner(t, w.db)
	w.hotel = pgtest.Tenant(t, w.db)
	w.merger = merging.New(w.db, clock.System{})
	w.db.OnCommit(postgres.Hooks{Publish: func(_ context.Context, events []event.Event) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.told = append(w.told, events...)
	}})
	return w
}

func (w *world) merge(survivor, absorbed contact.Contact) merging.Done {
	w.t.Helper()
	done, err := w.merger.Merge(w.ctx, w.hotel.ID, w.hotel.Admin, survivor.ID, absorbed.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return done
}

func (w *world) undo(merge uuid.UUID) {
	w.t.Helper()
	if _, err := w.merger.Undo(w.ctx, w.hotel.ID, w.hotel.Admin, merge); err != nil {
		w.t.Fatal(err)
	}
}

// kept is everything that a hotel has of guests, but for revisions, which only grow.
var kept = map[string]string{
	"contact":          "to_jsonb(r)",
	"contact_alias":    "to_jsonb(r)",
	"conversation":     "to_jsonb(r) - '{revision,ball_version,ball_since}'::text[]", // which only count on
	"message":          "to_jsonb(r)",
	"conversation_tag": "to_jsonb(r)",
	"escalation":       "to_jsonb(r)",
	"message_search":   "to_jsonb(r)",
}

// dump is what the database holds of the hotel's guests, table by table, and what it has
// counted of them.
func (w *world) dump() map[string][]string {
	w.t.Helper()
	out := map[string][]string{}
	if _, err := w.db.SystemIndexMessages(w.ctx, 100); err != nil {
		w.t.Fatal(err)
	}
	for table, row := range kept {
		out[table] = w.texts(fmt.Sprintf("SELECT (%s)::text FROM %s r WHERE tenant_id = $1 ORDER BY 1", row, table))
	}
	out["shelf"] = w.texts(`SELECT concat_ws(' ', state, priority, unit, assigned_to, is_opportunity, sum(n)) FROM (
		SELECT state, priority, unit, assigned_to, is_opportunity, conversations AS n FROM conversation_shelf WHERE tenant_id = $1
		UNION ALL SELECT state, priority, unit, assigned_to, is_opportunity, conversations FROM conversation_shelf_move WHERE tenant_id = $1) s
		GROUP BY state, priority, unit, assigned_to, is_opportunity HAVING sum(n) <> 0 ORDER BY 1`)
	totals, err := w.db.ContactTotals(w.ctx, w.hotel.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	out["totals"] = []string{fmt.Sprint(totals)}
	return out
}

func (w *world) texts(sql string, args ...any) []string {
	w.t.Helper()
	rows, err := w.owner.Query(w.ctx, sql, append([]any{w.hotel.ID}, args...)...)
	if err != nil {
		w.t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *world) count(sql string, args ...any) int {
	w.t.Helper()
	var n int
	if err := w.owner.QueryRow(w.ctx, sql, append([]any{w.hotel.ID}, args...)...).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// isSound fails the test if what is counted of guests is not what is there, or a message
// is not its conversation's guest's.
func (w *world) isSound() {
	w.t.Helper()
	if _, err := w.db.SystemIndexMessages(w.ctx, 100); err != nil {
		w.t.Fatal(err)
	}
	for what, sql := range map[string]string{
		"messages of another guest than their conversation": `SELECT count(*) FROM message m JOIN conversation c ON c.tenant_id = m.tenant_id
			AND c.id = m.conversation_id WHERE m.tenant_id = $1 AND m.contact_id <> c.contact_id`,
		"aliases of nobody": `SELECT count(*) FROM contact_alias a WHERE a.tenant_id = $1
			AND NOT EXISTS (SELECT FROM contact c WHERE c.tenant_id = $1 AND c.id = a.contact_id)`,
		"sorts on the shelf that are not there": `SELECT count(*) FROM (
			SELECT state, priority, unit, assigned_to, is_opportunity, sum(n) AS n FROM (
				SELECT state, priority, unit, assigned_to, is_opportunity, conversations AS n FROM conversation_shelf WHERE tenant_id = $1
				UNION ALL SELECT state, priority, unit, assigned_to, is_opportunity, conversations FROM conversation_shelf_move WHERE tenant_id = $1
			) s GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0
			EXCEPT SELECT state, priority, unit, coalesce(assigned_to, '00000000-0000-0000-0000-000000000000'), is_opportunity, count(*)
			FROM conversation WHERE tenant_id = $1 AND state IN ('CLOSED', 'ARCHIVED') GROUP BY 1, 2, 3, 4, 5) wrong`,
		"words found in another conversation": `SELECT count(*) FROM message_search s JOIN message m ON m.tenant_id = s.tenant_id
			AND m.id = s.message_id WHERE s.tenant_id = $1 AND s.conversation_id <> m.conversation_id`,
	} {
		if n := w.count(sql); n != 0 {
			w.t.Errorf("%d %s", n, what)
		}
	}
	totals, err := w.db.ContactTotals(w.ctx, w.hotel.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	want := contact.Totals{
		All:               w.count("SELECT count(*) FROM contact WHERE tenant_id = $1"),
		WithConversations: w.count("SELECT count(DISTINCT contact_id) FROM conversation WHERE tenant_id = $1"),
	}
	if totals != want {
		w.t.Errorf("totals %+v, want %+v", totals, want)
	}
}

var states = []conversation.State{
	conversation.Closed, conversation.Archived, conversation.Closed, conversation.BotHandling, conversation.Open,
	conversation.InProgress, conversation.Waiting,
}

// anyGuest makes a guest with anything that a guest may have.
func (w *world) anyGuest(r *rapid.T, tags []conversation.Tag, name string) contact.Contact {
	word := rapid.SampledFrom([]string{"", "Ana", "Bia Souza", "x@example.com"})
	has := func(what string) bool { return rapid.Bool().Draw(r, name+" "+what) }
	guest := pgtest.Contact(w.t, w.db, w.hotel.ID, func(c *contact.Contact) {
		if has("BSUID") {
			c.BSUID = "BR." + fmt.Sprint(time.Now().UnixNano())
		}
		if has("no number") && c.BSUID != "" {
			c.Phone, c.WAID = "", ""
		}
		c.Name, c.Username = word.Draw(r, name+" name"), word.Draw(r, name+" username")
	})
	pgtest.InTx(w.t, w.db, w.hotel.ID, func(tx *postgres.Tx) error {
		guest.Email, guest.FirstName, guest.CompanyName = word.Draw(r, "email"), word.Draw(r, "first name"), word.Draw(r, "company")
		guest.NameKept = guest.Name != "" && has("kept name")
		guest.Metadata = rapid.SampledFrom([]string{"", `{"notes":"quiet"}`, `{"vip":true,"b":1}`, `{"notes":[{"content":"loud"}]}`}).Draw(r, name+" notes")
		return tx.EditContacts(w.ctx, time.Now().Add(-time.Hour), guest)
	})
	active := false
	for range rapid.IntRange(0, 3).Draw(r, name+" conversations") {
		state := rapid.SampledFrom(states).Draw(r, name+" state")
		if active && state.IsActive() {
			state = conversation.Closed
		}
		active = active || state.IsActive()
		w.anyTalk(r, tags, guest, state)
	}
	return guest
}

func (w *world) anyTalk(r *rapid.T, tags []conversation.Tag, guest contact.Contact, state conversation.State) {
	options := []pgtest.ConversationOption{
		pgtest.With(guest), pgtest.InState(state), pgtest.OfUnit(rapid.SampledFrom([]string{"", "Camburi"}).Draw(r, "unit")),
		pgtest.WithPriority(rapid.SampledFrom(conversation.Priorities).Draw(r, "priority")),
		pgtest.LastInboundAt(time.Now().UTC().Truncate(time.Microsecond).Add(-time.Duration(rapid.IntRange(0, 9).Draw(r, "heard")) * time.Hour)),
	}
	if state.IsActive() && rapid.Bool().Draw(r, "held") {
		options = append(options, pgtest.LockedBy(conversation.System))
	}
	if rapid.Bool().Draw(r, "opportunity") {
		options = append(options, pgtest.AsOpportunity())
	}
	card := pgtest.Conversation(w.t, w.db, w.hotel, options...)
	for range rapid.IntRange(0, 2).Draw(r, "messages") {
		pgtest.Message(w.t, w.db, w.hotel.ID, card)
	}
	if rapid.Bool().Draw(r, "escalated") {
		pgtest.Escalation(w.t, w.db, w.hotel.ID, card)
	}
	for _, tag := range tags {
		if rapid.Bool().Draw(r, "tagged") {
			pgtest.Exec(w.t, w.db, "INSERT INTO conversation_tag (tenant_id, conversation_id, tag_id) VALUES ($1, $2, $3)", w.hotel.ID, card.ID, tag.ID)
		}
	}
	if rapid.Bool().Draw(r, "noted") {
		pgtest.Exec(w.t, w.db, `UPDATE conversation SET metadata = '{"zebra": 1, "a": [null]}' WHERE id = $1`, card.ID)
	}
}

// TestUndoneMergesLeaveNothing: whatever guests are like, merging some of them and undoing
// it leaves what was there before, and nothing else.
func TestUndoneMergesLeaveNothing(t *testing.T) {
	t.Parallel()
	w := setup(t)
	closed := 0
	rapid.Check(t, func(r *rapid.T) {
		w.hotel = pgtest.Tenant(t, w.db)
		tags := []conversation.Tag{pgtest.Tag(t, w.db, w.hotel.ID, "VIP"), pgtest.Tag(t, w.db, w.hotel.ID, "Família")}
		a, b, c := w.anyGuest(r, tags, "a"), w.anyGuest(r, tags, "b"), w.anyGuest(r, tags, "c")
		before := w.dump()
		messages := w.count("SELECT count(*) FROM message WHERE tenant_id = $1")
		first := w.merge(a, b)
		w.isSound()
		second := w.merge(a, c)
		if rapid.Bool().Draw(r, "the survivor goes, too") {
			w.undo(second.ID)
			second = w.merge(c, a)
		}
		if second.Closed != (id.Conversation{}) {
			closed++
		}
		w.isSound()
		if n := w.count("SELECT count(*) FROM contact WHERE tenant_id = $1"); n != 1 {
			r.Fatalf("%d guests are left of three", n)
		}
		if n := w.count("SELECT count(*) FROM message WHERE tenant_id = $1"); n != messages {
			r.Fatalf("%d of %d messages are left", n, messages)
		}
		if _, err := w.merger.Undo(w.ctx, w.hotel.ID, w.hotel.Admin, first.ID); !errors.Is(err, contact.ErrLaterFirst) {
			r.Fatalf("undone in the wrong order: %v", err)
		}
		w.undo(second.ID)
		w.isSound()
		w.undo(first.ID)
		w.isSound()
		if diff := cmp.Diff(before, w.dump()); diff != "" {
			r.Fatalf("(-before +after):\n%s", diff)
		}
	})
	if closed == 0 {
		t.Error("never were there two conversations that went on")
	}
}

// wrote is a guest's message that came now, by the alias of somebody who was merged.
func (w *world) wrote(to conversation.Card, origin contact.Contact, text string) message.Message {
	w.t.Helper()
	m := pgtest.Message(w.t, w.db, w.hotel.ID, to, func(m *message.Message) { m.Content = text })
	pgtest.InTx(w.t, w.db, w.hotel.ID, func(tx *postgres.Tx) error {
		card, err := tx.LockCard(w.ctx, to.ID)
		if err != nil {
			return err
		}
		if err := tx.NoteOrigins(w.ctx, time.Now(), map[id.Message]id.Contact{m.ID: origin.ID}); err != nil {
			return err
		}
		return tx.SaveConversations(w.ctx, card.GuestWrote(m.Timestamp).Show(m.Preview()))
	})
	return m
}

func (w *world) card(c id.Conversation) conversation.Card {
	w.t.Helper()
	card, err := w.db.Card(w.ctx, w.hotel.ID, c)
	if err != nil {
		w.t.Fatal(err)
	}
	return card
}

func (w *world) talksOf(guest contact.Contact) []string {
	return w.texts(`SELECT c.state || ' unread ' || c.unread || ': ' || coalesce(string_agg(m.content, ', ' ORDER BY m.created_at, m.id), '')
		|| ' | ' || coalesce(c.last_message->>'content', '')
		FROM conversation c LEFT JOIN message m ON m.tenant_id = c.tenant_id AND m.conversation_id = c.id
		WHERE c.tenant_id = $1 AND c.contact_id = $2 GROUP BY c.tenant_id, c.id ORDER BY c.created_at, c.id`, guest.ID)
}

// TestWhatCameSinceGoesWithItsAlias: of two conversations that went on the merge closed
// one. What both wrote since, and what they were answered, is apart when they are.
func TestWhatCameSinceGoesWithItsAlias(t *testing.T) {
	t.Parallel()
	w := setup(t)
	hour := func(ago int) pgtest.ConversationOption {
		return pgtest.LastInboundAt(time.Now().Add(-time.Duration(ago) * time.Hour))
	}
	a, b := pgtest.Contact(t, w.db, w.hotel.ID), pgtest.Contact(t, w.db, w.hotel.ID)
	ours := pgtest.Conversation(t, w.db, w.hotel, pgtest.With(a), hour(3), pgtest.InState(conversation.InProgress), pgtest.LockedBy(conversation.System))
	pgtest.Escalation(t, w.db, w.hotel.ID, ours)
	theirs := pgtest.Conversation(t, w.db, w.hotel, pgtest.With(b), hour(1))
	done := w.merge(a, b)
	if done.Closed != ours.ID {
		t.Errorf("closed %s, want the one whose guest wrote first: %s", done.Closed, ours.ID)
	}
	merged := w.card(theirs.ID)
	if !merged.Lock.Locked || merged.State != conversation.Open || merged.ContactID != a.ID || merged.Contact.WAID != b.WAID {
		t.Errorf("who waited for a person was given to the bot, or replies go elsewhere: %+v", merged)
	}
	if n := w.count("SELECT count(*) FROM escalation WHERE tenant_id = $1 AND conversation_id = $2 AND state = 'PENDING'", theirs.ID); n != 1 {
		t.Errorf("%d escalations go on", n)
	}
	w.wrote(merged, b, "b1")
	w.wrote(merged, a, "a1")
	pgtest.Message(t, w.db, w.hotel.ID, merged, pgtest.FromBot, func(m *message.Message) { m.Content = "to a" })
	w.wrote(merged, b, "b2")
	w.isSound()
	w.undo(done.ID)
	w.isSound()
	if diff := cmp.Diff([]string{"IN_PROGRESS unread 1: a1, to a | to a"}, w.talksOf(a)); diff != "" {
		t.Errorf("the survivor's (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"BOT_HANDLING unread 2: b1, b2 | b2"}, w.talksOf(b)); diff != "" {
		t.Errorf("the other's (-want +got):\n%s", diff)
	}
	if n := w.count("SELECT count(*) FROM escalation WHERE tenant_id = $1 AND conversation_id = $2 AND state = 'PENDING'", ours.ID); n != 1 {
		t.Errorf("%d escalations came back", n)
	}
	if got := w.card(ours.ID).Contact.WAID; got != a.WAID {
		t.Errorf("replies go to %s, want %s", got, a.WAID)
	}
}

// TestConversationsThatBeganSince go with whoever wrote in them; what the others wrote in
// one gets a conversation of its own.
func TestConversationsThatBeganSince(t *testing.T) {
	t.Parallel()
	w := setup(t)
	a, b := pgtest.Contact(t, w.db, w.hotel.ID), pgtest.Contact(t, w.db, w.hotel.ID)
	done := w.merge(a, b)
	w.wrote(pgtest.Conversation(t, w.db, w.hotel, pgtest.With(a), pgtest.InState(conversation.Closed)), b, "b alone")
	both := pgtest.Conversation(t, w.db, w.hotel, pgtest.With(a))
	w.wrote(both, a, "a1")
	w.wrote(both, b, "b1")
	w.undo(done.ID)
	w.isSound()
	if diff := cmp.Diff([]string{"BOT_HANDLING unread 1: a1 | a1"}, w.talksOf(a)); diff != "" {
		t.Errorf("the survivor's (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"CLOSED unread 1: b alone | b alone", "BOT_HANDLING unread 1: b1 | b1"}, w.talksOf(b)); diff != "" {
		t.Errorf("the other's (-want +got):\n%s", diff)
	}
}

// TestWhatWasChangedSinceStays: undoing puts back only what the merge did.
func TestWhatWasChangedSinceStays(t *testing.T) {
	t.Parallel()
	w := setup(t)
	a := pgtest.Contact(t, w.db, w.hotel.ID, func(c *contact.Contact) { c.Name = "" })
	b := pgtest.Contact(t, w.db, w.hotel.ID, func(c *contact.Contact) { c.Name = "Bia" })
	pgtest.Exec(t, w.db, "UPDATE contact SET email = 'bia@example.com', company_name = 'Sol' WHERE id = $1", b.ID)
	done := w.merge(a, b)
	pgtest.Exec(t, w.db, "UPDATE contact SET email = 'ana@example.com', updated_at = now() + interval '1 second' WHERE id = $1", a.ID)
	w.undo(done.ID)
	got := w.texts("SELECT name || ',' || email || ',' || company_name FROM contact WHERE tenant_id = $1 ORDER BY id")
	if diff := cmp.Diff([]string{",ana@example.com,", "Bia,bia@example.com,Sol"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestRefusals: what cannot be merged, or not undone.
func TestRefusals(t *testing.T) {
	t.Parallel()
	w := setup(t)
	stranger := pgtest.Contact(t, w.db, pgtest.Tenant(t, w.db).ID)
	a, b := pgtest.Contact(t, w.db, w.hotel.ID), pgtest.Contact(t, w.db, w.hotel.ID)
	for _, c := range []struct {
		survivor, absorbed id.Contact
		want               error
	}{
		{a.ID, a.ID, contact.ErrSelf},
		{a.ID, stranger.ID, contact.ErrNotFound},
		{stranger.ID, a.ID, contact.ErrNotFound},
		{a.ID, id.NewContact(), contact.ErrNotFound},
	} {
		if _, err := w.merger.Merge(w.ctx, w.hotel.ID, w.hotel.Admin, c.survivor, c.absorbed); !errors.Is(err, c.want) {
			t.Errorf("%v, want %v", err, c.want)
		}
	}
	refuses := func(merge uuid.UUID, want error) {
		t.Helper()
		if _, err := w.merger.Undo(w.ctx, w.hotel.ID, w.hotel.Admin, merge); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	refuses(uuid.New(), contact.ErrNoMerge)
	done := w.merge(a, b)
	w.undo(done.ID)
	refuses(done.ID, contact.ErrUndone)
	done = w.merge(a, b)
	pgtest.Exec(t, w.db, "UPDATE contact_merge SET merged_at = now() - interval '30 days' WHERE id = $1", done.ID)
	refuses(done.ID, contact.ErrFinal)
	if err := w.db.SystemPurge(w.ctx, time.Now()); err != nil {
		t.Fatal(err)
	}
	if n := w.count("SELECT count(*) FROM contact_merge WHERE tenant_id = $1 AND snapshot IS NOT NULL"); n != 0 {
		t.Errorf("%d snapshots are kept for ever", n)
	}
	if n := w.count("SELECT count(*) FROM contact_alias WHERE tenant_id = $1 AND origin_id IS NOT NULL"); n != 0 {
		t.Errorf("%d aliases have an origin for ever", n)
	}
	all, err := w.merger.List(w.ctx, w.hotel.ID, time.Now().Add(time.Hour), uuid.Max, 10)
	if err != nil || len(all) != 2 {
		t.Errorf("%d merges are listed: %v", len(all), err)
	}
}

// TestDeletedSince: a merge into somebody who was deleted since is final, and nothing of
// them is kept.
func TestDeletedSince(t *testing.T) {
	t.Parallel()
	w := setup(t)
	a, b := pgtest.Contact(t, w.db, w.hotel.ID), pgtest.Contact(t, w.db, w.hotel.ID)
	done := w.merge(a, b)
	if err := guestbook.New(w.db, nil, clock.System{}).Remove(w.ctx, w.hotel.ID, w.hotel.Admin, a.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.merger.Undo(w.ctx, w.hotel.ID, w.hotel.Admin, done.ID); !errors.Is(err, contact.ErrFinal) {
		t.Errorf("undone: %v", err)
	}
	if left := pgtest.Traces(t, w.db, string(a.Phone), string(b.Phone)); len(left) > 0 {
		t.Errorf("kept: %v", left)
	}
}

// TestForgotten: erasing a guest leaves nothing to undo of the guest's merges.
func TestForgotten(t *testing.T) {
	t.Parallel()
	w := setup(t)
	a, b, c, d := pgtest.Contact(t, w.db, w.hotel.ID), pgtest.Contact(t, w.db, w.hotel.ID), pgtest.Contact(t, w.db, w.hotel.ID), pgtest.Contact(t, w.db, w.hotel.ID)
	other := w.merge(d, pgtest.Contact(t, w.db, w.hotel.ID))
	first := w.merge(b, c)
	w.merge(a, b)
	pgtest.InTx(t, w.db, w.hotel.ID, func(tx *postgres.Tx) error {
		n, err := tx.ForgetMerges(w.ctx, a.ID)
		if n != 2 {
			t.Errorf("%d snapshots forgotten, want 2: %s is the one before", n, first.ID)
		}
		return err
	})
	w.undo(other.ID)
}

// TestNothingOfTheGuestInTheAuditLog, and screens hear who is gone and who is back.
func TestWhatIsTold(t *testing.T) {
	t.Parallel()
	w := setup(t)
	a, b := pgtest.Contact(t, w.db, w.hotel.ID), pgtest.Contact(t, w.db, w.hotel.ID)
	talk := pgtest.Conversation(t, w.db, w.hotel, pgtest.With(b))
	done := w.merge(a, b)
	w.undo(done.ID)
	var names []string
	revision := talk.Revision
	for _, e := range w.told {
		names = append(names, string(e.Name))
		if e.Name == event.ConversationUpdated {
			if e.Card.Revision <= revision {
				t.Errorf("revision %d after %d", e.Card.Revision, revision)
			}
			revision = e.Card.Revision
		}
	}
	slices.Sort(names)
	want := []string{"contact:created", "contact:deleted", "contact:updated", "contact:updated", "conversation:updated", "conversation:updated"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	entries := w.texts("SELECT action || detail::text FROM audit_entry WHERE tenant_id = $1 AND action ~ 'MERGE' AND NOT audit_entry::text ~ '55129|Guest' ORDER BY action")
	if len(entries) != 2 {
		t.Errorf("%q", entries)
	}
	var detail map[string]any
	if err := json.Unmarshal([]byte(entries[0][len("MERGE_CONTACTS"):]), &detail); err != nil || detail["absorbedId"] != b.ID.String() {
		t.Errorf("%v: %v", detail, err)
	}
}
