package postgres_test

import (
	"context"
	"maps"
	"time"

	"github.com/botreserva/botreserva/internal/domain/figures"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
)

func init() { maps.Copy(attempts, reportAttempts) }

// moment is a frame that holds what happened at one time and nothing else: rows of
// another hotel are never as old to the microsecond. Nobody is at the desk.
func moment(at time.Time) figures.Frame {
	return figures.Frame{From: at, To: at.Add(time.Microsecond), Zone: time.UTC}
}

// counted turns sums, which name nothing, into what was counted.
func counted(of furnished, count int, err error) (any, error) {
	if count == 0 {
		return nil, err
	}
	return of.Card.ID, err
}

var reportAttempts = map[string]attempt{
	"DB.ReportOutcomes": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		o, err := db.ReportOutcomes(ctx, as, moment(of.Card.CreatedAt))
		return counted(of, o.Total, err)
	}},
	"DB.ReportTeam": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		active, _, previous, err := db.ReportTeam(ctx, as, moment(of.Card.CreatedAt))
		return counted(of, active+previous, err)
	}},
	"DB.ReportAttendants": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.ReportAttendants(ctx, as, moment(of.Card.CreatedAt))
	}},
	"DB.ReportSlots": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		slots, err := db.ReportSlots(ctx, as, moment(of.Card.CreatedAt), 60)
		return counted(of, len(slots), err)
	}},
	"DB.ReportOutsideHours": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.ReportOutsideHours(ctx, as, moment(of.Card.CreatedAt), 100, 0)
	}},
	"DB.ReportUnits": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		units, err := db.ReportUnits(ctx, as, moment(of.Card.CreatedAt))
		return counted(of, len(units), err)
	}},
	"DB.ReportDays": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		days, err := db.ReportDays(ctx, as, moment(of.Card.CreatedAt))
		return counted(of, len(days), err)
	}},
	"DB.ReportReasons": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		reasons, err := db.ReportReasons(ctx, as, moment(of.Escalation.CreatedAt))
		return counted(of, len(reasons), err)
	}},
}
