-- What is too old. All of it is asked by upkeep, in steps of one transaction each, after
-- SystemRetentionLock.

-- SystemRetentionLock reports false if another process is at it. 'bota' names the lock.
-- name: SystemRetentionLock :one
SELECT pg_try_advisory_xact_lock(x'626f7461'::integer);

-- name: SystemDeliveryDays :many
SELECT d.day::date AS day FROM delivery_days() AS d (day) WHERE d.day < @before::date ORDER BY d.day;

-- name: SystemDayHold :one
SELECT hold_delivery_partition(@day::date);

-- SystemDayIsUnfinished reports whether something of a day has not been processed: nobody
-- claims it, or work that was queued with it or before may still wait. Index:
-- webhook_delivery_newest, of the one partition.
-- name: SystemDayIsUnfinished :one
SELECT EXISTS (SELECT FROM webhook_delivery d
  LEFT JOIN (SELECT i.tenant_id, min(i.created_at) AS since FROM lane_item i WHERE i.kind = 'inbox' GROUP BY i.tenant_id) w ON w.tenant_id = d.tenant_id
  WHERE d.received_at >= @day AND d.received_at < @next_day
    AND (d.fate = 'UNCLAIMED' OR coalesce(d.queued_at, d.received_at) >= w.since))::boolean;

-- SystemDayCount notes what goes with a day.
-- name: SystemDayCount :execrows
INSERT INTO retention_day AS known (tenant_id, day, deliveries)
SELECT d.tenant_id, @today::date, count(*) FROM webhook_delivery d JOIN tenant t ON t.id = d.tenant_id
WHERE d.received_at >= @day AND d.received_at < @next_day GROUP BY d.tenant_id ORDER BY d.tenant_id
ON CONFLICT (tenant_id, day) DO UPDATE SET deliveries = known.deliveries + excluded.deliveries;

-- name: SystemDayDrop :one
SELECT drop_delivery_partition(@day::date);

-- SystemDeliveriesAge removes some of a hotel's oldest deliveries, but none that was not
-- processed. Index: webhook_delivery_newest.
-- name: SystemDeliveriesAge :execrows
DELETE FROM webhook_delivery d USING (SELECT o.received_at, o.id FROM webhook_delivery o
  WHERE o.tenant_id = @tenant_id AND o.received_at < @before AND o.fate <> 'UNCLAIMED'
    AND coalesce(o.queued_at, o.received_at)
      < coalesce((SELECT min(i.created_at) FROM lane_item i WHERE i.tenant_id = @tenant_id AND i.kind = 'inbox'), 'infinity')
  ORDER BY o.received_at, o.id LIMIT @most FOR UPDATE SKIP LOCKED) q
WHERE d.tenant_id = @tenant_id AND d.received_at = q.received_at AND d.id = q.id;

-- SystemDeliveriesAgeNobodys does so for those that no hotel ever had. Index:
-- webhook_delivery_newest.
-- name: SystemDeliveriesAgeNobodys :execrows
DELETE FROM webhook_delivery d USING (SELECT o.received_at, o.id FROM webhook_delivery o
  WHERE o.tenant_id IS NULL AND o.received_at < @before AND o.fate <> 'UNCLAIMED'
  ORDER BY o.received_at, o.id LIMIT @most FOR UPDATE SKIP LOCKED) q
WHERE d.tenant_id IS NULL AND d.received_at = q.received_at AND d.id = q.id;

-- SystemMediaAged locks some of a hotel's oldest files: nobody can come to show one in the
-- meantime. Those that a younger message shows, or that are somebody's picture, are not
-- old. Indexes: media_by_age, message_media_media.
-- name: SystemMediaAged :many
SELECT f.id FROM media f WHERE f.tenant_id = @tenant_id AND f.created_at < @before
  AND NOT EXISTS (SELECT FROM message_media s JOIN message m ON m.tenant_id = s.tenant_id AND m.id = s.message_id
    WHERE s.tenant_id = @tenant_id AND s.media_id = f.id AND m.timestamp >= @before)
  AND NOT EXISTS (SELECT FROM account a WHERE a.tenant_id = @tenant_id AND a.avatar_url LIKE '%/' || f.name || '%')
ORDER BY f.created_at, f.id LIMIT @most FOR UPDATE OF f SKIP LOCKED;

-- SystemMediaAge removes them, unless one was shown before it was locked.
-- name: SystemMediaAge :many
DELETE FROM media f WHERE f.tenant_id = @tenant_id AND f.id = ANY(@ids::uuid[])
  AND NOT EXISTS (SELECT FROM message_media s JOIN message m ON m.tenant_id = s.tenant_id AND m.id = s.message_id
    WHERE s.tenant_id = @tenant_id AND s.media_id = f.id AND m.timestamp >= @before)
RETURNING f.key, f.thumb_key, f.size;

-- SystemRetentionAdd notes what was removed of a hotel on a day.
-- name: SystemRetentionAdd :exec
INSERT INTO retention_day AS known (tenant_id, day, deliveries, files, bytes) VALUES (@tenant_id, @day::date, @deliveries, @files, @bytes)
ON CONFLICT (tenant_id, day) DO UPDATE SET deliveries = known.deliveries + excluded.deliveries,
  files = known.files + excluded.files, bytes = known.bytes + excluded.bytes;

-- SystemRetentionTake takes the days that are over, to be written down.
-- name: SystemRetentionTake :many
DELETE FROM retention_day r WHERE (r.tenant_id, r.day) IN (SELECT o.tenant_id, o.day FROM retention_day o WHERE o.day < @today::date LIMIT @most)
RETURNING r.*;
