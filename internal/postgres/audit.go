package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/obs"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// Entry is one line of the audit log. The client's address and the request's id are
// taken from the context. Detail, Before and After are marshalled to JSON; they never
// hold a secret or a guest's words.
type Entry struct {
	Actor    string // a user's id, "system" or "bot"
	Action   string
	Entity   string
	EntityID string
	Detail   any
	Before   any // the fields that changed, as they were
	After    any // and as they are
	At       time.Time
}

// Audit notes who did what.
func (tx *Tx) Audit(ctx context.Context, e Entry) error {
	return insertAudit(ctx, tx.q, tx.tenant, e)
}

// insertAudit writes an entry of a tenant, or, for the zero tenant, of the platform:
// that needs the queries of the system.
func insertAudit(ctx context.Context, q *sqlc.Queries, tenant id.Tenant, e Entry) error {
	p := sqlc.SystemPlatformAuditInsertParams{
		ID: uuid.Must(uuid.NewV7()), Actor: e.Actor, Action: e.Action, Entity: e.Entity, EntityID: e.EntityID,
		Ip: obs.ClientIP(ctx), RequestID: obs.RequestID(ctx), CreatedAt: e.At,
	}
	for _, part := range []struct {
		value any
		into  *[]byte
	}{{e.Detail, &p.Detail}, {e.Before, &p.Before}, {e.After, &p.After}} {
		if part.value == nil {
			continue
		}
		text, err := json.Marshal(part.value)
		if err != nil {
			return fmt.Errorf("encode audit entry: %w", err)
		}
		*part.into = text
	}
	if tenant.IsZero() {
		return wrap(q.SystemPlatformAuditInsert(ctx, p), "write audit entry", nil)
	}
	err := q.AuditInsert(ctx, sqlc.AuditInsertParams{
		TenantID: tenant, ID: p.ID, Actor: p.Actor, Action: p.Action, Entity: p.Entity, EntityID: p.EntityID, Detail: p.Detail,
		Before: p.Before, After: p.After, Ip: p.Ip, RequestID: p.RequestID, CreatedAt: p.CreatedAt,
	})
	return wrap(err, "write audit entry", nil)
}
