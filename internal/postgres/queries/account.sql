-- name: SystemAccountInsert :exec
INSERT INTO account (id, tenant_id, email, password_hash, name, role, unit)
VALUES (@id, sqlc.narg(tenant_id), @email, @password_hash, @name, @role, @unit);

-- name: SystemAccountByEmail :one
SELECT * FROM account WHERE lower(email) = lower(@email);

-- name: SystemAccountByID :one
SELECT * FROM account WHERE id = @id;

-- name: SystemAccountLoggedIn :exec
UPDATE account SET last_login = @last_login WHERE id = @id;

-- AccountActive finds a colleague to whom a conversation may be given.
-- name: AccountActive :one
SELECT id, tenant_id, email, name, role, status, unit, avatar_url, created_at, updated_at, last_login
FROM account WHERE tenant_id = @tenant_id AND id = @id AND status = 'ACTIVE';

-- name: SystemSessionInsert :exec
INSERT INTO session (id, account_id, expires_at) VALUES (@id, @account_id, @expires_at);

-- name: SystemRefreshTokenInsert :exec
INSERT INTO refresh_token (hash, session_id, parent_hash, issued_at) VALUES (@hash, @session_id, @parent_hash, @issued_at);

-- SystemRefreshTokenForUpdate locks the log-in, so that a token is used once.
-- name: SystemRefreshTokenForUpdate :one
SELECT r.used_at, r.replaced_at, s.id AS session_id, s.account_id, s.expires_at, s.revoked_at,
  EXISTS (SELECT FROM refresh_token c WHERE c.parent_hash = r.hash AND c.used_at IS NOT NULL) AS child_used
FROM refresh_token r JOIN session s ON s.id = r.session_id
WHERE r.hash = @hash FOR UPDATE OF s;

-- name: SystemRefreshTokenUse :exec
UPDATE refresh_token SET used_at = @used_at WHERE hash = @hash AND used_at IS NULL;

-- name: SystemRefreshTokenReplaceChildren :exec
UPDATE refresh_token SET replaced_at = @replaced_at WHERE parent_hash = @parent_hash AND replaced_at IS NULL;

-- name: SystemSessionRevoke :exec
UPDATE session SET revoked_at = @revoked_at WHERE id = @id AND revoked_at IS NULL;

-- name: SystemSessionIsLive :one
SELECT EXISTS (SELECT FROM session WHERE id = @id AND revoked_at IS NULL AND expires_at > @now::timestamptz);

-- name: SystemSessionsPurge :execrows
DELETE FROM session WHERE expires_at < @before;

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
