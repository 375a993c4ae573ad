package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestDeleteTenant: a tenant goes with everything it has, whatever table that is in, and
// no other tenant loses anything.
func TestDeleteTenant(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	a, b := furnish(t, db, "ALPHA"), furnish(t, db, "BRAVO")
	owner := pgtest.Owner(t, db)
	before := checksum(t, owner, b.ID)
	entry := postgres.Entry{Actor: "system", Action: "DELETE_TENANT", Entity: "tenant", EntityID: a.ID.String(), At: time.Now()}
	files := texts(t, owner, "SELECT key FROM media WHERE tenant_id = $1", a.ID)
	var dropped []string
	must(t, db.SystemDropFiles(ctx, a.ID, func(_ context.Context, key string) error {
		dropped = append(dropped, key)
		return nil
	}))
	if len(files) == 0 || !cmp.Equal(files, dropped) {
		t.Errorf("dropped %v, want %v", dropped, files)
	}
	must(t, db.SystemDeleteTenant(ctx, a.ID, entry))
	for _, table := range tenantTables(t, owner) {
		if n := number(t, owner, fmt.Sprintf("SELECT count(*) FROM %s WHERE tenant_id = $1", table), a.ID); n != 0 {
			t.Errorf("%s: %d rows are left", table, n)
		}
	}
	if after := checksum(t, owner, b.ID); !cmp.Equal(before, after) {
		t.Errorf("another tenant changed: %s", cmp.Diff(before, after))
	}
	if n := number(t, owner, "SELECT count(*) FROM platform_audit_entry WHERE action = 'DELETE_TENANT' AND entity_id = $1", a.ID.String()); n != 1 {
		t.Errorf("%d entries in the platform's log", n)
	}
	if err := db.SystemDeleteTenant(ctx, a.ID, entry); !errors.Is(err, tenant.ErrUnknown) {
		t.Errorf("deleted again: %v", err)
	}
}
