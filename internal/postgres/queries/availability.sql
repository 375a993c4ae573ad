-- AvailabilitySource says who tells which rooms are free. Index: availability_source_pkey.
-- name: AvailabilitySource :one
SELECT * FROM availability_source WHERE tenant_id = @tenant_id;

-- name: AvailabilitySourceSave :exec
INSERT INTO availability_source (tenant_id, kind, url, secret, company_id, updated_at)
VALUES (@tenant_id, @kind, @url, @secret, @company_id, @updated_at)
ON CONFLICT (tenant_id) DO UPDATE SET kind = @kind, url = @url, secret = @secret, company_id = @company_id, updated_at = @updated_at;

-- TariffSheets lists a hotel's table, by unit. Index: tariff_sheet_pkey.
-- name: TariffSheets :many
SELECT unit, lines FROM tariff_sheet WHERE tenant_id = @tenant_id ORDER BY unit;

-- TariffSheet is a unit's part of the table. Index: tariff_sheet_pkey.
-- name: TariffSheet :one
SELECT lines FROM tariff_sheet WHERE tenant_id = @tenant_id AND unit = @unit;

-- name: TariffSheetsDelete :exec
DELETE FROM tariff_sheet WHERE tenant_id = @tenant_id;

-- name: TariffSheetInsert :exec
INSERT INTO tariff_sheet (tenant_id, unit, lines) VALUES (@tenant_id, @unit, @lines);
