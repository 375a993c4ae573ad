-- +goose Up
-- +goose StatementBegin

-- Two roles besides the owner of the tables. Neither can log in, owns anything or
-- bypasses row-level security; the owner hands itself over to one of them when it
-- connects. botreserva_app sees one tenant at a time, the one pinned in
-- app.tenant_id; botreserva_system serves the few questions that span tenants.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'botreserva_app') THEN
    CREATE ROLE botreserva_app NOLOGIN NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'botreserva_system') THEN
    CREATE ROLE botreserva_system NOLOGIN NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- somebody migrates another database of this cluster at the same time
END
$$;

-- ---------------------------------------------------------------- platform-wide

CREATE TABLE tenant (
  id                   uuid PRIMARY KEY,
  slug                 text NOT NULL UNIQUE,
  name                 text NOT NULL,
  email                text NOT NULL,
  status               text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('TRIAL', 'ACTIVE', 'SUSPENDED', 'CANCELLED')),
  plan                 text NOT NULL DEFAULT 'BASIC',
  units                text[] NOT NULL DEFAULT '{}',
  time_zone            text NOT NULL DEFAULT 'America/Sao_Paulo',
  bot_url              text NOT NULL DEFAULT '',
  bot_paused           boolean NOT NULL DEFAULT false,
  bot_secret           text NOT NULL DEFAULT '', -- sealed; signs what we post to the flow
  forward_while_locked boolean NOT NULL DEFAULT false,
  legacy_key           boolean NOT NULL DEFAULT false,
  verify_token         text NOT NULL DEFAULT '', -- sealed
  app_secret           text NOT NULL DEFAULT '', -- sealed
  created_at           timestamptz NOT NULL DEFAULT now(),
  updated_at           timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE whatsapp_number (
  tenant_id       uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id              uuid NOT NULL,
  phone_number_id text NOT NULL UNIQUE, -- Meta's id: decides whose a delivery is
  waba_id         text NOT NULL DEFAULT '',
  display         text NOT NULL DEFAULT '',
  access_token    text NOT NULL DEFAULT '', -- sealed
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);

-- A person who logs in. The super admin belongs to no tenant.
CREATE TABLE account (
  id            uuid PRIMARY KEY,
  tenant_id     uuid REFERENCES tenant (id) ON DELETE CASCADE,
  email         text NOT NULL,
  password_hash text NOT NULL,
  name          text NOT NULL,
  role          text NOT NULL CHECK (role IN ('SUPER_ADMIN', 'TENANT_ADMIN', 'HEAD', 'ATTENDANT', 'SALES')),
  status        text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'INACTIVE')),
  unit          text NOT NULL DEFAULT '',
  avatar_url    text NOT NULL DEFAULT '',
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  last_login    timestamptz,
  UNIQUE (tenant_id, id),
  CHECK ((role = 'SUPER_ADMIN') = (tenant_id IS NULL))
);
CREATE UNIQUE INDEX account_email ON account (lower(email));

