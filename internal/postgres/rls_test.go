package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

const (
	appRole    = "botreserva_app"
	systemRole = "botreserva_system"

	insufficientPrivilege = "42501"
	undefinedSetting      = "42704"
	invalidText           = "22P02" // what an emptied setting is, as a uuid
	foreignKeyViolation   = "23503"
)

// ofNoTenant lists the tables that have no tenant_id, each with the reason.
var ofNoTenant = map[string]string{
	"platform_audit_entry": "what the operator does outside of any tenant",
	"goose_db_version":     "which migrations ran; the application's roles have no right on it",
	"tenant":               "the tenants themselves; the policy compares id",
	"session":              "log-ins are of accounts, of which one has no tenant; only the system's role may look",
	"refresh_token":        "as session",
	"ended_token":          "as session",
	"second_factor":        "as session",
	"recovery_code":        "as session",
	"password_reset":       "as session",
}

func TestEveryTenantTableIsUnderRowLevelSecurity(t *testing.T) {
	t.Parallel()
	owner := pgtest.Connect(t, pgtest.URL(t), "")
	const pin = "(tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))"
	for _, table := range tenantTables(t, owner) {
		assertForced(t, owner, table)
		policies := texts(t, owner, `SELECT format('%s %s / %s', cmd, qual, with_check) FROM pg_policies
			WHERE tablename = $1 AND roles && ARRAY['botreserva_app', 'public']::name[]`, table)
		if want := []string{"ALL " + pin + " / " + pin}; !cmp.Equal(want, policies) {
			t.Errorf("%s: policies differ: %s", table, cmp.Diff(want, policies))
		}
	}
	others := texts(t, owner, `SELECT relname::text FROM pg_class c WHERE relnamespace = 'public'::regnamespace
		AND relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'tenant_id')`)
	for _, table := range others {
		if ofNoTenant[table] == "" {
			t.Errorf("%s has no tenant_id: say why in ofNoTenant", table)
		}
		if table != "goose_db_version" {
			assertForced(t, owner, table)
		}
	}
}

func assertForced(t *testing.T, owner *pgx.Conn, table string) {
	t.Helper()
	if number(t, owner, "SELECT count(*) FROM pg_class WHERE oid = $1::text::regclass AND relrowsecurity AND relforcerowsecurity", table) != 1 {
		t.Errorf("%s: row-level security is not enabled and forced", table)
	}
}

func TestRolesAreWeak(t *testing.T) {
	t.Parallel()
	owner := pgtest.Connect(t, pgtest.URL(t), "")
	for _, role := range []string{appRole, systemRole} {
		if n := number(t, owner, `SELECT count(*) FROM pg_roles WHERE rolname = $1 AND NOT
			(rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb OR rolreplication)`, role); n != 1 {
			t.Errorf("%s may do more than it should", role)
		}
		if owned := texts(t, owner, "SELECT relname::text FROM pg_class WHERE relowner = $1::text::regrole", role); len(owned) > 0 {
			t.Errorf("%s owns %v", role, owned)
		}
		if of := texts(t, owner, "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = $1::text::regrole", role); len(of) > 0 {
			t.Errorf("%s may become %v", role, of)
		}
		if made := texts(t, owner, "SELECT 'create' WHERE has_schema_privilege($1, 'public', 'CREATE')", role); len(made) > 0 {
			t.Errorf("%s may create tables", role)
		}
	}
	granted := texts(t, owner, `SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
		AND relkind IN ('r', 'p') AND has_any_column_privilege('botreserva_app', oid, 'SELECT') ORDER BY 1`)
	want := append(tenantTables(t, owner), "tenant")
	slices.Sort(want)
	if !cmp.Equal(want, granted) {
		t.Errorf("the application reads other tables than those of tenants: %s", cmp.Diff(want, granted))
	}
}

// asApp acts as the application's role on one connection, each step in a transaction
// that is rolled back.
type asApp struct {
	conn *pgx.Conn
}

