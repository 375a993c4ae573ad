package provision

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
)

// tellOfPause tells everybody at a hotel whether its bot is paused. What guests said meanwhile
// waits in its lanes, and goes on now if it is not. Should the process die before this, the lanes
// go on by themselves a little later.
func (p *Provisioner) tellOfPause(ctx context.Context, tenantID id.Tenant) error {
	row, err := p.db.SystemTenantByID(ctx, tenantID)
	if err != nil {
		return err
	}
	return p.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error {
		if row.Bot.Paused {
			tx.Emit(event.Event{Name: event.BotPaused})
			return nil
		}
		tx.Emit(event.Event{Name: event.BotResumed})
		return tx.WakeAllLanes(ctx, lane.Handoff)
	})
}
