package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/stay"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// AvailabilitySource says who tells a hotel's flow which rooms are free.
type AvailabilitySource struct {
	Kind      string // none, table or http
	URL       string
	Secret    string // sealed
	CompanyID string
	UpdatedAt time.Time // zero: nobody ever said
}

// AvailabilitySource returns a hotel's; of kind none while nobody has said.
func (db *DB) AvailabilitySource(ctx context.Context, tenant id.Tenant) (AvailabilitySource, error) {
	r, err := db.reads(tenant).AvailabilitySource(ctx, tenant)
	if errors.Is(err, pgx.ErrNoRows) {
		return AvailabilitySource{Kind: "none"}, nil
	}
	return AvailabilitySource{r.Kind, r.Url, r.Secret, r.CompanyID, r.UpdatedAt}, wrap(err, "load source of availability", nil)
}

// SaveAvailabilitySource writes it.
func (tx *Tx) SaveAvailabilitySource(ctx context.Context, s AvailabilitySource) error {
	err := tx.q.AvailabilitySourceSave(ctx, sqlc.AvailabilitySourceSaveParams{
		TenantID: tx.tenant, Kind: s.Kind, Url: s.URL, Secret: s.Secret, CompanyID: s.CompanyID, UpdatedAt: s.UpdatedAt,
	})
	return wrap(err, "save source of availability", nil)
}

// Tariffs returns a hotel's table, by unit.
func (db *DB) Tariffs(ctx context.Context, tenant id.Tenant) ([]stay.Tariff, error) {
	rows, err := db.reads(tenant).TariffSheets(ctx, tenant)
	if err != nil {
		return nil, wrap(err, "load tariffs", nil)
	}
	var all []stay.Tariff
	for _, r := range rows {
		lines, err := tariffsOf(r.Lines)
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	return all, nil
}

// TariffsOf returns a unit's part of the table, which may be empty.
func (db *DB) TariffsOf(ctx context.Context, tenant id.Tenant, unit string) ([]stay.Tariff, error) {
	lines, err := db.reads(tenant).TariffSheet(ctx, sqlc.TariffSheetParams{TenantID: tenant, Unit: unit})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap(err, "load tariffs", nil)
	}
	return tariffsOf(lines)
}

func tariffsOf(lines json.RawMessage) ([]stay.Tariff, error) {
	var out []stay.Tariff
	if err := json.Unmarshal(lines, &out); err != nil {
		return nil, fmt.Errorf("decode tariffs: %w", err)
	}
	return out, nil
}

// ReplaceTariffs puts a table in the place of the hotel's.
func (tx *Tx) ReplaceTariffs(ctx context.Context, tariffs []stay.Tariff) error {
	if err := tx.q.TariffSheetsDelete(ctx, tx.tenant); err != nil {
		return wrap(err, "remove tariffs", nil)
	}
	sheets := map[string][]stay.Tariff{}
	for _, t := range tariffs {
		sheets[t.Unit] = append(sheets[t.Unit], t)
	}
	for unit, lines := range sheets {
		text, err := json.Marshal(lines)
		if err != nil {
			return fmt.Errorf("encode tariffs: %w", err)
		}
		if err := tx.q.TariffSheetInsert(ctx, sqlc.TariffSheetInsertParams{TenantID: tx.tenant, Unit: unit, Lines: text}); err != nil {
			return wrap(err, "store tariffs", nil)
		}
	}
	return nil
}
