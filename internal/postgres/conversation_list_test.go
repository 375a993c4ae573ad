package postgres_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// list is a hotel with many conversations of all sorts, and a second hotel's that
// must never turn up.
type list struct {
	db    *postgres.DB
	hotel pgtest.Hotel
	staff []id.User
	tags  []uuid.UUID
	base  time.Time
	all   []conversation.Card // in the order in which lists show them
}

var (
	units = []string{"", "Ilhabela", "Camburi", "camburi"}
	names = []string{"Ana", "ANA Souza", "Bia 100%", "bia_1", `C:\temp`, "Davi"}
)

func newList(t *testing.T, size int) list {
	t.Helper()
	l := list{db: pgtest.DB(t)}
	l.fill(t, pgtest.Tenant(t, l.db), size/2)
	l = list{db: l.db}
	l.fill(t, pgtest.Tenant(t, l.db), size)
	return l
}

func (l *list) fill(t *testing.T, hotel pgtest.Hotel, size int) {
	t.Helper()
	l.hotel = hotel
	for range 3 {
		l.staff = append(l.staff, pgtest.User(t, l.db, hotel.ID, user.Attendant, "").ID)
	}
	dice := rand.New(rand.NewPCG(1, uint64(size)))
	base := time.Now().UTC().Truncate(time.Second)
	l.base = base
	tags := []conversation.Tag{pgtest.Tag(t, l.db, hotel.ID, "a"), pgtest.Tag(t, l.db, hotel.ID, "b")}
	l.tags = []uuid.UUID{tags[0].ID, tags[1].ID}
	var conversations []conversation.Conversation
	var guests []contact.Contact
	var opportunities []id.Conversation
	for n := range size {
		g := contact.Contact{ID: id.NewContact(), Name: pick(dice, names), Phone: contact.Phone(fmt.Sprintf("55129%08d", n*7))}
		c := conversation.Conversation{
			ID: id.NewConversation(), ContactID: g.ID, NumberID: hotel.Number.ID, State: pick(dice, conversation.States),
			Priority: pick(dice, conversation.Priorities), Unit: pick(dice, units), IsOpportunity: dice.IntN(3) == 0,
			LastMessageAt: base.Add(-time.Duration(dice.IntN(size/3)) * time.Minute), CreatedAt: base,
		}
		if dice.IntN(2) == 0 {
			c.AssignedTo = pick(dice, l.staff)
		}
		if dice.IntN(3) > 0 {
			c.LastInboundAt = c.LastMessageAt.Add(-time.Duration(dice.IntN(3)) * time.Minute)
		}
		if dice.IntN(4) == 0 {
			c.Unread = dice.IntN(5)
		}
		if c.IsOpportunity {
			opportunities = append(opportunities, c.ID)
		}
		guests, conversations = append(guests, g), append(conversations, c)
		card := conversation.Card{Conversation: c, Contact: g}
		for _, tag := range tags {
			if dice.IntN(3) == 0 {
				card.Tags = append(card.Tags, tag)
			}
		}
		l.all = append(l.all, card)
	}
	pgtest.InTx(t, l.db, hotel.ID, func(tx *postgres.Tx) error {
		must(t, tx.InsertContacts(within(t), base, guests...))
		must(t, tx.InsertConversations(within(t), conversations...))
		for _, card := range l.all {
			var ids []uuid.UUID
			for _, tag := range card.Tags {
				ids = append(ids, tag.ID)
			}
			must(t, tx.SetTags(within(t), card.ID, ids))
		}
		return nil
	})
	must(t, l.db.SystemShelve(within(t))) // half of it: the rest stays in moves
	pgtest.InTx(t, l.db, hotel.ID, func(tx *postgres.Tx) error { return tx.SaveConversations(within(t), conversations...) })
	pgtest.Exec(t, l.db, "UPDATE conversation SET is_opportunity = true WHERE id = ANY($1)", opportunities)
	slices.SortFunc(l.all, func(a, b conversation.Card) int {
		return cmp.Or(b.LastMessageAt.Compare(a.LastMessageAt), slices.Compare(b.ID.UUID[:], a.ID.UUID[:]))
	})
}

