package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
	"github.com/botreserva/botreserva/internal/stale"
)

// ErrNotImported refuses to import into a hotel that somebody made by other means.
var ErrNotImported = fault.New(fault.Conflict, "tenant_not_imported", "There is a hotel with this slug or id that was not made by an import. Remove it or give it another slug first.")

// Import writes rows of another system, which keep their ids. Every batch is one
// transaction and may be written again: a row that is there stays as it is.
type Import struct {
	db *DB
	on interface {
		Begin(ctx context.Context) (pgx.Tx, error)
	}
	dry bool
}

// SystemImport runs fn. Of a dry run nothing stays: all of it is one transaction that is
// rolled back.
func (db *DB) SystemImport(ctx context.Context, dry bool, fn func(*Import) error) error {
	if !dry {
		return fn(&Import{db: db, on: db.system})
	}
	tx, err := db.system.Begin(ctx)
	if err != nil {
		return wrap(err, "begin transaction", nil)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // on purpose
	if _, err := tx.Exec(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0"); err != nil {
		return wrap(err, "prepare dry run", nil)
	}
	return fn(&Import{db: db, on: tx, dry: true})
}

// ImportTable is a table that an import fills.
type ImportTable struct {
	name    string
	columns []string
	present string // selects the keys of $1 that are there, of the tenant $2
}

func tenantTable(name string, columns ...string) ImportTable {
	return ImportTable{
		name, append([]string{"tenant_id", "id"}, columns...),
		"SELECT id::text FROM " + name + " WHERE tenant_id = $2 AND id = ANY ($1::text[]::uuid[])",
	}
}

// The tables that an import fills, with the columns that it knows. $2 is cast where the
// statement does not say otherwise that it is a tenant.
var (
	ImportNumbers  = tenantTable("whatsapp_number", "phone_number_id", "waba_id", "access_token", "created_at")
	ImportAccounts = ImportTable{"account", []string{
		"tenant_id", "id", "email", "password_hash", "name", "role", "status", "unit", "avatar_url", "created_at", "updated_at", "last_login",
	}, "SELECT id::text FROM account WHERE id = ANY ($1::text[]::uuid[]) AND tenant_id IS NOT DISTINCT FROM $2::uuid"}
	ImportContacts = tenantTable("contact", "phone", "wa_id", "name", "email", "avatar_url", "first_name", "last_name", "company_name",
		"designation", "metadata", "created_at", "updated_at")
	ImportConversations = tenantTable("conversation", "contact_id", "number_id", "assigned_to", "state", "priority", "source", "unit", "locked",
		"locked_at", "locked_by", "is_opportunity", "opportunity_at", "unread", "last_message_at", "last_inbound_at", "last_message", "metadata",
		"created_at", "closed_at", "first_reply_at", "first_human_at", "escalated_at")
	ImportMessages = tenantTable("message", "conversation_id", "contact_id", "number_id", "wamid", "direction", "sender", "kind", "content",
		"metadata", "status", "failure", "sent_by", "timestamp", "created_at")
	ImportMessageMedia = ImportTable{
		"message_media",
		[]string{"tenant_id", "message_id", "media_id"},
		"SELECT message_id::text FROM message_media WHERE tenant_id = $2 AND message_id = ANY ($1::text[]::uuid[])",
	}
	ImportTags             = tenantTable("tag", "name", "color", "created_at")
	ImportConversationTags = ImportTable{
		"conversation_tag",
		[]string{"tenant_id", "conversation_id", "tag_id"},
		`SELECT conversation_id || '/' || tag_id FROM conversation_tag WHERE tenant_id = $2 AND (conversation_id, tag_id) IN
		 (SELECT split_part(k, '/', 1)::uuid, split_part(k, '/', 2)::uuid FROM unnest($1::text[]) AS u (k))`,
	}
	ImportEscalations = tenantTable("escalation", "conversation_id", "reason", "reason_detail", "unit", "ai_context", "state", "attended_by",
		"attended_at", "created_at", "resolved_at")
	ImportQuickReplies = tenantTable("quick_reply", "title", "shortcut", "content", "category", "position", "is_active", "created_by",
		"created_at", "updated_at")
	ImportUsage = tenantTable("usage_month", "period", "messages", "conversations", "active_users", "counted_to", "created_at", "updated_at")
	ImportAudit = tenantTable("audit_entry", "actor", "action", "entity", "entity_id", "detail", "before", "after", "created_at")

	ImportPlatformAudit = ImportTable{"platform_audit_entry", []string{
		"id", "actor", "action", "entity", "entity_id", "detail", "before", "after", "created_at",
	}, "SELECT id::text FROM platform_audit_entry WHERE id = ANY ($1::text[]::uuid[]) AND $2::uuid IS NULL"}

	importTenants = ImportTable{"tenant", []string{
		"id", "slug", "name", "email", "status", "plan", "units", "time_zone", "bot_url", "legacy_key", "verify_token", "app_secret",
		"max_users", "max_messages", "trial_ends_at", "created_at", "updated_at",
	}, ""}
)

// ImportRow is a row to be written: its key, as present lists it, and its columns.
type ImportRow struct {
	Key     string
	Columns map[string]any
}

// NotWritten is a row that could not be written, and why. The reason never holds a value.
type NotWritten struct{ Key, Reason string }

// Begin makes a tenant, or finds the one that an import made earlier.
func (w *Import) Begin(ctx context.Context, tenant id.Tenant, slug string, row ImportRow, at time.Time) error {
	return w.inTx(ctx, func(tx pgx.Tx) error {
		var others, imported int
		err := tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM tenant WHERE id = $1 OR slug = $2),
			(SELECT count(*) FROM tenant t JOIN audit_entry a ON a.tenant_id = t.id AND a.id = $3 WHERE t.id = $1 AND t.slug = $2)`,
			tenant, slug, markOf(tenant, begun)).Scan(&others, &imported)
		switch {
		case err != nil || imported == 1 && others == 1:
			return wrap(err, "look for tenant", nil)
		case others > 0:
			return ErrNotImported
		}
		if err := insertRows(ctx, tx, importTenants, []ImportRow{row}); err != nil {
			if reason, ok := faultOfRow(err); ok {
				return fault.New(fault.Invalid, "tenant_not_importable", "The hotel's own row cannot be stored: "+reason+".")
			}
			return wrap(err, "import tenant", nil)
		}
		return note(ctx, tx, tenant, begun, at)
	})
}

// Finish gives an imported tenant the secrets with which its flow works, unless it has
// them: it reports whether these are good now.
func (w *Import) Finish(ctx context.Context, tenant id.Tenant, sealedBotSecret string, keyHash []byte, at time.Time) (given bool, err error) {
	err = w.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE tenant SET bot_secret = $2 WHERE id = $1
			AND NOT EXISTS (SELECT FROM audit_entry a WHERE a.tenant_id = $1 AND a.id = $3)`, tenant, sealedBotSecret, markOf(tenant, finished))
		if given = tag.RowsAffected() == 1; err != nil || !given {
			return wrap(err, "finish import", nil)
		}
		if _, err := tx.Exec(ctx, "INSERT INTO api_key (tenant_id, id, hash) VALUES ($1, $2, $3)", tenant, id.NewAPIKey(), keyHash); err != nil {
			return wrap(err, "store api key", nil)
		}
		return note(ctx, tx, tenant, finished, at)
	})
	if err == nil && !w.dry {
		w.db.outdated(stale.Tenant(tenant))
	}
	return given, err
}

