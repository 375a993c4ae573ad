package postgres_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// countedByHand is what ContactTotals must say.
func countedByHand(t *testing.T, conn *pgx.Conn, hotel id.Tenant) contact.Totals {
	t.Helper()
	var out contact.Totals
	must(t, conn.QueryRow(within(t), `SELECT (SELECT count(*) FROM contact WHERE tenant_id = $1 AND erased_at IS NULL),
		(SELECT count(DISTINCT contact_id) FROM conversation c JOIN contact g ON g.id = contact_id WHERE c.tenant_id = $1 AND erased_at IS NULL)`, hotel.UUID).Scan(&out.All, &out.WithConversations))
	return out
}

// TestTotalsFollowEveryChange: what is kept is right after whatever happens to guests and
// their conversations, in any order.
func TestTotalsFollowEveryChange(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	conn := pgtest.Owner(t, db)
	hotel, other := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	r := rand.New(rand.NewPCG(3, 4))
	age := []string{"now()", "now() - interval '30 seconds'", "now() - interval '3 minutes'", "now() - interval '2 days'", "now() + interval '2 minutes'"}
	do := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(within(t), sql, hotel.ID.UUID); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	someGuest := "(SELECT id FROM contact WHERE tenant_id = $1 AND erased_at IS NULL ORDER BY md5(id::text || now()::text) LIMIT 1)"
	kept := 0
	for range 150 {
		at := age[r.IntN(len(age))]
		switch r.IntN(10) {
		case 0, 1:
			do("INSERT INTO contact (tenant_id, id, name, created_at) SELECT $1, gen_random_uuid(), 'Guest', " + at + " FROM generate_series(1, 3)")
		case 2, 3:
			do("INSERT INTO conversation (tenant_id, id, contact_id, state, created_at) SELECT $1, gen_random_uuid(), g, 'CLOSED', " + at +
				" FROM " + someGuest + " AS g (g) WHERE g IS NOT NULL")
		case 4:
			do("DELETE FROM conversation WHERE tenant_id = $1 AND id = (SELECT id FROM conversation WHERE tenant_id = $1 ORDER BY md5(id::text || now()::text) LIMIT 1)")
		case 5:
			do("DELETE FROM contact WHERE tenant_id = $1 AND id = " + someGuest) // and what they said
		case 6:
			do("UPDATE conversation SET contact_id = g FROM " + someGuest + " AS g (g) WHERE tenant_id = $1")
		case 7: // time passes
			do("UPDATE contact_total SET at = at - interval '2 hours' WHERE tenant_id = $1")
		case 8:
			do("UPDATE contact SET erased_at = now() WHERE tenant_id = $1 AND id = " + someGuest)
		default:
			pgtest.Conversation(t, db, other)
		}
		var there bool
		must(t, conn.QueryRow(within(t), "SELECT EXISTS (SELECT FROM contact_total WHERE tenant_id = $1 AND at > now() - interval '1 hour')", hotel.ID.UUID).Scan(&there))
		if there {
			kept++
		}
		got, err := db.ContactTotals(within(t), hotel.ID)
		must(t, err)
		if want := countedByHand(t, conn, hotel.ID); got != want {
			t.Fatalf("%+v, want %+v", got, want)
		}
	}
	if kept < 20 {
		t.Errorf("only %d of 150 looks found something kept: nothing is proven", kept)
	}
}

// TestTotalsTogether: many who look at once, while guests come, agree in the end.
func TestTotalsTogether(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 5 {
				if _, err := db.ContactTotals(context.Background(), hotel.ID); err != nil {
					t.Error(err)
				}
				pgtest.Conversation(t, db, hotel)
			}
		})
	}
	all.Wait()
	got, err := db.ContactTotals(within(t), hotel.ID)
	must(t, err)
	if want := (contact.Totals{All: 40, WithConversations: 40}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
