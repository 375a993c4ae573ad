-- name: EscalationInsert :exec
INSERT INTO escalation (tenant_id, id, conversation_id, reason, reason_detail, unit, ai_context, state, created_at)
VALUES (@tenant_id, @id, @conversation_id, @reason, @reason_detail, @unit, @ai_context, @state, @created_at);

-- PendingEscalation is the newest one that waits. Index: escalation_conversation.
-- name: PendingEscalation :one
SELECT * FROM escalation WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND state = 'PENDING'
ORDER BY created_at DESC LIMIT 1;

-- name: EscalationGet :one
SELECT * FROM escalation WHERE tenant_id = @tenant_id AND id = @id;

-- EscalationsGet loads a page. Index: primary key.
-- name: EscalationsGet :many
SELECT * FROM escalation WHERE tenant_id = @tenant_id AND id = ANY(@ids::uuid[]) ORDER BY created_at DESC, id DESC;

-- name: EscalationForUpdate :one
SELECT * FROM escalation WHERE tenant_id = @tenant_id AND id = @id FOR UPDATE;

-- name: EscalationSave :exec
UPDATE escalation SET state = @state, attended_by = @attended_by, attended_at = @attended_at, resolved_at = @resolved_at, notes = @notes
WHERE tenant_id = @tenant_id AND id = @id;

-- EscalationsAttend: somebody looks after a conversation, so nothing in it waits any
-- more. Index: escalation_conversation.
-- name: EscalationsAttend :many
UPDATE escalation SET state = 'IN_PROGRESS', attended_by = @attended_by, attended_at = @attended_at
WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND state = 'PENDING' RETURNING *;

-- EscalationsResolve: a conversation ended or went back to the bot, and with it what it
-- was escalated for. Index: escalation_conversation.
-- name: EscalationsResolve :many
UPDATE escalation SET state = 'RESOLVED', resolved_at = @resolved_at,
  attended_by = coalesce(attended_by, @attended_by), attended_at = coalesce(attended_at, @resolved_at)
WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND state IN ('PENDING', 'IN_PROGRESS') RETURNING *;

-- MessagesFirst is how a conversation began. Index: message_timeline, backwards.
-- name: MessagesFirst :many
SELECT * FROM message WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id ORDER BY timestamp, id LIMIT @max_messages;
