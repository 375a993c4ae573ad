-- Taking a guest's data away. All of it is asked in one transaction, after ContactsLock.

-- EraseConversations locks what a guest had, ends what goes on, and leaves what reports
-- count. Index: conversation_by_contact.
-- name: EraseConversations :many
UPDATE conversation SET state = CASE WHEN state IN ('CLOSED', 'ARCHIVED') THEN state ELSE 'CLOSED' END,
  closed_at = coalesce(closed_at, @now), locked = false, locked_at = NULL, locked_by = '', unread = 0,
  last_inbound_at = NULL, last_message = NULL, metadata = NULL, handback = NULL,
  ball_version = ball_version + locked::integer, ball_since = CASE WHEN locked THEN @now ELSE ball_since END, revision = revision + 1
WHERE tenant_id = @tenant_id AND contact_id = @contact_id RETURNING id;

-- SystemIndexingPause waits until nobody is indexing messages, and makes whoever wants to
-- wait until the transaction ends.
-- name: SystemIndexingPause :exec
SELECT pg_advisory_xact_lock(x'626f7469'::integer);

-- EraseMessages leaves who wrote when, in which direction and with what outcome. Meta's
-- ids hold the guest's number. The trigger takes the words out of the search. Index:
-- message_timeline.
-- name: EraseMessages :many
WITH gone AS (SELECT m.id, m.wamid FROM message m
  WHERE m.tenant_id = @tenant_id AND m.conversation_id = ANY(@conversation_ids::uuid[]) ORDER BY m.id FOR UPDATE)
UPDATE message m SET content = '', metadata = '{}', failure = NULL, wamid = NULL, client_id = NULL,
  status = CASE WHEN m.status IN ('PENDING', 'UNKNOWN') THEN 'FAILED' ELSE m.status END, attempt_at = NULL
FROM gone g WHERE m.tenant_id = @tenant_id AND m.id = g.id
RETURNING coalesce(g.wamid, '')::text AS wamid;

-- EraseNews takes away news of the account that names a guest. There is little news.
-- name: EraseNews :exec
DELETE FROM account_event e WHERE e.tenant_id = @tenant_id
  AND EXISTS (SELECT FROM unnest(@marks::bytea[]) AS k (mark)
    WHERE position(k.mark IN convert_to(e.subject || ' ' || e.reason || ' ' || coalesce(e.data::text, ''), 'UTF8')) > 0);

-- name: EraseParkedStatuses :execrows
DELETE FROM parked_status WHERE tenant_id = @tenant_id AND wamid = ANY(@wamids::text[]);

-- EraseEscalations. Index: escalation_conversation.
-- name: EraseEscalations :execrows
UPDATE escalation SET reason_detail = '', ai_context = NULL, notes = '',
  state = CASE WHEN state IN ('PENDING', 'IN_PROGRESS') THEN 'CANCELLED' ELSE state END,
  resolved_at = coalesce(resolved_at, @now)
WHERE tenant_id = @tenant_id AND conversation_id = ANY(@conversation_ids::uuid[]);

-- EraseScheduled takes away what was to be said later. Index: scheduled_of_conversation.
-- name: EraseScheduled :exec
DELETE FROM scheduled_message WHERE tenant_id = @tenant_id AND conversation_id = ANY(@conversation_ids::uuid[]);

-- name: EraseTags :execrows
DELETE FROM conversation_tag WHERE tenant_id = @tenant_id AND conversation_id = ANY(@conversation_ids::uuid[]);

-- MediaOfConversations locks the files that messages of conversations show: nobody else
-- can come to show one in the meantime. Indexes: message_timeline, primary keys.
-- name: MediaOfConversations :many
SELECT f.id FROM media f WHERE f.tenant_id = @tenant_id
  AND f.id IN (SELECT s.media_id FROM message m
    JOIN message_media s ON s.tenant_id = m.tenant_id AND s.message_id = m.id
    WHERE m.tenant_id = @tenant_id AND m.conversation_id = ANY(@conversation_ids::uuid[]))
ORDER BY f.id FOR UPDATE;

-- EraseMedia removes those of them that no other message shows, and their traces in
-- messages. Index: message_media_media.
-- name: EraseMedia :many
DELETE FROM media f WHERE f.tenant_id = @tenant_id AND f.id = ANY(@ids::uuid[])
  AND NOT EXISTS (SELECT FROM message_media s
    JOIN message m ON m.tenant_id = s.tenant_id AND m.id = s.message_id
    WHERE s.tenant_id = @tenant_id AND s.media_id = f.id AND m.conversation_id <> ALL(@conversation_ids::uuid[]))
RETURNING f.key, f.thumb_key;

-- name: EraseMessageMedia :exec
DELETE FROM message_media s USING message m
WHERE s.tenant_id = @tenant_id AND m.tenant_id = @tenant_id AND m.id = s.message_id AND m.conversation_id = ANY(@conversation_ids::uuid[]);

-- name: MediaLeftoversInsert :exec
INSERT INTO media_leftover (tenant_id, key, left_at) SELECT @tenant_id, unnest(@keys::text[]), @now ON CONFLICT DO NOTHING;

-- name: MediaLeftoverDelete :exec
DELETE FROM media_leftover WHERE tenant_id = @tenant_id AND key = @key;

-- SystemMoment is asked when nobody can write about the guest any more: what is queued
-- from now on comes from somebody new.
-- name: SystemMoment :one
SELECT clock_timestamp()::timestamptz;