-- One log-in: a family of refresh tokens of which only the newest is good.
CREATE TABLE session (
  id         uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX session_account ON session (account_id);

CREATE TABLE refresh_token (
  hash        bytea PRIMARY KEY, -- SHA-256 of the token
  session_id  uuid NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  parent_hash bytea, -- the token for which this one was given
  issued_at   timestamptz NOT NULL,
  used_at     timestamptz,
  replaced_at timestamptz -- its parent was used again, and another child given
);
CREATE INDEX refresh_token_session ON refresh_token (session_id);
CREATE INDEX refresh_token_parent ON refresh_token (parent_hash) WHERE parent_hash IS NOT NULL;

-- ---------------------------------------------------------------- of one tenant

CREATE TABLE api_key (
  tenant_id  uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id         uuid NOT NULL,
  name       text NOT NULL DEFAULT 'n8n',
  hash       bytea NOT NULL, -- SHA-256 of the secret part
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz, -- set when a newer key replaces this one
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE contact (
  tenant_id  uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id         uuid NOT NULL,
  phone      text NOT NULL DEFAULT '', -- canonical; empty while only a BSUID is known
  wa_id      text NOT NULL DEFAULT '', -- raw: the address to reply to
  bsuid      text NOT NULL DEFAULT '',
  username   text NOT NULL DEFAULT '',
  name       text NOT NULL DEFAULT '',
  email      text NOT NULL DEFAULT '',
  avatar_url text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);

-- Every way by which a guest is recognised; one guest may have several.
CREATE TABLE contact_alias (
  tenant_id  uuid NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('phone', 'bsuid')),
  value      text NOT NULL,
  contact_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, kind, value),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_alias_contact ON contact_alias (tenant_id, contact_id);

CREATE TABLE conversation (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL,
  contact_id      uuid NOT NULL,
  number_id       uuid,
  assigned_to     uuid,
  state           text NOT NULL CHECK (state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING', 'CLOSED', 'ARCHIVED')),
  priority        text NOT NULL DEFAULT 'MEDIUM' CHECK (priority IN ('LOW', 'MEDIUM', 'HIGH', 'URGENT')),
  source          text NOT NULL DEFAULT '',
  unit            text NOT NULL DEFAULT '',
  locked          boolean NOT NULL DEFAULT false,
  locked_at       timestamptz,
  locked_by       text NOT NULL DEFAULT '',
  is_opportunity  boolean NOT NULL DEFAULT false,
  opportunity_at  timestamptz,
  unread          integer NOT NULL DEFAULT 0,
  last_message_at timestamptz NOT NULL DEFAULT now(),
  last_inbound_at timestamptz,
  last_message    jsonb,
  metadata        jsonb,
  revision        bigint NOT NULL DEFAULT 1, -- grows with every change: of two events the higher one is newer
  created_at      timestamptz NOT NULL DEFAULT now(),
  closed_at       timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, number_id) REFERENCES whatsapp_number (tenant_id, id),
  FOREIGN KEY (tenant_id, assigned_to) REFERENCES account (tenant_id, id)
);
-- A guest has at most one conversation that goes on.
CREATE UNIQUE INDEX conversation_one_active ON conversation (tenant_id, contact_id)
  WHERE state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING');
CREATE INDEX conversation_recent ON conversation (tenant_id, last_message_at DESC, id DESC);
CREATE INDEX conversation_by_state ON conversation (tenant_id, state, last_message_at DESC, id DESC);
CREATE INDEX conversation_by_assignee ON conversation (tenant_id, assigned_to, last_message_at DESC, id DESC)
  WHERE assigned_to IS NOT NULL;
CREATE INDEX conversation_by_unit ON conversation (tenant_id, unit, last_message_at DESC, id DESC)
  WHERE unit <> '';
CREATE INDEX conversation_by_contact ON conversation (tenant_id, contact_id, created_at DESC);
CREATE INDEX conversation_by_number ON conversation (tenant_id, number_id);

CREATE TABLE message (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL,
  conversation_id uuid NOT NULL,
  contact_id      uuid NOT NULL,
  number_id       uuid NOT NULL,
  wamid           text,
  client_id       text,
  direction       text NOT NULL CHECK (direction IN ('INBOUND', 'OUTBOUND')),
  sender          text NOT NULL CHECK (sender IN ('GUEST', 'BOT', 'PERSON')),
  kind            text NOT NULL,
  content         text NOT NULL,
  metadata        jsonb NOT NULL DEFAULT '{}',
  status          text NOT NULL CHECK (status IN ('PENDING', 'UNKNOWN', 'SENT', 'FAILED', 'DELIVERED', 'READ', 'PLAYED')),
  failure         jsonb,
  sent_by         uuid,
  attempt_at      timestamptz, -- set just before Meta is called, cleared when Meta surely did not take it
  attempts        integer NOT NULL DEFAULT 0,
  timestamp       timestamptz NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, sent_by) REFERENCES account (tenant_id, id)
);
-- A message is stored once, whatever Meta repeats.
CREATE UNIQUE INDEX message_once ON message (tenant_id, number_id, wamid) WHERE wamid IS NOT NULL;
-- A double click is one message.
CREATE UNIQUE INDEX message_client_once ON message (tenant_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX message_timeline ON message (tenant_id, conversation_id, timestamp DESC, id DESC);
CREATE INDEX message_unread ON message (tenant_id, conversation_id) WHERE direction = 'INBOUND' AND status <> 'READ';

-- A status for a message that we do not know (yet). Dropped after a while.
CREATE TABLE parked_status (
  tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  number_id uuid NOT NULL,
  wamid     text NOT NULL,
  status    text NOT NULL,
  failure   jsonb,
  parked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, number_id, wamid, status)
);

