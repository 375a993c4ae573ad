package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// ErrNoEntry is returned for an entry of the audit log that is not there.
var ErrNoEntry = fault.New(fault.NotFound, "audit_log_not_found", "There is no such entry.")

// AuditRow is one line of the audit log as it was stored. TenantID is zero for what the
// platform's operator did outside of any hotel.
type AuditRow struct {
	TenantID  id.Tenant
	ID        uuid.UUID
	Actor     string
	Action    string
	Entity    string
	EntityID  string
	IP        string
	RequestID string
	Detail    json.RawMessage
	Before    json.RawMessage
	After     json.RawMessage
	CreatedAt time.Time
}

// AuditFilter says which entries a list shows. Zero fields do not filter.
type AuditFilter struct {
	Action, Entity, Actor string
	From, Until           time.Time
	Before                *AuditRow // only what is older: how exports go on
	Limit, Offset         int
}

const auditColumns = "e.id, e.actor, e.action, e.entity, e.entity_id, e.ip, e.request_id, e.detail, e.before, e.after, e.created_at"

const newestFirst = " ORDER BY created_at DESC, id DESC"

// narrow adds the filters' conditions, each in the order of an index of audit_entry.
func (f AuditFilter) narrow(w *where) {
	if f.Action != "" {
		w.add("e.action = @action", "action", f.Action)
	}
	if f.Entity != "" {
		w.add("e.entity = @entity", "entity", f.Entity)
	}
	if f.Actor != "" {
		w.add("e.actor = @actor", "actor", f.Actor)
	}
	if !f.From.IsZero() {
		w.add("e.created_at >= @from", "from", f.From)
	}
	if !f.Until.IsZero() {
		w.add("e.created_at < @until", "until", f.Until)
	}
	if f.Before != nil {
		w.add("(e.created_at, e.id) < (@before_at, @before_id)", "before_at", f.Before.CreatedAt)
		w.args["before_id"] = f.Before.ID
	}
}

// AuditEntries returns a page of a hotel's audit log, newest first, and how many entries
// there are in all, counted up to 10,000.
func (db *DB) AuditEntries(ctx context.Context, tenant id.Tenant, f AuditFilter) ([]AuditRow, int, error) {
	page, count := auditStatements(tenant, f)
	return listAudit(ctx, pinned{db.app, tenant, pinTenant}, f, page, count)
}

func auditStatements(tenant id.Tenant, f AuditFilter) (page, count statement) {
	w := where{args: pgx.NamedArgs{"tenant": tenant}}
	w.add("e.tenant_id = @tenant", "", nil)
	f.narrow(&w)
	from := "FROM audit_entry e WHERE " + w.text()
	return statement{text: fmt.Sprintf("SELECT e.tenant_id, %s %s%s LIMIT %d OFFSET %d", auditColumns, from, newestFirst, f.Limit, f.Offset), args: w.args},
		statement{text: fmt.Sprintf("SELECT count(*) FROM (SELECT %s LIMIT %d) counted", from, countLimit), args: w.args}
}

// SystemAuditEntries is AuditEntries over all hotels and the platform itself. Each log
// gives its newest, by its own indexes, and the newest of those are the page.
func (db *DB) SystemAuditEntries(ctx context.Context, f AuditFilter) ([]AuditRow, int, error) {
	page, count := systemAuditStatements(f)
	return listAudit(ctx, db.system, f, page, count)
}

