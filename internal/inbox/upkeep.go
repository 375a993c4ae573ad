package inbox

import (
	"context"
	"errors"
	"time"

	"github.com/botreserva/botreserva/internal/postgres"
)

// settleAfter is how long a change waits for its message before somebody looks whether it
// came unnoticed: a message of the hotel's gets Meta's id when Meta answers, and the guest's
// reaction may be here before that is written down.
const settleAfter = 30 * time.Second

// SettleChanges shows changes in messages that got their id unnoticed. Upkeep calls it.
func (p *Processor) SettleChanges(ctx context.Context) error {
	const batch = 500
	now := p.clock.Now()
	waiting, err := p.db.SystemChangesWaiting(ctx, now.Add(-settleAfter), batch)
	if err != nil {
		return err
	}
	var failed error
	for _, w := range waiting {
		failed = errors.Join(failed, p.db.InTx(ctx, w.Tenant, func(tx *postgres.Tx) error {
			a := application{tx: tx, now: now}
			return a.showChanges(ctx, []postgres.Received{w.Target})
		}))
	}
	return failed
}
