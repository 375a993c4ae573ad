package postgres_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

var seesAll = user.Scope{All: true}

// said makes a message that says a text, so long ago.
func said(t *testing.T, db *postgres.DB, of furnished, text string, ago time.Duration) id.Message {
	t.Helper()
	return pgtest.Message(t, db, of.ID, of.Card, func(m *message.Message) {
		m.Content, m.Timestamp = text, time.Now().UTC().Add(-ago).Truncate(time.Second)
	}).ID
}

// finds lists what a search finds, all its pages together.
func finds(t *testing.T, db *postgres.DB, of id.Tenant, s postgres.MessageSearch) []id.Message {
	t.Helper()
	var out []id.Message
	for range 1000 {
		found, err := db.SearchMessages(within(t), of, s)
		must(t, err)
		for _, m := range found.Messages {
			out = append(out, m.Message.ID)
		}
		if found.Next == nil {
			return out
		}
		s.Before = *found.Next
	}
	t.Fatal("the search does not end")
	return nil
}

// TestSearchKnowsPortuguese: forms of a word are one word, accents and case are nothing.
func TestSearchKnowsPortuguese(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	h := furnish(t, db, "ALPHA")
	texts := map[string]string{
		"booking": "Gostaria de confirmar a RESERVAÇÃO do quarto, por favor", "coffee": "O café da manhã está incluso?",
		"pool": "As piscinas são aquecidas", "hotels": "Os hotéis da região", "pets": "Aceitam animais de estimação?",
		"code": "Código BR-2045 / apto 101", "mail": "Escreva para ana.souza@hotel.com.br", "combined": "Cafe\u0301 amanha\u0303",
	}
	ids := map[id.Message]string{}
	for name, text := range texts {
		ids[said(t, db, h, text, time.Hour)] = name
	}
	indexMessages(t, db)
	for query, want := range map[string]string{
		"reserva": "booking", "reservações": "booking", "reservacoes": "booking", "RESERVAS": "booking", "reservar quartos": "booking",
		"confirmada": "booking", "cafe": "coffee combined", "café da manha": "coffee", "manhã": "coffee", "piscina aquecida": "pool",
		"hotel": "hotels mail", "hoteis": "hotels mail", "animal": "pets", "2045": "code", "br-2045": "code", "101": "code", "ana.souza@hotel": "mail",
		"pisc": "pool", "aquec": "pool", "de": "", "por favor": "booking", "xilofone": "", "reserva piscina": "", "!?": "", "%": "", "' | '": "",
		"amanhã": "combined", strings.Repeat("reserva ", 60): "booking",
	} {
		var got []string
		for _, m := range finds(t, db, h.ID, postgres.MessageSearch{Text: query, Scope: seesAll, Limit: 100}) {
			got = append(got, ids[m])
		}
		wanted := strings.Fields(want)
		slices.Sort(got)
		slices.Sort(wanted)
		if !slices.Equal(got, wanted) {
			t.Errorf("%q finds %v, want %v", query, got, wanted)
		}
	}
}

// TestSearchReachesEveryAge: newest first, whatever the age, each once over all pages.
func TestSearchReachesEveryAge(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	h, other := furnish(t, db, "ALPHA"), furnish(t, db, "BRAVO")
	var want []id.Message
	for i, days := range []int{0, 0, 1, 3, 4, 5, 8, 30, 100, 101, 400, 800, 3000, 5000} {
		want = append(want, said(t, db, h, fmt.Sprintf("A piscina abre? %d", i), time.Duration(days)*24*time.Hour+time.Duration(i)*time.Second))
		said(t, db, other, "piscina", time.Duration(days)*24*time.Hour)
	}
	said(t, db, h, "Nada mais", 24*time.Hour)
	indexMessages(t, db)
	for _, limit := range []int{1, 3, 5, 13, 14, 100} {
		if got := finds(t, db, h.ID, postgres.MessageSearch{Text: "piscinas", Scope: seesAll, Limit: limit}); !slices.Equal(got, want) {
			t.Errorf("in pages of %d: %v, want %v", limit, got, want)
		}
	}
}

