-- TagList lists a hotel's tags by name, with how many conversations have each. Indexes:
-- tag_tenant_id_name_key, conversation_tag_tag.
-- name: TagList :many
SELECT t.id, t.name, t.color, t.created_at,
  (SELECT count(*) FROM conversation_tag ct WHERE ct.tenant_id = t.tenant_id AND ct.tag_id = t.id) AS conversations
FROM tag t WHERE t.tenant_id = @tenant_id AND strpos(fold(t.name), fold(@search)) > 0 ORDER BY t.name;

-- name: TagGet :one
SELECT t.id, t.name, t.color, t.created_at,
  (SELECT count(*) FROM conversation_tag ct WHERE ct.tenant_id = t.tenant_id AND ct.tag_id = t.id) AS conversations
FROM tag t WHERE t.tenant_id = @tenant_id AND t.id = @id;

-- TagInsert stores nothing when the hotel has its fill.
-- name: TagInsert :execrows
INSERT INTO tag (tenant_id, id, name, color, created_at)
SELECT @tenant_id, @id, @name, @color, @created_at
WHERE (SELECT count(*) FROM tag t WHERE t.tenant_id = @tenant_id) < @most::integer;

-- name: TagForUpdate :one
SELECT id, name, color FROM tag WHERE tenant_id = @tenant_id AND id = @id FOR UPDATE;

-- name: TagSave :exec
UPDATE tag SET name = @name, color = @color WHERE tenant_id = @tenant_id AND id = @id;

-- TagDelete takes the tag off its conversations, too.
-- name: TagDelete :exec
DELETE FROM tag WHERE tenant_id = @tenant_id AND id = @id;

-- TagAttach does nothing for a tag that is not there, or there already.
-- name: TagAttach :exec
INSERT INTO conversation_tag (tenant_id, conversation_id, tag_id) VALUES (@tenant_id, @conversation_id, @tag_id) ON CONFLICT DO NOTHING;

-- name: TagDetach :exec
DELETE FROM conversation_tag WHERE tenant_id = @tenant_id AND conversation_id = @conversation_id AND tag_id = @tag_id;
