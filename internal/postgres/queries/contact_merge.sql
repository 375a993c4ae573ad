-- name: MergeInsert :exec
INSERT INTO contact_merge (tenant_id, id, survivor_id, absorbed_id, merged_by, merged_at, snapshot)
VALUES (@tenant_id, @id, @survivor_id, @absorbed_id, @merged_by, @merged_at, @snapshot);

-- name: MergeForUpdate :one
SELECT * FROM contact_merge WHERE tenant_id = @tenant_id AND id = @id FOR UPDATE;

-- MergeEnd notes that a merge was undone: what was kept for it is forgotten.
-- name: MergeEnd :exec
UPDATE contact_merge SET undone_by = @undone_by, undone_at = @undone_at, snapshot = NULL WHERE tenant_id = @tenant_id AND id = @id;

-- MergeAfter is the newest merge after another in which a guest had a part, and which was
-- not undone. Indexes: contact_merge_survivor, contact_merge_absorbed.
-- name: MergeAfter :one
SELECT m.id FROM contact_merge m
WHERE m.tenant_id = @tenant_id AND (m.survivor_id = @guest_id OR m.absorbed_id = @guest_id) AND m.undone_at IS NULL
  AND (m.merged_at, m.id) > (@merged_at, @id::uuid)
ORDER BY m.merged_at DESC, m.id DESC LIMIT 1;

-- Merges lists them, newest first. Index: contact_merge_newest.
-- name: Merges :many
SELECT * FROM contact_merge WHERE tenant_id = @tenant_id AND (merged_at, id) < (@before_time, @before_id::uuid)
ORDER BY merged_at DESC, id DESC LIMIT @most;

-- MergesForget forgets what is kept of merges of a guest, and of those whom the guest
-- took in. Index: contact_merge_survivor, contact_merge_absorbed.
-- name: MergesForget :execrows
WITH RECURSIVE taken AS (
  SELECT @guest_id::uuid AS id
  UNION
  SELECT m.absorbed_id FROM taken t JOIN contact_merge m ON m.tenant_id = @tenant_id AND m.survivor_id = t.id
)
UPDATE contact_merge f SET snapshot = NULL
WHERE f.tenant_id = @tenant_id AND f.snapshot IS NOT NULL
  AND (f.survivor_id = ANY(ARRAY(SELECT id FROM taken)) OR f.absorbed_id = ANY(ARRAY(SELECT id FROM taken)));

-- AliasesOf lists by what guests are known. Index: contact_alias_contact.
-- name: AliasesOf :many
SELECT kind, value, contact_id, origin_id FROM contact_alias WHERE tenant_id = @tenant_id AND contact_id = ANY(@contact_ids::uuid[])
ORDER BY kind, value FOR UPDATE;

-- AliasesGive gives aliases to guests, and notes whose they were.
-- name: AliasesGive :exec
UPDATE contact_alias a SET contact_id = u.contact_id, origin_id = nullif(u.origin_id, '00000000-0000-0000-0000-000000000000')
FROM (SELECT unnest(@kinds::text[]) AS kind, unnest(@aliases::text[]) AS value, unnest(@contact_ids::uuid[]) AS contact_id,
  unnest(@origin_ids::uuid[]) AS origin_id) u
WHERE a.tenant_id = @tenant_id AND a.kind = u.kind AND a.value = u.value;

-- ConversationsLockOf locks all conversations of guests, in the order of their ids as
-- everybody does. Index: conversation_by_contact.
-- name: ConversationsLockOf :many
SELECT id FROM conversation WHERE tenant_id = @tenant_id AND contact_id = ANY(@contact_ids::uuid[]) ORDER BY id FOR UPDATE;

-- ConversationsGive gives conversations that were locked before to another guest.
-- name: ConversationsGive :exec
UPDATE conversation SET contact_id = @contact_id, revision = revision + 1 WHERE tenant_id = @tenant_id AND id = ANY(@ids::uuid[]);