func (a asApp) exec(t *testing.T, pin *id.Tenant, sql string, args ...any) (affected int64, err error) {
	t.Helper()
	ctx := within(t)
	tx, err := a.conn.Begin(ctx)
	must(t, err)
	defer func() { must(t, tx.Rollback(ctx)) }()
	if pin != nil {
		_, err := tx.Exec(ctx, "SELECT set_config('app.tenant_id', $1, true)", pin.String())
		must(t, err)
	}
	tag, err := tx.Exec(ctx, sql, args...)
	return tag.RowsAffected(), err
}

func TestRowLevelSecurity(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	a, b := furnish(t, db, "ALPHA"), furnish(t, db, "BRAVO")
	owner, app := pgtest.Connect(t, url, ""), asApp{pgtest.Connect(t, url, appRole)}
	for _, table := range tenantTables(t, owner) {
		ofA, ofB := rowsOf(t, owner, table, a.ID), rowsOf(t, owner, table, b.ID)
		if ofA == 0 || ofB == 0 {
			t.Errorf("%s: furnish makes no row, so nothing is proven", table)
			continue
		}
		assertUnpinnedFails(t, app, table)
		for verb, sql := range map[string]string{
			"read":   fmt.Sprintf("SELECT tenant_id FROM %s", table),
			"change": fmt.Sprintf("UPDATE %s SET tenant_id = tenant_id", table),
			"delete": fmt.Sprintf("DELETE FROM %s", table),
		} {
			n, err := app.exec(t, &b.ID, sql)
			if err == nil && n != ofB || err != nil && (verb == "read" || sqlState(err) != insufficientPrivilege) {
				t.Errorf("%s: one tenant may %s %d rows, has %d (%v)", table, verb, n, ofB, err)
			}
		}
		assertNoForeignInsert(t, owner, app, table, a.ID, b.ID)
	}
	if n, err := app.exec(t, &b.ID, "SELECT FROM tenant"); n != 1 || err != nil {
		t.Errorf("a tenant sees %d tenants (%v)", n, err)
	}
}

func rowsOf(t *testing.T, owner *pgx.Conn, table string, tenantID id.Tenant) int64 {
	t.Helper()
	return int64(number(t, owner, fmt.Sprintf("SELECT count(*) FROM %s WHERE tenant_id = $1", table), tenantID))
}

func assertUnpinnedFails(t *testing.T, app asApp, table string) {
	t.Helper()
	for _, sql := range []string{"SELECT tenant_id FROM %s", "UPDATE %s SET tenant_id = tenant_id", "DELETE FROM %s"} {
		_, err := app.exec(t, nil, fmt.Sprintf(sql, table))
		if state := sqlState(err); state != undefinedSetting && state != invalidText && state != insufficientPrivilege {
			t.Errorf("unpinned: "+sql+" got %v", table, err)
		}
	}
	_, err := app.exec(t, nil, fmt.Sprintf("SELECT tenant_id FROM %s", table))
	if sqlState(err) == insufficientPrivilege {
		t.Errorf("%s cannot be read at all: %v", table, err)
	}
}

// assertNoForeignInsert stores a copy of a's row while pinned to b.
func assertNoForeignInsert(t *testing.T, owner *pgx.Conn, app asApp, table string, a, b id.Tenant) {
	t.Helper()
	row := texts(t, owner, fmt.Sprintf("SELECT to_jsonb(r)::text FROM %s r WHERE tenant_id = $1 LIMIT 1", table), a)[0]
	_, err := app.exec(t, &b, fmt.Sprintf(
		"INSERT INTO %[1]s OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::%[1]s, $1::text::jsonb)", table), row)
	if sqlState(err) != insufficientPrivilege {
		t.Errorf("%s: storing another tenant's row gives %v", table, err)
	}
	_, err = app.exec(t, &b, fmt.Sprintf("UPDATE %s SET tenant_id = $1", table), a)
	if state := sqlState(err); state != insufficientPrivilege {
		t.Errorf("%s: giving a row to another tenant gives %v", table, err)
	}
}

