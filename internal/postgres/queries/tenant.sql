-- name: SystemTenantInsert :exec
INSERT INTO tenant (id, slug, name, email, status, plan, units, time_zone, bot_url, bot_secret, verify_token, app_secret, legacy_key,
  max_users, max_messages, trial_ends_at, business_hours)
VALUES (@id, @slug, @name, @email, @status, @plan, @units, @time_zone, @bot_url, @bot_secret, @verify_token, @app_secret, @legacy_key,
  @max_users, @max_messages, @trial_ends_at, @business_hours);

-- SystemTenantSave writes everything that can be set from outside.
-- name: SystemTenantSave :execrows
UPDATE tenant SET name = @name, email = @email, status = @status, plan = @plan, units = @units, time_zone = @time_zone,
  bot_url = @bot_url, bot_paused = @bot_paused, forward_while_locked = @forward_while_locked, legacy_key = @legacy_key,
  verify_token = @verify_token, app_secret = @app_secret, bot_secret = @bot_secret, key_networks = @key_networks,
  max_users = @max_users, max_messages = @max_messages, trial_ends_at = @trial_ends_at, business_hours = @business_hours,
  previous_app_secret = CASE WHEN app_secret <> @app_secret AND app_secret <> '' THEN app_secret ELSE previous_app_secret END,
  app_secret_changed_at = CASE WHEN app_secret <> @app_secret THEN now() ELSE app_secret_changed_at END,
  keep_deliveries_days = @keep_deliveries_days, keep_media_days = @keep_media_days,
  window_reminder_minutes = @window_reminder_minutes, hand_back_minutes = @hand_back_minutes,
  bot_quiet_seconds = @bot_quiet_seconds, bot_history = @bot_history, bot_payload_style = @bot_payload_style,
  bot_media_wait_seconds = @bot_media_wait_seconds, bot_no_reply_minutes = @bot_no_reply_minutes,
  bot_repeat_guard = @bot_repeat_guard, bot_zapi_facade = @bot_zapi_facade,
  bot_gets_reactions = @bot_gets_reactions, bot_answers_at_once = @bot_answers_at_once,
  transcription_url = @transcription_url, transcription_key = @transcription_key, transcription_model = @transcription_model,
  transcription_language = @transcription_language,
  updated_at = now()
WHERE id = @id;

-- SystemTenantForUpdate lets one change of a tenant follow the other.
-- name: SystemTenantForUpdate :one
SELECT * FROM tenant WHERE id = @id FOR NO KEY UPDATE;

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
UPDATE whatsapp_number SET phone_number_id = @phone_number_id, waba_id = @waba_id, display = @display, access_token = @access_token
WHERE tenant_id = @tenant_id AND id = @id;

-- name: SystemNumberDelete :execrows
DELETE FROM whatsapp_number WHERE tenant_id = @tenant_id AND id = @id;

-- SystemNumberIsUsed tells whether a conversation goes on through a number.
-- name: SystemNumberIsUsed :one
SELECT EXISTS (SELECT FROM conversation WHERE tenant_id = @tenant_id AND number_id = @number_id
  AND state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING'));

-- SystemNumberLeave takes a number out of conversations that have ended.
-- name: SystemNumberLeave :exec
UPDATE conversation SET number_id = NULL WHERE tenant_id = @tenant_id AND number_id = @number_id;

-- SystemUnitIsUsed tells whether somebody works in a unit, or a conversation goes on
-- there.
-- name: SystemUnitIsUsed :one
SELECT (EXISTS (SELECT FROM account a WHERE a.tenant_id = @tenant_id AND a.unit = @unit AND a.deleted_at IS NULL)
  OR EXISTS (SELECT FROM conversation c WHERE c.tenant_id = @tenant_id AND c.unit = @unit AND c.unit <> ''
    AND c.state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING')))::boolean;

-- name: SystemUnitRenameAccounts :exec
UPDATE account SET unit = @new_name, updated_at = now() WHERE tenant_id = @tenant_id AND unit = @old_name;

-- name: SystemUnitRenameConversations :exec
UPDATE conversation SET unit = @new_name, revision = revision + 1 WHERE tenant_id = @tenant_id AND unit = @old_name AND unit <> '';

-- name: SystemUnitRenameEscalations :exec
UPDATE escalation SET unit = @new_name WHERE tenant_id = @tenant_id AND unit = @old_name;

-- SystemPatience lets the statements of one transaction take longer than others may.
-- name: SystemPatience :exec
SELECT set_config('statement_timeout', '10min', true);

-- SystemNumberByPhoneNumberID says whose a webhook delivery is: before the
-- signature is checked, so it must not depend on a tenant.
-- name: SystemNumberByPhoneNumberID :one
SELECT sqlc.embed(n), sqlc.embed(t) FROM whatsapp_number n JOIN tenant t ON t.id = n.tenant_id
WHERE n.phone_number_id = @phone_number_id;

-- NumberList lists numbers, the one first through which the hotel writes first.
-- name: NumberList :many
SELECT * FROM whatsapp_number WHERE tenant_id = @tenant_id ORDER BY is_default DESC, created_at, id;

-- APIKeyList lists the keys that work now or will stop, without what they are made of.
-- name: APIKeyList :many
SELECT id, name, created_at, expires_at FROM api_key
WHERE tenant_id = @tenant_id AND (expires_at IS NULL OR expires_at > @now::timestamptz) ORDER BY created_at DESC, id DESC;
