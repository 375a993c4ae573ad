package mirror

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
)

const (
	readEvery = time.Hour
	// readAgain is how soon an account is read anew when a webhook told of a template.
	readAgain = 2 * time.Minute
	lookEvery = time.Minute
)

// Run reads what is due, until ctx ends. It begins a minute after the start, when everybody
// else has begun.
func (k *Keeper) Run(ctx context.Context) {
	clock.Every(ctx, lookEvery, func() {
		if err := k.Upkeep(ctx); err != nil && ctx.Err() == nil {
			k.log.WarnContext(ctx, "what Meta has of accounts is read later", "err", err)
		}
	})
}

// Upkeep reads the accounts and numbers that are due. One that fails holds up no other.
func (k *Keeper) Upkeep(ctx context.Context) error {
	now := k.clock.Now()
	due, err := k.db.SystemAccountsDue(ctx, now.Add(-readEvery), now.Add(-readAgain))
	if err != nil {
		return err
	}
	for _, d := range due {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		h, err := k.directory.Hotel(ctx, d.Tenant)
		if err != nil {
			k.log.WarnContext(ctx, "templates could not be read", "tenant_id", d.Tenant, "err", err)
			continue
		}
		for _, a := range accounts(h) {
			if a.WABAID == d.WABAID {
				_ = k.read(ctx, d.Tenant, a) // it is logged, and kept with the account
			}
		}
	}
	numbers, err := k.db.SystemNumbersDue(ctx, now.Add(-readEvery))
	if err != nil {
		return err
	}
	for _, t := range numbers {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := k.ReadNumbers(ctx, t); err != nil {
			k.log.WarnContext(ctx, "numbers could not be read", "tenant_id", t, "err", err)
		}
	}
	return nil
}