func pick[T any](dice *rand.Rand, from []T) T { return from[dice.IntN(len(from))] }

// shows is CardFilter in Go: whether a list shows a conversation.
func shows(f postgres.CardFilter, c conversation.Card) bool {
	return c.VisibleTo(f.Scope) &&
		(len(f.States) == 0 || slices.Contains(f.States, c.State)) &&
		(f.Priority == "" || f.Priority == c.Priority) &&
		(f.AssignedTo.IsZero() || f.AssignedTo == c.AssignedTo) &&
		(f.Unit == "" || f.Unit == c.Unit) &&
		(!f.Unassigned || c.AssignedTo.IsZero()) &&
		(f.Opportunity == nil || *f.Opportunity == c.IsOpportunity) &&
		(!f.Unread || c.Unread > 0) &&
		(f.Tag == uuid.Nil || slices.ContainsFunc(c.Tags, func(t conversation.Tag) bool { return t.ID == f.Tag })) &&
		(f.HeardUntil.IsZero() || c.LastInboundAt.After(f.HeardSince) && !c.LastInboundAt.After(f.HeardUntil)) &&
		(f.After == nil || isBehind(c, *f.After, f.Rising))
}

func isBehind(c conversation.Card, place postgres.CardPlace, rising bool) bool {
	order := cmp.Or(c.LastMessageAt.Compare(place.At), slices.Compare(c.ID.UUID[:], place.ID.UUID[:]))
	return rising && order > 0 || !rising && order < 0
}

// drawFilter draws who asks, for what, and which page.
func (l list) drawFilter(r *rapid.T) postgres.CardFilter {
	reader := user.User{
		ID:   rapid.SampledFrom(append(l.staff, id.NewUser())).Draw(r, "reader"),
		Role: rapid.SampledFrom(append(user.Roles, "UNKNOWN")).Draw(r, "role"),
		Unit: rapid.SampledFrom(units).Draw(r, "unit of reader"),
	}
	f := postgres.CardFilter{
		Scope:  reader.Scope(),
		Limit:  rapid.IntRange(1, 40).Draw(r, "limit"),
		Offset: rapid.IntRange(0, 30).Draw(r, "offset"),
	}
	if rapid.Bool().Draw(r, "by state") {
		f.States = rapid.SliceOfN(rapid.SampledFrom(conversation.States), 1, 3).Draw(r, "states")
	}
	if rapid.Bool().Draw(r, "by priority") {
		f.Priority = rapid.SampledFrom(conversation.Priorities).Draw(r, "priority")
	}
	if rapid.Bool().Draw(r, "by assignee") {
		f.AssignedTo = rapid.SampledFrom(l.staff).Draw(r, "assignee")
	}
	if rapid.Bool().Draw(r, "by unit") {
		f.Unit = rapid.SampledFrom(append(units, "nowhere")).Draw(r, "unit")
	}
	if rapid.Bool().Draw(r, "by opportunity") {
		yes := rapid.Bool().Draw(r, "opportunity")
		f.Opportunity = &yes
	}
	f.Unassigned = rapid.IntRange(0, 9).Draw(r, "unassigned") == 0
	f.Unread = rapid.IntRange(0, 4).Draw(r, "unread") == 0
	if rapid.IntRange(0, 4).Draw(r, "by tag") == 0 {
		f.Tag = rapid.SampledFrom(append(l.tags, uuid.New())).Draw(r, "tag")
	}
	if rapid.IntRange(0, 4).Draw(r, "by window") == 0 {
		f.HeardSince = l.base.Add(-time.Duration(rapid.IntRange(1, 60).Draw(r, "since")) * time.Minute)
		f.HeardUntil = f.HeardSince.Add(time.Duration(rapid.IntRange(0, 30).Draw(r, "until")) * time.Minute)
	}
	f.Rising = rapid.Bool().Draw(r, "rising")
	if rapid.IntRange(0, 2).Draw(r, "behind a place") == 0 {
		c := rapid.SampledFrom(l.all).Draw(r, "place")
		f.After, f.Offset = &postgres.CardPlace{At: c.LastMessageAt, ID: c.ID}, 0
	}
	return f
}

