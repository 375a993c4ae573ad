-- Reminders that Meta's 24-hour window closes soon on a guest who waits for an answer. A guest
-- waits when the last message is theirs: then its time is also that of the conversation, by
-- which an index knows it.

-- WindowReminders notes that people are reminded of what is due at a tenant, and returns of
-- which conversations nobody reminded them before. Index: conversation_live.
-- name: WindowReminders :many
INSERT INTO window_reminder AS r (tenant_id, conversation_id, inbound_at)
SELECT c.tenant_id, c.id, c.last_inbound_at FROM conversation c
WHERE c.tenant_id = @tenant_id AND c.last_message_at >= @after AND c.last_message_at < @before
  AND c.state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING') AND c.last_inbound_at = c.last_message_at
  AND c.last_message ->> 'direction' = 'INBOUND'
  AND NOT EXISTS (SELECT 1 FROM window_reminder o
    WHERE o.tenant_id = c.tenant_id AND o.conversation_id = c.id AND o.inbound_at >= c.last_inbound_at)
ORDER BY c.last_message_at, c.id LIMIT @most
ON CONFLICT (tenant_id, conversation_id) DO UPDATE SET inbound_at = excluded.inbound_at WHERE r.inbound_at < excluded.inbound_at
RETURNING conversation_id;

-- SystemWindowsClosing finds tenants that have somebody to remind of. Index: conversation_live,
-- for each tenant.
-- name: SystemWindowsClosing :many
SELECT t.id, t.window_reminder_minutes FROM tenant t
WHERE t.window_reminder_minutes > 0 AND EXISTS (
  SELECT 1 FROM conversation c
  WHERE c.tenant_id = t.id AND c.last_message_at >= sqlc.arg(after)::timestamptz
    AND c.last_message_at < sqlc.arg(after)::timestamptz + t.window_reminder_minutes * interval '1 minute'
    AND c.state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING') AND c.last_inbound_at = c.last_message_at
    AND c.last_message ->> 'direction' = 'INBOUND'
    AND NOT EXISTS (SELECT 1 FROM window_reminder r
      WHERE r.tenant_id = c.tenant_id AND r.conversation_id = c.id AND r.inbound_at >= c.last_inbound_at));
