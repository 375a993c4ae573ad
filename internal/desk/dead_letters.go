package desk

import (
	"context"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
)

// ReplayLetter puts one given-up item back at the end of its lane.
func (d *Desk) ReplayLetter(ctx context.Context, tenant id.Tenant, by user.User, letter uuid.UUID) error {
	now := d.clock.Now()
	return d.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		if err := tx.Unbury(ctx, letter); err != nil {
			return err
		}
		return tx.Audit(ctx, postgres.Entry{
			Actor: by.ID.String(), Action: "REPLAY_DEAD_LETTER", Entity: "dead_letter", EntityID: letter.String(), At: now,
		})
	})
}

// maxReplay is how many items are put back at once: in one transaction, so that their
// order holds.
const maxReplay = 10_000

// ReplayLetters puts the oldest given-up items of a kind, or of every kind when it is
// empty, back into their lanes, and returns how many those were: at most 10,000.
func (d *Desk) ReplayLetters(ctx context.Context, tenant id.Tenant, by user.User, kind lane.Kind) (int, error) {
	var n int
	now := d.clock.Now()
	err := d.db.InTx(ctx, tenant, func(tx *postgres.Tx) (err error) {
		if n, err = tx.UnburyAll(ctx, kind, maxReplay); err != nil || n == 0 {
			return err
		}
		return tx.Audit(ctx, postgres.Entry{
			Actor: by.ID.String(), Action: "REPLAY_DEAD_LETTERS", Entity: "dead_letter",
			Detail: map[string]any{"kind": kind, "count": n}, At: now,
		})
	})
	return n, err
}
