-- FlowHealth is read when settings are shown, and when a process meets a hotel's flow for the
-- first time. Index: primary key.
-- name: FlowHealth :one
SELECT * FROM flow_health WHERE tenant_id = @tenant_id;

-- FlowHealthBegin makes the row that FlowHealthLock finds.
-- name: FlowHealthBegin :exec
INSERT INTO flow_health (tenant_id) VALUES (@tenant_id) ON CONFLICT DO NOTHING;

-- name: FlowHealthLock :one
SELECT * FROM flow_health WHERE tenant_id = @tenant_id FOR UPDATE;

-- name: FlowHealthSave :exec
UPDATE flow_health SET ill_since = @ill_since, tries = @tries, tried_at = @tried_at, told = @told,
  last_ack_at = @last_ack_at, problem_code = @problem_code, problem = @problem, problem_at = @problem_at
WHERE tenant_id = @tenant_id;

-- FlowCountAdd adds what one process has counted.
-- name: FlowCountAdd :exec
INSERT INTO flow_count (tenant_id, slot, acks, failures, unknowns)
VALUES (@tenant_id, @slot, @acks::integer[], @failures, @unknowns)
ON CONFLICT (tenant_id, slot) DO UPDATE SET
  acks = ARRAY(SELECT coalesce(flow_count.acks[n], 0) + coalesce(excluded.acks[n], 0)
    FROM generate_series(1, greatest(cardinality(flow_count.acks), cardinality(excluded.acks))) AS n ORDER BY n),
  failures = flow_count.failures + excluded.failures, unknowns = flow_count.unknowns + excluded.unknowns;

-- FlowCounts is read when settings are shown. Index: primary key.
-- name: FlowCounts :many
SELECT acks, failures, unknowns FROM flow_count WHERE tenant_id = @tenant_id AND slot > @after::timestamptz;

-- FlowWaiting counts what waits to be handed over, and says for how long the first of it has.
-- Indexes: primary keys of lane and lane_item.
-- name: FlowWaiting :one
SELECT coalesce(sum(depth), 0)::bigint AS waiting,
  (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(i.created_at)), 0) FROM lane_item i
    WHERE i.tenant_id = @tenant_id AND i.kind = 'handoff')::float8 AS seconds
FROM lane l WHERE l.tenant_id = @tenant_id AND l.kind = 'handoff' AND l.depth > 0;

-- FlowNextLane names the lane with which a flow that is ill is tried next: of those that were
-- tried least often, the one that waits longest. Indexes: primary keys of lane and lane_item.
-- name: FlowNextLane :one
SELECT l.key FROM lane l JOIN lane_item i ON i.tenant_id = l.tenant_id AND i.kind = l.kind AND i.key = l.key
WHERE l.tenant_id = @tenant_id AND l.kind = 'handoff' AND l.depth > 0 AND l.lease IS NULL
ORDER BY l.attempts, i.id LIMIT 1;

-- LaneDue says when a lane that waits is ready.
-- name: LaneDue :execrows
UPDATE lane SET ready_at = clock_timestamp() + make_interval(secs => @delay_seconds::float8)
WHERE tenant_id = @tenant_id AND kind = @kind AND key = @key AND lease IS NULL AND depth > 0;

-- name: SystemFlowCountsPurge :execrows
DELETE FROM flow_count WHERE slot < @before;

-- SystemUnheard lists guests whose words wait for their hotel's flow for as long as the hotel allows, or were put aside
-- because it did not take them, and to whom nobody has said anything since. Indexes: lane_ready, the primary keys of
-- lane_item and conversation, dead_letter_of_kind.
-- name: SystemUnheard :many
SELECT c.tenant_id, c.id FROM tenant t
JOIN lane l ON l.tenant_id = t.id AND l.kind = 'handoff' AND l.depth > 0
JOIN conversation c ON c.tenant_id = t.id AND c.id = CASE WHEN length(l.key) = 36 THEN l.key::uuid END
WHERE t.bot_no_reply_minutes > 0 AND NOT t.bot_paused AND t.bot_url <> ''
  AND NOT c.locked AND c.state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING') AND c.last_message ->> 'direction' = 'INBOUND'
  AND (SELECT i.created_at FROM lane_item i WHERE i.tenant_id = l.tenant_id AND i.kind = l.kind AND i.key = l.key ORDER BY i.id LIMIT 1)
    + make_interval(mins => t.bot_no_reply_minutes) <= clock_timestamp()
UNION
SELECT c.tenant_id, c.id FROM tenant t
JOIN dead_letter d ON d.tenant_id = t.id AND d.kind = 'handoff'
JOIN conversation c ON c.tenant_id = t.id AND c.id = CASE WHEN length(d.key) = 36 THEN d.key::uuid END
WHERE t.bot_no_reply_minutes > 0 AND NOT t.bot_paused AND t.bot_url <> ''
  AND d.failed_at > clock_timestamp() - interval '24 hours' AND d.failed_at + make_interval(mins => t.bot_no_reply_minutes) <= clock_timestamp()
  AND NOT c.locked AND c.state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING') AND c.last_message ->> 'direction' = 'INBOUND'
  AND position(convert_to(c.last_message ->> 'id', 'UTF8') IN d.payload) > 0
LIMIT @most;
