-- MediaInsert stores a file, unless the hotel has one with the same bytes.
-- name: MediaInsert :execrows
INSERT INTO media (tenant_id, id, name, key, kind, mime_type, size, sha256, filename, uploaded_by, created_at)
VALUES (@tenant_id, @id, @name, @key, @kind, @mime_type, @size, @sha256, @filename, @uploaded_by, @created_at)
ON CONFLICT (tenant_id, sha256) DO NOTHING;

-- MediaBySHA256 finds the file with these bytes. Index: media_tenant_id_sha256_key.
-- name: MediaBySHA256 :one
SELECT * FROM media WHERE tenant_id = @tenant_id AND sha256 = @sha256;

-- MediaByName finds the file of an address. Index: media_tenant_id_name_key.
-- name: MediaByName :one
SELECT * FROM media WHERE tenant_id = @tenant_id AND name = @name;

-- MessageMediaInsert says that a message shows a file.
-- name: MessageMediaInsert :exec
INSERT INTO message_media (tenant_id, message_id, media_id) VALUES (@tenant_id, @message_id, @media_id)
ON CONFLICT DO NOTHING;
