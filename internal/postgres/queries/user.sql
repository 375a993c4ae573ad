-- AccountActive finds a colleague to whom a conversation may be given, and keeps them
-- from being suspended or removed until it is done.
-- name: AccountActive :one
SELECT id, tenant_id, email, name, role, status, unit, avatar_url, created_at, updated_at, last_login
FROM account WHERE tenant_id = @tenant_id AND id = @id AND status = 'ACTIVE' FOR KEY SHARE;

-- UserForUpdate finds somebody, active or not, to change them.
-- name: UserForUpdate :one
SELECT id, tenant_id, email, name, role, status, unit, avatar_url, created_at, updated_at, last_login
FROM account WHERE tenant_id = @tenant_id AND id = @id AND deleted_at IS NULL FOR UPDATE;

-- SystemTeamLock lets one after the other change a hotel's team. It runs under
-- row-level security like the rest here; the name only says that the tenant's own row
-- has no tenant_id.
-- name: SystemTeamLock :one
SELECT * FROM tenant WHERE id = @id FOR NO KEY UPDATE;

-- TeamCount counts the active people of a hotel, and those of them who manage it, both
-- without one; by account_recent.
-- name: TeamCount :one
SELECT count(*) AS active, count(*) FILTER (WHERE role = 'TENANT_ADMIN') AS managers
FROM account WHERE tenant_id = @tenant_id AND deleted_at IS NULL AND status = 'ACTIVE' AND (id <> @without) IS NOT FALSE;

-- name: UserHasEmail :one
SELECT EXISTS (SELECT FROM account WHERE tenant_id = @tenant_id AND lower(email) = lower(@email) AND (id <> @without) IS NOT FALSE);

-- name: UserInsert :exec
INSERT INTO account (tenant_id, id, email, password_hash, name, role, status, unit, avatar_url, created_at, updated_at)
VALUES (@tenant_id, @id, @email, @password_hash, @name, @role, @status, @unit, @avatar_url, @created_at, @created_at);

-- name: UserSave :exec
UPDATE account SET email = @email, name = @name, role = @role, status = @status, unit = @unit, avatar_url = @avatar_url, updated_at = @updated_at
WHERE tenant_id = @tenant_id AND id = @id;

-- name: UserSetPassword :exec
UPDATE account SET password_hash = @password_hash WHERE tenant_id = @tenant_id AND id = @id;

-- UserEndSessions ends all log-ins: they have an older epoch.
-- name: UserEndSessions :exec
UPDATE account SET session_epoch = session_epoch + 1 WHERE tenant_id = @tenant_id AND id = @id;

-- UserRemove frees the e-mail and leaves the name on what the person wrote.
-- name: UserRemove :exec
UPDATE account SET deleted_at = @deleted_at, updated_at = @deleted_at, status = 'INACTIVE', password_hash = '', avatar_url = '',
  email = id::text || '@deleted.invalid', session_epoch = session_epoch + 1
WHERE tenant_id = @tenant_id AND id = @id;

-- UserActiveConversations counts what somebody is answering, by conversation_by_assignee.
-- name: UserActiveConversations :one
SELECT count(*) FROM conversation WHERE tenant_id = @tenant_id AND assigned_to = @assigned_to
  AND state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING');
