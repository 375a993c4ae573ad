-- SystemIndexingBegin lets no erasure begin to empty messages before what is being indexed
-- is stored: words would come back. 'boti' names the lock.
-- name: SystemIndexingBegin :exec
SELECT pg_advisory_xact_lock_shared(x'626f7469'::integer);

-- SystemMessagesIndex makes the messages of the oldest batches findable, and tells how
-- many batches there were. Several instances share the work.
-- name: SystemMessagesIndex :one
WITH taken AS (
  DELETE FROM message_unindexed u USING (SELECT o.tenant_id, o.id FROM message_unindexed o ORDER BY o.id LIMIT @batches FOR UPDATE SKIP LOCKED) q
  WHERE u.tenant_id = q.tenant_id AND u.id = q.id RETURNING u.tenant_id, u.messages
), stored AS (
  INSERT INTO message_search (tenant_id, message_id, conversation_id, timestamp, stems)
  SELECT s.tenant_id, s.id, s.conversation_id, s.timestamp, s.stems
  FROM (SELECT m.tenant_id, m.id, m.conversation_id, m.timestamp, message_stems(m.content) AS stems
    FROM (SELECT DISTINCT t.tenant_id, unnest(t.messages) AS id FROM taken t) n JOIN message m ON m.tenant_id = n.tenant_id AND m.id = n.id) s
  WHERE s.stems <> ''
  ON CONFLICT (tenant_id, message_id) DO UPDATE
    SET conversation_id = excluded.conversation_id, timestamp = excluded.timestamp, stems = excluded.stems
  RETURNING message_search.tenant_id, message_search.timestamp
), since AS (
  INSERT INTO message_search_since AS known (tenant_id, since)
  SELECT stored.tenant_id, min(stored.timestamp) FROM stored GROUP BY stored.tenant_id ORDER BY stored.tenant_id
  ON CONFLICT (tenant_id) DO UPDATE SET since = excluded.since WHERE excluded.since < known.since
)
SELECT count(*) FROM taken;
