-- ConversationsLockActive locks the active conversations of guests, in the order
-- of their ids so that two batches never wait for each other in a circle.
-- name: ConversationsLockActive :many
SELECT id FROM conversation
WHERE tenant_id = @tenant_id AND contact_id = ANY(@contact_ids::uuid[])
  AND state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING')
ORDER BY id FOR UPDATE;

-- name: ConversationsLock :many
SELECT id FROM conversation WHERE tenant_id = @tenant_id AND id = ANY(@ids::uuid[]) ORDER BY id FOR UPDATE;

-- CardsGet loads conversations as lists show them.
-- name: CardsGet :many
SELECT * FROM conversation_card WHERE tenant_id = @tenant_id AND id = ANY(@ids::uuid[]);

-- LastUnits tells the unit of each guest's latest conversation, so that a new one
-- begins where the last one ended. Index: conversation_by_contact.
-- name: LastUnits :many
SELECT DISTINCT ON (contact_id) contact_id, unit FROM conversation
WHERE tenant_id = @tenant_id AND contact_id = ANY(@contact_ids::uuid[])
ORDER BY contact_id, created_at DESC;

-- name: ConversationsInsert :exec
INSERT INTO conversation (tenant_id, id, contact_id, number_id, state, priority, source, unit, locked, locked_at, locked_by,
  unread, last_message_at, last_inbound_at, last_message, created_at, ball_version, ball_since, turn)
SELECT @tenant_id, unnest(@ids::uuid[]), unnest(@contact_ids::uuid[]),
  nullif(unnest(@number_ids::uuid[]), '00000000-0000-0000-0000-000000000000'),
  unnest(@states::text[]), unnest(@priorities::text[]), unnest(@sources::text[]), unnest(@units::text[]),
  unnest(@lockeds::boolean[]), nullif(unnest(@locked_ats::timestamptz[]), 'epoch'), unnest(@locked_bys::text[]),
  unnest(@unreads::integer[]), unnest(@last_message_ats::timestamptz[]),
  nullif(unnest(@last_inbound_ats::timestamptz[]), 'epoch'), unnest(@last_messages::jsonb[]),
  unnest(@created_ats::timestamptz[]), unnest(@ball_versions::bigint[]), nullif(unnest(@ball_sinces::timestamptz[]), 'epoch'), unnest(@turns::bigint[]);

-- ConversationsSave writes everything about conversations that changes.
-- name: ConversationsSave :exec
UPDATE conversation c SET number_id = nullif(u.number_id, '00000000-0000-0000-0000-000000000000'),
  assigned_to = nullif(u.assigned_to, '00000000-0000-0000-0000-000000000000'),
  state = u.state, priority = u.priority, source = u.source, unit = u.unit,
  locked = u.locked, locked_at = nullif(u.locked_at, 'epoch'), locked_by = u.locked_by, unread = u.unread,
  last_message_at = u.last_message_at, last_inbound_at = nullif(u.last_inbound_at, 'epoch'),
  last_message = u.last_message, closed_at = nullif(u.closed_at, 'epoch'), revision = u.revision,
  is_opportunity = u.is_opportunity, opportunity_at = nullif(u.opportunity_at, 'epoch'), metadata = u.metadata,
  first_reply_at = nullif(u.first_reply_at, 'epoch'), first_human_at = nullif(u.first_human_at, 'epoch'),
  escalated_at = nullif(u.escalated_at, 'epoch'),
  ball_version = u.ball_version, ball_since = nullif(u.ball_since, 'epoch'), turn = u.turn, handback = u.handback
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@number_ids::uuid[]) AS number_id, unnest(@assigned_tos::uuid[]) AS assigned_to,
  unnest(@states::text[]) AS state, unnest(@priorities::text[]) AS priority, unnest(@sources::text[]) AS source,
  unnest(@units::text[]) AS unit, unnest(@lockeds::boolean[]) AS locked, unnest(@locked_ats::timestamptz[]) AS locked_at,
  unnest(@locked_bys::text[]) AS locked_by, unnest(@unreads::integer[]) AS unread,
  unnest(@last_message_ats::timestamptz[]) AS last_message_at, unnest(@last_inbound_ats::timestamptz[]) AS last_inbound_at,
  unnest(@last_messages::jsonb[]) AS last_message, unnest(@closed_ats::timestamptz[]) AS closed_at,
  unnest(@revisions::bigint[]) AS revision, unnest(@is_opportunities::boolean[]) AS is_opportunity,
  unnest(@opportunity_ats::timestamptz[]) AS opportunity_at, unnest(@metadatas::jsonb[]) AS metadata,
  unnest(@first_reply_ats::timestamptz[]) AS first_reply_at, unnest(@first_human_ats::timestamptz[]) AS first_human_at,
  unnest(@escalated_ats::timestamptz[]) AS escalated_at, unnest(@ball_versions::bigint[]) AS ball_version,
  unnest(@ball_sinces::timestamptz[]) AS ball_since, unnest(@turns::bigint[]) AS turn, unnest(@handbacks::jsonb[]) AS handback) u
