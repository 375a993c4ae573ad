package privacy_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// judged says of every table what an erasure does with it. Whoever adds one decides: is
// anything of a guest's in it, and does Tx.Erase take it away? If so, TestErase needs a
// row of it.
var judged = map[string]string{
	"account": "people of the hotel", "account_event": "deleted, if it names the guest", "address_book": "deleted by a trigger with the alias",
	"message_change": "deleted by a trigger when the message loses its id", "template_state": "no guests", "api_key": "no guests", "availability_source": "no guests", "tariff_sheet": "no guests", "audit_entry": "ids and names of fields", "contact": "emptied",
	"contact_alias": "deleted", "contact_merge": "snapshots deleted", "contact_total": "counts", "conversation": "emptied", "conversation_shelf": "counts",
	"conversation_shelf_move": "counts", "conversation_tag": "deleted", "dead_letter": "deleted", "ended_token": "no guests",
	"erasure": "the report itself", "flow_count": "counts", "flow_health": "no guests", "escalation": "emptied", "goose_db_version": "no guests", "lane": "deleted", "lane_item": "deleted",
	"media_upload": "goes with the file",
	"media":        "deleted, if nobody else's messages show it", "media_leftover": "keys of files, until these are gone", "message": "emptied",
	"message_media": "deleted", "message_origin": "ids", "message_search": "deleted by a trigger when the message is emptied", "message_search_since": "a time",
	"message_unindexed": "ids", "parked_status": "deleted", "password_reset": "no guests", "platform_audit_entry": "no guests",
	"quick_reply": "the hotel's words", "recovery_code": "no guests", "refresh_token": "no guests", "retention_day": "counts",
	"scheduled_message": "deleted", "second_factor": "no guests", "session": "no guests", "subscription": "no guests", "subscription_delivery": "ids", "tag": "the hotel's words", "tenant": "no guests", "usage_month": "counts", "window_reminder": "deleted",
	"webhook_delivery": "deleted", "whatsapp_account": "no guests", "whatsapp_number": "no guests",
}

// TestEveryTableIsJudged: a table that is added and forgotten keeps what was erased.
func TestEveryTableIsJudged(t *testing.T) {
	t.Parallel()
	w := setup(t)
	rows, err := pgtest.Owner(t, w.db).Query(w.ctx, `SELECT c.relname FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 30 {
		t.Fatalf("%d tables: %v", len(tables), err)
	}
	for _, table := range tables {
		if judged[table] == "" {
			t.Errorf("table %s: say in tables_test.go what an erasure does with it, and see to it", table)
		}
	}
}
