-- MediaInsert stores a file, unless the hotel has one with the same bytes.
-- name: MediaInsert :execrows
INSERT INTO media (tenant_id, id, name, key, kind, mime_type, size, sha256, filename, uploaded_by, created_at,
  thumb_key, thumb_size, width, height, duration_ms, waveform)
VALUES (@tenant_id, @id, @name, @key, @kind, @mime_type, @size, @sha256, @filename, @uploaded_by, @created_at,
  @thumb_key, @thumb_size, @width, @height, @duration_ms, @waveform)
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

-- MediaByID finds the file of a thumbnail's address. Index: primary key.
-- name: MediaByID :one
SELECT * FROM media WHERE tenant_id = @tenant_id AND id = @id;

-- MediaByIDs finds the files that somebody wants to send. Index: primary key.
-- name: MediaByIDs :many
SELECT * FROM media WHERE tenant_id = @tenant_id AND id = ANY(@ids::uuid[]);

-- MediaUploadGet finds under which id Meta keeps a file. Index: primary key.
-- name: MediaUploadGet :one
SELECT meta_id FROM media_upload
WHERE tenant_id = @tenant_id AND media_id = @media_id AND number_id = @number_id AND uploaded_at > @after;

-- name: MediaUploadSave :exec
INSERT INTO media_upload (tenant_id, media_id, number_id, meta_id, uploaded_at) VALUES (@tenant_id, @media_id, @number_id, @meta_id, @now)
ON CONFLICT (tenant_id, media_id, number_id) DO UPDATE SET meta_id = excluded.meta_id, uploaded_at = excluded.uploaded_at;

-- MediaUploadForget forgets ids that Meta does not know any more. Index: primary key.
-- name: MediaUploadForget :exec
DELETE FROM media_upload WHERE tenant_id = @tenant_id AND number_id = @number_id AND media_id = ANY(@media_ids::uuid[]);

-- MediaExpected notes files whose bytes are about to be stored: without a row by then they are
-- left over. Index: primary key.
-- name: MediaExpected :exec
INSERT INTO media_leftover (tenant_id, key, left_at) SELECT @tenant_id, unnest(@keys::text[]), @until ON CONFLICT DO NOTHING;

-- MediaArrived notes that files have their row. Index: primary key.
-- name: MediaArrived :exec
DELETE FROM media_leftover WHERE tenant_id = @tenant_id AND key = ANY(@keys::text[]);

-- MediaOfMessages locks the files that guests sent with messages: nobody else can come to show
-- one in the meantime. Indexes: primary keys.
-- name: MediaOfMessages :many
SELECT f.id FROM media f WHERE f.tenant_id = @tenant_id AND f.uploaded_by IS NULL
  AND f.id IN (SELECT s.media_id FROM message_media s WHERE s.tenant_id = @tenant_id AND s.message_id = ANY(@message_ids::uuid[]))
ORDER BY f.id FOR UPDATE;

-- name: MessageMediaDelete :exec
DELETE FROM message_media WHERE tenant_id = @tenant_id AND message_id = ANY(@message_ids::uuid[]);

-- MediaUnshown removes those of some files that no message shows. Index: message_media_media.
-- name: MediaUnshown :many
DELETE FROM media f WHERE f.tenant_id = @tenant_id AND f.id = ANY(@ids::uuid[])
  AND NOT EXISTS (SELECT FROM message_media s WHERE s.tenant_id = @tenant_id AND s.media_id = f.id)
RETURNING f.key, f.thumb_key;
