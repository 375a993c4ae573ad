-- name: AuditInsert :exec
INSERT INTO audit_entry (tenant_id, id, actor, action, entity, entity_id, detail, before, after, ip, request_id, created_at)
VALUES (@tenant_id, @id, @actor, @action, @entity, @entity_id, @detail, @before, @after, @ip, @request_id, @created_at);

-- name: SystemPlatformAuditInsert :exec
INSERT INTO platform_audit_entry (id, actor, action, entity, entity_id, detail, before, after, ip, request_id, created_at)
VALUES (@id, @actor, @action, @entity, @entity_id, @detail, @before, @after, @ip, @request_id, @created_at);
