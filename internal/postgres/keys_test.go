package postgres_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

type foreignKey struct{ Name, Child, Parent, ChildColumns, ParentColumns string }

// TestForeignKeysCarryTheTenant points every reference between two tenants' tables
// at another tenant's row. It acts as a superuser: keys hold where row-level
// security does not look.
func TestForeignKeysCarryTheTenant(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	a, b := furnish(t, db, "ALPHA"), furnish(t, db, "BRAVO")
	owner, ctx := pgtest.Owner(t, db), within(t)
	rows, err := owner.Query(ctx, `
		SELECT conname::text, conrelid::regclass::text, confrelid::regclass::text,
			(SELECT string_agg(attname, ' ' ORDER BY n) FROM unnest(conkey) WITH ORDINALITY k(num, n) JOIN pg_attribute ON attrelid = conrelid AND attnum = num),
			(SELECT string_agg(attname, ' ' ORDER BY n) FROM unnest(confkey) WITH ORDINALITY k(num, n) JOIN pg_attribute ON attrelid = confrelid AND attnum = num)
		FROM pg_constraint WHERE contype = 'f' AND conparentid = 0
			AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = conrelid AND attname = 'tenant_id')
			AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = confrelid AND attname = 'tenant_id')`)
	must(t, err)
	keys, err := pgx.CollectRows(rows, pgx.RowToStructByPos[foreignKey])
	must(t, err)
	if len(keys) < 10 {
		t.Fatalf("found only %d foreign keys", len(keys))
	}
	for _, key := range keys {
		child, ok := strings.CutPrefix(key.ChildColumns, "tenant_id ")
		parent, also := strings.CutPrefix(key.ParentColumns, "tenant_id ")
		if !ok || !also {
			t.Errorf("%s does not carry the tenant: (%s) references (%s)", key.Name, key.ChildColumns, key.ParentColumns)
			continue
		}
		_, err := owner.Exec(ctx, fmt.Sprintf("UPDATE %s SET %s = (SELECT %s FROM %s WHERE tenant_id = $1 LIMIT 1) WHERE tenant_id = $2",
			key.Child, child, parent, key.Parent), a.ID, b.ID)
		if sqlState(err) != foreignKeyViolation {
			t.Errorf("%s: %s accepts another tenant's %s (%v)", key.Name, key.Child, key.Parent, err)
		}
	}
}

// TestUniqueKeysCarryTheTenant holds the rule that lets the schema be distributed by
// tenant, and lets two hotels have the same guest.
func TestUniqueKeysCarryTheTenant(t *testing.T) {
	t.Parallel()
	owner := pgtest.Connect(t, pgtest.URL(t), "")
	platformWide := map[string]string{
		"whatsapp_number_phone_number_id_key": "decides whose a delivery is",
		"account_email":                       "one log-in page for all hotels",
		"account_pkey":                        "the super admin has no tenant",
	}
	for _, table := range tenantTables(t, owner) {
		for _, index := range texts(t, owner, `
			SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = $1::text::regclass AND indisunique
				AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = indrelid AND attnum = ANY(indkey) AND attname = 'tenant_id')`, table) {
			if platformWide[index] == "" {
				t.Errorf("%s does not contain tenant_id", index)
			}
		}
	}
}
