package pgtest

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/postgres"
)

// Traces lists where in the database one of several texts stands, whatever its case: in
// any column of any table, as the catalogue knows them, whatever was added since.
func Traces(tb testing.TB, db *postgres.DB, texts ...string) (found []string) {
	tb.Helper()
	conn, ctx := Owner(tb, db), within(tb)
	columns := columnsOf(ctx, tb, conn)
	if len(columns) < 100 {
		tb.Fatalf("only %d columns: the catalogue was not read", len(columns))
	}
	for _, c := range columns {
		as := fmt.Sprintf("lower(%q::text)", c.name)
		if c.kind == "bytea" {
			as = fmt.Sprintf("lower(encode(%q, 'escape'))", c.name)
		}
		sql := fmt.Sprintf("SELECT t, count(*) FROM %q, unnest($1::text[]) AS t WHERE position(lower(t) IN %s) > 0 GROUP BY t", c.table, as)
		rows, err := conn.Query(ctx, sql, texts)
		if err != nil {
			tb.Fatalf("%s: %v", sql, err)
		}
		var text string
		var n int
		_, err = pgx.ForEachRow(rows, []any{&text, &n}, func() error {
			found = append(found, fmt.Sprintf("%s.%s has %q in %d rows", c.table, c.name, text, n))
			return nil
		})
		if err != nil {
			tb.Fatalf("%s: %v", sql, err)
		}
	}
	return found
}

type column struct{ table, name, kind string }

func columnsOf(ctx context.Context, tb testing.TB, conn *pgx.Conn) []column {
	tb.Helper()
	rows, err := conn.Query(ctx, `SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition`)
	if err != nil {
		tb.Fatal(err)
	}
	columns, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (c column, err error) {
		return c, r.Scan(&c.table, &c.name, &c.kind)
	})
	if err != nil {
		tb.Fatal(err)
	}
	return columns
}
