-- +goose Up
-- +goose StatementBegin

-- How a hotel wants its flow to be spoken to. The defaults are how it was before.
ALTER TABLE tenant
  ADD COLUMN hand_back_minutes      integer NOT NULL DEFAULT 0 CHECK (hand_back_minutes BETWEEN 0 AND 10080), -- idle, then the bot has the guest again; 0: never
  ADD COLUMN bot_quiet_seconds      smallint NOT NULL DEFAULT 0 CHECK (bot_quiet_seconds BETWEEN 0 AND 15), -- 0: one post per message
  ADD COLUMN bot_history            smallint NOT NULL DEFAULT 10 CHECK (bot_history BETWEEN 0 AND 50),
  ADD COLUMN bot_payload_style      text NOT NULL DEFAULT 'legacy' CHECK (bot_payload_style IN ('legacy', 'flat', 'zapi')),
  ADD COLUMN bot_media_wait_seconds smallint NOT NULL DEFAULT 10 CHECK (bot_media_wait_seconds BETWEEN 0 AND 60),
  ADD COLUMN bot_gets_reactions     boolean NOT NULL DEFAULT false,
  ADD COLUMN transcription_url      text NOT NULL DEFAULT '',
  ADD COLUMN transcription_key      text NOT NULL DEFAULT '', -- sealed
  ADD COLUMN transcription_model    text NOT NULL DEFAULT '';

-- Who has the ball follows from the lock and the state; kept is only how often it was passed
-- and when. Turns are the hand-overs to the flow: turn is the last one, and while one is under
-- way turn_until is the last item of the conversation's lane that belongs to it.
ALTER TABLE conversation
  ADD COLUMN ball_version bigint NOT NULL DEFAULT 0,
  ADD COLUMN ball_since   timestamptz, -- null: since it was locked, or made
  ADD COLUMN turn         bigint NOT NULL DEFAULT 0,
  ADD COLUMN turn_until   bigint NOT NULL DEFAULT 0,
  ADD COLUMN handback     jsonb; -- the last time the bot was given the guest back: by, note, at, turn

-- What people hold, by how long nobody has said anything.
CREATE INDEX conversation_held ON conversation (tenant_id, last_message_at) WHERE locked;

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
    WHERE ct.tenant_id = c.tenant_id AND ct.conversation_id = c.id) AS tags,
  (CASE WHEN c.locked THEN (SELECT h.hand_back_minutes FROM tenant h WHERE h.id = c.tenant_id) ELSE 0 END)::integer AS hand_back_minutes
FROM conversation c
JOIN contact g ON g.tenant_id = c.tenant_id AND g.id = c.contact_id
LEFT JOIN account a ON a.tenant_id = c.tenant_id AND a.id = c.assigned_to;
GRANT SELECT, INSERT, UPDATE, DELETE ON conversation_card TO botreserva_app, botreserva_system;

-- +goose StatementEnd
