package postgres_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestDuplicatesAreFoundByIndex explains each look that contacts_alike takes, with the
// settings that the function has and the role to which it belongs.
func TestDuplicatesAreFoundByIndex(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel, _ := manyConversations(t, db)
	pgtest.Exec(t, db, "UPDATE contact SET email = phone || '@example.com'")
	owner := pgtest.Owner(t, db)
	source := texts(t, owner, "SELECT prosrc FROM pg_proc WHERE proname = 'contacts_alike'")[0]
	looks := regexp.MustCompile(`(?s)SELECT [co]\.\S+.*?LIMIT (many|10)`).FindAllString(source, -1)
	indexes := []string{"contact_recent", "contact_by_email", "contact_by_bare_number", "contact_by_name"}
	if len(looks) != len(indexes) {
		t.Fatalf("%d looks: %q", len(looks), looks)
	}
	for _, statistics := range []string{"", "ANALYZE"} {
		for _, sql := range []string{"RESET ROLE", statistics, "SET ROLE botreserva_system", "SET enable_seqscan = off"} {
			_, err := owner.Exec(within(t), sql)
			must(t, err)
		}
		for i, look := range looks {
			for name, value := range map[string]string{
				`hotel`: "'" + hotel.String() + "'::uuid", `guest\.email`: "'55121@example.com'", `guest\.phone`: "'55121'", `guest\.name`: "'Guest 1'",
				`guest\.created_at`: "now()", `guest\.id`: "gen_random_uuid()", `before_time`: "now()", `before_id`: "gen_random_uuid()", `many`: "100",
			} {
				look = regexp.MustCompile(`\b`+name+`\b`).ReplaceAllString(look, value)
			}
			plan := strings.Join(texts(t, owner, "EXPLAIN "+look), "\n")
			if !strings.Contains(plan, indexes[i]) || strings.Contains(plan, "Seq Scan") {
				t.Errorf("after %q not by %s:\n%s", statistics, indexes[i], plan)
			}
		}
	}
	begun := time.Now()
	for range 5 {
		l, err := db.Lookalikes(within(t), hotel, time.Now().Add(time.Hour), uuid.Max, 1000, 100)
		must(t, err)
		if len(l.Pairs) != 0 {
			t.Errorf("%d pairs of guests who have nothing in common", len(l.Pairs))
		}
	}
	t.Logf("a look at 1,000 guests takes %s", time.Since(begun)/5)
}
