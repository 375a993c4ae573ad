package postgres_test

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
)

// tenantAttempts are the attempts on settings and usage.
var tenantAttempts = map[string]attempt{
	"DB.Usage": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.Usage(ctx, as, month)
	}},
	"DB.Usages": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		months, total, err := db.Usages(ctx, as, month, time.Now(), 100, 0)
		return []any{months, total}, err
	}},
	"DB.APIKeys": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.APIKeys(ctx, as, time.Now())
	}},
	"Tx.CountUsage": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		u, err := tx.CountUsage(ctx, tenant.MonthOf(time.Now()), time.Now(), time.Now())
		return u, err
	}},
	"Tx.WarnOfUsage": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		return tx.WarnOfUsage(ctx, month, time.Now())
	}},
}
