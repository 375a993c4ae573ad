package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// ErrElsewhere is returned when another process removes what is old at this moment.
var ErrElsewhere = errors.New("another process is at it")

// inRetention runs one step, while no other process takes one.
func (db *DB) inRetention(ctx context.Context, fn func(q *sqlc.Queries) error) error {
	return db.inSystemTx(ctx, func(q *sqlc.Queries) error {
		ours, err := q.SystemRetentionLock(ctx)
		switch {
		case err != nil:
			return wrap(err, "lock retention", nil)
		case !ours:
			return ErrElsewhere
		}
		return fn(q)
	})
}

// SystemDeliveryDays lists the days before one of which raw deliveries lie in a partition
// of their own, oldest first.
func (db *DB) SystemDeliveryDays(ctx context.Context, before time.Time) ([]time.Time, error) {
	rows, err := db.systemQueries().SystemDeliveryDays(ctx, dayColumn(before))
	days := make([]time.Time, 0, len(rows))
	for _, r := range rows {
		days = append(days, r.Time)
	}
	return days, wrap(err, "list days of deliveries", nil)
}

// errStays undoes a step that cannot be finished.
var errStays = errors.New("the day stays")

// SystemDropDay removes all raw deliveries of a day at once, and counts them as removed
// today. It reports false, and removes nothing, if one of them was not processed yet or
// somebody is at one of them.
func (db *DB) SystemDropDay(ctx context.Context, day, today time.Time) (bool, error) {
	next := day.AddDate(0, 0, 1)
	err := db.inRetention(ctx, func(q *sqlc.Queries) error {
		if held, err := q.SystemDayHold(ctx, dayColumn(day)); err != nil || !held {
			return stays(err)
		}
		unfinished, err := q.SystemDayIsUnfinished(ctx, sqlc.SystemDayIsUnfinishedParams{Day: day, NextDay: next})
		if err != nil || unfinished {
			return stays(err)
		}
		if _, err := q.SystemDayCount(ctx, sqlc.SystemDayCountParams{Today: dayColumn(today), Day: day, NextDay: next}); err != nil {
			return err
		}
		if dropped, err := q.SystemDayDrop(ctx, dayColumn(day)); err != nil || !dropped {
			return stays(err)
		}
		return nil
	})
	if errors.Is(err, errStays) {
		return false, nil
	}
	return err == nil, wrap(err, "drop a day of deliveries", nil)
}

func stays(err error) error {
	if err != nil {
		return err
	}
	return errStays
}

// SystemAgeDeliveries removes at most so many raw deliveries of a hotel that came before
// a moment, oldest first, and returns how many it removed. The zero hotel has those that
// no hotel ever had. What was not processed stays.
func (db *DB) SystemAgeDeliveries(ctx context.Context, tenant id.Tenant, before, today time.Time, most int) (int, error) {
	var n int64
	err := db.inRetention(ctx, func(q *sqlc.Queries) (err error) {
		if tenant.IsZero() {
			n, err = q.SystemDeliveriesAgeNobodys(ctx, sqlc.SystemDeliveriesAgeNobodysParams{Before: before, Most: int32(most)})
			return err
		}
		n, err = q.SystemDeliveriesAge(ctx, sqlc.SystemDeliveriesAgeParams{TenantID: tenant, Before: before, Most: int32(most)})
		if err != nil || n == 0 {
			return err
		}
		return q.SystemRetentionAdd(ctx, sqlc.SystemRetentionAddParams{TenantID: tenant, Day: dayColumn(today), Deliveries: n})
	})
	return int(n), wrap(err, "remove old deliveries", nil)
}

// SystemAgeMedia removes at most so many files of a hotel that nobody was shown since a
// moment, oldest first, and returns the keys of their bytes, which are to be removed from
// the store.
func (db *DB) SystemAgeMedia(ctx context.Context, tenant id.Tenant, before, now, today time.Time, most int) (keys []string, err error) {
	err = db.inRetention(ctx, func(q *sqlc.Queries) error {
		aged, err := q.SystemMediaAged(ctx, sqlc.SystemMediaAgedParams{TenantID: tenant, Before: before, Most: int32(most)})
		if err != nil || len(aged) == 0 {
			return err
		}
		gone, err := q.SystemMediaAge(ctx, sqlc.SystemMediaAgeParams{TenantID: tenant, Ids: plain(aged), Before: before})
		if err != nil {
			return err
		}
		var bytes int64
		for _, f := range gone {
			keys, bytes = append(keys, objects(f.Key, f.ThumbKey)...), bytes+f.Size
		}
		if err := q.MediaLeftoversInsert(ctx, sqlc.MediaLeftoversInsertParams{TenantID: tenant, Keys: keys, Now: now}); err != nil {
			return err
		}
		return q.SystemRetentionAdd(ctx, sqlc.SystemRetentionAddParams{TenantID: tenant, Day: dayColumn(today), Files: int64(len(gone)), Bytes: bytes})
	})
	if err != nil {
		return nil, wrap(err, "remove old files", nil)
	}
	return keys, nil
}

// daysAtOnce is how many entries one step writes into audit logs.
const daysAtOnce = 500

// SystemNoteRetention writes one entry into each hotel's audit log for each day that is
// over and on which something was removed for its age.
func (db *DB) SystemNoteRetention(ctx context.Context, now, today time.Time) error {
	err := db.inRetention(ctx, func(q *sqlc.Queries) error {
		rows, err := q.SystemRetentionTake(ctx, sqlc.SystemRetentionTakeParams{Today: dayColumn(today), Most: daysAtOnce})
		if err != nil {
			return err
		}
		for _, r := range rows {
			err := insertAudit(ctx, q, r.TenantID, Entry{
				Actor: "system", Action: "RETENTION", Entity: "tenant", EntityID: r.TenantID.String(), At: now,
				Detail: map[string]any{"day": r.Day.Time.Format(time.DateOnly), "deliveries": r.Deliveries, "files": r.Files, "bytes": r.Bytes},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "write down what was removed", nil)
}

func dayColumn(t time.Time) pgtype.Date { return pgtype.Date{Time: t, Valid: true} }
