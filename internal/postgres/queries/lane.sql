-- LaneEnqueue puts items behind what their lanes already hold.
-- name: LaneItemsInsert :exec
INSERT INTO lane_item (tenant_id, kind, key, number_id, payload)
SELECT @tenant_id, @kind, unnest(@keys::text[]), nullif(unnest(@number_ids::uuid[]), '00000000-0000-0000-0000-000000000000'),
  unnest(@payloads::bytea[]);

-- LanesDeepen counts the new items. Keys come distinct and sorted: two writers
-- lock lanes in the same order.
-- name: LanesDeepen :exec
INSERT INTO lane (tenant_id, kind, key, depth)
SELECT @tenant_id, @kind, unnest(@keys::text[]), unnest(@depths::integer[])
ON CONFLICT (tenant_id, kind, key) DO UPDATE SET depth = lane.depth + excluded.depth;

-- name: SystemLaneItemsInsert :exec
INSERT INTO lane_item (tenant_id, kind, key, number_id, payload)
SELECT unnest(@tenant_ids::uuid[]), @kind, unnest(@keys::text[]),
  nullif(unnest(@number_ids::uuid[]), '00000000-0000-0000-0000-000000000000'), unnest(@payloads::bytea[]);

-- name: SystemLanesDeepen :exec
INSERT INTO lane (tenant_id, kind, key, depth)
SELECT unnest(@tenant_ids::uuid[]), @kind, unnest(@keys::text[]), unnest(@depths::integer[])
ON CONFLICT (tenant_id, kind, key) DO UPDATE SET depth = lane.depth + excluded.depth;

-- LanesClaim leases the lanes of a tenant that have waited longest, and returns
-- their first items in order. Index: lane_ready.
-- name: LanesClaim :many
WITH leased AS (
  UPDATE lane l SET lease = @lease, ready_at = clock_timestamp() + make_interval(secs => @lease_seconds::float8)
  WHERE l.tenant_id = @tenant_id AND l.kind = @kind AND l.key = ANY (ARRAY(
    SELECT p.key FROM lane p
    WHERE p.kind = @kind AND p.tenant_id = @tenant_id AND p.depth > 0 AND p.ready_at <= statement_timestamp()
    ORDER BY p.ready_at LIMIT @max_lanes FOR UPDATE SKIP LOCKED))
  RETURNING l.key, l.attempts
)
SELECT d.key, d.attempts, i.id, i.number_id, i.payload, i.created_at
FROM lane_items_now(@tenant_id, @kind, (SELECT array_agg(key) FROM leased), @max_items) i
JOIN leased d ON d.key = i.key
ORDER BY d.key, i.id;

-- name: LaneItemsDelete :exec
DELETE FROM lane_item WHERE tenant_id = @tenant_id AND kind = @kind AND key = ANY(@keys::text[]) AND id = ANY(@ids::bigint[]);

-- LanesRelease ends leases: what was done is subtracted, what remains is ready at
-- once or after a delay. It touches only lanes that are still leased to the caller,
-- and tells of each whether something is left that is ready now.
-- name: LanesRelease :many
UPDATE lane l SET depth = l.depth - u.done, lease = NULL,
  ready_at = clock_timestamp() + make_interval(secs => u.delay_seconds), attempts = u.attempts
FROM (SELECT unnest(@keys::text[]) AS key, unnest(@dones::integer[]) AS done, unnest(@delays::float8[]) AS delay_seconds,
  unnest(@attempts::integer[]) AS attempts) u
WHERE l.tenant_id = @tenant_id AND l.kind = @kind AND l.key = ANY(@keys::text[]) AND l.key = u.key AND l.lease = @lease
RETURNING (l.depth > 0 AND u.delay_seconds <= 0)::boolean AS ready;

-- LanesUnclaim ends the leases of a claim whose answer got lost. Index: primary key.
-- name: LanesUnclaim :execrows
UPDATE lane SET lease = NULL, ready_at = clock_timestamp() WHERE tenant_id = @tenant_id AND kind = @kind AND lease = @lease;

