package postgres_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
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
	l.hotel, l.staff, l.all = pgtest.Hotel{}, nil, nil
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
		if c.IsOpportunity {
			opportunities = append(opportunities, c.ID)
		}
		guests, conversations = append(guests, g), append(conversations, c)
		l.all = append(l.all, conversation.Card{Conversation: c, Contact: g})
	}
	pgtest.InTx(t, l.db, hotel.ID, func(tx *postgres.Tx) error {
		must(t, tx.InsertContacts(within(t), base, guests...))
		must(t, tx.InsertConversations(within(t), conversations...))
		return tx.SaveConversations(within(t), conversations...)
	})
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
		(f.Opportunity == nil || *f.Opportunity == c.IsOpportunity) &&
		(strings.Contains(strings.ToLower(c.Contact.Name), strings.ToLower(f.Search)) || strings.Contains(string(c.Contact.Phone), f.Search))
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
	if rapid.Bool().Draw(r, "by text") {
		f.Search = rapid.SampledFrom([]string{"ana", "SOUZA", "%", "_", `\`, "a%b", "0%", "a_1", "551290000", "7", "'; --", "nobody"}).Draw(r, "text")
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
		total := len(want)
		want = want[min(f.Offset, total):min(f.Offset+f.Limit, total)]
		cards, counted, err := l.db.Cards(ctx, l.hotel.ID, f)
		if err != nil {
			r.Fatal(err)
		}
		var got []id.Conversation
		for _, c := range cards {
			got = append(got, c.ID)
		}
		if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || counted != total {
			r.Fatalf("counted %d, want %d; other conversations (- want, + got): %s", counted, total, diff)
		}
	})
}

func TestCardsWithoutScopeShowsNothing(t *testing.T) {
	t.Parallel()
	l := newList(t, 20)
	cards, total, err := l.db.Cards(within(t), l.hotel.ID, postgres.CardFilter{Limit: 100})
	if err != nil || len(cards) > 0 || total != 0 {
		t.Errorf("%d of %d conversations (%v)", len(cards), total, err)
	}
}

func TestCardsSearchTakesTextLiterally(t *testing.T) {
	t.Parallel()
	l, ctx := newList(t, 60), within(t)
	for text, want := range map[string][]string{
		"ana": {"Ana", "ANA Souza"}, "100%": {"Bia 100%"}, "%": {"Bia 100%"}, "_": {"bia_1"}, `\`: {`C:\temp`}, `:\t`: {`C:\temp`}, "a_a": nil,
	} {
		cards, _, err := l.db.Cards(ctx, l.hotel.ID, postgres.CardFilter{Scope: user.Scope{All: true}, Search: text, Limit: 100})
		must(t, err)
		var got []string
		for _, c := range cards {
			got = append(got, c.Contact.Name)
		}
		slices.Sort(got)
		slices.Sort(want)
		if got = slices.Compact(got); !slices.Equal(want, got) {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
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
	listed, _, err := db.Cards(ctx, hotel.ID, postgres.CardFilter{Scope: user.Scope{All: true}, Limit: 1})
	must(t, err)
	ways := map[string]conversation.Card{"Card": byID, "Cards": listed[0]}
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
