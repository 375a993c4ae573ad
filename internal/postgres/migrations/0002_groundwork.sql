-- +goose Up
-- +goose StatementBegin

-- What an audit entry says besides who, what and when. before and after hold the
-- fields that changed: never a secret, never a guest's words.
ALTER TABLE audit_entry
  ADD COLUMN before     jsonb,
  ADD COLUMN after      jsonb,
  ADD COLUMN ip         text NOT NULL DEFAULT '',
  ADD COLUMN request_id text NOT NULL DEFAULT '';

-- What the platform's operator does outside of any tenant. Append-only too.
CREATE TABLE platform_audit_entry (
  id         uuid PRIMARY KEY,
  actor      text NOT NULL,
  action     text NOT NULL,
  entity     text NOT NULL,
  entity_id  text NOT NULL DEFAULT '',
  detail     jsonb,
  before     jsonb,
  after      jsonb,
  ip         text NOT NULL DEFAULT '',
  request_id text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX platform_audit_entry_recent ON platform_audit_entry (created_at DESC, id DESC);
GRANT SELECT, INSERT ON platform_audit_entry TO botreserva_system;
ALTER TABLE platform_audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform_audit_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY of_system ON platform_audit_entry TO botreserva_system USING (true) WITH CHECK (true);

-- What the hotel notes about a guest.
ALTER TABLE contact
  ADD COLUMN first_name   text NOT NULL DEFAULT '',
  ADD COLUMN last_name    text NOT NULL DEFAULT '',
  ADD COLUMN company_name text NOT NULL DEFAULT '',
  ADD COLUMN designation  text NOT NULL DEFAULT '',
  ADD COLUMN metadata     jsonb;

-- What reports are made of: who answered first, and when; whether the bot gave up.
ALTER TABLE conversation
  ADD COLUMN first_reply_at timestamptz, -- of anybody
  ADD COLUMN first_human_at timestamptz, -- of a person
  ADD COLUMN escalated_at   timestamptz; -- the first time

-- The view froze its columns when it was made.
DROP VIEW conversation_card;
CREATE VIEW conversation_card WITH (security_invoker = true) AS
SELECT c.*,
  g.phone, g.wa_id, g.bsuid, g.username, g.name AS contact_name, g.email AS contact_email,
  g.avatar_url AS contact_avatar_url, g.first_name AS contact_first_name, g.last_name AS contact_last_name,
  g.company_name AS contact_company_name, g.designation AS contact_designation, g.metadata AS contact_metadata,
  g.created_at AS contact_created_at, g.updated_at AS contact_updated_at,
  coalesce(a.name, '') AS assignee_name, coalesce(a.email, '') AS assignee_email,
  (SELECT jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'color', t.color) ORDER BY t.name)
     FROM conversation_tag ct JOIN tag t ON t.tenant_id = ct.tenant_id AND t.id = ct.tag_id
    WHERE ct.tenant_id = c.tenant_id AND ct.conversation_id = c.id) AS tags
FROM conversation c
JOIN contact g ON g.tenant_id = c.tenant_id AND g.id = c.contact_id
LEFT JOIN account a ON a.tenant_id = c.tenant_id AND a.id = c.assigned_to;
GRANT SELECT, INSERT, UPDATE, DELETE ON conversation_card TO botreserva_app, botreserva_system;

-- +goose StatementEnd
