-- +goose Up
-- +goose StatementBegin

-- ---------------------------------------------------------------- searching words
--
-- A word is what stands between blanks and punctuation, without accents and case.
-- Every word is stored behind the mark of its tenant, so that one GIN index holds each
-- tenant's own dictionary: a prefix that is common on the platform costs a hotel only
-- its own rows. Search operators are not leakproof, so row-level security would keep
-- them off the index: only functions that belong to botreserva_system use them, and
-- those bind the pinned tenant themselves. See docs/adr/0011-contacts.md.

-- fold takes accents and case away. It reads no locale: every server folds alike.
CREATE FUNCTION fold(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(lower(regexp_replace(normalize(t, NFKD) COLLATE "C", '[\u0300-\u036f]', '', 'g')), 'øłđØŁĐ', 'oldold');

-- spaced_words is the folded text with one blank between words and none around them. A
-- word counts with 40 characters: an index entry has a limit.
CREATE FUNCTION spaced_words(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(regexp_replace(fold(t) COLLATE "C",
  '[^a-z0-9\u00b5-\u1fff\u2c00-\u2fff\u3040-\U0010ffff]+', ' ', 'g'), '([^ ]{40})[^ ]+', '\1', 'g'));

-- tenant_mark is put before each word of a tenant.
CREATE FUNCTION tenant_mark(tenant uuid) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN right(tenant::text, 12);

-- tenant_words is what an index of a tenant's text holds.
CREATE FUNCTION tenant_words(tenant uuid, t text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(array_to_tsvector(string_to_array(
  tenant_mark(tenant) || replace(nullif(spaced_words(t), ''), ' ', ' ' || tenant_mark(tenant)), ' ')), '');

-- tenant_query finds text of a tenant that has, for each word that was typed, a word
-- that begins with it. It is NULL, which finds nothing, when no word was typed.
CREATE FUNCTION tenant_query(tenant uuid, t text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ('''' || tenant_mark(tenant) || replace(nullif(spaced_words(t), ''), ' ', ''':* & ''' || tenant_mark(tenant)) || ''':*')::tsquery;

-- ---------------------------------------------------------------- finding guests

-- A person wrote the name: what the guest shows on WhatsApp no longer replaces it.
ALTER TABLE contact ADD COLUMN name_kept boolean NOT NULL DEFAULT false;

-- phone_parts is every run of four digits of a phone number, and the shorter ones at its
-- end: what stands anywhere in the number is found by the runs that it is made of.
CREATE FUNCTION phone_parts(tenant uuid, phone text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  parts text[] := '{}';
  mark  text := tenant_mark(tenant) || '#';
BEGIN
  FOR i IN 1 .. length(phone) LOOP
    parts := parts || (mark || substr(phone, i, 4));
  END LOOP;
  RETURN array_to_tsvector(parts);
END
$$;

-- phone_query finds numbers that hold all runs of four of the digits: those that hold
-- the digits, and very few others.
CREATE FUNCTION phone_query(tenant uuid, digits text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  terms text := '';
BEGIN
  FOR i IN 1 .. greatest(length(digits) - 3, 1) LOOP
    terms := terms || CASE WHEN i > 1 THEN ' & ' ELSE '' END || quote_literal(tenant_mark(tenant) || '#' || substr(digits, i, 4));
  END LOOP;
  IF length(digits) < 4 THEN
    terms := terms || ':*';
  END IF;
  RETURN terms::tsquery;
END
$$;

CREATE FUNCTION contact_words(tenant uuid, name text, first_name text, last_name text, company_name text, username text, email text, phone text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN tenant_words(tenant, name || ' ' || first_name || ' ' || last_name || ' ' || company_name || ' ' || username || ' ' || email) || phone_parts(tenant, phone);

-- A list of pending entries is read by every search, so it stays short.
CREATE INDEX contact_search ON contact
  USING gin (contact_words(tenant_id, name, first_name, last_name, company_name, username, email, phone))
  WITH (gin_pending_list_limit = 256);

-- contacts_found is the guests of the pinned tenant whom a search finds, at most so many
-- of them, in no order. numbers, when given, are patterns of which a guest's phone number
-- must fit one, unless the words alone find the guest.
CREATE FUNCTION contacts_found(search tsquery, words tsquery, numbers text[], most integer) RETURNS SETOF contact
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_indexscan = off SET enable_seqscan = off -- only by contact_search
AS $$
  SELECT c.* FROM contact c
  WHERE contact_words(c.tenant_id, c.name, c.first_name, c.last_name, c.company_name, c.username, c.email, c.phone) @@ search
    -- Not "=", for which other indexes would be read as well: nearly all that is found is this tenant's.
    AND c.tenant_id IS NOT DISTINCT FROM current_setting('app.tenant_id')::uuid
    AND (numbers IS NULL OR c.phone LIKE ANY (numbers)
      OR contact_words(c.tenant_id, c.name, c.first_name, c.last_name, c.company_name, c.username, c.email, c.phone) @@ words)
  LIMIT most
$$;
-- The owner of a function must be allowed to make things in its schema while it gets it.
GRANT CREATE ON SCHEMA public TO botreserva_system;
ALTER FUNCTION contacts_found OWNER TO botreserva_system;
REVOKE CREATE ON SCHEMA public FROM botreserva_system;
REVOKE ALL ON FUNCTION contacts_found FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contacts_found TO botreserva_app;

-- The orders in which lists show guests. Those who have no value come last, so they are
-- not in the index.
CREATE INDEX contact_recent ON contact (tenant_id, created_at, id);
CREATE INDEX contact_changed ON contact (tenant_id, updated_at, id);
CREATE INDEX contact_by_name ON contact (tenant_id, fold(name), id) WHERE name <> '';
CREATE INDEX contact_by_phone ON contact (tenant_id, phone, id) WHERE phone <> '';
CREATE INDEX contact_by_first_name ON contact (tenant_id, fold(first_name), id) WHERE first_name <> '';
CREATE INDEX contact_by_last_name ON contact (tenant_id, fold(last_name), id) WHERE last_name <> '';
CREATE INDEX contact_by_company_name ON contact (tenant_id, fold(company_name), id) WHERE company_name <> '';

-- +goose StatementEnd
