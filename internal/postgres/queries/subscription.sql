-- Who is told what happens at a hotel's desk, and what became of it.

-- SubscriptionList lists a hotel's, the oldest first: for the API, and for every
-- transaction that has something to tell (remembered for seconds). Index: primary key.
-- name: SubscriptionList :many
SELECT * FROM subscription WHERE tenant_id = @tenant_id ORDER BY id;

-- name: SubscriptionGet :one
SELECT * FROM subscription WHERE tenant_id = @tenant_id AND id = @id;

-- name: SubscriptionLock :one
SELECT * FROM subscription WHERE tenant_id = @tenant_id AND id = @id FOR UPDATE;

-- name: SubscriptionCount :one
SELECT count(*) FROM subscription WHERE tenant_id = @tenant_id;

-- name: SubscriptionInsert :exec
INSERT INTO subscription (tenant_id, id, url, events, options, description, secret, created_at, updated_at)
VALUES (@tenant_id, @id, @url, @events, @options, @description, @secret, @created_at, @created_at);

-- name: SubscriptionSave :exec
UPDATE subscription SET url = @url, events = @events, options = @options, description = @description, paused_at = @paused_at,
  paused_by_us = @paused_by_us, failing_since = @failing_since, failures = @failures, last_error = @last_error, updated_at = @updated_at
WHERE tenant_id = @tenant_id AND id = @id;

-- SubscriptionRotate sets a new secret; the one before signs too for a while.
-- name: SubscriptionRotate :exec
UPDATE subscription SET old_secret = secret, old_secret_until = @until, secret = @secret, updated_at = @now
WHERE tenant_id = @tenant_id AND id = @id;

-- name: SubscriptionDelete :execrows
DELETE FROM subscription WHERE tenant_id = @tenant_id AND id = @id;

-- SubscriptionLanesDelete takes away what was still to be told. Indexes: the beginnings of the
-- primary keys.
-- name: SubscriptionLanesDelete :exec
WITH items AS (DELETE FROM lane_item WHERE tenant_id = @tenant_id AND kind = 'tell' AND split_part(key, '/', 1) = @id::text)
DELETE FROM lane l WHERE l.tenant_id = @tenant_id AND l.kind = 'tell' AND split_part(l.key, '/', 1) = @id::text;

-- SubscriptionDeliverySave notes how a delivery ended so far. A subscription that is gone
-- has no log.
-- name: SubscriptionDeliverySave :exec
INSERT INTO subscription_delivery (tenant_id, id, subscription_id, event, ref, state, attempts, http_status, took_ms, answer, reason, created_at, updated_at)
SELECT s.tenant_id, @id, s.id, @event, @ref, @state, @attempts, @http_status, @took_ms, @answer, @reason, @created_at, @updated_at
FROM subscription s WHERE s.tenant_id = @tenant_id AND s.id = @subscription_id FOR KEY SHARE
ON CONFLICT (tenant_id, subscription_id, id) DO UPDATE SET state = excluded.state, attempts = subscription_delivery.attempts + excluded.attempts,
  http_status = excluded.http_status, took_ms = excluded.took_ms, answer = excluded.answer, reason = excluded.reason, updated_at = excluded.updated_at;

-- SubscriptionDeliveries lists a subscription's, the newest first. Index: primary key.
-- name: SubscriptionDeliveries :many
SELECT * FROM subscription_delivery WHERE tenant_id = @tenant_id AND subscription_id = @subscription_id
ORDER BY id DESC LIMIT @page_size OFFSET @skip;

-- name: SubscriptionDeliveryCount :one
SELECT count(*) FROM subscription_delivery WHERE tenant_id = @tenant_id AND subscription_id = @subscription_id;

-- name: SubscriptionDeliveryGet :one
SELECT * FROM subscription_delivery WHERE tenant_id = @tenant_id AND subscription_id = @subscription_id AND id = @id;

-- SystemDeliveriesOldDelete forgets what is older than a time. Index: subscription_delivery_age.
-- name: SystemDeliveriesOldDelete :execrows
DELETE FROM subscription_delivery WHERE created_at < @before;

-- SystemDeliveriesManyDelete keeps the newest of each subscription: its primary key finds
-- the oldest that stays.
-- name: SystemDeliveriesManyDelete :execrows
DELETE FROM subscription_delivery d USING subscription s
WHERE d.tenant_id = s.tenant_id AND d.subscription_id = s.id AND d.id < (
  SELECT k.id FROM subscription_delivery k WHERE k.tenant_id = s.tenant_id AND k.subscription_id = s.id
  ORDER BY k.id DESC LIMIT 1 OFFSET @kept);
