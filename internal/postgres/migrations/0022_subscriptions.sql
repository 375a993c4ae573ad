-- +goose Up
-- +goose StatementBegin

-- Addresses of programs outside that are told what happens at a hotel's desk.
CREATE TABLE subscription (
  tenant_id        uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id               uuid NOT NULL,
  url              text NOT NULL,
  events           text[] NOT NULL,
  options          jsonb NOT NULL,
  description      text NOT NULL DEFAULT '',
  secret           text NOT NULL, -- sealed
  old_secret       text NOT NULL DEFAULT '', -- sealed; signs too until old_secret_until
  old_secret_until timestamptz,
  paused_at        timestamptz,
  paused_by_us     boolean NOT NULL DEFAULT false,
  failing_since    timestamptz,
  failures         integer NOT NULL DEFAULT 0,
  last_error       text NOT NULL DEFAULT '',
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- What became of each thing that a subscriber was told: ids and statuses, nothing that a
-- guest said. Upkeep keeps the last few of each.
CREATE TABLE subscription_delivery (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL,
  subscription_id uuid NOT NULL,
  event           text NOT NULL,
  ref             jsonb NOT NULL,
  state           text NOT NULL CHECK (state IN ('delivered', 'retrying', 'failed', 'skipped')),
  attempts        integer NOT NULL,
  http_status     integer NOT NULL,
  took_ms         integer NOT NULL,
  answer          text NOT NULL DEFAULT '',
  reason          text NOT NULL DEFAULT '',
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, subscription_id, id),
  FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscription (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX subscription_delivery_age ON subscription_delivery (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON subscription, subscription_delivery TO botreserva_app, botreserva_system;
ALTER TABLE subscription ENABLE ROW LEVEL SECURITY;
ALTER TABLE subscription FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON subscription TO botreserva_app
  USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))
  WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));
CREATE POLICY of_system ON subscription TO botreserva_system USING (true) WITH CHECK (true);
ALTER TABLE subscription_delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE subscription_delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON subscription_delivery TO botreserva_app
  USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))
  WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));
CREATE POLICY of_system ON subscription_delivery TO botreserva_system USING (true) WITH CHECK (true);

ALTER TABLE lane DROP CONSTRAINT lane_kind_check;
ALTER TABLE lane ADD CONSTRAINT lane_kind_check CHECK (kind IN ('inbox', 'handoff', 'deliver', 'media', 'tell')) NOT VALID;
ALTER TABLE lane VALIDATE CONSTRAINT lane_kind_check;

-- +goose StatementEnd
