-- What the platform's operator asks about tenants.

-- name: SystemTenantPage :many
SELECT * FROM tenant t
WHERE (@status::text = '' OR t.status = @status)
  AND (@search::text = '' OR strpos(lower(t.name), lower(@search)) > 0 OR strpos(t.slug, lower(@search)) > 0 OR strpos(lower(t.email), lower(@search)) > 0)
ORDER BY t.created_at DESC, t.id DESC LIMIT @max_rows OFFSET @skip;

-- name: SystemTenantTotal :one
SELECT count(*) FROM tenant t
WHERE (@status::text = '' OR t.status = @status)
  AND (@search::text = '' OR strpos(lower(t.name), lower(@search)) > 0 OR strpos(t.slug, lower(@search)) > 0 OR strpos(lower(t.email), lower(@search)) > 0);

-- SystemTenantCounts counts what the tenants of a page have, from primary keys.
-- name: SystemTenantCounts :many
SELECT t.id,
  (SELECT count(*) FROM account a WHERE a.tenant_id = t.id AND a.deleted_at IS NULL) AS users,
  (SELECT count(*) FROM conversation c WHERE c.tenant_id = t.id) AS conversations,
  (SELECT count(*) FROM contact g WHERE g.tenant_id = t.id) AS contacts,
  EXISTS (SELECT FROM whatsapp_number n WHERE n.tenant_id = t.id AND n.access_token <> '') AS connected
FROM tenant t WHERE t.id = ANY (@ids::uuid[]);

-- name: SystemTenantMessages :one
SELECT count(*) FROM message WHERE tenant_id = @tenant_id;

-- SystemTenantStates counts conversations by state; the index by state serves it.
-- name: SystemTenantStates :many
SELECT state, count(*) AS conversations FROM conversation WHERE tenant_id = @tenant_id GROUP BY state;

-- name: SystemTenantLastMessage :one
SELECT last_message_at FROM conversation WHERE tenant_id = @tenant_id ORDER BY last_message_at DESC LIMIT 1;

-- A tenant goes in parts, so that no transaction grows with its history: first the
-- conversations with their messages, then the guests, last everything else.

-- name: SystemTenantConversationsDelete :execrows
DELETE FROM conversation c WHERE c.tenant_id = @tenant_id
  AND c.id IN (SELECT o.id FROM conversation o WHERE o.tenant_id = @tenant_id ORDER BY o.id LIMIT @max_rows);

-- name: SystemTenantContactsDelete :execrows
DELETE FROM contact g WHERE g.tenant_id = @tenant_id
  AND g.id IN (SELECT o.id FROM contact o WHERE o.tenant_id = @tenant_id ORDER BY o.id LIMIT @max_rows);

-- SystemTenantFiles lists files of a tenant, so that their bytes can go before the rows.
-- name: SystemTenantFiles :many
SELECT id, key, thumb_key FROM media WHERE tenant_id = @tenant_id ORDER BY id LIMIT @max_rows;

-- name: SystemTenantFilesDelete :exec
DELETE FROM media WHERE tenant_id = @tenant_id AND id = ANY (@ids::uuid[]);

-- name: SystemTenantDeliveriesDelete :exec
DELETE FROM webhook_delivery WHERE tenant_id = @tenant_id;

-- SystemTenantLockAway keeps everybody from giving the tenant new rows.
-- name: SystemTenantLockAway :one
SELECT id FROM tenant WHERE id = @id FOR UPDATE;

-- name: SystemTenantDelete :exec
DELETE FROM tenant WHERE id = @id;