func TestAuditLogIsAppendOnly(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	a := furnish(t, pgtest.Open(t, url), "ALPHA")
	for _, role := range []string{appRole, systemRole} {
		conn := asApp{pgtest.Connect(t, url, role)}
		for _, sql := range []string{
			"UPDATE audit_entry SET action = ''", "DELETE FROM audit_entry", "TRUNCATE audit_entry",
			"UPDATE platform_audit_entry SET action = ''", "DELETE FROM platform_audit_entry", "TRUNCATE platform_audit_entry",
		} {
			if _, err := conn.exec(t, &a.ID, sql); sqlState(err) != insufficientPrivilege {
				t.Errorf("%s: %s gives %v", role, sql, err)
			}
		}
	}
}

func TestApplicationCannotReadPasswords(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	a := furnish(t, pgtest.Open(t, url), "ALPHA")
	app := asApp{pgtest.Connect(t, url, appRole)}
	for _, sql := range []string{
		"SELECT password_hash FROM account", "SELECT * FROM account", "SELECT FROM account WHERE password_hash <> ''",
		"SELECT FROM session", "SELECT FROM refresh_token",
	} {
		if _, err := app.exec(t, &a.ID, sql); sqlState(err) != insufficientPrivilege {
			t.Errorf("%s gives %v", sql, err)
		}
	}
	if n, err := app.exec(t, &a.ID, "SELECT name FROM account"); err != nil || n == 0 {
		t.Errorf("names of colleagues: %d (%v)", n, err)
	}
}

func TestPinDoesNotLeak(t *testing.T) {
	t.Parallel()
	ctx, url := within(t), pgtest.URL(t)
	a := furnish(t, pgtest.Open(t, url), "ALPHA")
	db, err := postgres.OpenNarrow(ctx, url)
	must(t, err)
	t.Cleanup(db.Close)
	stop := errors.New("stop")
	uses := map[string]func(){
		"a read":            func() { _, err := db.Card(ctx, a.ID, a.Card.ID); must(t, err) },
		"a read of nothing": func() { _, _ = db.Message(ctx, a.ID, id.NewMessage()) },
		"a failed read":     func() { _, _, _ = db.Messages(ctx, a.ID, a.Card.ID, -1, 0) },
		"a commit":          func() { must(t, db.InTx(ctx, a.ID, func(*postgres.Tx) error { return nil })) },
		"a rollback":        func() { _ = db.InTx(ctx, a.ID, func(*postgres.Tx) error { return stop }) },
		"a failed statement": func() {
			_ = db.InTx(ctx, a.ID, func(tx *postgres.Tx) error { return tx.InsertMessages(ctx, a.In.Timestamp, a.In) })
		},
		"a panic": func() {
			defer func() { _ = recover() }()
			_ = db.InTx(ctx, a.ID, func(*postgres.Tx) error { panic("oops") })
		},
		"a cancelled transaction": func() {
			ended, cancel := context.WithCancel(ctx)
			_ = db.InTx(ended, a.ID, func(tx *postgres.Tx) error {
				cancel()
				_, err := tx.LockCard(ended, a.Card.ID)
				return err
			})
		},
	}
	for name, use := range uses {
		use()
		var seen int
		err := db.App().QueryRow(ctx, "SELECT count(*) FROM contact").Scan(&seen)
		if state := sqlState(err); state != undefinedSetting && state != invalidText {
			t.Errorf("after %s, an unpinned query sees %d guests (%v)", name, seen, err)
		}
		if _, err := db.Card(ctx, id.NewTenant(), a.Card.ID); err == nil {
			t.Errorf("after %s, another tenant sees the conversation", name)
		}
	}
}