CREATE TABLE tag (
  tenant_id  uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id         uuid NOT NULL,
  name       text NOT NULL,
  color      text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);

CREATE TABLE conversation_tag (
  tenant_id       uuid NOT NULL,
  conversation_id uuid NOT NULL,
  tag_id          uuid NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, tag_id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, tag_id) REFERENCES tag (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX conversation_tag_tag ON conversation_tag (tenant_id, tag_id);

CREATE TABLE escalation (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL,
  conversation_id uuid NOT NULL,
  reason          text NOT NULL,
  reason_detail   text NOT NULL DEFAULT '',
  unit            text NOT NULL DEFAULT '',
  ai_context      jsonb,
  state           text NOT NULL CHECK (state IN ('PENDING', 'IN_PROGRESS', 'RESOLVED', 'CANCELLED')),
  attended_by     uuid,
  attended_at     timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now(),
  resolved_at     timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, attended_by) REFERENCES account (tenant_id, id)
);
CREATE INDEX escalation_conversation ON escalation (tenant_id, conversation_id);
CREATE INDEX escalation_recent ON escalation (tenant_id, state, created_at DESC);

-- Who did what. Append-only: nobody is granted UPDATE or DELETE.
CREATE TABLE audit_entry (
  tenant_id  uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id         uuid NOT NULL,
  actor      text NOT NULL, -- a user's id, 'system' or 'bot'
  action     text NOT NULL,
  entity     text NOT NULL,
  entity_id  text NOT NULL DEFAULT '',
  detail     jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_entry_recent ON audit_entry (tenant_id, created_at DESC);

-- A conversation as lists and events show it.
CREATE VIEW conversation_card WITH (security_invoker = true) AS
SELECT c.*,
  g.phone, g.wa_id, g.bsuid, g.username, g.name AS contact_name, g.email AS contact_email,
  g.avatar_url AS contact_avatar_url, g.created_at AS contact_created_at, g.updated_at AS contact_updated_at,
  coalesce(a.name, '') AS assignee_name, coalesce(a.email, '') AS assignee_email,
  (SELECT jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'color', t.color) ORDER BY t.name)
     FROM conversation_tag ct JOIN tag t ON t.tenant_id = ct.tenant_id AND t.id = ct.tag_id
    WHERE ct.tenant_id = c.tenant_id AND ct.conversation_id = c.id) AS tags
FROM conversation c
JOIN contact g ON g.tenant_id = c.tenant_id AND g.id = c.contact_id
LEFT JOIN account a ON a.tenant_id = c.tenant_id AND a.id = c.assigned_to;

-- ---------------------------------------------------------------- deliveries and lanes

-- Every webhook call of Meta's that we answered with 200, raw. A call that no
-- tenant claims yet has no tenant. Partitioned by day; retention drops partitions.
CREATE TABLE webhook_delivery (
  tenant_id       uuid,
  id              uuid NOT NULL,
  received_at     timestamptz NOT NULL DEFAULT now(),
  phone_number_id text NOT NULL DEFAULT '',
  fate            text NOT NULL CHECK (fate IN ('QUEUED', 'UNCLAIMED', 'POISON', 'IGNORED')),
  body            bytea NOT NULL
) PARTITION BY RANGE (received_at);
CREATE TABLE webhook_delivery_default PARTITION OF webhook_delivery DEFAULT;
CREATE INDEX webhook_delivery_unclaimed ON webhook_delivery (phone_number_id, id) WHERE fate = 'UNCLAIMED';

-- A lane: ordered work of one guest or one conversation. ready_at in the future
-- means leased (lease set) or waiting for a retry (lease not set).
CREATE TABLE lane (
  tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  kind      text NOT NULL CHECK (kind IN ('inbox', 'handoff', 'deliver')),
  key       text NOT NULL,
  depth     integer NOT NULL,
  ready_at  timestamptz NOT NULL DEFAULT now(),
  lease     uuid,
  attempts  integer NOT NULL DEFAULT 0, -- failed attempts at the first item
  PRIMARY KEY (tenant_id, kind, key)
) WITH (fillfactor = 70);
CREATE INDEX lane_ready ON lane (kind, tenant_id, ready_at) WHERE depth > 0;

