-- SystemDeliveriesInsert stores raw webhook calls; a call without tenant carries
-- the zero id.
-- name: SystemDeliveriesInsert :exec
INSERT INTO webhook_delivery (tenant_id, id, phone_number_id, fate, body)
SELECT nullif(unnest(@tenant_ids::uuid[]), '00000000-0000-0000-0000-000000000000'), unnest(@ids::uuid[]),
  unnest(@phone_number_ids::text[]), unnest(@fates::text[]), unnest(@bodies::bytea[]);

-- SystemDeliveriesUnclaimed returns what arrived for a number before a tenant
-- claimed it, oldest first: signed by the platform's app, or by the tenant's own.
-- name: SystemDeliveriesUnclaimed :many
SELECT id, body FROM webhook_delivery WHERE phone_number_id = @phone_number_id AND fate = 'UNCLAIMED' AND (tenant_id IS NULL OR tenant_id = @tenant_id::uuid)
ORDER BY id LIMIT @max_deliveries;

-- name: SystemDeliveriesClaim :exec
UPDATE webhook_delivery SET tenant_id = @tenant_id, fate = 'QUEUED', queued_at = now()
WHERE phone_number_id = @phone_number_id AND fate = 'UNCLAIMED' AND id = ANY(@ids::uuid[]);

-- SystemDeliveryFates counts what was kept without being processed.
-- name: SystemDeliveryFates :many
SELECT fate, count(*) FROM webhook_delivery WHERE received_at > @since GROUP BY fate;

-- name: SystemDeliveryPartition :exec
SELECT make_delivery_partition(@day::date);

-- SystemNumbersWithUnclaimed lists connected numbers for which something waits:
-- left behind when a process died between storing and claiming. Index:
-- webhook_delivery_unclaimed.
-- name: SystemNumbersWithUnclaimed :many
SELECT * FROM whatsapp_number n WHERE EXISTS (
  SELECT FROM webhook_delivery d
  WHERE d.phone_number_id = n.phone_number_id AND d.fate = 'UNCLAIMED' AND (d.tenant_id IS NULL OR d.tenant_id = n.tenant_id));

-- DeliveryRequeue is what replaying a delivery leaves of it. Index: webhook_delivery_newest.
-- name: DeliveryRequeue :exec
UPDATE webhook_delivery SET fate = 'QUEUED', queued_at = now() WHERE tenant_id = @tenant_id AND received_at = @received_at AND id = @id;

-- name: DeliveryDelete :exec
DELETE FROM webhook_delivery WHERE tenant_id = @tenant_id AND received_at = @received_at AND id = @id;

-- name: SystemDeliveryDelete :exec
DELETE FROM webhook_delivery WHERE tenant_id IS NULL AND received_at = @received_at AND id = @id;

-- InboxFates tells of items, named by lane and payload, whether one waits in its lane
-- and why one was given up. Indexes: primary key of lane_item, dead_letter_of_kind.
-- name: InboxFates :many
SELECT w.n::bigint AS n,
  EXISTS (SELECT FROM lane_item i
    WHERE i.tenant_id = @tenant_id AND i.kind = @kind::text AND i.key = w.key AND sha256(i.payload) = w.hash)::boolean AS waits,
  l.reason, l.failed_at
FROM (SELECT unnest(@keys::text[]) AS key, unnest(@hashes::bytea[]) AS hash, generate_subscripts(@keys::text[], 1) AS n) w
LEFT JOIN dead_letter l ON l.tenant_id = @tenant_id AND l.kind = @kind::text AND l.key = w.key AND sha256(l.payload) = w.hash;

-- MessagesStoredAt tells when the messages of a delivery were stored. Index: message_once.
-- name: MessagesStoredAt :many
SELECT w.number_id::uuid AS number_id, w.wamid::text AS wamid, m.created_at
FROM (SELECT unnest(@number_ids::uuid[]) AS number_id, unnest(@wamids::text[]) AS wamid) w
CROSS JOIN LATERAL (SELECT m.created_at FROM message m
  WHERE m.tenant_id = @tenant_id AND m.number_id = w.number_id AND m.wamid = w.wamid LIMIT 1) m;
