-- What waits, over all hotels, for those who watch the platform. Every few seconds at most.

-- SystemLaneBacklog counts what waits by kind. Index: lane_ready, whole; it is short unless there is a backlog.
-- name: SystemLaneBacklog :many
SELECT kind, count(*) AS lanes, sum(depth)::bigint AS items,
  coalesce(extract(epoch FROM clock_timestamp() - min(ready_at) FILTER (WHERE ready_at <= clock_timestamp())), 0)::float8 AS oldest_seconds
FROM lane WHERE depth > 0 GROUP BY kind;

-- SystemHotelBacklog lists the hotels that have most waiting. Index: lane_ready, whole.
-- name: SystemHotelBacklog :many
SELECT t.slug, sum(l.depth)::bigint AS items FROM lane l JOIN tenant t ON t.id = l.tenant_id
WHERE l.depth > 0 GROUP BY t.slug ORDER BY items DESC, t.slug LIMIT @most;

-- name: SystemDeadLetterCounts :many
SELECT kind, count(*) AS letters FROM dead_letter GROUP BY kind;

-- name: SystemPausedNumbers :one
SELECT count(*) FROM whatsapp_number WHERE paused_since IS NOT NULL;
