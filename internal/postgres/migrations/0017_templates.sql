-- +goose Up
-- +goose StatementBegin

-- ---------------------------------------------------------------- templates
--
-- What webhooks tell of a template and what is read of it lie in one row; of each part the
-- latest counts. See docs/adr/0024-templates.md.
ALTER TABLE template_state
  ADD COLUMN form      jsonb,                             -- our own form of its components; null until it was read
  ADD COLUMN words     text NOT NULL DEFAULT '',          -- its body, for search
  ADD COLUMN is_named  boolean NOT NULL DEFAULT false,
  ADD COLUMN previous  text NOT NULL DEFAULT '',
  ADD COLUMN correct   text NOT NULL DEFAULT '',
  ADD COLUMN synced_at timestamptz,
  ADD COLUMN told_at   timestamptz;                       -- when a webhook last made us want to read it anew
CREATE INDEX template_state_by_name ON template_state (tenant_id, name, language, template_id);

-- Business accounts, as far as their templates were read.
CREATE TABLE whatsapp_account (
  tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  waba_id   text NOT NULL,
  synced_at timestamptz, -- when all its templates were last read
  tried_at  timestamptz NOT NULL,
  failure   text NOT NULL DEFAULT '', -- why the last try failed, for people
  PRIMARY KEY (tenant_id, waba_id)
);

-- ---------------------------------------------------------------- numbers

ALTER TABLE whatsapp_number
  ADD COLUMN is_default boolean NOT NULL DEFAULT false, -- through which the hotel writes first; without one, the oldest
  ADD COLUMN status     text NOT NULL DEFAULT '',       -- CONNECTED is the working one
  ADD COLUMN throughput integer NOT NULL DEFAULT 0,     -- messages per second, in and out; 0: not known
  ADD COLUMN read_at    timestamptz;                    -- when Meta was last asked
CREATE UNIQUE INDEX whatsapp_number_default ON whatsapp_number (tenant_id) WHERE is_default;

-- ---------------------------------------------------------------- who may do what

GRANT DELETE ON template_state TO botreserva_app;
GRANT SELECT, INSERT, UPDATE ON whatsapp_account TO botreserva_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON whatsapp_account TO botreserva_system;
GRANT UPDATE (status, throughput, read_at) ON whatsapp_number TO botreserva_app;

ALTER TABLE whatsapp_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE whatsapp_account FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON whatsapp_account TO botreserva_app
  USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))
  WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));
CREATE POLICY of_system ON whatsapp_account TO botreserva_system USING (true) WITH CHECK (true);

-- +goose StatementEnd
