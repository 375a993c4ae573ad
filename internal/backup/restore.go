package backup

import (
	"context"
	"errors"

	"github.com/botreserva/botreserva/internal/postgres"
)

// Restored is what came of bringing a backup back.
type Restored struct {
	Checked

	Files Copied `json:"files"`
}

// Restore brings a backup back. The whole backup is read through before anything is
// touched; what was in the database is kept aside until the backup is in its place.
// confirm is the name of the database.
func (k *Keeper) Restore(ctx context.Context, name, confirm string, replace bool) (r Restored, err error) {
	place, err := postgres.TakePlace(ctx, k.DatabaseURL)
	if err != nil {
		return r, err
	}
	defer func() { _ = place.Close(context.WithoutCancel(ctx)) }()
	if place.Name() != confirm {
		return r, ErrConfirm
	}
	if err := k.check(ctx, name); err != nil {
		return r, err
	}
	if err := place.Clear(ctx, replace); err != nil {
		return r, err
	}
	if r.Checked, err = k.bring(ctx, name); err != nil {
		return r, errors.Join(err, place.Undo(context.WithoutCancel(ctx)))
	}
	if err := place.Keep(ctx); err != nil {
		return r, err
	}
	r.Files, err = k.restoreMedia(ctx, name)
	return r, err
}

func (k *Keeper) bring(ctx context.Context, name string) (Checked, error) {
	c, err := k.load(ctx, name, k.DatabaseURL)
	if err != nil {
		return c, err
	}
	return c, postgres.Migrate(ctx, k.DatabaseURL)
}