WHERE c.tenant_id = @tenant_id AND c.id = ANY(@ids::uuid[]) AND c.id = u.id;

-- name: ConversationTagsClear :exec
DELETE FROM conversation_tag WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id;

-- name: ConversationTagsAdd :execrows
INSERT INTO conversation_tag (tenant_id, conversation_id, tag_id)
SELECT t.tenant_id, @conversation_id, t.id FROM tag t WHERE t.tenant_id = @tenant_id AND t.id = ANY(@tag_ids::uuid[]);

-- LatestConversation is a guest's newest conversation, whatever its state. Index:
-- conversation_by_contact.
-- name: LatestConversation :one
SELECT * FROM conversation_card WHERE tenant_id = @tenant_id AND contact_id = @contact_id ORDER BY created_at DESC LIMIT 1;

-- LockOfAlias answers a flow's check-ia-lock.
-- name: LockOfAlias :one
SELECT c.id, c.locked FROM contact_alias a
JOIN conversation c ON c.tenant_id = a.tenant_id AND c.contact_id = a.contact_id
WHERE a.tenant_id = @tenant_id AND a.kind = @kind AND a.value = @alias
  AND c.state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING');

-- ConversationDelete removes a conversation; messages, tags and escalations go with it
-- by their foreign keys. It tells how many those were.
-- name: ConversationDelete :one
WITH gone AS (DELETE FROM conversation c WHERE c.tenant_id = @tenant_id AND c.id = @id RETURNING c.id)
SELECT (SELECT count(*) FROM message m WHERE m.tenant_id = @tenant_id AND m.conversation_id = g.id) AS messages,
  (SELECT count(*) FROM escalation e WHERE e.tenant_id = @tenant_id AND e.conversation_id = g.id) AS escalations,
  (SELECT count(*) FROM conversation_tag t WHERE t.tenant_id = @tenant_id AND t.conversation_id = g.id) AS tags
FROM gone g;

-- ConversationLanesDelete removes the work that waits for a conversation. A worker that
-- holds such a lane finds its lease gone.
-- name: ConversationLanesDelete :exec
WITH items AS (DELETE FROM lane_item WHERE tenant_id = @tenant_id AND kind IN ('handoff', 'deliver') AND key = @key::text),
  letters AS (DELETE FROM dead_letter d WHERE d.tenant_id = @tenant_id AND d.kind IN ('handoff', 'deliver') AND d.key = @key::text)
DELETE FROM lane l WHERE l.tenant_id = @tenant_id AND l.kind IN ('handoff', 'deliver') AND l.key = @key::text;

-- SystemShelve puts together what was moved on the shelf, and tells how many sorts of
-- conversation that was.
-- name: SystemShelve :execrows
WITH moved AS (
  DELETE FROM conversation_shelf_move m USING (SELECT o.tenant_id, o.id FROM conversation_shelf_move o
    ORDER BY o.tenant_id, o.id LIMIT 10000 FOR UPDATE SKIP LOCKED) q
  WHERE m.tenant_id = q.tenant_id AND m.id = q.id
  RETURNING m.tenant_id, m.state, m.priority, m.unit, m.assigned_to, m.is_opportunity, m.conversations
)
INSERT INTO conversation_shelf AS s (tenant_id, state, priority, unit, assigned_to, is_opportunity, conversations)
SELECT tenant_id, state, priority, unit, assigned_to, is_opportunity, sum(conversations) FROM moved
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
ON CONFLICT (tenant_id, state, priority, unit, assigned_to, is_opportunity) DO UPDATE SET conversations = s.conversations + excluded.conversations;

-- SystemHandBackDue lists conversations that people hold and in which nobody has said anything for as long as their hotel
-- waits. Index: conversation_held.
-- name: SystemHandBackDue :many
SELECT c.tenant_id, c.id FROM tenant t
JOIN conversation c ON c.tenant_id = t.id
WHERE t.hand_back_minutes > 0 AND c.locked AND NOT (c.locked_by = 'system' AND c.state IN ('OPEN', 'BOT_HANDLING'))
  AND greatest(c.last_message_at, c.ball_since, c.locked_at) + make_interval(mins => t.hand_back_minutes) <= @now
ORDER BY c.last_message_at LIMIT @most;

-- TurnBegin numbers a hand-over and notes up to which item of the lane it goes, unless a person holds the conversation and
-- the flow is not to hear of that.
-- name: TurnBegin :one
UPDATE conversation SET turn = turn + 1, turn_until = @until_item
WHERE tenant_id = @tenant_id AND id = @id AND (NOT locked OR @even_locked::boolean) RETURNING turn;
