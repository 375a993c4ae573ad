-- name: AuditInsert :exec
INSERT INTO audit_entry (tenant_id, id, actor, action, entity, entity_id, detail, before, after, ip, request_id, created_at)
VALUES (@tenant_id, @id, @actor, @action, @entity, @entity_id, @detail, @before, @after, @ip, @request_id, @created_at);

-- name: SystemPlatformAuditInsert :exec
INSERT INTO platform_audit_entry (id, actor, action, entity, entity_id, detail, before, after, ip, request_id, created_at)
VALUES (@id, @actor, @action, @entity, @entity_id, @detail, @before, @after, @ip, @request_id, @created_at);

-- AccountNames puts names to the ids in a hotel's audit log.
-- name: AccountNames :many
SELECT id, name FROM account WHERE tenant_id = @tenant_id AND id = ANY(@ids::uuid[]);

-- name: SystemAccountNames :many
SELECT id, name FROM account WHERE id = ANY(@ids::uuid[]);
