-- +goose Up
-- +goose StatementBegin

-- ---------------------------------------------------------------- lists of conversations
--
-- One index has the order of every list and carries what lists filter by, so that any
-- filter, page or count reads nothing but the index. A smaller one beside it holds what
-- goes on or is unread: boards read only that, however long the history is.
DROP INDEX conversation_recent;
DROP INDEX conversation_by_state;
DROP INDEX conversation_by_unit;
CREATE INDEX conversation_recent ON conversation (tenant_id, last_message_at DESC, id DESC)
  INCLUDE (state, priority, unit, assigned_to, is_opportunity, unread, last_inbound_at);
CREATE INDEX conversation_live ON conversation (tenant_id, last_message_at DESC, id DESC)
  INCLUDE (state, priority, unit, assigned_to, is_opportunity, unread, last_inbound_at)
  WHERE state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING') OR unread > 0;
CREATE INDEX conversation_opportunities ON conversation (tenant_id, last_message_at DESC, id DESC)
  INCLUDE (state, priority, unit, assigned_to, unread, last_inbound_at) WHERE is_opportunity;
-- Reading only an index needs to know which pages nobody has changed of late.
ALTER TABLE conversation SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);

DROP INDEX conversation_tag_tag;
CREATE INDEX conversation_tag_of ON conversation_tag (tenant_id, tag_id, conversation_id);

-- A status that arrives changes no index now, and most often stays on its page: what is
-- unread is found in the conversation's timeline, and the status was in no other index.
DROP INDEX message_unread;
ALTER TABLE message SET (fillfactor = 90);

-- ---------------------------------------------------------------- the shelf
--
-- How many conversations of each sort are closed or archived. They are nearly all that
-- there are, and lists and boards want their number each time. Who closes a conversation
-- notes a move; moves are put together every few minutes, so nobody waits for anybody.
CREATE TABLE conversation_shelf (
  tenant_id      uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  state          text NOT NULL,
  priority       text NOT NULL,
  unit           text NOT NULL,
  assigned_to    uuid NOT NULL, -- zero for nobody
  is_opportunity boolean NOT NULL,
  conversations  bigint NOT NULL,
  PRIMARY KEY (tenant_id, state, priority, unit, assigned_to, is_opportunity)
);
CREATE TABLE conversation_shelf_move (
  tenant_id      uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id             bigint GENERATED ALWAYS AS IDENTITY,
  state          text NOT NULL,
  priority       text NOT NULL,
  unit           text NOT NULL,
  assigned_to    uuid NOT NULL,
  is_opportunity boolean NOT NULL,
  conversations  integer NOT NULL, -- 1: put there; -1: taken away
  PRIMARY KEY (tenant_id, id)
);

