-- name: SystemSecondFactor :one
SELECT f.*, (SELECT count(*) FROM recovery_code c WHERE c.account_id = f.account_id AND c.used_at IS NULL) AS codes_left
FROM second_factor f WHERE f.account_id = @account_id;

-- SystemSecondFactorBegin begins one anew until it is confirmed.
-- name: SystemSecondFactorBegin :execrows
INSERT INTO second_factor (account_id, secret, created_at) VALUES (@account_id, @secret, @created_at)
ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at, last_step = 0
WHERE second_factor.confirmed_at IS NULL;

-- SystemSecondFactorConfirm wants the secret with which the code was compared.
-- name: SystemSecondFactorConfirm :execrows
UPDATE second_factor SET confirmed_at = @confirmed_at, last_step = @last_step
WHERE account_id = @account_id AND secret = @secret AND confirmed_at IS NULL;

-- SystemSecondFactorStep takes a code once: its step in time must be newer than the last.
-- name: SystemSecondFactorStep :execrows
UPDATE second_factor SET last_step = @step WHERE account_id = @account_id AND confirmed_at IS NOT NULL AND last_step < @step;

-- name: SystemSecondFactorDelete :execrows
DELETE FROM second_factor WHERE account_id = @account_id AND confirmed_at IS NOT NULL;

-- name: SystemRecoveryCodeInsert :exec
INSERT INTO recovery_code (account_id, hash) SELECT @account_id, unnest(@hashes::bytea[]);

-- name: SystemRecoveryCodeUse :execrows
UPDATE recovery_code SET used_at = @used_at WHERE account_id = @account_id AND hash = @hash AND used_at IS NULL;

-- name: SystemRecoveryCodesDelete :exec
DELETE FROM recovery_code WHERE account_id = @account_id;

-- SystemSecondFactorsPurge and SystemRecoveryCodesPurge drop those of deleted accounts.
-- name: SystemSecondFactorsPurge :execrows
DELETE FROM second_factor f USING account a WHERE a.id = f.account_id AND a.deleted_at IS NOT NULL;

-- name: SystemRecoveryCodesPurge :execrows
DELETE FROM recovery_code c USING account a WHERE a.id = c.account_id AND a.deleted_at IS NOT NULL;
