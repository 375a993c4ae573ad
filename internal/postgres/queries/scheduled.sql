-- What people want to say later.

-- name: ScheduledInsert :exec
INSERT INTO scheduled_message (tenant_id, id, conversation_id, content, reply_to, client_id, made_by, send_at, state, created_at)
VALUES (@tenant_id, @id, @conversation_id, @content, @reply_to, @client_id, @made_by, @send_at, 'SCHEDULED', @created_at);

-- name: ScheduledByClientID :one
SELECT * FROM scheduled_message WHERE tenant_id = @tenant_id AND client_id = @client_id;

-- name: ScheduledGet :one
SELECT * FROM scheduled_message WHERE tenant_id = @tenant_id AND id = @id;

-- name: ScheduledLock :one
SELECT * FROM scheduled_message WHERE tenant_id = @tenant_id AND id = @id FOR UPDATE;

-- ScheduledOpen counts what waits in a conversation. Index: scheduled_of_conversation.
-- name: ScheduledOpen :one
SELECT count(*) FROM scheduled_message WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND state = 'SCHEDULED';

-- ScheduledPage lists a conversation's, the latest first. Index: scheduled_of_conversation.
-- name: ScheduledPage :many
SELECT * FROM scheduled_message WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND (@state::text = '' OR state = @state)
ORDER BY send_at DESC, id DESC LIMIT @page_size OFFSET @skip;

-- name: ScheduledCount :one
SELECT count(*) FROM scheduled_message WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND (@state::text = '' OR state = @state);

-- name: ScheduledSettle :exec
UPDATE scheduled_message SET state = @state, failure = @failure, message_id = @message_id, settled_at = @now
WHERE tenant_id = @tenant_id AND id = @id AND state = 'SCHEDULED';

-- SystemScheduledDue lists what is to be said now. Index: scheduled_due.
-- name: SystemScheduledDue :many
SELECT tenant_id, id FROM scheduled_message WHERE state = 'SCHEDULED' AND send_at <= @now ORDER BY send_at LIMIT @most;
