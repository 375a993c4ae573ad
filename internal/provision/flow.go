package provision

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
)

// tryFlow has a flow that is ill tried at once: somebody has given it another address.
func (p *Provisioner) tryFlow(ctx context.Context, tenantID id.Tenant) error {
	return p.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error { return tx.TryFlowNow(ctx) })
}
