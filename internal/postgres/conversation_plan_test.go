package postgres_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// manyConversations makes 20 hotels with 1,000 conversations each, as their owner, and
// returns one of the hotels and one of its people. The states are as uneven as in
// life: of twenty conversations one goes on.
func manyConversations(t *testing.T, db *postgres.DB) (hotel id.Tenant, ana id.User) {
	t.Helper()
	for _, sql := range []string{
		`INSERT INTO tenant (id, slug, name, email) SELECT gen_random_uuid(), 'many-' || n, 'Many', 'many@example.com' FROM generate_series(1, 20) n`,
		`INSERT INTO account (id, tenant_id, email, password_hash, name, role)
			SELECT gen_random_uuid(), t.id, gen_random_uuid() || '@example.com', 'x', 'Ana', 'ATTENDANT' FROM tenant t, generate_series(1, 5)`,
		`INSERT INTO contact (tenant_id, id, phone, name)
			SELECT t.id, gen_random_uuid(), '5512' || n, 'Guest ' || n FROM tenant t, generate_series(1, 1000) n`,
		`INSERT INTO conversation (tenant_id, id, contact_id, unread, is_opportunity, last_inbound_at, priority, assigned_to, state, unit, last_message_at)
			SELECT g.tenant_id, gen_random_uuid(), g.id, CASE WHEN n % 30 = 0 THEN 1 ELSE 0 END, n % 17 = 0, now() - n * interval '2 minutes',
				(ARRAY['LOW', 'MEDIUM', 'HIGH', 'URGENT'])[1 + n % 4],
				(ARRAY(SELECT a.id FROM account a WHERE a.tenant_id = g.tenant_id))[1 + g.n % 7],
				CASE WHEN n % 20 = 0 THEN 'OPEN' ELSE 'CLOSED' END, (ARRAY['Ilhabela', 'Camburi', ''])[1 + n % 3], now() - n * interval '1 minute'
			FROM (SELECT *, substr(phone, 5)::integer AS n FROM contact) g`,
	} {
		pgtest.Exec(t, db, sql)
	}
	must(t, pgtest.Owner(t, db).QueryRow(within(t), "SELECT tenant_id, id FROM account WHERE name = 'Ana' LIMIT 1").Scan(&hotel, &ana))
	return hotel, ana
}

// TestListsAreReadFromIndexes looks at how the database would fetch the first page of
// common lists: by an index that has their order, so that the cost does not grow with
// the number of conversations.
func TestListsAreReadFromIndexes(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel, ana := manyConversations(t, db)
	everything := user.Scope{All: true}
	now, yes := time.Now(), true
	filters := map[string]postgres.CardFilter{
		"plain":             {Scope: everything},
		"second page":       {Scope: everything, Offset: 20},
		"deep":              {Scope: everything, Offset: 500},
		"behind a place":    {Scope: everything, After: &postgres.CardPlace{At: now.Add(-time.Hour), ID: id.NewConversation()}},
		"longest waiting":   {Scope: everything, Rising: true},
		"one state":         {Scope: everything, States: []conversation.State{conversation.Open}},
		"several states":    {Scope: everything, States: []conversation.State{conversation.Open, conversation.InProgress, conversation.Waiting}},
		"closed":            {Scope: everything, States: []conversation.State{conversation.Closed}},
		"one unit":          {Scope: everything, Unit: "Camburi"},
		"unit and state":    {Scope: everything, Unit: "Camburi", States: []conversation.State{conversation.Open}},
		"unread":            {Scope: everything, Unread: true},
		"urgent":            {Scope: everything, Priority: conversation.Urgent},
		"of nobody":         {Scope: everything, Unassigned: true},
		"window closing":    {Scope: everything, HeardSince: now.Add(-24 * time.Hour), HeardUntil: now.Add(-20 * time.Hour)},
		"of an attendant":   {Scope: user.Scope{Unit: "Camburi", AssignedTo: ana}},
		"of a seller":       {Scope: user.Scope{Opportunities: true, AssignedTo: ana}},
		"the opportunities": {Scope: user.Scope{Opportunities: true, AssignedTo: ana}, Opportunity: &yes},
	}
	assertByIndex(t, db, hotel, "without statistics", filters["plain"]) // as a new database is
	pgtest.Exec(t, db, "VACUUM ANALYZE")                                // as autovacuum does
	for name, f := range filters {
		assertByIndex(t, db, hotel, name, f)
	}
}

func assertByIndex(t *testing.T, db *postgres.DB, hotel id.Tenant, name string, f postgres.CardFilter) {
	t.Helper()
	f.Limit = 20
	plan := planOf(t, db, hotel, f)
	// Places are found in one index that has their order, without looking at a row; or
	// they are sorted, but then only of what goes on.
	if strings.Contains(plan, "conversation_one_active") && len(f.States) > 0 {
		return
	}
	places := inOrder.FindString(plan)
	if strings.Contains(plan, "Seq Scan") || strings.Contains(plan, "Sort") || strings.Contains(plan, "Hash") || places == "" {
		t.Errorf("%s:\n%s", name, plan)
	}
}

var inOrder = regexp.MustCompile(`Index Only Scan (Backward )?using conversation_(recent|live|opportunities) on conversation v`)

// planOf explains a list on a connection with the settings of production, and with
// those of the embedded server that change plans.
func planOf(t *testing.T, db *postgres.DB, hotel id.Tenant, f postgres.CardFilter) string {
	t.Helper()
	sql, args := postgres.CardsStatement(hotel, f)
	return planOfStatement(t, db, hotel, sql, args)
}

func planOfStatement(t *testing.T, db *postgres.DB, hotel id.Tenant, sql string, args pgx.NamedArgs) string {
	t.Helper()
	ctx := within(t)
	var plan []string
	err := pgx.BeginFunc(ctx, db.App(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT set_config('app.tenant_id', $1, true)", hotel.String()); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "SET LOCAL random_page_cost = 1.1"); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, "EXPLAIN "+sql, args)
		if err != nil {
			return err
		}
		plan, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	must(t, err)
	return strings.Join(plan, "\n")
}

// TestSearchedListsReadWhatIsFound: what a search finds is fetched one by one. Joined in
// one go, all conversations of the hotel would be read for a handful.
func TestSearchedListsReadWhatIsFound(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel, _ := manyConversations(t, db)
	pgtest.Exec(t, db, "VACUUM ANALYZE")
	sql, args, err := postgres.SearchedCardsStatement(within(t), db, hotel, postgres.CardFilter{Scope: user.Scope{All: true}, Search: "guest 77", Limit: 20})
	must(t, err)
	plan := planOfStatement(t, db, hotel, sql, args)
	if strings.Contains(plan, "Hash Join") || strings.Contains(plan, "Merge Join") || strings.Contains(plan, "conversation_recent") ||
		!strings.Contains(plan, "conversation_pkey") || !strings.Contains(plan, "conversation_by_contact") {
		t.Error(plan)
	}
}
