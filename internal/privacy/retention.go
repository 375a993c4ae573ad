package privacy

import (
	"context"
	"errors"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
)

// How much one round of Retain does of a hotel: what is left is for the next one. A step
// is one transaction.
const (
	deliveriesAtOnce = 1000
	filesAtOnce      = 100
	stepsOfRound     = 20
	daysOfRound      = 40
)

// grace is how long whoever removes a file's row has to remove its bytes.
const grace = 10 * time.Minute

// Retain removes what is older than each hotel wants: raw deliveries by whole days where
// every hotel's age allows, else by rows; files with their bytes. It goes in small steps
// that may be repeated, and stop anywhere; while another process is at it, it does
// nothing. The audit log of each hotel says on the next day how much was removed.
func (o *Officer) Retain(ctx context.Context) error {
	now := o.clock.Now().UTC()
	today := now.Truncate(24 * time.Hour)
	hotels, err := o.db.SystemTenants(ctx)
	if err != nil {
		return err
	}
	steps := []func() error{
		func() error { return o.db.SystemNoteRetention(ctx, now, today) },
		func() error { return o.dropDays(ctx, longest(hotels).DeliveriesBefore(today), today) },
		func() error {
			return o.ageDeliveries(ctx, id.Tenant{}, tenant.DefaultRetention.DeliveriesBefore(today), today)
		},
	}
	for _, h := range hotels {
		steps = append(steps,
			func() error { return o.ageDeliveries(ctx, h.ID, h.Keep.DeliveriesBefore(today), today) },
			func() error { return o.ageFiles(ctx, h.Tenant, now, today) },
		)
	}
	var failed []error
	for _, step := range steps {
		err := step()
		if errors.Is(err, postgres.ErrElsewhere) {
			return errors.Join(failed...)
		}
		failed = append(failed, err)
	}
	return errors.Join(append(failed, o.db.SystemRemoveLeftovers(ctx, now.Add(-grace), o.files.Remove))...)
}

// longest is what keeps raw deliveries longest, of all hotels and what is nobody's.
func longest(hotels []postgres.TenantRow) tenant.Retention {
	r := tenant.DefaultRetention
	for _, h := range hotels {
		r.Deliveries = max(r.Deliveries, h.Keep.Deliveries)
	}
	return r
}

// dropDays removes whole days of raw deliveries, oldest first. A day that must stay is
// left for the hotels' own ages and for the next round.
func (o *Officer) dropDays(ctx context.Context, before, today time.Time) error {
	days, err := o.db.SystemDeliveryDays(ctx, before)
	if err != nil {
		return err
	}
	dropped := 0
	for _, day := range days {
		gone, err := o.db.SystemDropDay(ctx, day, today)
		if err != nil {
			return err
		}
		if gone {
			dropped++
		}
		if dropped == daysOfRound {
			break
		}
	}
	return nil
}

func (o *Officer) ageDeliveries(ctx context.Context, hotel id.Tenant, before, today time.Time) error {
	for range stepsOfRound {
		n, err := o.db.SystemAgeDeliveries(ctx, hotel, before, today, deliveriesAtOnce)
		if err != nil || n < deliveriesAtOnce {
			return err
		}
	}
	return nil
}

func (o *Officer) ageFiles(ctx context.Context, hotel tenant.Tenant, now, today time.Time) error {
	before, limited := hotel.Keep.MediaBefore(today)
	if !limited {
		return nil
	}
	for range stepsOfRound {
		keys, err := o.db.SystemAgeMedia(ctx, hotel.ID, before, now, today, filesAtOnce)
		if err != nil {
			return err
		}
		o.removeFiles(ctx, hotel.ID, keys)
		if len(keys) < filesAtOnce {
			return nil
		}
	}
	return nil
}
