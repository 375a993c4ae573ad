package provision

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
)

// ErrNotCancelled keeps a hotel that works from being deleted by a slip.
var ErrNotCancelled = fault.New(fault.Conflict, "tenant_not_cancelled",
	"Everything of the hotel would be deleted for good. Set its status to CANCELLED first, or repeat its slug as ?confirm=….")

// RemoveTenant deletes a hotel with everything that it has. It must have been cancelled,
// or be named again by its slug. If it is interrupted the hotel stays cancelled, and the
// rest goes when it is called again.
func (p *Provisioner) RemoveTenant(ctx context.Context, by string, tenantID id.Tenant, confirm string) error {
	var was map[string]any
	err := p.db.SystemChangeTenant(ctx, tenantID, func(tx *postgres.TenantTx) error {
		was = facts(tx.Row, tx.Numbers)
		if tx.Row.Status == tenant.Cancelled {
			return nil
		}
		if confirm != tx.Row.Slug {
			return ErrNotCancelled
		}
		tx.Row.Status = tenant.Cancelled // its people are out from now on
		return tx.Save(ctx)
	})
	if err != nil {
		return err
	}
	if p.DiscardFile != nil {
		if err := p.db.SystemDropFiles(ctx, tenantID, p.DiscardFile); err != nil {
			return err
		}
	}
	return p.db.SystemDeleteTenant(ctx, tenantID, postgres.Entry{
		Actor: by, Action: "DELETE_TENANT", Entity: "tenant", EntityID: tenantID.String(), Before: was, At: p.clock.Now(),
	})
}
