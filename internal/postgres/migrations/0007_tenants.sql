-- +goose Up
-- +goose StatementBegin

-- What the plan allows, how long the trial lasts, when the hotel answers, and from
-- which networks its flow may call.
ALTER TABLE tenant
  ADD COLUMN max_users      integer NOT NULL DEFAULT 0 CHECK (max_users >= 0),    -- 0: as many as they like
  ADD COLUMN max_messages   integer NOT NULL DEFAULT 0 CHECK (max_messages >= 0), -- sent in a month; 0: as many as they like
  ADD COLUMN trial_ends_at  timestamptz, -- counts while status is TRIAL; null: never
  -- Minutes from midnight at which each day of the week opens and closes, Sunday
  -- first. A day that closes when it opens is closed.
  ADD COLUMN business_hours integer[] NOT NULL DEFAULT '{480,1080,480,1080,480,1080,480,1080,480,1080,480,1080,480,1080}'
    CHECK (cardinality(business_hours) = 14),
  ADD COLUMN key_networks   text[] NOT NULL DEFAULT '{}'; -- CIDR; empty: from anywhere
CREATE INDEX tenant_recent ON tenant (created_at DESC, id DESC);

-- What a tenant used in a month (of UTC). Written every few minutes, never by the
-- message itself: what was made since counted_to is counted when somebody asks.
CREATE TABLE usage_month (
  tenant_id     uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id            uuid NOT NULL,
  period        date NOT NULL CHECK (extract(day FROM period) = 1),
  messages      bigint NOT NULL DEFAULT 0, -- of guests, bot and people
  sent          bigint NOT NULL DEFAULT 0, -- those of bot and people, which the plan limits
  conversations bigint NOT NULL DEFAULT 0, -- begun
  active_users  integer NOT NULL DEFAULT 0, -- who logged in
  counted_to    timestamptz NOT NULL,
  warned_at     timestamptz, -- when most of the plan had been used
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, period)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_month TO botreserva_app, botreserva_system;
ALTER TABLE usage_month ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_month FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON usage_month TO botreserva_app
  USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))
  WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));
CREATE POLICY of_system ON usage_month TO botreserva_system USING (true) WITH CHECK (true);

-- +goose StatementEnd
