package outbox

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
)

func (d *Deliverer) release(ctx context.Context, tenantID id.Tenant, outcome lane.Outcome) {
	err := d.db.Insist(ctx, tenantID, postgres.LeaseIsOurs, func(ctx context.Context, tx *postgres.Tx) error {
		return releaseOnce(ctx, tx, outcome)
	})
	if err != nil && postgres.LeaseIsOurs(err) {
		d.log.ErrorContext(ctx, "a lane stays leased until its lease runs out", "tenant_id", tenantID, "err", err)
	}
}

// releaseOnce ends the lease. A status that settled the waiting message while we still
// held the lane could not wake it, so it is looked for before the lane goes to sleep.
// Taking the message first, as statuses do, leaves no gap between the two.
func releaseOnce(ctx context.Context, tx *postgres.Tx, outcome lane.Outcome) error {
	if left := outcome.Lane.Items[len(outcome.Done):]; outcome.Delay > 0 && len(left) > 0 {
		var w delivery
		if json.Unmarshal(left[0].Payload, &w) == nil {
			m, err := tx.LockMessage(ctx, w.MessageID)
			switch {
			case errors.Is(err, postgres.ErrNoMessage):
			case err != nil:
				return err
			case m.Status.IsFinal():
				outcome.Delay = 0
			}
		}
	}
	return tx.ReleaseLanes(ctx, outcome)
}
