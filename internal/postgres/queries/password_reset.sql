-- SystemPasswordResetInsert stores a letter's token unless the account got enough letters
-- lately.
-- name: SystemPasswordResetInsert :execrows
INSERT INTO password_reset (hash, account_id, created_at, expires_at)
SELECT @hash, @account_id, @created_at, @expires_at
WHERE (SELECT count(*) FROM password_reset r WHERE r.account_id = @account_id AND r.created_at > @since::timestamptz) < @most::bigint;

-- name: SystemPasswordResetAccount :one
SELECT a.* FROM password_reset r JOIN account a ON a.id = r.account_id
WHERE r.hash = @hash AND r.used_at IS NULL AND r.expires_at > @now::timestamptz AND a.status = 'ACTIVE';

-- SystemPasswordResetUse takes a token once.
-- name: SystemPasswordResetUse :one
UPDATE password_reset r SET used_at = @used_at FROM account a
WHERE r.hash = @hash AND r.used_at IS NULL AND r.expires_at > @used_at AND a.id = r.account_id AND a.status = 'ACTIVE'
RETURNING a.id, a.tenant_id;

-- SystemPasswordResetsEnd makes the other letters of an account worthless.
-- name: SystemPasswordResetsEnd :exec
UPDATE password_reset SET used_at = @used_at WHERE account_id = @account_id AND used_at IS NULL;

-- name: SystemPasswordResetsPurge :execrows
DELETE FROM password_reset WHERE expires_at < @before;
