-- name: SystemTenantInsert :exec
INSERT INTO tenant (id, slug, name, email, status, plan, units, time_zone, bot_url, bot_secret, verify_token, app_secret, legacy_key)
VALUES (@id, @slug, @name, @email, @status, @plan, @units, @time_zone, @bot_url, @bot_secret, @verify_token, @app_secret, @legacy_key);

-- SystemTenantSave writes everything that can be set from outside.
-- name: SystemTenantSave :execrows
UPDATE tenant SET name = @name, email = @email, status = @status, units = @units, time_zone = @time_zone,
  bot_url = @bot_url, bot_paused = @bot_paused, forward_while_locked = @forward_while_locked, legacy_key = @legacy_key,
  verify_token = @verify_token, app_secret = @app_secret, updated_at = now()
WHERE id = @id;

-- name: SystemTenantList :many
SELECT * FROM tenant ORDER BY slug;

-- name: SystemTenantBySlug :one
SELECT * FROM tenant WHERE slug = @slug;

-- name: SystemTenantByID :one
SELECT * FROM tenant WHERE id = @id;

-- name: SystemNumberInsert :exec
INSERT INTO whatsapp_number (tenant_id, id, phone_number_id, waba_id, display, access_token)
VALUES (@tenant_id, @id, @phone_number_id, @waba_id, @display, @access_token);

-- SystemNumberSave changes what Meta's console may change.
-- name: SystemNumberSave :execrows
UPDATE whatsapp_number SET waba_id = @waba_id, display = @display, access_token = @access_token
WHERE tenant_id = @tenant_id AND id = @id;

-- SystemNumberByPhoneNumberID says whose a webhook delivery is: before the
-- signature is checked, so it must not depend on a tenant.
-- name: SystemNumberByPhoneNumberID :one
SELECT sqlc.embed(n), sqlc.embed(t) FROM whatsapp_number n JOIN tenant t ON t.id = n.tenant_id
WHERE n.phone_number_id = @phone_number_id;

-- name: NumberList :many
SELECT * FROM whatsapp_number WHERE tenant_id = @tenant_id ORDER BY created_at, id;
