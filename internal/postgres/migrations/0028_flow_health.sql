-- +goose Up
-- +goose StatementBegin

-- How each hotel's flow is doing: one row from the first post on. See domain/tenant.Health.
CREATE TABLE flow_health (
  tenant_id    uuid PRIMARY KEY REFERENCES tenant (id) ON DELETE CASCADE,
  ill_since    timestamptz,
  tries        integer NOT NULL DEFAULT 0,
  tried_at     timestamptz,
  told         boolean NOT NULL DEFAULT false,
  last_ack_at  timestamptz,
  problem_code text NOT NULL DEFAULT '',
  problem      text NOT NULL DEFAULT '',
  problem_at   timestamptz
);

-- How long the flow took to answer posts, in five minutes: how many answers fell into each span
-- of time, which are n8n.Spans, and how many posts failed or had no answer. Kept for an hour.
CREATE TABLE flow_count (
  tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  slot      timestamptz NOT NULL,
  acks      integer[] NOT NULL,
  failures  integer NOT NULL,
  unknowns  integer NOT NULL,
  PRIMARY KEY (tenant_id, slot)
);
CREATE INDEX flow_count_age ON flow_count (slot);

GRANT SELECT, INSERT, UPDATE, DELETE ON flow_health, flow_count TO botreserva_app, botreserva_system;
ALTER TABLE flow_health ENABLE ROW LEVEL SECURITY;
ALTER TABLE flow_health FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON flow_health TO botreserva_app
  USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))
  WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));
CREATE POLICY of_system ON flow_health TO botreserva_system USING (true) WITH CHECK (true);
ALTER TABLE flow_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE flow_count FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON flow_count TO botreserva_app
  USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))
  WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));
CREATE POLICY of_system ON flow_count TO botreserva_system USING (true) WITH CHECK (true);

-- After how long a guest whom the bot neither heard nor answered is given to people; 0: never.
ALTER TABLE tenant ADD COLUMN bot_no_reply_minutes smallint NOT NULL DEFAULT 0 CHECK (bot_no_reply_minutes BETWEEN 0 AND 1440);

-- +goose StatementEnd
