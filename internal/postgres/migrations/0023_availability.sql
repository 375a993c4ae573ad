-- +goose Up
-- +goose StatementBegin

-- Who tells a hotel's flow which rooms are free. See docs/adr/0028-what-flows-send.md.
CREATE TABLE availability_source (
  tenant_id  uuid PRIMARY KEY REFERENCES tenant (id) ON DELETE CASCADE,
  kind       text NOT NULL CHECK (kind IN ('none', 'table', 'http')),
  url        text NOT NULL DEFAULT '', -- of http
  secret     text NOT NULL DEFAULT '', -- sealed
  company_id text NOT NULL DEFAULT '', -- what the hotel is called there
  updated_at timestamptz NOT NULL
);

-- The hotel's own table, a unit's part of it in a row: it is replaced and read as a whole.
CREATE TABLE tariff_sheet (
  tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  unit      text NOT NULL,
  lines     jsonb NOT NULL, -- stay.Tariff
  PRIMARY KEY (tenant_id, unit)
);

GRANT SELECT, INSERT, UPDATE ON availability_source TO botreserva_app;
GRANT SELECT, INSERT, DELETE ON tariff_sheet TO botreserva_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON availability_source, tariff_sheet TO botreserva_system;

ALTER TABLE availability_source ENABLE ROW LEVEL SECURITY;
ALTER TABLE availability_source FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON availability_source TO botreserva_app
  USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))
  WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));
CREATE POLICY of_system ON availability_source TO botreserva_system USING (true) WITH CHECK (true);
ALTER TABLE tariff_sheet ENABLE ROW LEVEL SECURITY;
ALTER TABLE tariff_sheet FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON tariff_sheet TO botreserva_app
  USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))
  WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));
CREATE POLICY of_system ON tariff_sheet TO botreserva_system USING (true) WITH CHECK (true);

-- +goose StatementEnd
