package postgres_test

import (
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestStandings: whatever happens to somebody's account, log-in or hotel changes their sum,
// and nobody else's.
func TestStandings(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	h, other := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	ana, bia := pgtest.User(t, db, h.ID, user.Attendant, ""), pgtest.User(t, db, h.ID, user.Attendant, "")
	session := id.NewSession()
	pgtest.Exec(t, db, "INSERT INTO session (id, account_id, expires_at) VALUES ($1, $2, $3)", session, ana.ID, time.Now().Add(time.Hour))
	people := []postgres.Connected{{User: ana.ID, Session: session}, {User: ana.ID}, {User: bia.ID}, {User: other.Admin.ID}, {User: id.NewUser()}}
	sums := func() []string {
		t.Helper()
		got, err := db.SystemStandings(ctx, people)
		must(t, err)
		if len(got) != len(people) {
			t.Fatalf("%d sums for %d people", len(got), len(people))
		}
		return got
	}
	for what, c := range map[string]struct {
		sql     string
		of      any
		changes [5]bool
	}{
		"nothing":     {"SELECT $1::uuid", ana.ID, [5]bool{}},
		"an account":  {"UPDATE account SET unit = unit || 'x' WHERE id = $1", ana.ID, [5]bool{true, true}},
		"a log-in":    {"UPDATE session SET revoked_at = clock_timestamp() WHERE id = $1", session, [5]bool{true}},
		"a hotel":     {"UPDATE tenant SET name = name || 'x' WHERE id = $1", h.ID, [5]bool{true, true, true}},
		"a colleague": {"UPDATE account SET name = name || 'x' WHERE id = $1", bia.ID, [5]bool{2: true}},
		"a stranger":  {"UPDATE account SET name = name || 'x' WHERE id = $1", other.Admin.ID, [5]bool{3: true}},
	} {
		before := sums()
		pgtest.Exec(t, db, c.sql, c.of)
		for i, after := range sums() {
			if (after != before[i]) != c.changes[i] {
				t.Errorf("%s: the sum of person %d: changed %v, want %v", what, i, after != before[i], c.changes[i])
			}
		}
	}
	many := make([]postgres.Connected, 4321)
	for i := range many {
		many[i] = people[i%len(people)]
	}
	got, err := db.SystemStandings(ctx, many)
	must(t, err)
	if of := sums(); len(got) != len(many) || got[4320] != of[0] || got[3] != of[3] {
		t.Error("many people at once get other sums")
	}
}