-- LaneWake makes a lane that waits for a retry ready now.
-- name: LaneWake :execrows
UPDATE lane SET ready_at = clock_timestamp()
WHERE tenant_id = @tenant_id AND kind = @kind AND key = @key AND lease IS NULL AND depth > 0;

-- LaneWakeFull makes a lane ready now that waits for more and has enough, unless it waits because it failed.
-- name: LaneWakeFull :execrows
UPDATE lane SET ready_at = clock_timestamp()
WHERE tenant_id = @tenant_id AND kind = @kind AND key = @key AND lease IS NULL AND depth >= @enough AND attempts = 0;

-- LanesWakeAll makes all waiting lanes ready: whatever was down is up again.
-- name: LanesWakeAll :execrows
UPDATE lane SET ready_at = clock_timestamp()
WHERE tenant_id = @tenant_id AND kind = @kind AND lease IS NULL AND depth > 0 AND ready_at > clock_timestamp();

-- SystemLaneTenants lists the tenants that have ready work, by skipping from one
-- tenant to the next in lane_ready.
-- name: SystemLaneTenants :many
SELECT t.id FROM tenant t WHERE EXISTS (
  SELECT FROM lane l WHERE l.kind = @kind AND l.tenant_id = t.id AND l.depth > 0 AND l.ready_at <= clock_timestamp());

-- SystemLanesFree ends all leases: only for the one instance that has just started.
-- name: SystemLanesFree :execrows
UPDATE lane SET lease = NULL, ready_at = clock_timestamp() WHERE lease IS NOT NULL;

-- SystemLaneOwners lists who holds leases: their first eight digits name the process.
-- Index: lane_ready, whole; it is short unless there is a backlog, and this is rare.
-- name: SystemLaneOwners :many
SELECT DISTINCT left(lease::text, 8)::text AS owner FROM lane WHERE depth > 0 AND lease IS NOT NULL;

-- SystemLanesFreeOf ends the leases of processes that are gone. Index: lane_ready, whole.
-- name: SystemLanesFreeOf :execrows
UPDATE lane SET lease = NULL, ready_at = clock_timestamp()
WHERE depth > 0 AND lease IS NOT NULL AND left(lease::text, 8) = ANY(@owners::text[]);

-- SystemLanesPurge forgets lanes that have been empty for a while.
-- name: SystemLanesPurge :execrows
DELETE FROM lane WHERE depth = 0 AND lease IS NULL AND ready_at < @before;

-- name: DeadLetterInsert :exec
INSERT INTO dead_letter (tenant_id, id, kind, key, number_id, payload, code, reason)
VALUES (@tenant_id, @id, @kind, @key, @number_id, @payload, @code, @reason);

-- name: DeadLetterList :many
SELECT * FROM dead_letter WHERE tenant_id = @tenant_id AND kind = @kind ORDER BY id LIMIT @max_letters;

-- name: DeadLetterTake :one
DELETE FROM dead_letter WHERE tenant_id = @tenant_id AND id = @id RETURNING *;

-- DeadLetterPage lists what was given up, newest first. Indexes: primary key, or
-- dead_letter_of_kind.
-- name: DeadLetterPage :many
SELECT * FROM dead_letter WHERE tenant_id = @tenant_id AND (@kind::text = '' OR kind = @kind)
ORDER BY id DESC LIMIT @page_size OFFSET @skip;

-- name: DeadLetterCount :one
SELECT count(*) FROM (SELECT FROM dead_letter WHERE tenant_id = @tenant_id AND (@kind::text = '' OR kind = @kind) LIMIT @most) counted;

-- DeadLettersTake takes the oldest. Index: dead_letter_of_kind.
-- name: DeadLettersTake :many
DELETE FROM dead_letter l WHERE l.tenant_id = @tenant_id AND l.id = ANY(ARRAY(
  SELECT o.id FROM dead_letter o WHERE o.tenant_id = @tenant_id AND (@kind::text = '' OR o.kind = @kind) ORDER BY o.id LIMIT @most))
RETURNING *;