func systemAuditStatements(f AuditFilter) (page, count statement) {
	hotel, own := where{args: pgx.NamedArgs{}}, where{args: pgx.NamedArgs{}}
	hotel.add("e.tenant_id = t.id", "", nil)
	own.add("true", "", nil)
	f.narrow(&hotel)
	f.narrow(&own)
	all := func(limit int) string {
		return fmt.Sprintf(`FROM (
			(SELECT h.* FROM tenant t CROSS JOIN LATERAL (SELECT e.tenant_id, %[1]s FROM audit_entry e WHERE %[2]s%[4]s LIMIT %[5]d) h)
			UNION ALL
			(SELECT NULL::uuid, %[1]s FROM platform_audit_entry e WHERE %[3]s%[4]s LIMIT %[5]d)) logs`,
			auditColumns, hotel.text(), own.text(), newestFirst, limit)
	}
	return statement{text: fmt.Sprintf("SELECT * %s%s LIMIT %d OFFSET %d", all(f.Offset+f.Limit), newestFirst, f.Limit, f.Offset), args: hotel.args},
		statement{text: fmt.Sprintf("SELECT count(*) FROM (SELECT %s LIMIT %d) counted", all(countLimit), countLimit), args: hotel.args}
}

// asker asks the database: one tenant's, or the system's.
type asker interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func listAudit(ctx context.Context, from asker, f AuditFilter, page, count statement) ([]AuditRow, int, error) {
	rows, err := collect(pgx.RowToStructByPos[AuditRow])(from.Query(ctx, page.text, page.args))
	if err != nil || f.Before != nil || f.Offset == 0 && len(rows) < f.Limit {
		return rows, len(rows), wrap(err, "list audit log", nil)
	}
	var total int
	err = from.QueryRow(ctx, count.text, count.args).Scan(&total)
	return rows, total, wrap(err, "count audit log", nil)
}

// AuditEntry returns one entry of a hotel, or ErrNoEntry.
func (db *DB) AuditEntry(ctx context.Context, tenant id.Tenant, entry uuid.UUID) (AuditRow, error) {
	return oneEntry(pinned{db.app, tenant, pinTenant}.Query(ctx,
		"SELECT e.tenant_id, "+auditColumns+" FROM audit_entry e WHERE e.tenant_id = $1 AND e.id = $2", tenant, entry))
}

// SystemAuditEntry returns one entry of any hotel or of the platform, or ErrNoEntry. The
// key of audit_entry begins with the tenant: it is looked up for each.
func (db *DB) SystemAuditEntry(ctx context.Context, entry uuid.UUID) (AuditRow, error) {
	return oneEntry(db.system.Query(ctx, `
		SELECT h.* FROM tenant t CROSS JOIN LATERAL (SELECT e.tenant_id, `+auditColumns+` FROM audit_entry e WHERE e.tenant_id = t.id AND e.id = $1) h
		UNION ALL SELECT NULL::uuid, `+auditColumns+` FROM platform_audit_entry e WHERE e.id = $1`, entry))
}

func oneEntry(rows pgx.Rows, err error) (AuditRow, error) {
	found, err := collect(pgx.RowToStructByPos[AuditRow])(rows, err)
	if err == nil && len(found) == 0 {
		return AuditRow{}, ErrNoEntry
	}
	if err != nil {
		return AuditRow{}, wrap(err, "load audit entry", nil)
	}
	return found[0], nil
}

// Names returns the names of those of a hotel's users who are among ids.
func (db *DB) Names(ctx context.Context, tenant id.Tenant, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	rows, err := db.reads(tenant).AccountNames(ctx, sqlc.AccountNamesParams{TenantID: tenant, Ids: ids})
	names := make(map[uuid.UUID]string, len(rows))
	for _, r := range rows {
		names[r.ID.UUID] = r.Name
	}
	return names, wrap(err, "load names", nil)
}

// SystemNames is Names over all hotels and the platform's operators.
func (db *DB) SystemNames(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	rows, err := db.systemQueries().SystemAccountNames(ctx, ids)
	names := make(map[uuid.UUID]string, len(rows))
	for _, r := range rows {
		names[r.ID.UUID] = r.Name
	}
	return names, wrap(err, "load names", nil)
}

// SystemAuditPlatform notes what happened outside of any hotel.
func (db *DB) SystemAuditPlatform(ctx context.Context, e Entry) error {
	return insertAudit(ctx, db.systemQueries(), id.Tenant{}, e)
}
