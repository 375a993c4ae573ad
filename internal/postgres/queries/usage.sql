-- name: UsageMonthGet :one
SELECT * FROM usage_month WHERE tenant_id = @tenant_id AND period = @period;

-- UsageMonthForUpdate lets one counting of a month follow the other.
-- name: UsageMonthForUpdate :one
SELECT * FROM usage_month WHERE tenant_id = @tenant_id AND period = @period FOR UPDATE;

-- name: UsageMonthBegin :exec
INSERT INTO usage_month (tenant_id, id, period, counted_to, created_at, updated_at)
VALUES (@tenant_id, @id, @period, @counted_to, @now, @now) ON CONFLICT (tenant_id, period) DO NOTHING;

-- UsageCount counts what was made from one moment to another. Identifiers sort by when
-- they were made, so the primary keys serve it.
-- name: UsageCount :one
SELECT count(*) AS messages, count(*) FILTER (WHERE m.direction = 'OUTBOUND' AND m.kind <> 'NOTICE') AS sent,
  (SELECT count(*) FROM conversation c WHERE c.tenant_id = @tenant_id AND c.id >= @from_conversation AND c.id < @to_conversation) AS conversations
FROM message m WHERE m.tenant_id = @tenant_id AND m.id >= @from_message AND m.id < @to_message;

-- UsageActiveUsers counts who logged in in a month; a hotel has few users.
-- name: UsageActiveUsers :one
SELECT count(*) FROM account WHERE tenant_id = @tenant_id AND last_login >= @period_begins::timestamptz AND last_login < @period_ends::timestamptz;

-- name: UsageUsers :one
SELECT count(*) FROM account WHERE tenant_id = @tenant_id AND status = 'ACTIVE' AND deleted_at IS NULL;

-- name: UsageMonthSave :exec
UPDATE usage_month SET messages = @messages, sent = @sent, conversations = @conversations, active_users = @active_users,
  counted_to = @counted_to, updated_at = @now
WHERE tenant_id = @tenant_id AND period = @period;

-- UsageMonthWarned notes that the tenant was warned; only the first time counts.
-- name: UsageMonthWarned :execrows
UPDATE usage_month SET warned_at = @now::timestamptz WHERE tenant_id = @tenant_id AND period = @period AND warned_at IS NULL;

-- name: UsageMonthList :many
SELECT * FROM usage_month WHERE tenant_id = @tenant_id AND period >= @from_period AND period <= @to_period
ORDER BY period DESC LIMIT @max_rows OFFSET @skip;

-- name: UsageMonthTotal :one
SELECT count(*) FROM usage_month WHERE tenant_id = @tenant_id AND period >= @from_period AND period <= @to_period;
