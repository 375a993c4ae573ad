-- +goose Up
-- +goose StatementBegin

-- Ending all log-ins of an account is one number: a log-in counts while it has the
-- epoch that its account has. A deleted account stays as the author of what it wrote.
ALTER TABLE account
  ADD COLUMN session_epoch bigint NOT NULL DEFAULT 0,
  ADD COLUMN deleted_at    timestamptz;
CREATE INDEX account_recent ON account (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

ALTER TABLE session
  ADD COLUMN epoch   bigint NOT NULL DEFAULT 0,
  ADD COLUMN used_at timestamptz,              -- to within a few minutes
  ADD COLUMN ip      text NOT NULL DEFAULT '', -- from where it was opened
  ADD COLUMN device  text NOT NULL DEFAULT ''; -- the browser, as it calls itself

-- Access tokens of the original, which belong to no session, that were logged out.
CREATE TABLE ended_token (
  hash       bytea PRIMARY KEY, -- SHA-256 of the token
  expires_at timestamptz NOT NULL
);
CREATE INDEX ended_token_expired ON ended_token (expires_at);

-- The second factor of an account; without confirmed_at it was begun only.
CREATE TABLE second_factor (
  account_id   uuid PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  secret       text NOT NULL, -- sealed
  last_step    bigint NOT NULL DEFAULT 0, -- of the newest code that was used: none is good twice
  created_at   timestamptz NOT NULL,
  confirmed_at timestamptz
);

CREATE TABLE recovery_code (
  account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  hash       bytea NOT NULL, -- SHA-256 of the code
  used_at    timestamptz,
  PRIMARY KEY (account_id, hash)
);

-- Letters with which a forgotten password is replaced, each good once.
CREATE TABLE password_reset (
  hash       bytea PRIMARY KEY, -- SHA-256 of the token in the letter
  account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX password_reset_account ON password_reset (account_id, created_at);

-- ---------------------------------------------------------------- who may do what

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['ended_token', 'second_factor', 'recovery_code', 'password_reset']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY of_system ON %I TO botreserva_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO botreserva_system', t);
  END LOOP;
END
$$;

-- A hotel's people are managed under row-level security, which keeps them in their
-- hotel and, with the table's check, from becoming super admins. The hash of a
-- password can be written and never read.
GRANT INSERT (id, tenant_id, email, password_hash, name, role, status, unit, avatar_url, created_at, updated_at),
      UPDATE (email, password_hash, name, role, status, unit, avatar_url, updated_at, session_epoch, deleted_at),
      SELECT (session_epoch, deleted_at)
  ON account TO botreserva_app;

-- Needed to lock the row: whoever changes a hotel's team does so one after the other.
GRANT UPDATE (updated_at) ON tenant TO botreserva_app;

-- +goose StatementEnd