-- MessagesFollow gives messages to the guest of their conversation. Index: message_timeline.
-- name: MessagesFollow :exec
UPDATE message SET contact_id = @contact_id
WHERE tenant_id = @tenant_id AND conversation_id = ANY(@conversation_ids::uuid[]) AND contact_id <> @contact_id;

-- MessagesMove puts messages into another conversation.
-- name: MessagesMove :exec
UPDATE message SET conversation_id = @conversation_id, contact_id = @contact_id WHERE tenant_id = @tenant_id AND id = ANY(@ids::uuid[]);

-- MessagesSince is what was said in conversations since a moment, and by whose alias it
-- came. Index: message_timeline.
-- name: MessagesSince :many
SELECT sqlc.embed(m), o.origin_id FROM message m
LEFT JOIN message_origin o ON o.tenant_id = m.tenant_id AND o.message_id = m.id
WHERE m.tenant_id = @tenant_id AND m.conversation_id = ANY(@conversation_ids::uuid[])
  AND (m.created_at > @since OR o.origin_id IS NOT NULL)
ORDER BY m.created_at, m.id;

-- MessagesShown is the newest message of each conversation that lists show. Index:
-- message_timeline.
-- name: MessagesShown :many
SELECT m.* FROM unnest(@conversation_ids::uuid[]) AS c (id)
CROSS JOIN LATERAL (SELECT n.* FROM message n WHERE n.tenant_id = @tenant_id AND n.conversation_id = c.id AND n.kind <> 'REACTION'
  ORDER BY n.timestamp DESC, n.id DESC LIMIT 1) m;

-- MessagesHeard is when guests last wrote in conversations. Index: message_timeline.
-- name: MessagesHeard :many
SELECT c.id::uuid AS conversation_id, m.timestamp FROM unnest(@conversation_ids::uuid[]) AS c (id)
CROSS JOIN LATERAL (SELECT n.timestamp FROM message n WHERE n.tenant_id = @tenant_id AND n.conversation_id = c.id
  AND n.direction = 'INBOUND' AND n.kind <> 'REACTION' ORDER BY n.timestamp DESC, n.id DESC LIMIT 1) m;

-- OriginsNote notes by whose aliases messages came.
-- name: OriginsNote :exec
INSERT INTO message_origin (tenant_id, message_id, origin_id, noted_at)
SELECT @tenant_id, unnest(@message_ids::uuid[]), unnest(@origin_ids::uuid[]), @noted_at;

-- EscalationsMove lets what is open in a conversation be open in another. Index:
-- escalation_conversation.
-- name: EscalationsMove :many
UPDATE escalation SET conversation_id = @to_id
WHERE tenant_id = @tenant_id AND conversation_id = @from_id AND state IN ('PENDING', 'IN_PROGRESS') RETURNING *;

-- EscalationsMoveBack returns those of them that are still there.
-- name: EscalationsMoveBack :many
UPDATE escalation SET conversation_id = @to_id
WHERE tenant_id = @tenant_id AND conversation_id = @from_id AND id = ANY(@ids::uuid[]) RETURNING *;

-- SystemMergesForget makes merges final: what was kept for undoing them is forgotten, and
-- so is whose aliases were, unless a younger merge of the guest still needs it. Index:
-- contact_merge_open, contact_alias_contact.
-- name: SystemMergesForget :execrows
WITH old AS (
  UPDATE contact_merge SET snapshot = NULL WHERE merged_at < @before AND snapshot IS NOT NULL RETURNING tenant_id, survivor_id
)
UPDATE contact_alias a SET origin_id = NULL FROM old o
WHERE a.tenant_id = o.tenant_id AND a.contact_id = o.survivor_id AND a.origin_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM contact_merge m WHERE m.tenant_id = o.tenant_id AND m.survivor_id = o.survivor_id
    AND m.merged_at >= @before AND m.undone_at IS NULL);

-- SystemOriginsPurge. Index: message_origin_age.
-- name: SystemOriginsPurge :execrows
DELETE FROM message_origin WHERE noted_at < @before;
