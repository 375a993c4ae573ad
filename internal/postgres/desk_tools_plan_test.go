package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestDeskListsAreReadFromIndexes looks at how the database would fetch a page: in the
// order of an index, whatever it is narrowed by, without statistics and with them.
func TestDeskListsAreReadFromIndexes(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel, _ := manyConversations(t, db)
	for _, sql := range []string{
		`INSERT INTO escalation (tenant_id, id, conversation_id, reason, state, unit, created_at)
			SELECT tenant_id, gen_random_uuid(), id, 'OTHER', CASE WHEN state = 'OPEN' THEN 'PENDING' ELSE 'RESOLVED' END, unit, last_message_at FROM conversation`,
		`INSERT INTO audit_entry (tenant_id, id, actor, action, entity, created_at)
			SELECT tenant_id, gen_random_uuid(), (ARRAY['bot', 'ana', 'bia'])[1 + n % 3], (ARRAY['LOGIN', 'ESCALATE'])[1 + n % 2], 'user', now() - n * interval '1 minute'
			FROM conversation, generate_series(1, 3) n`,
		`INSERT INTO webhook_delivery (tenant_id, id, received_at, fate, body)
			SELECT tenant_id, gen_random_uuid(), last_message_at, 'QUEUED', '{}' FROM conversation`,
	} {
		pgtest.Exec(t, db, sql)
	}
	everything, now := user.Scope{All: true}, time.Now()
	check := func(when string) {
		for name, statements := range map[string]map[string]postgres.Statement{
			"plain": postgres.DeskStatements(hotel, postgres.EscalationFilter{Scope: everything, Limit: 20}, postgres.AuditFilter{Limit: 20}, postgres.DeliveryFilter{Limit: 20}),
			"narrow": postgres.DeskStatements(hotel, postgres.EscalationFilter{Scope: everything, State: escalation.Pending, Limit: 20},
				postgres.AuditFilter{Action: "LOGIN", Limit: 20}, postgres.DeliveryFilter{From: now.AddDate(0, 0, -1), Until: now, Limit: 20}),
			"other": postgres.DeskStatements(hotel, postgres.EscalationFilter{Scope: everything, Unit: "Camburi", Limit: 20},
				postgres.AuditFilter{Actor: "ana", From: now.AddDate(0, 0, -1), Limit: 20, Offset: 40}, postgres.DeliveryFilter{Limit: 20, Offset: 40}),
		} {
			for what, s := range statements {
				plan := explain(t, db, hotel, s)
				inOrder := !strings.Contains(plan, "Sort") || what == "platform's audit log" // which is merged of many
				if strings.Contains(plan, "Seq Scan on") || !inOrder || !strings.Contains(plan, "Index") {
					t.Errorf("%s, %s, %s:\n%s", when, name, what, plan)
				}
			}
		}
	}
	check("without statistics")
	pgtest.Exec(t, db, "ANALYZE")
	check("with statistics")
}

// explain asks as the application does, with the embedded server's costs.
func explain(t *testing.T, db *postgres.DB, hotel id.Tenant, s postgres.Statement) string {
	t.Helper()
	ctx := within(t)
	var plan []string
	must(t, pgx.BeginFunc(ctx, db.App(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "SELECT set_config('app.tenant_id', $1, true), set_config('random_page_cost', '1.1', true)", hotel.String())
		if err != nil {
			return err
		}
		if strings.Contains(s.Text, "platform_audit_entry") {
			if _, err := tx.Exec(ctx, "SET LOCAL ROLE "+systemRole); err != nil {
				return err
			}
		}
		rows, err := tx.Query(ctx, "EXPLAIN "+s.Text, s.Args)
		if err != nil {
			return err
		}
		plan, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	}))
	return strings.Join(plan, "\n")
}
