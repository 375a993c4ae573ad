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

-- +goose StatementEnd