// TestCardsAgreesWithTheRules compares what the database shows with what the rules of
// package conversation say, over random readers, filters and pages.
func TestCardsAgreesWithTheRules(t *testing.T) {
	t.Parallel()
	l, ctx := newList(t, 150), within(t)
	rapid.Check(t, func(r *rapid.T) {
		f := l.drawFilter(r)
		var want []id.Conversation
		for _, c := range l.all {
			if shows(f, c) {
				want = append(want, c.ID)
			}
		}
		if f.Rising {
			slices.Reverse(want)
		}
		total := len(want)
		want = want[min(f.Offset, total):min(f.Offset+f.Limit, total)]
		page, err := l.db.Cards(ctx, l.hotel.ID, f)
		if err != nil {
			r.Fatal(err)
		}
		var got []id.Conversation
		for _, c := range page.Cards {
			got = append(got, c.ID)
		}
		if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			r.Fatalf("other conversations (- want, + got): %s", diff)
		}
		if f.After == nil && page.Total != total {
			r.Fatalf("counted %d, want %d", page.Total, total)
		}
		if more := f.Offset+len(got) < total && len(got) > 0; page.More != more {
			r.Fatalf("more is %v, want %v", page.More, more)
		}
	})
}

// TestCardStatsAgreeWithTheRules does the same for the numbers.
func TestCardStatsAgreeWithTheRules(t *testing.T) {
	t.Parallel()
	l, ctx := newList(t, 150), within(t)
	rapid.Check(t, func(r *rapid.T) {
		scope := l.drawFilter(r).Scope
		want := postgres.CardStats{ByState: map[conversation.State]int{}, ByPriority: map[conversation.Priority]int{}}
		for _, c := range l.all {
			if !c.VisibleTo(scope) {
				continue
			}
			want.Total++
			want.ByState[c.State]++
			want.ByPriority[c.Priority]++
			want.Unread += c.Unread
			if c.IsOpportunity {
				want.Opportunities++
			}
			if c.State.IsActive() && c.State != conversation.BotHandling && c.AssignedTo.IsZero() {
				want.Unassigned++
			}
		}
		got, err := l.db.CardStats(ctx, l.hotel.ID, scope, l.base.Add(time.Hour))
		if err != nil {
			r.Fatal(err)
		}
		ofNone := cmpopts.IgnoreMapEntries(func(_ any, n int) bool { return n == 0 })
		if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty(), ofNone); diff != "" {
			r.Fatalf("other numbers (- want, + got): %s", diff)
		}
	})
}

func TestCardsWithoutScopeShowsNothing(t *testing.T) {
	t.Parallel()
	l := newList(t, 20)
	page, err := l.db.Cards(within(t), l.hotel.ID, postgres.CardFilter{Limit: 100})
	if err != nil || len(page.Cards) > 0 || page.Total != 0 {
		t.Errorf("%d of %d conversations (%v)", len(page.Cards), page.Total, err)
	}
}