// TestSearchIsScoped: a search finds what its reader may read, and no more.
func TestSearchIsScoped(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	h := furnish(t, db, "ALPHA")
	hidden := pgtest.Conversation(t, db, h.Hotel, pgtest.OfUnit("Ilhabela"))
	seen := said(t, db, h, "piscina", time.Hour)
	pgtest.Message(t, db, h.ID, hidden, func(m *message.Message) { m.Content = "piscina" })
	chance := pgtest.Conversation(t, db, h.Hotel, pgtest.AsOpportunity())
	sale := pgtest.Message(t, db, h.ID, chance, func(m *message.Message) { m.Content, m.Timestamp = "piscina", time.Now().Add(-2*time.Hour) })
	indexMessages(t, db)
	for name, c := range map[string]struct {
		scope user.Scope
		of    id.Conversation
		want  []id.Message
	}{
		"of the unit":            {scope: user.Scope{Unit: h.Card.Unit}, want: []id.Message{seen}},
		"the assignee":           {scope: user.Scope{AssignedTo: h.Ana.ID}, want: []id.Message{seen}},
		"a seller":               {scope: user.Scope{Opportunities: true, AssignedTo: h.Ana.ID}, want: []id.Message{seen, sale.ID}},
		"nobody":                 {},
		"in a conversation":      {scope: seesAll, of: chance.ID, want: []id.Message{sale.ID}},
		"in one that is not his": {scope: user.Scope{Unit: h.Card.Unit}, of: chance.ID},
		"in none":                {scope: seesAll, of: id.NewConversation()},
	} {
		if got := finds(t, db, h.ID, postgres.MessageSearch{Text: "piscina", Scope: c.scope, Conversation: c.of, Limit: 2}); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestSearchFollowsChanges: what is taken back, deleted or moved is not found any more
// where it was.
func TestSearchFollowsChanges(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	h := furnish(t, db, "ALPHA")
	m := said(t, db, h, "piscina", time.Hour)
	search := postgres.MessageSearch{Text: "piscina", Scope: seesAll, Limit: 10}
	indexMessages(t, db)
	if got := finds(t, db, h.ID, search); !slices.Equal(got, []id.Message{m}) {
		t.Fatalf("found %v", got)
	}
	pgtest.Exec(t, db, "UPDATE message SET content = 'sauna' WHERE id = $1", m)
	if got := finds(t, db, h.ID, search); len(got) > 0 {
		t.Error("words that were taken back are found before they are indexed anew")
	}
	indexMessages(t, db)
	search.Text = "sauna"
	if got := finds(t, db, h.ID, search); !slices.Equal(got, []id.Message{m}) {
		t.Errorf("the new words find %v", got)
	}
	pgtest.Exec(t, db, "UPDATE message SET status = 'READ' WHERE id = $1", m)
	if n := number(t, pgtest.Owner(t, db), "SELECT count(*) FROM message_unindexed"); n != 0 {
		t.Error("a status has a message indexed anew")
	}
	pgtest.Exec(t, db, "UPDATE message SET content = '' WHERE id = $1", m)
	if n := number(t, pgtest.Owner(t, db), "SELECT count(*) FROM message_search WHERE message_id = $1", m); n != 0 {
		t.Error("words that were erased are still in the index")
	}
	pgtest.InTx(t, db, h.ID, func(tx *postgres.Tx) error {
		_, err := tx.DeleteConversation(within(t), h.Card.ID, time.Now())
		return err
	})
	if n := number(t, pgtest.Owner(t, db), "SELECT count(*) FROM message_search WHERE conversation_id = $1", h.Card.ID); n != 0 {
		t.Error("a deleted conversation is still in the index")
	}
}

// TestSearchEndsInTime: a reader who sees next to nothing is told where to go on instead
// of waiting until everything was looked at.
func TestSearchEndsInTime(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	h := furnish(t, db, "ALPHA")
	pgtest.Exec(t, db, `INSERT INTO message (tenant_id, id, conversation_id, contact_id, number_id, direction, sender, kind, content, status, timestamp)
		SELECT tenant_id, gen_random_uuid(), conversation_id, contact_id, number_id, direction, sender, kind, 'piscina', status, now() - n * interval '1 minute'
		FROM message, generate_series(1, 12000) n WHERE id = $1`, h.In.ID)
	indexMessages(t, db)
	search := postgres.MessageSearch{Text: "piscina", Limit: 10}
	found, err := db.SearchMessages(within(t), h.ID, search)
	if err != nil || len(found.Messages) > 0 || found.Next == nil {
		t.Fatalf("found %d messages, next %v (%v)", len(found.Messages), found.Next, err)
	}
	if got := finds(t, db, h.ID, search); len(got) > 0 {
		t.Errorf("somebody who sees nothing finds %d messages", len(got))
	}
	search.Scope, search.Limit = seesAll, 500
	if got := finds(t, db, h.ID, search); len(got) != 12000 {
		t.Errorf("found %d of 12000", len(got))
	}
}

// TestSearchCannotBeTurned: nobody but the function reads the index as the system, and
// it finds the pinned tenant's messages only.
func TestSearchCannotBeTurned(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	a, b := furnish(t, db, "ALPHA"), furnish(t, db, "BRAVO")
	count := func(tenant id.Tenant) (n int, err error) {
		ctx := within(t)
		err = pgx.BeginFunc(ctx, db.App(), func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "SELECT set_config('app.tenant_id', $1, true)", tenant.String()); err != nil {
				return err
			}
			return tx.QueryRow(ctx, `SELECT count(*) FROM messages_found('hello', NULL, true, false, '', NULL, 'infinity', $1, 100) f
				JOIN message m ON m.id = f.message_id`, id.NewMessage()).Scan(&n)
		})
		return n, err
	}
	for _, h := range []furnished{a, b} {
		if n, err := count(h.ID); n != 1 || err != nil {
			t.Errorf("found %d (%v)", n, err)
		}
	}
	if n, err := count(id.NewTenant()); n != 0 || err != nil {
		t.Errorf("nobody found %d (%v)", n, err)
	}
	if _, err := db.App().Exec(within(t), "SELECT messages_found('hello', NULL, true, false, '', NULL, 'infinity', NULL, 100)"); err == nil {
		t.Error("unpinned, it answers")
	}
	owners := texts(t, pgtest.Owner(t, db), `SELECT proname::text FROM pg_proc WHERE prosecdef AND has_function_privilege('public', oid, 'EXECUTE')
		AND pronamespace = 'public'::regnamespace`)
	if len(owners) > 0 {
		t.Errorf("everybody may call %v", owners)
	}
}
