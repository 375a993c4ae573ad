-- MessageChangesInsert stores what was done to messages, once. Index: primary key.
-- name: MessageChangesInsert :exec
INSERT INTO message_change (tenant_id, number_id, target, id, kind, direction, at, emoji, words, applied)
SELECT @tenant_id, unnest(@number_ids::uuid[]), unnest(@targets::text[]), unnest(@ids::text[]), unnest(@kinds::text[]),
  unnest(@directions::text[]), unnest(@ats::timestamptz[]), unnest(@emojis::text[]), unnest(@words::jsonb[]), unnest(@applieds::boolean[])
ON CONFLICT DO NOTHING;

-- MessageChangesOf returns everything that was done to messages. Index: primary key.
-- name: MessageChangesOf :many
SELECT c.* FROM message_change c
JOIN (SELECT unnest(@number_ids::uuid[]) AS number_id, unnest(@targets::text[]) AS target) w ON w.number_id = c.number_id AND w.target = c.target
WHERE c.tenant_id = @tenant_id AND c.target = ANY(@targets::text[]) AND c.number_id = ANY(@number_ids::uuid[])
ORDER BY c.number_id, c.target, c.at, c.id;

-- MessageChangesApplied notes that messages show what was done to them, and forgets the
-- words of those that were taken back. Index: primary key.
-- name: MessageChangesApplied :exec
UPDATE message_change c SET applied = true, words = CASE WHEN w.forget THEN NULL ELSE c.words END
FROM (SELECT unnest(@number_ids::uuid[]) AS number_id, unnest(@targets::text[]) AS target, unnest(@forgets::boolean[]) AS forget) w
WHERE c.tenant_id = @tenant_id AND c.target = ANY(@targets::text[]) AND c.number_id = w.number_id AND c.target = w.target
  AND (NOT c.applied OR w.forget AND c.words IS NOT NULL);

-- MessagesNamed finds messages by Meta's ids. Index: message_once.
-- name: MessagesNamed :many
SELECT m.* FROM message m
WHERE m.tenant_id = @tenant_id AND m.wamid = ANY(@wamids::text[]) AND m.number_id = ANY(@number_ids::uuid[]);

-- MessagesLock locks messages of conversations that were locked before.
-- name: MessagesLock :many
SELECT * FROM message WHERE tenant_id = @tenant_id AND id = ANY(@ids::uuid[]) ORDER BY id FOR UPDATE;

-- MessagesSaveWords writes what messages say after a change.
-- name: MessagesSaveWords :exec
UPDATE message m SET kind = u.kind, content = u.content, metadata = u.metadata, status = u.status
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@kinds::text[]) AS kind, unnest(@contents::text[]) AS content,
  unnest(@metadatas::jsonb[]) AS metadata, unnest(@statuses::text[]) AS status) u
WHERE m.tenant_id = @tenant_id AND m.id = ANY(@ids::uuid[]) AND m.id = u.id;

-- SystemChangesWaiting lists changes whose message has come without noticing them: it got
-- its id while they were being stored. Index: message_change_waiting.
-- name: SystemChangesWaiting :many
SELECT c.tenant_id, c.number_id, c.target FROM message_change c
WHERE NOT c.applied AND c.created_at < @before
  AND EXISTS (SELECT FROM message m WHERE m.tenant_id = c.tenant_id AND m.number_id = c.number_id AND m.wamid = c.target)
ORDER BY c.created_at LIMIT @most;

-- SystemChangesPurge forgets changes whose message never came. Index: message_change_waiting.
-- name: SystemChangesPurge :execrows
DELETE FROM message_change WHERE NOT applied AND created_at < @before;

-- MessagesBeingSent tells in which conversations Meta is being asked to send something, and
-- has not answered yet. Index: message_timeline.
-- name: MessagesBeingSent :many
SELECT DISTINCT m.conversation_id FROM message m
WHERE m.tenant_id = @tenant_id AND m.conversation_id = ANY(@conversation_ids::uuid[]) AND m.timestamp > @after
  AND m.attempt_at > @after AND m.wamid IS NULL AND m.status IN ('PENDING', 'UNKNOWN');

-- MessagesMarkReadUntil is what answering on the hotel's phone does. Index: message_timeline.
-- name: MessagesMarkReadUntil :many
UPDATE message m SET status = 'READ'
FROM (SELECT unnest(@conversation_ids::uuid[]) AS conversation_id, unnest(@untils::timestamptz[]) AS until) w
WHERE m.tenant_id = @tenant_id AND m.conversation_id = ANY(@conversation_ids::uuid[]) AND m.conversation_id = w.conversation_id
  AND m.direction = 'INBOUND' AND m.status <> 'READ' AND m.timestamp <= w.until
RETURNING m.conversation_id;

-- ConversationPhoneReplies tells up to when somebody answered on the hotel's phone.
-- name: ConversationPhoneReplies :many
SELECT id, phone_reply_at FROM conversation
WHERE tenant_id = @tenant_id AND id = ANY(@ids::uuid[]) AND phone_reply_at IS NOT NULL;

-- name: ConversationsPhoneReplied :exec
UPDATE conversation c SET phone_reply_at = greatest(c.phone_reply_at, u.at)
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@ats::timestamptz[]) AS at) u
WHERE c.tenant_id = @tenant_id AND c.id = ANY(@ids::uuid[]) AND c.id = u.id;

-- ConversationOfHistory locks the conversation that holds what a guest said before the
-- number came to us. Index: conversation_of_history.
-- name: ConversationOfHistory :one
SELECT id FROM conversation WHERE tenant_id = @tenant_id AND contact_id = @contact_id AND source = 'history'
ORDER BY created_at, id LIMIT 1 FOR UPDATE;
