-- name: SystemAccountInsert :exec
INSERT INTO account (id, tenant_id, email, password_hash, name, role, unit)
VALUES (@id, sqlc.narg(tenant_id), @email, @password_hash, @name, @role, @unit);

-- name: SystemAccountByEmail :one
SELECT * FROM account WHERE lower(email) = lower(@email);

-- name: SystemAccountByID :one
SELECT * FROM account WHERE id = @id;

-- name: SystemAccountLoggedIn :exec
UPDATE account SET last_login = @last_login WHERE id = @id;

-- SystemAccountSaveProfile changes what everybody may change about themselves.
-- name: SystemAccountSaveProfile :one
UPDATE account SET name = @name, avatar_url = @avatar_url, updated_at = @updated_at WHERE id = @id RETURNING *;

-- SystemAccountSetPassword ends all log-ins with the old password: they have an older
-- epoch.
-- name: SystemAccountSetPassword :one
UPDATE account SET password_hash = @password_hash, updated_at = @updated_at, session_epoch = session_epoch + 1
WHERE id = @id RETURNING session_epoch;

-- SystemDoNotWait lets the transaction commit without waiting for the disk.
-- name: SystemDoNotWait :exec
SELECT set_config('synchronous_commit', 'off', true);

-- SystemAPIKeysOfSlug serves the check of a flow's key, before the tenant is trusted.
-- name: SystemAPIKeysOfSlug :many
SELECT k.hash FROM api_key k JOIN tenant t ON t.id = k.tenant_id
WHERE t.slug = @slug AND (k.expires_at IS NULL OR k.expires_at > @now::timestamptz);

-- name: APIKeyInsert :exec
INSERT INTO api_key (tenant_id, id, hash) VALUES (@tenant_id, @id, @hash);

-- APIKeysExpire ends all keys of a tenant at a time, or before it: the overlap of a
-- rotation.
-- name: APIKeysExpire :exec
UPDATE api_key SET expires_at = @expires_at WHERE tenant_id = @tenant_id AND (expires_at IS NULL OR expires_at > @expires_at);
