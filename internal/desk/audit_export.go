package desk

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// AuditExport is what somebody took out of the audit log.
type AuditExport struct {
	Action string `json:"action,omitempty"`
	Entity string `json:"entity,omitempty"`
	Actor  string `json:"userId,omitempty"`
	Rows   int    `json:"rows"`
}

// NoteAuditExport writes into the audit log that somebody took it along.
func (d *Desk) NoteAuditExport(ctx context.Context, tenant id.Tenant, by user.User, e AuditExport) error {
	return d.note(ctx, tenant, postgres.Entry{Actor: by.ID.String(), Action: "EXPORT_AUDIT_LOG", Entity: "audit_log", Detail: e, At: d.clock.Now()})
}