// TestCardsSearch: a conversation is found by its guest and by what was said in it, and
// only by who may see it.
func TestCardsSearch(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel, other := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	talk := func(h pgtest.Hotel, unit, name, phone string, said ...string) id.Conversation {
		guest := pgtest.Contact(t, db, h.ID, func(c *contact.Contact) { c.Name, c.Phone = name, contact.Phone(phone) })
		card := pgtest.Conversation(t, db, h, pgtest.With(guest), pgtest.OfUnit(unit))
		for _, text := range said {
			pgtest.Message(t, db, h.ID, card, func(m *message.Message) { m.Content = text })
		}
		return card.ID
	}
	ana := talk(hotel, "Camburi", "Ana Souza", "5512988887777", "Bom dia!", "Quero uma reserva")
	bia := talk(hotel, "Ilhabela", "Bia Conceição", "5511955554444", "As reservações da Ana")
	talk(other, "Camburi", "Ana Alves", "5512988887777", "reserva")
	indexMessages(t, db)
	pgtest.Exec(t, db, "UPDATE contact SET email = 'ana@hotel.example' WHERE phone = '5512988887777'")
	for text, want := range map[string][]id.Conversation{
		"ana": {bia, ana}, "ANA SOUZA": {ana}, "souza ana": {ana}, "conceicao": {bia}, "Concei": {bia}, "8888-7777": {ana}, "(12) 98888": {ana},
		"hotel.example": {ana}, "reservas": {bia, ana}, "quero reservar": {ana}, "nobody": nil, "%": nil, "'; --": nil, "x'y": nil,
	} {
		page, err := db.Cards(within(t), hotel.ID, postgres.CardFilter{Scope: user.Scope{All: true}, Search: text, Limit: 10})
		must(t, err)
		if got := idsOf(page); !slices.Equal(want, got) || page.Total != len(want) {
			t.Errorf("%q finds %d: %v, want %v", text, page.Total, got, want)
		}
		page, err = db.Cards(within(t), hotel.ID, postgres.CardFilter{Scope: user.Scope{Unit: "Camburi"}, Search: text, Limit: 10})
		must(t, err)
		if got := idsOf(page); slices.Contains(got, bia) || slices.Contains(want, ana) && !slices.Contains(got, ana) {
			t.Errorf("%q finds %v for somebody of Camburi", text, got)
		}
	}
}

func idsOf(page postgres.CardPage) []id.Conversation {
	var out []id.Conversation
	for _, c := range page.Cards {
		out = append(out, c.ID)
	}
	return out
}

// TestCardKeepsEverything stores a conversation with every field set and reads it by
// every way there is.
func TestCardKeepsEverything(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	ana := pgtest.User(t, db, hotel.ID, user.Attendant, "Camburi")
	guest := pgtest.Contact(t, db, hotel.ID, func(c *contact.Contact) { c.BSUID, c.Username = "BR.12345678", "bia" })
	at := time.Now().UTC().Truncate(time.Microsecond)
	want := conversation.Card{
		Conversation: conversation.Conversation{
			ID: id.NewConversation(), ContactID: guest.ID, NumberID: hotel.Number.ID, AssignedTo: ana.ID,
			State: conversation.InProgress, Priority: conversation.Urgent, Source: "whatsapp", Unit: "Camburi",
			Lock:   conversation.Lock{Locked: true, At: at.Add(time.Second), By: ana.ID.String()},
			Ball:   conversation.Ball{Version: 2, Since: at.Add(time.Second)},
			Unread: 3, Revision: 7, LastMessageAt: at.Add(2 * time.Second), LastInboundAt: at.Add(3 * time.Second), CreatedAt: at,
			LastMessage: &conversation.Preview{ID: id.NewMessage(), Content: "Olá", Direction: "INBOUND", Type: "TEXT", Timestamp: at},
		},
		Contact:  guest,
		Assignee: &conversation.Assignee{ID: ana.ID, Name: ana.Name, Email: ana.Email},
		Tags:     []conversation.Tag{pgtest.Tag(t, db, hotel.ID, "a VIP"), pgtest.Tag(t, db, hotel.ID, "b pool")},
	}
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
		must(t, tx.InsertConversations(ctx, want.Conversation))
		must(t, tx.SaveConversations(ctx, want.Conversation))
		return tx.SetTags(ctx, want.ID, []uuid.UUID{want.Tags[0].ID, uuid.New(), want.Tags[1].ID})
	})
	byID, err := db.Card(ctx, hotel.ID, want.ID)
	must(t, err)
	listed, err := db.Cards(ctx, hotel.ID, postgres.CardFilter{Scope: user.Scope{All: true}, Limit: 1})
	must(t, err)
	ways := map[string]conversation.Card{"Card": byID, "Cards": listed.Cards[0]}
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
		locked, err := tx.LockCard(ctx, want.ID)
		must(t, err)
		active, err := tx.ActiveCards(ctx, guest.ID)
		must(t, err)
		ways["LockCard"], ways["ActiveCards"] = locked, active[0]
		return nil
	})
	ofRow := cmpopts.IgnoreFields(contact.Contact{}, "CreatedAt", "UpdatedAt")
	for way, got := range ways {
		want := want
		if way == "LockCard" || way == "ActiveCards" {
			want.Revision++ // what the transaction that locked it will write
		}
		if diff := gocmp.Diff(want, got, cmpopts.EquateApproxTime(0), ofRow); diff != "" {
			t.Errorf("%s differs (- want, + got): %s", way, diff)
		}
	}
}

