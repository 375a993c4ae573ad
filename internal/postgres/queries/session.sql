-- SystemSessionInsert opens a log-in in the epoch in which the password was checked: if
-- the log-ins were ended since, it is over before it began.
-- name: SystemSessionInsert :exec
INSERT INTO session (id, account_id, epoch, created_at, used_at, expires_at, ip, device)
VALUES (@id, @account_id, @epoch, @created_at, @created_at, @expires_at, @ip, @device);

-- name: SystemRefreshTokenInsert :exec
INSERT INTO refresh_token (hash, session_id, parent_hash, issued_at) VALUES (@hash, @session_id, @parent_hash, @issued_at);

-- SystemRefreshTokenForUpdate locks the log-in, so that a token is used once.
-- name: SystemRefreshTokenForUpdate :one
SELECT r.used_at, r.replaced_at, s.id AS session_id, s.account_id, s.expires_at, s.revoked_at,
  s.epoch <> a.session_epoch AS is_over,
  EXISTS (SELECT FROM refresh_token c WHERE c.parent_hash = r.hash AND c.used_at IS NOT NULL) AS child_used
FROM refresh_token r JOIN session s ON s.id = r.session_id JOIN account a ON a.id = s.account_id
WHERE r.hash = @hash FOR UPDATE OF s;

-- name: SystemRefreshTokenUse :exec
UPDATE refresh_token SET used_at = @used_at WHERE hash = @hash AND used_at IS NULL;

-- name: SystemRefreshTokenReplaceChildren :exec
UPDATE refresh_token SET replaced_at = @replaced_at WHERE parent_hash = @parent_hash AND replaced_at IS NULL;

-- name: SystemSessionRevoke :execrows
UPDATE session SET revoked_at = @revoked_at WHERE id = @id AND account_id = @account_id AND revoked_at IS NULL;

-- SystemSessionKeep carries a log-in over into the epoch that its account has begun.
-- name: SystemSessionKeep :exec
UPDATE session SET epoch = @epoch WHERE id = @id AND account_id = @account_id AND revoked_at IS NULL;

-- name: SystemSessionUsed :exec
UPDATE session SET used_at = @used_at WHERE id = @id;

-- SystemSessionState tells whether a log-in goes on, and when it was last used.
-- name: SystemSessionState :one
SELECT s.used_at FROM session s JOIN account a ON a.id = s.account_id
WHERE s.id = @id AND s.account_id = @account_id AND s.revoked_at IS NULL AND s.expires_at > @now::timestamptz AND s.epoch = a.session_epoch;

-- SystemSessionList serves a person's list of their log-ins, by session_account.
-- name: SystemSessionList :many
SELECT s.* FROM session s JOIN account a ON a.id = s.account_id
WHERE s.account_id = @account_id AND s.revoked_at IS NULL AND s.expires_at > @now::timestamptz AND s.epoch = a.session_epoch
ORDER BY s.created_at DESC, s.id DESC LIMIT 100;

-- name: SystemSessionsPurge :execrows
DELETE FROM session WHERE expires_at < @before;

-- name: SystemTokenEnd :execrows
INSERT INTO ended_token (hash, expires_at) VALUES (@hash, @expires_at) ON CONFLICT DO NOTHING;

-- name: SystemTokenIsEnded :one
SELECT EXISTS (SELECT FROM ended_token WHERE hash = @hash);

-- name: SystemEndedTokensPurge :execrows
DELETE FROM ended_token WHERE expires_at < @before;
