package postgres_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestShelfIsExact: whatever happens to conversations, in whatever order and however many
// at once, the shelf counts what is there.
func TestShelfIsExact(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel, other := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	people := []string{"NULL", "'" + hotel.Admin.ID.String() + "'"}
	owner := pgtest.Owner(t, db)
	const differing = `SELECT count(*) FROM (
		SELECT tenant_id, state, priority, unit, coalesce(assigned_to, '00000000-0000-0000-0000-000000000000') AS who, is_opportunity, count(*) AS n
		FROM conversation WHERE state IN ('CLOSED', 'ARCHIVED') GROUP BY 1, 2, 3, 4, 5, 6) is_there
		FULL JOIN (SELECT tenant_id, state, priority, unit, assigned_to AS who, is_opportunity, sum(n) AS n FROM (
			SELECT tenant_id, state, priority, unit, assigned_to, is_opportunity, conversations AS n FROM conversation_shelf
			UNION ALL SELECT tenant_id, state, priority, unit, assigned_to, is_opportunity, conversations FROM conversation_shelf_move) c
			GROUP BY 1, 2, 3, 4, 5, 6) counted USING (tenant_id, state, priority, unit, who, is_opportunity)
		WHERE coalesce(is_there.n, 0) <> coalesce(counted.n, 0)`
	rapid.Check(t, func(r *rapid.T) {
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			some := fmt.Sprintf("tenant_id = '%s' AND get_byte(uuid_send(id), 15) %% 3 = %d", hotel.ID, rapid.IntRange(0, 2).Draw(r, "which"))
			state := rapid.SampledFrom([]string{"OPEN", "CLOSED", "ARCHIVED"}).Draw(r, "state")
			what := rapid.SampledFrom([]string{"make", "move", "rename", "mark", "give", "unrelated", "delete", "delete guests", "put together"}).Draw(r, "what")
			sql := map[string]string{
				"make": fmt.Sprintf(`WITH guest AS (INSERT INTO contact (tenant_id, id) SELECT id, gen_random_uuid() FROM tenant, generate_series(1, 3)
					WHERE id IN ('%s', '%s') RETURNING tenant_id, id)
					INSERT INTO conversation (tenant_id, id, contact_id, state) SELECT tenant_id, gen_random_uuid(), id, '%s' FROM guest`, hotel.ID, other.ID, state),
				"move":          fmt.Sprintf("UPDATE conversation SET state = '%s' WHERE %s", state, some),
				"rename":        fmt.Sprintf("UPDATE conversation SET unit = unit || 'x', priority = 'LOW' WHERE %s", some),
				"mark":          fmt.Sprintf("UPDATE conversation SET is_opportunity = NOT is_opportunity WHERE %s", some),
				"give":          fmt.Sprintf("UPDATE conversation SET assigned_to = %s WHERE %s", rapid.SampledFrom(people).Draw(r, "to"), some),
				"unrelated":     fmt.Sprintf("UPDATE conversation SET unread = unread + 1, last_message_at = now() WHERE %s", some),
				"delete":        fmt.Sprintf("DELETE FROM conversation WHERE %s", some),
				"delete guests": fmt.Sprintf("DELETE FROM contact WHERE %s", some),
			}[what]
			if sql == "" {
				must(t, db.SystemShelve(within(t)))
			} else if _, err := owner.Exec(within(t), sql); err != nil {
				r.Fatalf("%s: %v", what, err)
			}
			if n := number(t, owner, differing); n != 0 {
				r.Fatalf("after %s, %d sorts are counted wrongly", what, n)
			}
		}
	})
	pgtest.Exec(t, db, "DELETE FROM tenant WHERE id = $1", other.ID)
	if n := number(t, owner, "SELECT count(*) FROM conversation_shelf_move WHERE tenant_id = $1", other.ID); n != 0 {
		t.Error("a deleted tenant left moves")
	}
}
