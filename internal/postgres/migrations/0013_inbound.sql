-- +goose Up
-- +goose StatementBegin

-- ---------------------------------------------------------------- messages that change
--
-- What was done to a message after it was sent: reactions, edits, revocations, and what it
-- said before the first of them ("original"). A change may be here before its message. The
-- message's own row shows what comes of all of them; see docs/adr/0022-inbound-events.md.
CREATE TABLE message_change (
  tenant_id  uuid NOT NULL,
  number_id  uuid NOT NULL,
  target     text NOT NULL, -- Meta's id of the message
  id         text NOT NULL, -- Meta's id of the change
  kind       text NOT NULL CHECK (kind IN ('reaction', 'edit', 'revoke', 'original')),
  direction  text NOT NULL CHECK (direction IN ('INBOUND', 'OUTBOUND')), -- whose doing it is
  at         timestamptz NOT NULL,
  emoji      text NOT NULL DEFAULT '',
  words      jsonb, -- of an edit and of the original; null once the message was taken back
  applied    boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, number_id, target, id),
  FOREIGN KEY (tenant_id, number_id) REFERENCES whatsapp_number (tenant_id, id) ON DELETE CASCADE
);
-- Those that wait for their message. There are few.
CREATE INDEX message_change_waiting ON message_change (created_at) WHERE NOT applied;

-- Changes go with the message, and with its id when the guest is erased: the id holds the
-- guest's number.
CREATE FUNCTION forget_message_changes() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM message_change c WHERE c.tenant_id = OLD.tenant_id AND c.number_id = OLD.number_id AND c.target = OLD.wamid;
  RETURN NULL;
END
$$;
CREATE TRIGGER changes_delete AFTER DELETE ON message FOR EACH ROW
  WHEN (OLD.wamid IS NOT NULL) EXECUTE FUNCTION forget_message_changes();
CREATE TRIGGER changes_forget AFTER UPDATE OF wamid ON message FOR EACH ROW
  WHEN (OLD.wamid IS NOT NULL AND NEW.wamid IS NULL) EXECUTE FUNCTION forget_message_changes();

-- How far a message got and when, and what it costs.
ALTER TABLE message ADD COLUMN progress jsonb;
ALTER TABLE parked_status
  ADD COLUMN at      timestamptz,
  ADD COLUMN pricing jsonb;

-- Up to when somebody answered on the hotel's own phone: what the guest wrote until then was
-- seen there.
ALTER TABLE conversation ADD COLUMN phone_reply_at timestamptz;
-- What was said before the number came to us lies in one conversation of each guest.
CREATE INDEX conversation_of_history ON conversation (tenant_id, contact_id) WHERE source = 'history';

-- ---------------------------------------------------------------- guests who change

-- When WhatsApp told the name, the username and the address that a guest has (seconds since
-- 1970), so that what arrives late replaces nothing newer; and whether offers may be sent.
ALTER TABLE contact
  ADD COLUMN learned           jsonb,
  ADD COLUMN marketing_stopped boolean NOT NULL DEFAULT false,
  ADD COLUMN marketing_at      timestamptz;

-- Until when an address was the guest's: whoever writes from it later is somebody else.
ALTER TABLE contact_alias ADD COLUMN until timestamptz;

-- How the hotel's phone calls people who have not written yet. It goes with the guest.
CREATE TABLE address_book (
  tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  phone     text NOT NULL,
  name      text NOT NULL,
  at        timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, phone)
);
CREATE FUNCTION forget_address_book() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM address_book b WHERE b.tenant_id = OLD.tenant_id AND b.phone = OLD.value;
  RETURN NULL;
END
$$;
CREATE TRIGGER address_book_forget AFTER DELETE ON contact_alias FOR EACH ROW
  WHEN (OLD.kind = 'phone') EXECUTE FUNCTION forget_address_book();

-- ---------------------------------------------------------------- news of the account

CREATE TABLE account_event (
  tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id        uuid NOT NULL,
  key       bytea NOT NULL CHECK (length(key) = 32), -- the same for the same news
  waba_id   text NOT NULL DEFAULT '',
  number_id uuid,
  kind      text NOT NULL,
  name      text NOT NULL,
  severity  text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  subject   text NOT NULL DEFAULT '',
  reason    text NOT NULL DEFAULT '',
  data      jsonb,
  at        timestamptz NOT NULL,
  seen_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, key),
  FOREIGN KEY (tenant_id, number_id) REFERENCES whatsapp_number (tenant_id, id) ON DELETE SET NULL (number_id)
);
CREATE INDEX account_event_newest ON account_event (tenant_id, at DESC, id DESC);
CREATE INDEX account_event_number ON account_event (tenant_id, number_id) WHERE number_id IS NOT NULL;

-- What Meta last said of a template. Each part has its own time.
CREATE TABLE template_state (
  tenant_id   uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  waba_id     text NOT NULL,
  template_id text NOT NULL,
  name        text NOT NULL DEFAULT '',
  language    text NOT NULL DEFAULT '',
  status      text NOT NULL DEFAULT '',
  reason      text NOT NULL DEFAULT '',
  status_at   timestamptz,
  quality     text NOT NULL DEFAULT '',
  quality_at  timestamptz,
  category    text NOT NULL DEFAULT '',
  category_at timestamptz,
  changed_at  timestamptz NOT NULL, -- anything of it, its text too
  PRIMARY KEY (tenant_id, waba_id, template_id)
);

ALTER TABLE whatsapp_number
  ADD COLUMN quality       text NOT NULL DEFAULT '',
  ADD COLUMN quality_at    timestamptz,
  ADD COLUMN daily_limit   integer, -- guests that may be written to first in 24 hours; -1: any number
  ADD COLUMN limit_at      timestamptz,
  ADD COLUMN verified_name text NOT NULL DEFAULT '',
  ADD COLUMN name_state    text NOT NULL DEFAULT '',
  ADD COLUMN name_at       timestamptz,
  ADD COLUMN account_state text NOT NULL DEFAULT '', -- ACTIVE, RESTRICTED, DISABLED
  ADD COLUMN account_at    timestamptz;
CREATE INDEX whatsapp_number_waba ON whatsapp_number (waba_id) WHERE waba_id <> '';

-- ---------------------------------------------------------------- who may do what

GRANT SELECT, INSERT, UPDATE, DELETE ON message_change, address_book TO botreserva_app, botreserva_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_event, template_state TO botreserva_system;
GRANT SELECT, INSERT ON account_event TO botreserva_app;
GRANT SELECT, INSERT, UPDATE ON template_state TO botreserva_app;
GRANT UPDATE (quality, quality_at, daily_limit, limit_at, verified_name, name_state, name_at, account_state, account_at)
  ON whatsapp_number TO botreserva_app;

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['message_change', 'address_book', 'account_event', 'template_state']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY of_tenant ON %I TO botreserva_app
      USING (tenant_id = (SELECT current_setting(''app.tenant_id'')::uuid))
      WITH CHECK (tenant_id = (SELECT current_setting(''app.tenant_id'')::uuid))', t);
    EXECUTE format('CREATE POLICY of_system ON %I TO botreserva_system USING (true) WITH CHECK (true)', t);
  END LOOP;
END
$$;

-- +goose StatementEnd
