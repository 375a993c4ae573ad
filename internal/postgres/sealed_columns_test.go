package postgres_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

var (
	tableBegins  = regexp.MustCompile(`(?i)(?:CREATE|ALTER) TABLE (\w+)`)
	sealedColumn = regexp.MustCompile(`(?i)^\s*(?:ADD COLUMN )?(\w+)\s+text\b.*-- sealed\b`)
)

// TestEverySealedColumnIsRotated reads the migrations: a column says in its comment that
// it is sealed, and must then be in the table of those that are sealed anew.
func TestEverySealedColumnIsRotated(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("migrations/*.sql")
	must(t, err)
	var want []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(t, err)
		table := ""
		for line := range strings.Lines(string(text)) {
			if m := tableBegins.FindStringSubmatch(line); m != nil {
				table = m[1]
			}
			if m := sealedColumn.FindStringSubmatch(line); m != nil {
				want = append(want, table+"."+m[1])
			}
		}
	}
	got := postgres.SealedColumns()
	slices.Sort(want)
	slices.Sort(got)
	if len(want) < 4 || !slices.Equal(want, got) {
		t.Errorf("sealedColumns has %v; the migrations say %v are sealed", got, want)
	}
}

// TestReseal: a value is replaced where it stands, and only while it stands there.
func TestReseal(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	for range 3 {
		furnish(t, db, "ALPHA")
	}
	pgtest.Exec(t, db, "DELETE FROM whatsapp_number WHERE paused_since IS NOT NULL") // one is enough
	pgtest.Exec(t, db, "INSERT INTO second_factor (account_id, secret, created_at) SELECT id, 'x', now() FROM account WHERE name = 'ALPHA Ana'")
	for _, column := range postgres.SealedColumns() {
		table, name, _ := strings.Cut(column, ".")
		pgtest.Exec(t, db, "UPDATE "+table+" SET "+name+" = 'old'")
		first, err := db.SystemSealedValues(ctx, column, "", 2)
		must(t, err)
		rest, err := db.SystemSealedValues(ctx, column, first[1].Key, 2)
		must(t, err)
		if len(first) != 2 || len(rest) != 1 || rest[0].Key == first[1].Key || first[0].Context == "" {
			t.Fatalf("%s: listed %v, then %v", column, first, rest)
		}
		for _, want := range []bool{true, false} { // the second finds another value there
			if done, err := db.SystemReseal(ctx, first[0], "new"); err != nil || done != want {
				t.Errorf("%s: resealed %v, %v", column, done, err)
			}
		}
		left, err := db.SystemSealedValues(ctx, column, "", 10)
		must(t, err)
		if len(left) != 3 || left[0].Value != "new" || left[1].Value != "old" {
			t.Errorf("%s: left %v", column, left)
		}
	}
	if _, err := db.SystemSealedValues(ctx, "tenant.name", "", 1); err == nil {
		t.Error("a column that is not sealed is listed")
	}
}
