package postgres_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestContactsAreReadFromIndexes looks at how the database would fetch lists of guests:
// each order from an index that has it, none by reading and sorting a whole hotel.
func TestContactsAreReadFromIndexes(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel, _ := manyConversations(t, db)
	pgtest.Exec(t, db, "UPDATE contact SET first_name = 'Ana', last_name = 'Souza', company_name = 'Sol' WHERE phone ~ '0$'")
	pgtest.Exec(t, db, "ANALYZE")
	for order, index := range map[contact.Order]string{
		contact.ByCreation: "contact_recent", contact.ByUpdate: "contact_changed", contact.ByName: "contact_by_name",
		contact.ByNumber: "contact_by_phone", contact.ByFirstName: "contact_by_first_name", contact.ByLastName: "contact_by_last_name",
		contact.ByCompany: "contact_by_company_name",
	} {
		for _, rising := range []bool{true, false} {
			f := postgres.ContactFilter{Order: order, Rising: rising, Limit: 20, Offset: 20}
			f.Search = contact.SearchFor("guest")
			assertOrder(t, db, hotel, postgres.ContactStatements(hotel, f)["walk"], index)
			f.Search = contact.Search{}
			assertOrder(t, db, hotel, postgres.ContactStatements(hotel, f)["list"], index)
			if list := explained(t, db, hotel, postgres.ContactStatements(hotel, f)["list"]); order == contact.ByName && !strings.Contains(list, "Index Only Scan") {
				t.Errorf("a late page by name fetches all guests before it:\n%s", list)
			}
		}
	}
}

func assertOrder(t *testing.T, db *postgres.DB, hotel id.Tenant, s postgres.Statement, index string) {
	t.Helper()
	plan := explained(t, db, hotel, s)
	if !strings.Contains(plan, "Index Scan using conversation_by_contact") {
		t.Errorf("a guest's conversations are not found by index:\n%s", plan)
	}
	if !regexp.MustCompile(`Index (Only )?Scan (Backward )?using `+index+` on contact`).MatchString(plan) || strings.Contains(plan, "Seq Scan on contact") {
		t.Errorf("not by %s:\n%s", index, plan)
	}
}

// TestSearchUsesTheIndexOfWords explains what contacts_found does inside, with the
// settings that the function has and the role to which it belongs.
func TestSearchUsesTheIndexOfWords(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel, _ := manyConversations(t, db)
	owner := pgtest.Owner(t, db)
	source := texts(t, owner, "SELECT prosrc FROM pg_proc WHERE proname = 'contacts_found'")[0]
	for name, value := range map[string]string{
		"search": fmt.Sprintf("tenant_query('%s', 'gue 1')", hotel), "words": "NULL::tsquery", "numbers": "NULL::text[]", "most": "100",
	} {
		source = regexp.MustCompile(`\b`+name+`\b`).ReplaceAllString(source, value)
	}
	for _, statistics := range []string{"", "ANALYZE"} {
		must(t, owner.QueryRow(within(t), "SELECT set_config('app.tenant_id', $1, false)", hotel.String()).Scan(new(string)))
		for _, sql := range []string{"RESET ROLE", statistics, "SET ROLE botreserva_system", "SET enable_seqscan = off", "SET enable_indexscan = off"} {
			_, err := owner.Exec(within(t), sql)
			must(t, err)
		}
		plan := strings.Join(texts(t, owner, "EXPLAIN "+source), "\n")
		if strings.Count(plan, "Bitmap Index Scan") != 1 || !strings.Contains(plan, "Bitmap Index Scan on contact_search") {
			t.Errorf("after %q:\n%s", statistics, plan)
		}
	}
}

// explained is the plan of a statement on a connection with the settings of production.
func explained(t *testing.T, db *postgres.DB, hotel id.Tenant, s postgres.Statement) string {
	t.Helper()
	ctx := within(t)
	var plan []string
	err := pgx.BeginFunc(ctx, db.App(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, s.Pin, hotel.String()); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "SET LOCAL random_page_cost = 1.1"); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, "EXPLAIN "+s.Text, s.Args)
		if err != nil {
			return err
		}
		plan, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	must(t, err)
	return strings.Join(plan, "\n")
}
