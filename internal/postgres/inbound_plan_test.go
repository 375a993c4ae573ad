package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestWhatsAppListsAreReadFromIndexes: news of accounts, templates, scheduled messages and
// what was done to messages are found by index, in the order in which they are listed.
func TestWhatsAppListsAreReadFromIndexes(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel, _ := manyConversations(t, db)
	for _, sql := range []string{
		`INSERT INTO whatsapp_number (tenant_id, id, phone_number_id, waba_id) SELECT id, id, id::text, id::text FROM tenant`,
		`INSERT INTO message (tenant_id, id, conversation_id, contact_id, number_id, wamid, direction, sender, kind, content, status, timestamp)
			SELECT tenant_id, id, id, contact_id, tenant_id, 'wamid.' || id, 'INBOUND', 'GUEST', 'TEXT', '', 'READ', last_message_at FROM conversation`,
		`INSERT INTO account_event (tenant_id, id, key, kind, name, severity, at, seen_at)
			SELECT tenant_id, id, sha256(id::text::bytea), 'account_update', 'X', (ARRAY['info', 'warning', 'critical'])[1 + unread], last_message_at, now() FROM conversation`,
		`INSERT INTO template_state (tenant_id, waba_id, template_id, name, language, status, category, changed_at)
			SELECT tenant_id, tenant_id::text, id::text, 'reserva_' || left(id::text, 3), 'pt_BR', 'APPROVED', 'UTILITY', now() FROM conversation`,
		`INSERT INTO scheduled_message (tenant_id, id, conversation_id, content, send_at, state, created_at)
			SELECT tenant_id, id, id, '{}', now() + interval '1 day', (ARRAY['SENT', 'SCHEDULED'])[1 + unread], now() FROM conversation`,
		`INSERT INTO message_change (tenant_id, number_id, target, id, kind, direction, at, applied)
			SELECT tenant_id, tenant_id, id::text, 'x', 'reaction', 'INBOUND', now(), unread = 0 FROM conversation`,
	} {
		pgtest.Exec(t, db, sql)
	}
	some := uuid.New()
	args := pgx.NamedArgs{
		"tenant_id": hotel, "page_size": 20, "skip": 20, "kind": "", "severity": "warning", "conversation_id": some, "state": "", "client_id": "x",
		"waba_id": hotel.String(), "name": "reserva_1", "named": "", "status": "APPROVED", "category": "", "language": "", "quality": "", "search": "reserva",
		"targets": []string{some.String()}, "number_ids": []uuid.UUID{hotel.UUID}, "wamids": []string{"w"}, "contact_id": some, "template_id": "1",
	}
	check := func(when string) {
		for name, index := range map[string]string{
			"AccountEventPage": "account_event_", "AccountEventCount": "account_event_", "TemplatePage": "template_state_", "TemplateCount": "template_state_",
			"TemplateVariants": "template_state_by_name", "TemplateByID": "template_state_", "TemplateStates": "template_state_pkey",
			"ScheduledPage": "scheduled_of_conversation", "ScheduledCount": "scheduled_of_conversation", "ScheduledOpen": "scheduled_of_conversation",
			"ScheduledByClientID": "scheduled_client_once", "MessageChangesOf": "message_change_pkey", "MessagesNamed": "message_once",
			"ConversationOfHistory": "conversation_",
		} {
			plan := explain(t, db, hotel, postgres.Statement{Text: query(t, name), Args: args})
			if strings.Contains(plan, "Seq Scan") || !strings.Contains(plan, index) {
				t.Errorf("%s, %s:\n%s", when, name, plan)
			}
		}
	}
	check("without statistics")
	pgtest.Exec(t, db, "ANALYZE")
	check("with statistics")
	args["severity"], args["waba_id"], args["status"], args["search"] = "", "", "", ""
	for _, name := range []string{"AccountEventPage", "TemplatePage", "ScheduledPage"} {
		if plan := explain(t, db, hotel, postgres.Statement{Text: query(t, name), Args: args}); strings.Contains(plan, "Sort") {
			t.Errorf("%s is sorted:\n%s", name, plan)
		}
	}
	assertSystemPlans(t, db, pgx.NamedArgs{"now": time.Now(), "before": time.Now(), "most": 100, "waba_id": hotel.String()}, map[string]string{
		"SystemScheduledDue": "scheduled_due", "SystemChangesWaiting": "message_change_waiting", "SystemChangesPurge": "message_change_waiting",
		"SystemTenantsOfWABA": "whatsapp_number_waba",
	})
}

// assertSystemPlans explains queries over all hotels, and wants each read from its index.
func assertSystemPlans(t *testing.T, db *postgres.DB, args pgx.NamedArgs, indexes map[string]string) {
	t.Helper()
	owner := pgtest.Owner(t, db)
	for _, sql := range []string{"SET ROLE " + systemRole, "SET enable_seqscan = off", "SET random_page_cost = 1.1"} {
		_, err := owner.Exec(within(t), sql)
		must(t, err)
	}
	for name, index := range indexes {
		rows, err := owner.Query(within(t), "EXPLAIN "+query(t, name), args)
		must(t, err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		must(t, err)
		if plan := strings.Join(lines, "\n"); strings.Contains(plan, "Seq Scan") || !strings.Contains(plan, index) {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}