// The marks that an import leaves in the audit log of a tenant.
const (
	begun    = "IMPORT_TENANT"
	finished = "FINISH_IMPORT"
)

func markOf(tenant id.Tenant, action string) uuid.UUID {
	return uuid.NewSHA1(tenant.UUID, []byte(action))
}

func note(ctx context.Context, tx pgx.Tx, tenant id.Tenant, action string, at time.Time) error {
	err := sqlc.New(tx).AuditInsert(ctx, sqlc.AuditInsertParams{
		TenantID: tenant, ID: markOf(tenant, action), Actor: "system", Action: action, Entity: "tenant", EntityID: tenant.String(), CreatedAt: at,
	})
	return wrap(err, "note import", nil)
}

// Write writes a batch of a tenant, nil for rows of the platform. Rows that cannot be
// written are left out and returned; all others are there afterwards.
func (w *Import) Write(ctx context.Context, table ImportTable, tenant *id.Tenant, rows []ImportRow) (missed []NotWritten, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	err = w.inTx(ctx, func(tx pgx.Tx) error {
		if missed, err = writeRows(ctx, tx, table, rows); err != nil {
			return err
		}
		clashes, err := absent(ctx, tx, table, tenant, rows, missed)
		missed = append(missed, clashes...)
		return err
	})
	return missed, err
}

// writeRows halves a batch until the rows that fail it are alone.
func writeRows(ctx context.Context, tx pgx.Tx, table ImportTable, rows []ImportRow) ([]NotWritten, error) {
	err := pgx.BeginFunc(ctx, tx, func(savepoint pgx.Tx) error { return insertRows(ctx, savepoint, table, rows) })
	reason, ofRow := faultOfRow(err)
	switch {
	case err == nil:
		return nil, nil
	case !ofRow:
		return nil, wrap(err, "import into "+table.name, nil)
	case len(rows) == 1:
		return []NotWritten{{rows[0].Key, reason}}, nil
	}
	half := len(rows) / 2
	first, err := writeRows(ctx, tx, table, rows[:half])
	if err != nil {
		return nil, err
	}
	second, err := writeRows(ctx, tx, table, rows[half:])
	return append(first, second...), err
}

