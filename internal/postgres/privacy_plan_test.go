package postgres_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// query reads a statement as it is written in queries/.
func query(t *testing.T, name string) string {
	t.Helper()
	files, err := filepath.Glob("queries/*.sql")
	must(t, err)
	begin := regexp.MustCompile(`(?m)^-- name: ` + name + ` :\w+\n`)
	for _, f := range files {
		text, err := os.ReadFile(f)
		must(t, err)
		if at := begin.FindIndex(text); at != nil {
			statement, _, _ := strings.Cut(string(text[at[1]:]), ";")
			return statement
		}
	}
	t.Fatalf("no query %s", name)
	return ""
}

// TestPrivacyIsReadFromIndexes: what an export and an erasure look for, and what was
// erased, is found by index, and the erased cost lists and totals nothing.
func TestPrivacyIsReadFromIndexes(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel, _ := manyConversations(t, db)
	for _, sql := range []string{
		`INSERT INTO erasure SELECT tenant_id, gen_random_uuid(), contact_id, contact_id, '{}', '', decode(repeat('00', 32), 'hex'), last_message_at FROM conversation`,
		`INSERT INTO audit_entry (tenant_id, id, actor, action, entity, entity_id, created_at)
			SELECT tenant_id, gen_random_uuid(), 'bot', 'ESCALATE', 'conversation', id::text, now() FROM conversation, generate_series(1, 3)`,
		`INSERT INTO webhook_delivery (tenant_id, id, received_at, fate, body) SELECT tenant_id, gen_random_uuid(), last_message_at, 'QUEUED', '{}' FROM conversation`,
		`INSERT INTO message (tenant_id, id, conversation_id, contact_id, number_id, direction, sender, kind, content, status, timestamp)
			SELECT c.tenant_id, gen_random_uuid(), c.id, c.contact_id, c.id, 'INBOUND', 'GUEST', 'TEXT', 'Oi', 'DELIVERED', now() - n * interval '1 hour'
			FROM conversation c, generate_series(1, 3) n`,
		`INSERT INTO contact_alias SELECT tenant_id, 'bsuid', id::text, id FROM contact`,
		`INSERT INTO escalation (tenant_id, id, conversation_id, reason, state) SELECT tenant_id, gen_random_uuid(), id, 'OTHER', 'RESOLVED' FROM conversation`,
		`INSERT INTO media (tenant_id, id, name, key, kind, mime_type, size, sha256, created_at)
			SELECT tenant_id, id, id::text, id::text, 'IMAGE', 'image/png', 1, sha256(id::text::bytea), now() FROM conversation`,
		`INSERT INTO message_media SELECT tenant_id, id, conversation_id FROM message`,
		`INSERT INTO lane (tenant_id, kind, key, depth) SELECT tenant_id, 'inbox', id::text, 0 FROM contact`,
		`UPDATE contact SET erased_at = now() WHERE phone ~ '00$'`,
	} {
		pgtest.Exec(t, db, sql)
	}
	some := []uuid.UUID{uuid.New()}
	args := pgx.NamedArgs{
		"tenant_id": hotel, "page_size": 20, "skip": 20, "id": some[0], "contact_id": some[0], "conversation_ids": some, "entity_ids": []string{"a", "b"},
		"before_time": time.Now(), "before_id": some[0], "marks": [][]byte{[]byte("55")}, "ids": some, "moment": time.Now(),
		"guest_keys": []string{"phone:1"}, "conversation_keys": []string{"a"}, "wamids": []string{"w"},
	}
	pgtest.Exec(t, db, "ANALYZE")
	for name, indexes := range map[string]string{
		"ErasurePage": "erasure_newest", "ErasureCount": "erasure_", "AuditAbout": "audit_entry_about", "ContactAliases": "contact_alias_contact", "ContactMerges": "contact_merge_survivor",
		"ContactCards": "conversation_by_contact", "ContactEscalations": "escalation_conversation", "ContactMedia": "message_timeline",
		"DeliveriesMentioning": "webhook_delivery_", "MediaOfConversations": "message_timeline", "EraseMedia": "message_media_media",
		"EraseItems": "lane_item_pkey", "EraseLanesLock": "lane_pkey", "EraseMessages": "message_timeline", "ContactTotals": "contact_erased",
	} {
		plan := explain(t, db, hotel, postgres.Statement{Text: query(t, name), Args: args})
		if strings.Contains(plan, "Seq Scan") || !strings.Contains(plan, indexes) {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
	for _, name := range []string{"ErasurePage", "DeliveriesMentioning"} {
		if plan := explain(t, db, hotel, postgres.Statement{Text: query(t, name), Args: args}); strings.Contains(plan, "Sort") {
			t.Errorf("%s is sorted:\n%s", name, plan)
		}
	}
	list := postgres.ContactStatements(hotel, postgres.ContactFilter{Order: contact.ByCreation, Limit: 20})["list"]
	assertOrder(t, db, hotel, list, "contact_recent")
	if plan := explain(t, db, hotel, postgres.Statement{Text: postgres.ContactCountStatement, Args: pgx.NamedArgs{"tenant": hotel}}); !strings.Contains(plan, "contact_erased") ||
		!strings.Contains(plan, "Index Only Scan using contact_pkey on contact ") {
		t.Errorf("counting guests reads more than indexes:\n%s", plan)
	}
}

// TestRetentionIsReadFromIndexes: what is too old is found oldest first, without reading
// what is not.
func TestRetentionIsReadFromIndexes(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel, _ := manyConversations(t, db)
	for _, sql := range []string{
		`INSERT INTO webhook_delivery (tenant_id, id, received_at, fate, body) SELECT tenant_id, gen_random_uuid(), last_message_at, 'QUEUED', '{}' FROM conversation`,
		`INSERT INTO media (tenant_id, id, name, key, kind, mime_type, size, sha256, created_at)
			SELECT tenant_id, id, id::text, id::text, 'IMAGE', 'image/png', 1, sha256(id::text::bytea), last_message_at FROM conversation`,
		`ANALYZE`,
	} {
		pgtest.Exec(t, db, sql)
	}
	owner := pgtest.Owner(t, db)
	for _, sql := range []string{"SET ROLE " + systemRole, "SET enable_seqscan = off"} {
		_, err := owner.Exec(within(t), sql)
		must(t, err)
	}
	args := pgx.NamedArgs{"tenant_id": hotel, "before": time.Now().AddDate(0, 0, -30), "most": 100, "ids": []uuid.UUID{uuid.New()}}
	for name, index := range map[string]string{
		"SystemDeliveriesAge": `webhook_delivery_\w*tenant_id_received_at_id_idx`, "SystemDeliveriesAgeNobodys": `webhook_delivery_\w*tenant_id_received_at_id_idx`,
		"SystemMediaAged": "media_by_age", "SystemMediaAge": "media_pkey",
	} {
		rows, err := owner.Query(within(t), "EXPLAIN "+query(t, name), args)
		must(t, err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		must(t, err)
		plan := strings.Join(lines, "\n")
		if strings.Contains(plan, "Seq Scan") || !regexp.MustCompile(index).MatchString(plan) {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}
