-- MessagesKnown tells which of a batch are stored already: what Meta repeats; and to which
-- something was done before they came. Indexes: message_once, primary key of message_change.
-- name: MessagesKnown :many
SELECT w.number_id::uuid AS number_id, w.wamid::text AS wamid, k.known::boolean AS known, k.changed::boolean AS changed
FROM (SELECT unnest(@number_ids::uuid[]) AS number_id, unnest(@wamids::text[]) AS wamid) w
CROSS JOIN LATERAL (SELECT
  EXISTS (SELECT FROM message m WHERE m.tenant_id = @tenant_id AND m.number_id = w.number_id AND m.wamid = w.wamid) AS known,
  EXISTS (SELECT FROM message_change c WHERE c.tenant_id = @tenant_id AND c.number_id = w.number_id AND c.target = w.wamid) AS changed) k
WHERE k.known OR k.changed;

-- name: MessagesInsert :exec
INSERT INTO message (tenant_id, id, conversation_id, contact_id, number_id, wamid, client_id, direction, sender, kind, content,
  metadata, status, sent_by, timestamp, created_at)
SELECT @tenant_id, unnest(@ids::uuid[]), unnest(@conversation_ids::uuid[]), unnest(@contact_ids::uuid[]), unnest(@number_ids::uuid[]),
  nullif(unnest(@wamids::text[]), ''), nullif(unnest(@client_ids::text[]), ''), unnest(@directions::text[]), unnest(@senders::text[]),
  unnest(@kinds::text[]), unnest(@contents::text[]), unnest(@metadatas::jsonb[]), unnest(@statuses::text[]),
  nullif(unnest(@sent_bys::uuid[]), '00000000-0000-0000-0000-000000000000'),
  unnest(@timestamps::timestamptz[]), @now;

-- MessagesOfStatuses locks the messages that a batch of statuses is about, found by
-- Meta's id or, before that is known, by ours. What was erased does not get Meta's id
-- back, which holds the guest's number. Indexes: message_once, primary keys.
-- name: MessagesOfStatuses :many
SELECT m.* FROM message m
WHERE m.tenant_id = @tenant_id
  AND (m.wamid = ANY(@wamids::text[]) AND m.number_id = ANY(@number_ids::uuid[]) OR m.id = ANY(@ids::uuid[])
    AND NOT EXISTS (SELECT FROM contact g WHERE g.tenant_id = m.tenant_id AND g.id = m.contact_id AND g.erased_at IS NOT NULL))
ORDER BY m.id FOR UPDATE;

-- name: MessagesSaveStatus :exec
UPDATE message m SET status = u.status, wamid = nullif(u.wamid, ''), failure = u.failure, progress = u.progress
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@statuses::text[]) AS status, unnest(@wamids::text[]) AS wamid,
  unnest(@failures::jsonb[]) AS failure, unnest(@progresses::jsonb[]) AS progress) u
WHERE m.tenant_id = @tenant_id AND m.id = ANY(@ids::uuid[]) AND m.id = u.id;

-- name: MessageForUpdate :one
SELECT * FROM message WHERE tenant_id = @tenant_id AND id = @id FOR UPDATE;

-- name: MessageGet :one
SELECT * FROM message WHERE tenant_id = @tenant_id AND id = @id;

-- name: MessageByClientID :one
SELECT * FROM message WHERE tenant_id = @tenant_id AND client_id = @client_id;

-- name: MessageByWAMID :one
SELECT * FROM message WHERE tenant_id = @tenant_id AND wamid = @wamid ORDER BY id DESC LIMIT 1;

-- MessageLatestInbound returns what the guest wrote last. Index: message_timeline.
-- name: MessageLatestInbound :one
SELECT * FROM message WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND direction = 'INBOUND' AND wamid IS NOT NULL
ORDER BY timestamp DESC, id DESC LIMIT 1;

-- MessageReceived returns the message that Meta knows by an id. Index: message_once.
-- name: MessageReceived :one
SELECT * FROM message WHERE tenant_id = @tenant_id AND number_id = @number_id AND wamid = @wamid;

-- MessageBeginAttempt notes that Meta is about to be called.
-- name: MessageBeginAttempt :exec
UPDATE message SET attempt_at = @attempt_at, attempts = attempts + 1 WHERE tenant_id = @tenant_id AND id = @id;

-- MessageCancelAttempt notes that Meta surely did not take the message: such an attempt is
-- none of those whose end nobody knows.
-- name: MessageCancelAttempt :exec
UPDATE message SET attempt_at = NULL, attempts = attempts - 1 WHERE tenant_id = @tenant_id AND id = @id;

-- MessageResend makes a failed message one that was never sent.
-- name: MessageResend :one
UPDATE message SET status = 'PENDING', failure = NULL, wamid = NULL, progress = NULL, attempt_at = NULL, attempts = 0, resends = resends + 1
WHERE tenant_id = @tenant_id AND id = @id AND status = 'FAILED' RETURNING *;

-- MessagesBefore returns a conversation's messages before a point of its timeline, newest
-- first. Index: message_timeline.
-- name: MessagesBefore :many
SELECT * FROM message WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND (timestamp, id) < (@before_time, @before_id::uuid)
ORDER BY timestamp DESC, id DESC LIMIT @page_size;

