-- QuickReplyList lists a hotel's stored texts in their order. Index: quick_reply_in_order.
-- name: QuickReplyList :many
SELECT q.*, coalesce(a.name, '') AS author_name FROM quick_reply q
LEFT JOIN account a ON a.tenant_id = q.tenant_id AND a.id = q.created_by
WHERE q.tenant_id = @tenant_id
  AND (@category::text = '' OR q.category = @category)
  AND (sqlc.narg(is_active)::boolean IS NULL OR q.is_active = sqlc.narg(is_active))
  AND (@search::text = '' OR strpos(fold(q.title || ' ' || q.shortcut || ' ' || q.content), fold(@search)) > 0)
ORDER BY q.category = '', q.category, q.position, q.title, q.id;

-- name: QuickReplyGet :one
SELECT q.*, coalesce(a.name, '') AS author_name FROM quick_reply q
LEFT JOIN account a ON a.tenant_id = q.tenant_id AND a.id = q.created_by
WHERE q.tenant_id = @tenant_id AND q.id = @id;

-- name: QuickReplyForUpdate :one
SELECT q.*, coalesce(a.name, '') AS author_name FROM quick_reply q
LEFT JOIN account a ON a.tenant_id = q.tenant_id AND a.id = q.created_by
WHERE q.tenant_id = @tenant_id AND q.id = @id FOR UPDATE OF q;

-- QuickReplyInsert stores nothing when the hotel has its fill.
-- name: QuickReplyInsert :execrows
INSERT INTO quick_reply (tenant_id, id, title, shortcut, content, category, position, is_active, created_by, created_at, updated_at)
SELECT @tenant_id, @id, @title, @shortcut, @content, @category, @position, @is_active, @created_by, @created_at, @created_at
WHERE (SELECT count(*) FROM quick_reply q WHERE q.tenant_id = @tenant_id) < @most::integer;

-- name: QuickReplySave :exec
UPDATE quick_reply SET title = @title, shortcut = @shortcut, content = @content, category = @category, position = @position,
  is_active = @is_active, updated_at = @updated_at
WHERE tenant_id = @tenant_id AND id = @id;

-- name: QuickReplyDelete :exec
DELETE FROM quick_reply WHERE tenant_id = @tenant_id AND id = @id;