-- EraseLanesLock locks a guest's lanes, in the order in which the inbox locks them.
-- name: EraseLanesLock :exec
SELECT FROM lane l WHERE l.tenant_id = @tenant_id
  AND (l.kind = 'inbox' AND l.key = ANY(@guest_keys::text[]) OR l.kind IN ('handoff', 'deliver') AND l.key = ANY(@conversation_keys::text[])
    OR l.kind IN ('media', 'listen') AND split_part(l.key, '/', 1) = ANY(@conversation_keys::text[]))
ORDER BY l.kind DESC, l.key COLLATE "C" FOR UPDATE;

-- EraseItems takes away the work that waited for a guest, and what was given up. Call it
-- after EraseLanesLock.
-- name: EraseItems :one
WITH items AS (DELETE FROM lane_item i WHERE i.tenant_id = @tenant_id AND i.created_at < @moment
    AND (i.kind = 'inbox' AND i.key = ANY(@guest_keys::text[]) OR i.kind IN ('handoff', 'deliver') AND i.key = ANY(@conversation_keys::text[])
    OR i.kind IN ('media', 'listen') AND split_part(i.key, '/', 1) = ANY(@conversation_keys::text[])) RETURNING 1),
  letters AS (DELETE FROM dead_letter d WHERE d.tenant_id = @tenant_id
    AND (d.key = ANY(@guest_keys::text[]) OR split_part(d.key, '/', 1) = ANY(@conversation_keys::text[])
      OR EXISTS (SELECT FROM unnest(@marks::bytea[]) AS k (mark) WHERE position(k.mark IN d.payload) > 0)) RETURNING 1)
SELECT (SELECT count(*) FROM items) AS items, (SELECT count(*) FROM letters) AS letters;

-- EraseLanes ends the leases on a guest's lanes: a worker that holds one finds everything
-- it did for it undone. Lanes in which nothing is left go. Call it after EraseItems.
-- name: EraseLanes :many
WITH here AS (SELECT l.kind, l.key, (SELECT count(*) FROM lane_item i WHERE i.tenant_id = l.tenant_id AND i.kind = l.kind AND i.key = l.key) AS n
    FROM lane l WHERE l.tenant_id = @tenant_id
      AND (l.kind = 'inbox' AND l.key = ANY(@guest_keys::text[]) OR l.kind IN ('handoff', 'deliver') AND l.key = ANY(@conversation_keys::text[])
    OR l.kind IN ('media', 'listen') AND split_part(l.key, '/', 1) = ANY(@conversation_keys::text[]))),
  gone AS (DELETE FROM lane l USING here h WHERE l.tenant_id = @tenant_id AND l.kind = h.kind AND l.key = h.key AND h.n = 0)
UPDATE lane l SET depth = h.n, lease = NULL, attempts = 0, ready_at = clock_timestamp()
FROM here h WHERE l.tenant_id = @tenant_id AND l.kind = h.kind AND l.key = h.key AND h.n > 0
RETURNING l.kind;

-- DeliveriesMentioning looks through one page of what Meta told us, newest first. Index:
-- webhook_delivery_newest.
-- name: DeliveriesMentioning :many
SELECT p.received_at, p.id,
  (EXISTS (SELECT FROM unnest(@marks::bytea[]) AS k (mark) WHERE position(k.mark IN p.body) > 0))::boolean AS mentions
FROM (SELECT d.received_at, d.id, d.body FROM webhook_delivery d
  WHERE d.tenant_id = @tenant_id AND (d.received_at, d.id) < (@before_time, @before_id::uuid)
  ORDER BY d.received_at DESC, d.id DESC LIMIT @page_size) p
ORDER BY p.received_at DESC, p.id DESC;

-- name: EraseAliases :execrows
DELETE FROM contact_alias WHERE tenant_id = @tenant_id AND contact_id = @contact_id;

-- name: EraseContact :exec
UPDATE contact SET phone = '', wa_id = '', bsuid = '', username = '', name = '', name_kept = false, first_name = '', last_name = '',
  company_name = '', designation = '', email = '', avatar_url = '', metadata = NULL, learned = NULL, updated_at = @now, erased_at = @now
WHERE tenant_id = @tenant_id AND id = @id;

-- name: ErasureInsert :exec
INSERT INTO erasure (tenant_id, id, contact_id, erased_by, report, signature, public_key, erased_at)
VALUES (@tenant_id, @id, @contact_id, @erased_by, @report, @signature, @public_key, @erased_at);

-- name: ErasureGet :one
SELECT * FROM erasure WHERE tenant_id = @tenant_id AND id = @id;

-- ErasurePage. Index: erasure_newest.
-- name: ErasurePage :many
SELECT * FROM erasure WHERE tenant_id = @tenant_id ORDER BY erased_at DESC, id DESC LIMIT @page_size OFFSET @skip;

-- name: ErasureCount :one
SELECT count(*) FROM erasure WHERE tenant_id = @tenant_id;

-- SystemMediaLeftovers lists files that could not be removed at once, after a while in
-- which whoever erased them is still at it.
-- name: SystemMediaLeftovers :many
SELECT tenant_id, key FROM media_leftover WHERE left_at < @before ORDER BY tenant_id, key LIMIT @most;

-- name: SystemMediaLeftoverDelete :exec
DELETE FROM media_leftover WHERE tenant_id = @tenant_id AND key = @key;