CREATE FUNCTION is_shelved(state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('CLOSED', 'ARCHIVED');

CREATE FUNCTION note_shelf_move() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  -- A tenant that is being deleted takes its shelf along.
  IF TG_OP <> 'INSERT' AND is_shelved(OLD.state) AND EXISTS (SELECT FROM tenant t WHERE t.id = OLD.tenant_id) THEN
    INSERT INTO conversation_shelf_move (tenant_id, state, priority, unit, assigned_to, is_opportunity, conversations)
    VALUES (OLD.tenant_id, OLD.state, OLD.priority, OLD.unit, coalesce(OLD.assigned_to, '00000000-0000-0000-0000-000000000000'), OLD.is_opportunity, -1);
  END IF;
  IF TG_OP <> 'DELETE' AND is_shelved(NEW.state) THEN
    INSERT INTO conversation_shelf_move (tenant_id, state, priority, unit, assigned_to, is_opportunity, conversations)
    VALUES (NEW.tenant_id, NEW.state, NEW.priority, NEW.unit, coalesce(NEW.assigned_to, '00000000-0000-0000-0000-000000000000'), NEW.is_opportunity, 1);
  END IF;
  RETURN NULL;
END
$$;
-- The conditions keep the work of the inbox, which moves nothing, out of the function.
CREATE TRIGGER shelf_insert AFTER INSERT ON conversation FOR EACH ROW
  WHEN (NEW.state IN ('CLOSED', 'ARCHIVED')) EXECUTE FUNCTION note_shelf_move();
CREATE TRIGGER shelf_delete AFTER DELETE ON conversation FOR EACH ROW
  WHEN (OLD.state IN ('CLOSED', 'ARCHIVED')) EXECUTE FUNCTION note_shelf_move();
CREATE TRIGGER shelf_update AFTER UPDATE ON conversation FOR EACH ROW
  WHEN ((OLD.state IN ('CLOSED', 'ARCHIVED') OR NEW.state IN ('CLOSED', 'ARCHIVED'))
    AND (OLD.state, OLD.priority, OLD.unit, OLD.assigned_to, OLD.is_opportunity)
      IS DISTINCT FROM (NEW.state, NEW.priority, NEW.unit, NEW.assigned_to, NEW.is_opportunity))
  EXECUTE FUNCTION note_shelf_move();

INSERT INTO conversation_shelf
SELECT tenant_id, state, priority, unit, coalesce(assigned_to, '00000000-0000-0000-0000-000000000000'), is_opportunity, count(*)
FROM conversation WHERE state IN ('CLOSED', 'ARCHIVED') GROUP BY 1, 2, 3, 4, 5, 6;

-- ---------------------------------------------------------------- searching messages
--
-- What a message says is indexed a moment after it was stored, in batches and away from
-- the inbox: reading words costs more than storing them. See docs/adr/0012-conversations.md.

-- message_stems is the words of a text as they are searched: without accents and case,
-- without what every sentence has, and each reduced to what its forms have in common.
-- Accents are taken away first, because many guests write none; the endings that the
-- Portuguese stemmer knows by their accent get it back.
CREATE FUNCTION message_stems(content text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_to_string(tsvector_to_array(to_tsvector('pg_catalog.portuguese',
  regexp_replace(regexp_replace(regexp_replace(replace(replace(
    regexp_replace(spaced_words(left(content, 8192)) COLLATE "C", '([a-z])ao\M', '\1ão', 'g'), 'cão', 'ção'), 'coes', 'ções'),
    '([a-z])oes\M', '\1ões', 'g'), '([a-z]{2})eis\M', '\1el', 'g'), '([a-z]{3})ais\M', '\1al', 'g'))), ' ');

-- message_age is the span of four days that a message belongs to. Searching goes from the
-- newest span to the oldest, so a word that everybody says is found without reading
-- everything that was ever said, and new messages touch few pages of the index.
CREATE FUNCTION message_age(at timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN greatest(0, floor(extract(epoch FROM at - timestamptz '2009-01-01 00:00:00+00') / 345600))::integer;

-- message_mark stands before each word: whose it is, and how old. Two hotels may have
-- the same mark; then each costs the other a little time and nothing else.
CREATE FUNCTION message_mark(tenant uuid, age integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN right(tenant::text, 7) || lpad(to_hex(age), 3, '0');

CREATE FUNCTION message_terms(tenant uuid, at timestamptz, stems text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector(string_to_array(
  message_mark(tenant, message_age(at)) || replace(stems, ' ', ' ' || message_mark(tenant, message_age(at))), ' '));

-- message_query finds what fits in one of the spans from one to another: what is looked
-- for has a % where the mark belongs.
CREATE FUNCTION message_query(tenant uuid, what text, from_age integer, to_age integer) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT string_agg('(' || replace(what, '%', message_mark(tenant, age)) || ')', ' | ')::tsquery
  FROM generate_series(from_age, to_age) AS ages (age));

CREATE TABLE message_search (
  tenant_id       uuid NOT NULL,
  message_id      uuid NOT NULL,
  conversation_id uuid NOT NULL,
  timestamp       timestamptz NOT NULL,
  stems           text NOT NULL CHECK (stems <> ''),
  PRIMARY KEY (tenant_id, message_id),
  FOREIGN KEY (tenant_id, message_id) REFERENCES message (tenant_id, id) ON DELETE CASCADE
);
-- Written in batches, so it needs no list of pending entries, which every search reads.
CREATE INDEX message_search_terms ON message_search USING gin (message_terms(tenant_id, timestamp, stems)) WITH (fastupdate = off);

-- Since when a hotel has messages: no search goes back further.
CREATE TABLE message_search_since (
  tenant_id uuid PRIMARY KEY REFERENCES tenant (id) ON DELETE CASCADE,
  since     timestamptz NOT NULL
);

-- Messages that are not in message_search yet, as many in a row as were stored at once.
CREATE TABLE message_unindexed (
  tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id        bigint GENERATED ALWAYS AS IDENTITY,
  messages  uuid[] NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX message_unindexed_order ON message_unindexed (id);

CREATE FUNCTION note_unindexed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO message_unindexed (tenant_id, messages)
  SELECT f.tenant_id, array_agg(f.id)
  FROM (SELECT n.tenant_id, n.id, (row_number() OVER ()) / 500 AS part FROM fresh n WHERE n.content <> '') f
  GROUP BY f.tenant_id, f.part;
  RETURN NULL;
END
$$;
CREATE TRIGGER unindexed_insert AFTER INSERT ON message REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION note_unindexed();

-- Words that are taken back are found no more from that moment on.
CREATE FUNCTION forget_indexed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM message_search s WHERE s.tenant_id = OLD.tenant_id AND s.message_id = OLD.id;
  IF NEW.content <> '' THEN
    INSERT INTO message_unindexed (tenant_id, messages) VALUES (NEW.tenant_id, ARRAY[NEW.id]);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER unindexed_update AFTER UPDATE OF content, conversation_id, timestamp ON message FOR EACH ROW
  WHEN ((OLD.content, OLD.conversation_id, OLD.timestamp) IS DISTINCT FROM (NEW.content, NEW.conversation_id, NEW.timestamp))
  EXECUTE FUNCTION forget_indexed();

INSERT INTO message_unindexed (tenant_id, messages)
SELECT tenant_id, array_agg(id) FROM (SELECT tenant_id, id, (row_number() OVER ()) / 500 AS part FROM message WHERE content <> '') m
GROUP BY tenant_id, part;

-- messages_found is the newest messages of the pinned tenant that a search finds, before
-- a point of time, in conversations that a scope shows. When it has looked at very many
-- that the scope does not show it stops, and its last row, without a message, says from
-- when on to ask again.
CREATE FUNCTION messages_found(typed text, of_conversation uuid, sees_all boolean, sees_opportunities boolean, sees_unit text, sees_user uuid,
  before_time timestamptz, before_id uuid, most integer)
RETURNS TABLE (message_id uuid, conversation_id uuid, sent_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan -- there is one way, and planning would take longer than going it
AS $$
DECLARE
  hotel     uuid := current_setting('app.tenant_id')::uuid;
  words     text := spaced_words(left(typed, 400));
  beginning text := coalesce(substring(words FROM '[^ ]+$'), ''); -- of a word: the last one may not be complete
  rest      text := message_stems(regexp_replace(words, '[^ ]+$', ''));
  ending    text := message_stems(beginning);
  what      text;
  newest    integer;
  oldest    integer;
  width     integer := 1;
  widest    integer;
  visited   integer := 0;
  found     integer := 0;
  here      integer;
  wanted    tsquery;
  ids uuid[]; talks uuid[]; times timestamptz[];
BEGIN
  what := '''%' || replace(nullif(rest, ''), ' ', ''' & ''%') || '''';
  IF ending <> '' OR rest = '' THEN
    what := concat_ws(' & ', what, CASE WHEN ending = '' AND length(beginning) < 3 THEN NULL
      ELSE '(' || concat_ws(' | ', '''%' || nullif(ending, '') || '''', CASE WHEN length(beginning) > 2 THEN '''%' || beginning || ''':*' END) || ')' END);
  END IF;
  IF coalesce(what, '') = '' THEN
    RETURN;
  END IF;
  SELECT message_age(s.since) INTO oldest FROM message_search_since s WHERE s.tenant_id = hotel;
  newest := message_age(least(before_time, now() + interval '2 days'));
  IF of_conversation IS NOT NULL THEN
    SELECT greatest(oldest, message_age(min(m.timestamp))), least(newest, message_age(max(m.timestamp))) INTO oldest, newest
    FROM message m WHERE m.tenant_id = hotel AND m.conversation_id = of_conversation;
  END IF;
  -- Each message that has one of the words is compared with the words in all spans.
  widest := greatest(1, 64 / power(4, length(what) - length(replace(what, '&', '')))::integer);
  WHILE newest >= oldest LOOP
    wanted := message_query(hotel, what, greatest(newest - width + 1, oldest), newest);
    -- Not "=" for the tenant, or the primary key would be read as well: nearly all that is found is this tenant's.
    IF sees_all AND of_conversation IS NULL THEN
      here := 0;
      FOR message_id, conversation_id, sent_at IN
        SELECT s.message_id, s.conversation_id, s.timestamp FROM message_search s
        WHERE message_terms(s.tenant_id, s.timestamp, s.stems) @@ wanted AND s.tenant_id IS NOT DISTINCT FROM hotel
          AND (s.timestamp, s.message_id) < (before_time, before_id)
        ORDER BY s.timestamp DESC, s.message_id DESC LIMIT most - found
      LOOP
        here := here + 1;
        RETURN NEXT;
      END LOOP;
      found := found + here;
    ELSE
      SELECT array_agg(s.message_id), array_agg(s.conversation_id), array_agg(s.timestamp), count(*) INTO ids, talks, times, here
      FROM message_search s
      WHERE message_terms(s.tenant_id, s.timestamp, s.stems) @@ wanted AND s.tenant_id IS NOT DISTINCT FROM hotel
        AND (s.timestamp, s.message_id) < (before_time, before_id)
        AND (of_conversation IS NULL OR s.conversation_id = of_conversation);
      FOR message_id, conversation_id, sent_at IN
        SELECT h.m, h.c, h.t FROM (SELECT * FROM unnest(ids, talks, times) AS u (m, c, t) ORDER BY u.t DESC, u.m DESC) h
        WHERE sees_all OR (SELECT sees_opportunities AND c.is_opportunity OR sees_unit <> '' AND c.unit = sees_unit OR c.assigned_to = sees_user
          FROM conversation c WHERE c.tenant_id = hotel AND c.id = h.c) -- asked only until there are enough
        LIMIT most - found
      LOOP
        found := found + 1;
        RETURN NEXT;
      END LOOP;
    END IF;
    newest := newest - width;
    visited := visited + here;
    IF found >= most OR newest < oldest THEN
      RETURN;
    END IF;
    IF visited >= 10000 THEN
      message_id := NULL; conversation_id := NULL;
      sent_at := timestamptz '2009-01-01 00:00:00+00' + (newest + 1) * interval '4 days';
      RETURN NEXT;
      RETURN;
    END IF;
    width := CASE WHEN here < 500 THEN least(width * 2, widest) WHEN here > 2000 THEN greatest(width / 2, 1) ELSE width END;
  END LOOP;
END
$$;
-- The owner of a function must be allowed to make things in its schema while it gets it.
GRANT CREATE ON SCHEMA public TO botreserva_system;
ALTER FUNCTION messages_found OWNER TO botreserva_system;
REVOKE CREATE ON SCHEMA public FROM botreserva_system;
REVOKE ALL ON FUNCTION messages_found FROM PUBLIC;
GRANT EXECUTE ON FUNCTION messages_found TO botreserva_app;

-- ---------------------------------------------------------------- who may do what

GRANT SELECT, INSERT, UPDATE, DELETE ON conversation_shelf, conversation_shelf_move, message_search, message_search_since, message_unindexed
  TO botreserva_system;
GRANT SELECT ON conversation_shelf, message_search_since TO botreserva_app;
GRANT SELECT, INSERT ON conversation_shelf_move, message_unindexed TO botreserva_app;
GRANT SELECT, DELETE ON message_search TO botreserva_app;
DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['conversation_shelf', 'conversation_shelf_move', 'message_search', 'message_search_since', 'message_unindexed']
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
