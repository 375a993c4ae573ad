package postgres_test

import (
	"context"
	"maps"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/stay"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func init() { maps.Copy(attempts, availabilityAttempts) }

func sourceOf(marker string) postgres.AvailabilitySource {
	return postgres.AvailabilitySource{Kind: "http", URL: "https://rooms.example.com/" + marker, Secret: "sealed", CompanyID: marker, UpdatedAt: time.Now()}
}

func tariffsOf(marker string) []stay.Tariff {
	return []stay.Tariff{{Unit: "Camburi", Room: marker, From: time.Now(), Until: time.Now(), Price: 1}}
}

// furnishAvailability gives a hotel a source and a table of tariffs.
func furnishAvailability(t *testing.T, db *postgres.DB, h furnished, marker string) {
	t.Helper()
	pgtest.InTx(t, db, h.ID, func(tx *postgres.Tx) error {
		must(t, tx.SaveAvailabilitySource(within(t), sourceOf(marker)))
		return tx.ReplaceTariffs(within(t), tariffsOf(marker))
	})
}

var availabilityAttempts = map[string]attempt{
	"DB.AvailabilitySource": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.AvailabilitySource(ctx, as)
	}},
	"DB.Tariffs": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.Tariffs(ctx, as)
	}},
	"DB.TariffsOf": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.TariffsOf(ctx, as, "Camburi")
	}},
	"Tx.SaveAvailabilitySource": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		return nothing(tx.SaveAvailabilitySource(ctx, sourceOf("mine")))
	}},
	"Tx.ReplaceTariffs": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		return nothing(tx.ReplaceTariffs(ctx, tariffsOf("mine")))
	}},
}
