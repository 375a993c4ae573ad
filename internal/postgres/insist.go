package postgres

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
)

const (
	insistFor  = 30 * time.Second
	firstDelay = 100 * time.Millisecond
)

// Insist is InTx for what must be written down although the caller is stopping or the
// database is away: it does not end with ctx, and runs fn again, with growing pauses,
// for as long as again says that its error may pass. It gives up after 30 seconds with
// the last error.
func (db *DB) Insist(ctx context.Context, tenant id.Tenant, again func(error) bool, fn func(ctx context.Context, tx *Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), insistFor)
	defer cancel()
	for delay := firstDelay; ; delay *= 2 {
		err := db.InTx(ctx, tenant, func(tx *Tx) error { return fn(ctx, tx) })
		if err == nil || !again(err) {
			return err
		}
		select {
		case <-time.After(delay):
		case <-ctx.Done():
			return err
		}
	}
}
