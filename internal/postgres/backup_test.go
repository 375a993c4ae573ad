package postgres_test

import (
	"bytes"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// A database that is filled from a snapshot holds the same rows in every table, stands at the
// same numbers, and is guarded as before: also by an owner who is bound by the policies.
func TestBackup(t *testing.T) {
	t.Parallel()
	ctx, from := within(t), pgtest.URL(t)
	db := pgtest.Open(t, from)
	must(t, db.SystemPrepareDays(ctx, time.Now(), 2))
	furnish(t, db, "mar")
	furnish(t, db, "lua")
	snapshot, err := postgres.TakeSnapshot(ctx, from)
	must(t, err)
	t.Cleanup(func() { _ = snapshot.Close(within(t)) })
	furnish(t, db, "late") // is not in it
	pgtest.Exec(t, db, "DELETE FROM tag")

	to := ownedURL(t)
	must(t, postgres.MigrateTo(ctx, to, snapshot.Migrations[len(snapshot.Migrations)-1]))
	load, err := postgres.BeginLoad(ctx, to, snapshot.BackupSchema)
	must(t, err)
	t.Cleanup(func() { _ = load.Close(within(t)) })
	var sizes int
	for _, table := range snapshot.Tables {
		var rows bytes.Buffer
		must(t, snapshot.Copy(ctx, table, &rows))
		sizes += rows.Len()
		must(t, load.Fill(ctx, table, &rows))
	}
	before := guards(t, pgtest.Connect(t, pgtest.URL(t), ""))
	must(t, load.Commit(ctx))
	if sizes < 10_000 {
		t.Errorf("two furnished hotels are %d bytes", sizes)
	}

	again, err := postgres.TakeSnapshot(ctx, to)
	must(t, err)
	t.Cleanup(func() { _ = again.Close(within(t)) })
	if diff := cmp.Diff(snapshot.BackupSchema, again.BackupSchema); diff != "" {
		t.Errorf("the schema came back otherwise:\n%s", diff)
	}
	for _, table := range snapshot.Tables {
		var want, got bytes.Buffer
		must(t, snapshot.Copy(ctx, table, &want))
		must(t, again.Copy(ctx, table, &got))
		if !bytes.Equal(want.Bytes(), got.Bytes()) {
			t.Errorf("table %s: %d bytes became %d others", table.Name, want.Len(), got.Len())
		}
	}
	if diff := cmp.Diff(before, guards(t, pgtest.Connect(t, to, ""))); diff != "" {
		t.Errorf("policies or triggers are other ones than before:\n%s", diff)
	}
}

// ownedURL leads to an empty database as the role that owns it, which is no superuser.
func ownedURL(t *testing.T) string {
	t.Helper()
	address := pgtest.EmptyURL(t)
	must(t, postgres.Migrate(within(t), pgtest.EmptyURL(t))) // so that the roles exist
	admin := pgtest.Connect(t, address, "")
	owner := "owner_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	_, err := admin.Exec(within(t), "CREATE ROLE "+owner+"; GRANT botreserva_app, botreserva_system TO "+owner+
		"; ALTER DATABASE "+pgx.Identifier{admin.Config().Database}.Sanitize()+" OWNER TO "+owner)
	must(t, err)
	t.Cleanup(func() {
		_, _ = admin.Exec(within(t), "REASSIGN OWNED BY "+owner+" TO CURRENT_USER; DROP OWNED BY "+owner+"; DROP ROLE "+owner)
	})
	u, err := url.Parse(address)
	must(t, err)
	query := u.Query()
	query.Set("role", owner)
	u.RawQuery = query.Encode()
	return u.String()
}

// guards lists what stands between a session and the rows.
func guards(t *testing.T, conn *pgx.Conn) []string {
	t.Helper()
	return texts(t, conn, `SELECT 'policies ' || relname || ' ' || relrowsecurity || ' ' || relforcerowsecurity FROM pg_class
		  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
		UNION ALL SELECT 'trigger ' || tgname || ' of ' || c.relname || ' ' || tgenabled::text FROM pg_trigger t
		  JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT tgisinternal AND c.relnamespace = 'public'::regnamespace ORDER BY 1`)
}

func TestSnapshotRefusesWhatItDoesNotSee(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"no right":        "REVOKE SELECT ON tag FROM botreserva_system",
		"no policy":       "DROP POLICY of_system ON tag",
		"a narrow policy": "DROP POLICY of_system ON tag; CREATE POLICY of_system ON tag TO botreserva_system USING (tenant_id IS NOT NULL)",
		"a further one":   "CREATE POLICY narrow ON tag AS RESTRICTIVE USING (tenant_id IS NOT NULL)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := pgtest.URL(t)
			_, err := pgtest.Connect(t, address, "").Exec(within(t), sql)
			must(t, err)
			snapshot, err := postgres.TakeSnapshot(within(t), address)
			if err == nil {
				must(t, snapshot.Close(within(t)))
			}
			if err == nil || !strings.Contains(err.Error(), "tag") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	ctx, address := within(t), pgtest.URL(t)
	leave, ok, err := pgtest.Open(t, address).SystemJoin(ctx, postgres.Together, func() {})
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if _, err := postgres.TakePlace(ctx, address); !errors.Is(err, postgres.ErrInUse) {
		t.Errorf("while an instance works: %v", err)
	}
	leave()
	place, err := postgres.TakePlace(ctx, address)
	must(t, err)
	t.Cleanup(func() { must(t, place.Close(within(t))) })
	if _, ok, err := pgtest.Open(t, address).SystemJoin(ctx, postgres.Together, func() {}); ok || err != nil {
		t.Errorf("an instance starts during a restore: %v, %v", ok, err)
	}
	if err := place.Clear(ctx, false); !errors.Is(err, postgres.ErrNotEmpty) {
		t.Errorf("a database with tables is taken without a word: %v", err)
	}
	tables := func() int {
		return number(t, pgtest.Connect(t, address, ""), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
	}
	full := tables()
	must(t, place.Clear(ctx, true))
	must(t, postgres.MigrateTo(ctx, address, 1)) // and then the machine lost power
	must(t, place.Clear(ctx, true))
	if n := tables(); n != 0 {
		t.Errorf("%d tables are left", n)
	}
	must(t, place.Undo(ctx))
	if n := tables(); n != full {
		t.Errorf("%d tables came back of %d", n, full)
	}
	must(t, place.Clear(ctx, true))
	must(t, place.Keep(ctx))
	must(t, place.Clear(ctx, false))
}
