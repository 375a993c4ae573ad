package postgres_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// attempt calls one method on the rows of a hotel, as the tenant whose transaction,
// or whose id, it is given. It returns whatever the method returned.
type attempt struct {
	inTx func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error)
	read func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error)
}

// TestTenancyAccounting calls every method of Tx and DB as one tenant on the rows of
// another, and proves that nothing of the other comes back or changes. The same call
// as their owner must do something, else the row proves nothing.
func TestTenancyAccounting(t *testing.T) {
	t.Parallel()
	world := pgtest.URL(t)
	db := pgtest.Open(t, world)
	a, b := furnish(t, db, "ALPHA"), furnish(t, db, "BRAVO")
	db.Close()
	for name, call := range attempts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.Open(t, pgtest.Clone(t, world))
			owner := pgtest.Owner(t, db)
			before := checksum(t, owner, a.ID)

			foreign, foreignErr := call.as(t, db, b.ID, a)
			if leaked := traces(t, owner, a, foreign); len(leaked) > 0 {
				t.Errorf("another tenant was told %v in %+v", leaked, foreign)
			}
			if after := checksum(t, owner, a.ID); !cmp.Equal(before, after) {
				t.Errorf("another tenant changed (- before, + after): %s", cmp.Diff(before, after))
			}

			own, ownErr := call.as(t, db, a.ID, a)
			told, changed := len(traces(t, owner, a, own)) > 0, !cmp.Equal(before, checksum(t, owner, a.ID))
			clashed := ownErr != nil && foreignErr == nil
			if !told && !changed && !clashed {
				t.Errorf("the owner's own call did nothing either: %+v, %v", own, ownErr)
			}
		})
	}
}

func (call attempt) as(t *testing.T, db *postgres.DB, tenantID id.Tenant, of furnished) (result any, err error) {
	t.Helper()
	ctx := within(t)
	if call.read != nil {
		return call.read(ctx, db, tenantID, of)
	}
	err = db.InTx(ctx, tenantID, func(tx *postgres.Tx) error {
		result, err = call.inTx(ctx, tx, of)
		return err
	})
	return result, err
}

// TestEveryMethodIsAccountedFor fails when a method is added without a row, and when
// a row is left behind.
func TestEveryMethodIsAccountedFor(t *testing.T) {
	t.Parallel()
	methods := map[string]bool{}
	for _, of := range []reflect.Type{reflect.TypeFor[*postgres.Tx](), reflect.TypeFor[*postgres.DB]()} {
		for i := range of.NumMethod() {
			methods[of.Elem().Name()+"."+of.Method(i).Name] = true
		}
	}
	for method := range methods {
		if export := strings.TrimPrefix(method, "DB."); export == "App" {
			continue // of these tests
		}
		_, attempted := attempts[method]
		reason := plumbing[method]
		switch {
		case attempted && reason != "":
			t.Errorf("%s is in both tables", method)
		case strings.HasPrefix(method, "DB.System") && reason == "":
			t.Errorf("%s spans tenants: say in plumbing why that is needed", method)
		case !attempted && reason == "":
			t.Errorf("%s has no row in attempts: call it on another tenant's rows", method)
		}
	}
	for method := range attempts {
		if !methods[method] {
			t.Errorf("attempts has a row for %s, which is not there", method)
		}
	}
	for method := range plumbing {
		if !methods[method] {
			t.Errorf("plumbing has a row for %s, which is not there", method)
		}
	}
}

// TestAccountingNoticesLeaks feeds the accounting a method that returns, and one that
// changes, what it should not.
func TestAccountingNoticesLeaks(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	a := furnish(t, db, "ALPHA")
	owner := pgtest.Owner(t, db)
	for name, leak := range map[string]any{
		"a card": a.Card, "a pointer": &a.In, "bytes": []byte("..ALPHA.."), "an id in a map": map[id.Contact]string{a.Card.ContactID: ""},
		"a raw id": a.Escalation.ID.UUID, "a nested slice": []any{struct{ Of *[]postgres.DeadLetter }{&[]postgres.DeadLetter{a.Letter}}},
	} {
		if len(traces(t, owner, a, leak)) == 0 {
			t.Errorf("%s went unnoticed", name)
		}
	}
	before := checksum(t, owner, a.ID)
	for _, table := range tenantTables(t, owner) {
		pgtest.Exec(t, db, fmt.Sprintf("ALTER TABLE %s DISABLE TRIGGER ALL", table))
		pgtest.Exec(t, db, fmt.Sprintf("DELETE FROM %s", table))
		if after := checksum(t, owner, a.ID); after[table] == before[table] {
			t.Errorf("the loss of every row of %s went unnoticed", table)
		}
	}
}

// checksum is one value for each table of a tenant's, over all of its rows.
func checksum(t *testing.T, owner *pgx.Conn, tenantID id.Tenant) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for _, table := range tenantTables(t, owner) {
		sums[table] = texts(t, owner, fmt.Sprintf(
			"SELECT count(*) || ' rows ' || coalesce(md5(string_agg(r::text, ',' ORDER BY r::text)), '') FROM %s r WHERE tenant_id = $1", table), tenantID)[0]
	}
	sums["tenant"] = texts(t, owner, "SELECT md5(r::text) FROM tenant r WHERE id = $1", tenantID)[0]
	return sums
}

// traces lists what in a result could only come from a hotel: the identifiers of its
// rows, and its marker.
func traces(t *testing.T, owner *pgx.Conn, of furnished, result any) []string {
	t.Helper()
	var text strings.Builder
	spell(&text, reflect.ValueOf(result))
	var found []string
	for _, trace := range append(identifiers(t, owner, of.ID), "ALPHA") {
		if strings.Contains(text.String(), trace) {
			found = append(found, trace)
		}
	}
	return found
}

func identifiers(t *testing.T, owner *pgx.Conn, tenantID id.Tenant) []string {
	t.Helper()
	ids := []string{tenantID.String()}
	for _, table := range tenantTables(t, owner) {
		ids = append(ids, texts(t, owner, fmt.Sprintf(
			"SELECT DISTINCT f.value FROM %s r, jsonb_each_text(to_jsonb(r)) f WHERE tenant_id = $1 AND (f.key = 'id' OR f.key LIKE '%%\\_id') AND length(f.value) = 36", table), tenantID)...)
	}
	return ids
}

// spell writes all that a value holds, following pointers, with text and identifiers
// as people write them.
func spell(to *strings.Builder, v reflect.Value) {
	if !v.IsValid() {
		return
	}
	if v.CanInterface() {
		if s, ok := v.Interface().(fmt.Stringer); ok && (v.Kind() != reflect.Pointer || !v.IsNil()) {
			fmt.Fprintln(to, s)
			return
		}
		if b, ok := v.Interface().([]byte); ok {
			fmt.Fprintln(to, string(b))
			return
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		spell(to, v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			spell(to, v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			spell(to, v.Index(i))
		}
	case reflect.Map:
		for key, value := range v.Seq2() {
			spell(to, key)
			spell(to, value)
		}
	default:
		fmt.Fprintln(to, v)
	}
}