-- MessagesAfter returns those after a point, oldest first. Index: message_timeline.
-- name: MessagesAfter :many
SELECT * FROM message WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND (timestamp, id) > (@after_time, @after_id::uuid)
ORDER BY timestamp, id LIMIT @page_size;

-- MessagePage returns a later page of a conversation's messages, newest first: only what
-- is shown is fetched, what is skipped is counted off in message_timeline.
-- name: MessagePage :many
SELECT m.* FROM (SELECT p.id, p.timestamp FROM message p WHERE p.tenant_id = @tenant_id AND p.conversation_id = @conversation_id
  ORDER BY p.timestamp DESC, p.id DESC LIMIT @page_size OFFSET @skip) page
JOIN message m ON m.tenant_id = @tenant_id AND m.id = page.id
ORDER BY page.timestamp DESC, page.id DESC;

-- name: MessageCount :one
SELECT count(*) FROM message WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id;

-- MessagesMarkRead is what an attendant does by opening a conversation. Index: message_unread.
-- name: MessagesMarkRead :many
UPDATE message SET status = 'READ'
WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND direction = 'INBOUND' AND status <> 'READ'
RETURNING id;

-- name: ParkedStatusesInsert :exec
INSERT INTO parked_status (tenant_id, number_id, wamid, status, failure, at, pricing)
SELECT @tenant_id, unnest(@number_ids::uuid[]), unnest(@wamids::text[]), unnest(@statuses::text[]), unnest(@failures::jsonb[]),
  nullif(unnest(@ats::timestamptz[]), 'epoch'), unnest(@pricings::jsonb[])
ON CONFLICT DO NOTHING;

-- name: ParkedStatusesTake :many
DELETE FROM parked_status WHERE tenant_id = @tenant_id AND number_id = @number_id AND wamid = @wamid RETURNING status, failure, at, pricing;

-- name: SystemParkedStatusesPurge :execrows
DELETE FROM parked_status WHERE parked_at < @before;

-- MessagesWithGuests loads messages together with the guests of their conversations: what
-- a search shows.
-- name: MessagesWithGuests :many
SELECT sqlc.embed(m), sqlc.embed(g) FROM message m
JOIN conversation c ON c.tenant_id = m.tenant_id AND c.id = m.conversation_id
JOIN contact g ON g.tenant_id = c.tenant_id AND g.id = c.contact_id
WHERE m.tenant_id = @tenant_id AND m.id = ANY(@ids::uuid[]);

-- MessagesWithCards loads messages together with their conversations: what a
-- hand-over needs, for a whole claim at once.
-- name: MessagesWithCards :many
SELECT sqlc.embed(m), sqlc.embed(c) FROM message m
JOIN conversation_card c ON c.tenant_id = m.tenant_id AND c.id = m.conversation_id
WHERE m.tenant_id = @tenant_id AND m.id = ANY(@ids::uuid[]);

-- MessagesOfAMinute counts what guest and bot said in a conversation before a moment. Index:
-- message_timeline.
-- name: MessagesOfAMinute :one
SELECT count(*) FILTER (WHERE direction = 'INBOUND') AS heard, count(*) FILTER (WHERE direction = 'OUTBOUND' AND sender = 'BOT') AS answered
FROM (SELECT direction, sender FROM message
  WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND timestamp > @after AND timestamp <= @until
  ORDER BY timestamp DESC LIMIT @most) recent;

-- TalkCount counts what a guest, or a bot, said in a conversation since a moment, files and reactions of the bot left out.
-- Index: message_timeline.
-- name: TalkCount :one
SELECT count(*) FROM (SELECT FROM message WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND timestamp > @after
  AND direction = @direction AND (direction = 'INBOUND'
    OR sender = 'BOT' AND kind NOT IN ('IMAGE', 'VIDEO', 'AUDIO', 'DOCUMENT', 'STICKER', 'REACTION', 'NOTICE'))
  LIMIT @most) said;

-- MessageMarkRead is what an attendant does with one message.
-- name: MessageMarkRead :execrows
UPDATE message SET status = 'READ' WHERE tenant_id = @tenant_id AND id = @id AND direction = 'INBOUND' AND status <> 'READ';

-- MessageTally counts a conversation's messages by direction and status. Index:
-- message_timeline.
-- name: MessageTally :many
SELECT direction, status, count(*) AS messages FROM message
WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id GROUP BY direction, status;

-- MessageLatestHeard returns what a guest said last that somebody is to answer. Index:
-- message_timeline.
-- name: MessageLatestHeard :one
SELECT * FROM message WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND direction = 'INBOUND' AND wamid IS NOT NULL
  AND kind NOT IN ('REACTION', 'NOTICE')
ORDER BY timestamp DESC, id DESC LIMIT 1;

-- MessagesOfCall returns what one call of a flow said after its first message, which has the
-- same time. Index: message_timeline.
-- name: MessagesOfCall :many
SELECT * FROM message WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND timestamp = @at
  AND metadata->'said'->>'first' = @first::text
ORDER BY id LIMIT 20;

-- MessageSaidLately returns the first message of the last call with the same body, unless
-- nothing came of it. Index: message_timeline.
-- name: MessageSaidLately :one
SELECT * FROM message WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND timestamp >= @since
  AND direction = 'OUTBOUND' AND sender = 'BOT' AND status <> 'FAILED' AND metadata->'said'->>'hash' = @hash::text
ORDER BY timestamp DESC, id DESC LIMIT 1;
