-- +goose Up
-- +goose StatementBegin

-- ---------------------------------------------------------------- guests who were made one
--
-- Of two rows that are one guest one stays and takes everything; the other goes. What is
-- needed to take that back lies in snapshot until it is too late for it: names and numbers
-- of guests, which the erasure of either must remove. See docs/adr/0020-merging-guests.md.
CREATE TABLE contact_merge (
  tenant_id   uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id          uuid NOT NULL,
  survivor_id uuid NOT NULL, -- no foreign keys: a later merge may take the survivor, too
  absorbed_id uuid NOT NULL,
  merged_by   text NOT NULL, -- a user's id
  merged_at   timestamptz NOT NULL,
  undone_by   text NOT NULL DEFAULT '',
  undone_at   timestamptz,
  snapshot    jsonb, -- null once it was undone, has become final, or was erased
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX contact_merge_newest ON contact_merge (tenant_id, merged_at DESC, id DESC);
CREATE INDEX contact_merge_survivor ON contact_merge (tenant_id, survivor_id);
CREATE INDEX contact_merge_absorbed ON contact_merge (tenant_id, absorbed_id);
CREATE INDEX contact_merge_open ON contact_merge (merged_at) WHERE snapshot IS NOT NULL;

-- Whose an alias was before guests were merged; null unless a merge can still be undone.
ALTER TABLE contact_alias ADD COLUMN origin_id uuid;

-- By whose alias a message came, noted for merged guests only: if the merge is undone, what
-- came by an alias goes with it.
CREATE TABLE message_origin (
  tenant_id  uuid NOT NULL,
  message_id uuid NOT NULL,
  origin_id  uuid NOT NULL,
  noted_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, message_id),
  FOREIGN KEY (tenant_id, message_id) REFERENCES message (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX message_origin_age ON message_origin (noted_at);

-- ---------------------------------------------------------------- finding them

-- bare_number is a phone number without what people leave out or add: Brazil's country
-- code and the ninth digit of its mobiles. Other numbers stay as they are.
CREATE FUNCTION bare_number(phone text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(regexp_replace(phone COLLATE "C", '^0*(?:55)?([1-9][0-9]9?[0-9]{8})$', '\1'), '^([1-9][0-9])9([0-9]{8})$', '\1\2');

-- numbers_alike tells whether two numbers may be one that was mistyped, or written without
-- its area code: at most two digits differ, or the last eight are the same. Who has no
-- number may be anybody.
CREATE FUNCTION numbers_alike(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN a = '' OR b = '' OR right(a, 8) = right(b, 8) OR length(a) = length(b) AND (
  SELECT count(*) FROM generate_series(1, length(a)) AS i WHERE substr(a, i, 1) <> substr(b, i, 1)) <= 2;

CREATE INDEX contact_by_email ON contact (tenant_id, lower(email COLLATE "C")) WHERE email <> '';
CREATE INDEX contact_by_bare_number ON contact (tenant_id, bare_number(phone)) WHERE phone <> '';

-- contacts_alike looks at the newest guests of the pinned tenant before a place, so many
-- of them, and returns with each who looks like the same person and is older: at most ten
-- for each reason. The functions of these indexes are not leakproof, so row-level security
-- would keep a tenant's role off them.
CREATE FUNCTION contacts_alike(before_time timestamptz, before_id uuid, many integer)
RETURNS TABLE (contact_id uuid, made_at timestamptz, other_id uuid, reason text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  hotel uuid := current_setting('app.tenant_id')::uuid;
  guest contact;
BEGIN
  FOR guest IN
    SELECT c.* FROM contact c WHERE c.tenant_id = hotel AND (c.created_at, c.id) < (before_time, before_id)
    ORDER BY c.created_at DESC, c.id DESC LIMIT many
  LOOP
    contact_id := guest.id; made_at := guest.created_at;
    -- The guest alone, so that whoever asks knows how far this page reached.
    other_id := NULL; reason := '';
    RETURN NEXT;
    IF guest.email <> '' THEN
      reason := 'EMAIL';
      FOR other_id IN
        SELECT o.id FROM (SELECT c.id, c.created_at FROM contact c
          WHERE c.tenant_id = hotel AND c.email <> '' AND lower(c.email COLLATE "C") = lower(guest.email COLLATE "C") LIMIT 50) o
        WHERE (o.created_at, o.id) < (guest.created_at, guest.id) ORDER BY o.created_at, o.id LIMIT 10
      LOOP RETURN NEXT; END LOOP;
    END IF;
    IF guest.phone <> '' THEN
      reason := 'PHONE';
      FOR other_id IN
        SELECT o.id FROM (SELECT c.id, c.created_at FROM contact c
          WHERE c.tenant_id = hotel AND c.phone <> '' AND bare_number(c.phone) = bare_number(guest.phone) LIMIT 50) o
        WHERE (o.created_at, o.id) < (guest.created_at, guest.id) ORDER BY o.created_at, o.id LIMIT 10
      LOOP RETURN NEXT; END LOOP;
    END IF;
    -- A first name alone is nobody's.
    IF position(' ' IN btrim(guest.name)) > 0 THEN
      reason := 'NAME';
      FOR other_id IN
        SELECT o.id FROM (SELECT c.id, c.created_at, c.phone FROM contact c
          WHERE c.tenant_id = hotel AND c.name <> '' AND fold(c.name) = fold(guest.name) LIMIT 50) o
        WHERE (o.created_at, o.id) < (guest.created_at, guest.id) AND numbers_alike(bare_number(o.phone), bare_number(guest.phone))
        ORDER BY o.created_at, o.id LIMIT 10
      LOOP RETURN NEXT; END LOOP;
    END IF;
  END LOOP;
END
$$;
-- The owner of a function must be allowed to make things in its schema while it gets it.
GRANT CREATE ON SCHEMA public TO botreserva_system;
ALTER FUNCTION contacts_alike OWNER TO botreserva_system;
REVOKE CREATE ON SCHEMA public FROM botreserva_system;
REVOKE ALL ON FUNCTION contacts_alike FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contacts_alike TO botreserva_app;

-- ---------------------------------------------------------------- who may do what

GRANT SELECT, INSERT, UPDATE, DELETE ON contact_merge, message_origin TO botreserva_app, botreserva_system;
DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['contact_merge', 'message_origin']
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
