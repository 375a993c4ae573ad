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
UPDATE webhook_delivery SET tenant_id = @tenant_id, fate = 'QUEUED'
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
