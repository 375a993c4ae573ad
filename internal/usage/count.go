package usage

import (
	"context"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
)

// settled is how long after an identifier was made its row surely is there or never will
// be: longer than the database lets a transaction idle.
const settled = 2 * time.Minute

// CountAll counts what every hotel used, and logs once a month who has used most of
// their plan. A hotel of which it fails does not keep the others from being counted.
func (m *Meter) CountAll(ctx context.Context) error {
	hotels, err := m.db.SystemTenants(ctx)
	if err != nil {
		return err
	}
	failed, last := 0, error(nil)
	for _, h := range hotels {
		if err := m.count(ctx, h.Tenant); err != nil {
			failed, last = failed+1, err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if failed > 0 {
		return fmt.Errorf("count usage of %d of %d hotels: %w", failed, len(hotels), last)
	}
	return nil
}

// count brings a hotel's month up to date, and the one before to its end.
func (m *Meter) count(ctx context.Context, t tenant.Tenant) error {
	now := m.clock.Now()
	this := tenant.MonthOf(now)
	if previous := this.AddDate(0, -1, 0); t.CreatedAt.Before(this) {
		if _, err := m.add(ctx, t.ID, previous, now); err != nil {
			return err
		}
	}
	used, err := m.add(ctx, t.ID, this, now)
	if err != nil || tenant.Share(used.Sent, t.Limits.Messages) < tenant.WarnShare {
		return err
	}
	return m.warn(ctx, t, used, now)
}

func (m *Meter) add(ctx context.Context, tenantID id.Tenant, period, now time.Time) (used tenant.Usage, err error) {
	err = m.db.InTx(ctx, tenantID, func(tx *postgres.Tx) (err error) {
		used, err = tx.CountUsage(ctx, period, now.Add(-settled), now)
		return err
	})
	return used, err
}

func (m *Meter) warn(ctx context.Context, t tenant.Tenant, used tenant.Usage, now time.Time) error {
	var first bool
	err := m.db.InTx(ctx, t.ID, func(tx *postgres.Tx) (err error) {
		first, err = tx.WarnOfUsage(ctx, used.Period, now)
		return err
	})
	if err == nil && first {
		m.log.WarnContext(ctx, "a hotel has used most of its plan", "tenant_id", t.ID, "slug", t.Slug,
			"sent", used.Sent, "limit", t.Limits.Messages, "period", used.Period.Format("2006-01"))
	}
	return err
}

// Month returns what a hotel has used in the month of this moment.
func (m *Meter) Month(ctx context.Context, tenantID id.Tenant) (tenant.Usage, error) {
	return m.db.Usage(ctx, tenantID, tenant.MonthOf(m.clock.Now()))
}

// Months lists what a hotel used, month by month, the newest first, up to this moment.
func (m *Meter) Months(ctx context.Context, tenantID id.Tenant, from, to time.Time, limit, offset int) ([]tenant.Usage, int, error) {
	now := m.clock.Now()
	this := tenant.MonthOf(now)
	if _, err := m.add(ctx, tenantID, this, now); err != nil {
		return nil, 0, err
	}
	months, total, err := m.db.Usages(ctx, tenantID, from, to, limit, offset)
	if err != nil || len(months) == 0 || !months[0].Period.Equal(this) {
		return months, total, err
	}
	months[0], err = m.Month(ctx, tenantID)
	return months, total, err
}