func insertRows(ctx context.Context, tx pgx.Tx, table ImportTable, rows []ImportRow) error {
	values := make([]map[string]any, 0, len(rows))
	for _, r := range rows {
		values = append(values, r.Columns)
	}
	text, err := json.Marshal(values)
	if err != nil {
		return fmt.Errorf("encode rows: %w", err)
	}
	columns := `"` + strings.Join(table.columns, `", "`) + `"`
	_, err = tx.Exec(ctx, fmt.Sprintf("INSERT INTO %[1]s (%[2]s) SELECT %[2]s FROM jsonb_populate_recordset(NULL::%[1]s, $1::jsonb) ON CONFLICT DO NOTHING",
		table.name, columns), string(text))
	return err
}

// absent finds rows that stood back behind others with the same unique value.
func absent(ctx context.Context, tx pgx.Tx, table ImportTable, tenant *id.Tenant, rows []ImportRow, missed []NotWritten) ([]NotWritten, error) {
	there, keys := map[string]bool{}, make([]string, 0, len(rows))
	for _, m := range missed {
		there[m.Key] = true // already told of
	}
	for _, r := range rows {
		keys = append(keys, r.Key)
	}
	found, err := tx.Query(ctx, table.present, keys, tenant)
	if err != nil {
		return nil, wrap(err, "check import", nil)
	}
	present, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		return nil, wrap(err, "check import", nil)
	}
	for _, key := range present {
		there[key] = true
	}
	var clashes []NotWritten
	for _, key := range keys {
		if !there[key] {
			clashes = append(clashes, NotWritten{key, "another row has the same id, name, e-mail or number"})
		}
	}
	return clashes, nil
}

// faultOfRow says what is wrong with a row, if the failure is the row's: an exception of
// data (class 22) or a violated constraint (class 23).
func faultOfRow(err error) (string, bool) {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || !strings.HasPrefix(pg.Code, "22") && !strings.HasPrefix(pg.Code, "23") {
		return "", false
	}
	switch {
	case pg.Code == foreignKeyViolation:
		return "what it belongs to is not there (" + pg.ConstraintName + ")", true
	case pg.ConstraintName != "":
		return "a value is not allowed (" + pg.ConstraintName + ")", true
	case pg.ColumnName != "":
		return "a value is missing (" + pg.ColumnName + ")", true
	default:
		return "a value cannot be stored (" + pg.Code + ")", true
	}
}

// Aliases makes the guests of a tenant known by their numbers. Of several with one number
// the one who was heard last is it.
func (w *Import) Aliases(ctx context.Context, tenant id.Tenant) error {
	return w.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO contact_alias (tenant_id, kind, value, contact_id)
			SELECT DISTINCT ON (g.phone) g.tenant_id, 'phone', g.phone, g.id
			FROM contact g LEFT JOIN (SELECT contact_id, max(last_message_at) AS heard FROM conversation WHERE tenant_id = $1 GROUP BY contact_id) v
			  ON v.contact_id = g.id
			WHERE g.tenant_id = $1 AND g.phone <> ''
			ORDER BY g.phone, v.heard DESC NULLS LAST, g.created_at DESC, g.id
			ON CONFLICT DO NOTHING`, tenant)
		return wrap(err, "import aliases", nil)
	})
}

// SameNumber returns how many phone numbers several guests of a tenant have, and the ids
// of the first of these guests.
func (w *Import) SameNumber(ctx context.Context, tenant id.Tenant, most int) (count int, first [][]string, err error) {
	err = w.inTx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT array_agg(id::text ORDER BY created_at, id), count(*) OVER () FROM contact
			WHERE tenant_id = $1 AND phone <> '' GROUP BY phone HAVING count(*) > 1 ORDER BY phone LIMIT $2`, tenant, most)
		if err != nil {
			return wrap(err, "look for merge candidates", nil)
		}
		var guests []string
		_, err = pgx.ForEachRow(rows, []any{&guests, &count}, func() error {
			first = append(first, guests)
			guests = nil
			return nil
		})
		return wrap(err, "look for merge candidates", nil)
	})
	return count, first, err
}

func (w *Import) inTx(ctx context.Context, fn func(tx pgx.Tx) error) error {
	tx, err := w.on.Begin(ctx)
	if err != nil {
		return wrap(err, "begin transaction", nil)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // nothing after a commit
	if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
		return wrap(err, "prepare import", nil)
	}
	if err := fn(tx); err != nil {
		return err
	}
	return wrap(tx.Commit(ctx), "commit", nil)
}