// TestMessageKeepsEverything is the same for a message.
func TestMessageKeepsEverything(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	c := pgtest.Conversation(t, db, hotel)
	at := time.Now().UTC().Truncate(time.Microsecond)
	want := pgtest.Message(t, db, hotel.ID, c, func(m *message.Message) {
		m.ClientID, m.SentBy, m.Kind, m.Content = "client", hotel.Admin.ID, message.Image, "Olá \U0001F3D6"
		m.Metadata = message.Metadata{MediaID: "1", Button: &message.Choice{ID: "b", Title: "Sim"}, Voice: true}
		m.Timestamp = at
	})
	want.Status, want.Failure = message.Failed, &message.Failure{Code: 131026, Message: "Undeliverable", Details: "x"}
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error { return tx.SaveStatuses(ctx, want) })
	got, err := db.Message(ctx, hotel.ID, want.ID)
	must(t, err)
	if diff := gocmp.Diff(want, got, cmpopts.EquateApproxTime(0), cmpopts.IgnoreFields(message.Message{}, "CreatedAt")); diff != "" {
		t.Errorf("differs (- want, + got): %s", diff)
	}
	if got.CreatedAt.IsZero() {
		t.Error("it has no time of storing")
	}
}

// TestCardsWithManyTagged: a tag that very many conversations have is paged and counted
// like any other.
func TestCardsWithManyTagged(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	tag := pgtest.Tag(t, db, hotel.ID, "VIP")
	const many = 1300
	pgtest.Exec(t, db, `WITH guest AS (INSERT INTO contact (tenant_id, id) SELECT $1, gen_random_uuid() FROM generate_series(1, $2) RETURNING id),
		talk AS (INSERT INTO conversation (tenant_id, id, contact_id, state, unit, last_message_at)
			SELECT $1, gen_random_uuid(), id, 'OPEN', CASE WHEN n % 2 = 0 THEN 'Camburi' ELSE '' END, now() - n * interval '1 minute'
			FROM (SELECT id, row_number() OVER () AS n FROM guest) g RETURNING id)
		INSERT INTO conversation_tag (tenant_id, conversation_id, tag_id) SELECT $1, id, $3 FROM talk`, hotel.ID, many, tag.ID)
	pgtest.Conversation(t, db, hotel) // without the tag
	for unit, want := range map[string]int{"": many, "Camburi": many / 2} {
		f := postgres.CardFilter{Scope: user.Scope{All: true}, Tag: tag.ID, Unit: unit, Limit: 100}
		seen := map[id.Conversation]bool{}
		for {
			page, err := db.Cards(within(t), hotel.ID, f)
			must(t, err)
			if page.Total != want {
				t.Errorf("unit %q: counted %d, want %d", unit, page.Total, want)
			}
			for _, c := range page.Cards {
				seen[c.ID] = true
			}
			if !page.More {
				break
			}
			f.Offset += f.Limit
		}
		if len(seen) != want {
			t.Errorf("unit %q: %d on all pages, want %d", unit, len(seen), want)
		}
	}
}
