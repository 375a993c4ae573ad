package postgres_test

import (
	"strings"
	"testing"

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
		`INSERT INTO conversation (tenant_id, id, contact_id, assigned_to, state, unit, last_message_at)
			SELECT g.tenant_id, gen_random_uuid(), g.id,
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
	filters := map[string]postgres.CardFilter{
		"plain":           {Scope: everything},
		"second page":     {Scope: everything, Offset: 20},
		"one state":       {Scope: everything, States: []conversation.State{conversation.Open}},
		"one unit":        {Scope: everything, Unit: "Camburi"},
		"of an attendant": {Scope: user.Scope{Unit: "Camburi", AssignedTo: ana}},
	}
	for _, name := range []string{"plain", "one state"} { // a new database has no statistics yet
		assertByIndex(t, db, hotel, "without statistics: "+name, filters[name])
	}
	pgtest.Exec(t, db, "ANALYZE")
	for name, f := range filters {
		assertByIndex(t, db, hotel, name, f)
	}
}

func assertByIndex(t *testing.T, db *postgres.DB, hotel id.Tenant, name string, f postgres.CardFilter) {
	t.Helper()
	f.Limit = 20
	plan := planOf(t, db, hotel, f)
	if strings.Contains(plan, "Seq Scan") || strings.Contains(plan, "Sort") || !strings.Contains(plan, "Index") {
		t.Errorf("%s:\n%s", name, plan)
	}
}

// planOf explains a list on a connection with the settings of production, and with
// those of the embedded server that change plans.
func planOf(t *testing.T, db *postgres.DB, hotel id.Tenant, f postgres.CardFilter) string {
	t.Helper()
	ctx := within(t)
	sql, args := postgres.CardsStatement(hotel, f)
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