CREATE TABLE lane_item (
  tenant_id  uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id         bigint GENERATED ALWAYS AS IDENTITY,
  kind       text NOT NULL,
  key        text NOT NULL,
  number_id  uuid,
  payload    bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, kind, key, id)
);

-- The first items of a lane as they are now. Being volatile it looks with a snapshot
-- of its own: the statement that claims a lane began before it had the lane's lock,
-- and would still see items that the lane's last worker has finished since.
CREATE FUNCTION lane_items_now(of_tenant uuid, of_kind text, of_keys text[], max_items integer) RETURNS SETOF lane_item
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN QUERY SELECT i.* FROM unnest(of_keys) AS k (key)
    CROSS JOIN LATERAL (SELECT n.* FROM lane_item n
      WHERE n.tenant_id = of_tenant AND n.kind = of_kind AND n.key = k.key ORDER BY n.id LIMIT max_items) i;
END
$$;

-- Work that was given up: shown to people, and can be put back.
CREATE TABLE dead_letter (
  tenant_id  uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id         uuid NOT NULL,
  kind       text NOT NULL,
  key        text NOT NULL,
  number_id  uuid,
  payload    bytea NOT NULL,
  code       text NOT NULL,
  reason     text NOT NULL,
  failed_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);

-- ---------------------------------------------------------------- who may do what

GRANT USAGE ON SCHEMA public TO botreserva_app, botreserva_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO botreserva_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON api_key, contact, contact_alias, conversation, message, parked_status, tag,
  conversation_tag, conversation_card, escalation, lane, lane_item, dead_letter TO botreserva_app;
GRANT SELECT ON tenant, whatsapp_number, webhook_delivery TO botreserva_app;
GRANT SELECT (id, tenant_id, email, name, role, status, unit, avatar_url, created_at, updated_at, last_login) ON account TO botreserva_app;
GRANT SELECT, INSERT ON audit_entry TO botreserva_app;
REVOKE UPDATE, DELETE ON audit_entry FROM botreserva_system;

-- The setting is read once per statement, and an unpinned connection fails
-- instead of seeing nothing.
DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['whatsapp_number', 'account', 'api_key', 'contact', 'contact_alias', 'conversation', 'message',
    'parked_status', 'tag', 'conversation_tag', 'escalation', 'audit_entry', 'webhook_delivery', 'lane', 'lane_item', 'dead_letter']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY of_tenant ON %I TO botreserva_app
      USING (tenant_id = (SELECT current_setting(''app.tenant_id'')::uuid))
      WITH CHECK (tenant_id = (SELECT current_setting(''app.tenant_id'')::uuid))', t);
    EXECUTE format('CREATE POLICY of_system ON %I TO botreserva_system USING (true) WITH CHECK (true)', t);
  END LOOP;

  ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
  ALTER TABLE tenant FORCE ROW LEVEL SECURITY;
  CREATE POLICY of_tenant ON tenant TO botreserva_app USING (id = (SELECT current_setting('app.tenant_id')::uuid));
  CREATE POLICY of_system ON tenant TO botreserva_system USING (true) WITH CHECK (true);

  FOREACH t IN ARRAY ARRAY['session', 'refresh_token']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY of_system ON %I TO botreserva_system USING (true) WITH CHECK (true)', t);
  END LOOP;
END
$$;

-- Makes the partition of a day, by UTC whatever the time zone of the session; the
-- default partition catches what slips through. A day of which it has caught
-- something stays there.
CREATE FUNCTION make_delivery_partition(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  name text := 'webhook_delivery_' || to_char(day, 'YYYYMMDD');
BEGIN
  IF to_regclass('public.' || name) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF webhook_delivery FOR VALUES FROM (%L) TO (%L)',
      name, day::timestamptz, (day + 1)::timestamptz);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  END IF;
EXCEPTION
  WHEN duplicate_table THEN NULL; -- another instance was faster
  WHEN check_violation THEN NULL; -- the default partition holds deliveries of that day
END
$$;
REVOKE ALL ON FUNCTION make_delivery_partition FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_delivery_partition TO botreserva_system;
ALTER TABLE webhook_delivery_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_delivery_default FORCE ROW LEVEL SECURITY;

-- +goose StatementEnd
