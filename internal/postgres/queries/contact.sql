-- ContactsByAlias finds the guests behind a batch of messages. Index: primary key
-- of contact_alias.
-- name: ContactsByAlias :many
SELECT a.kind, a.value, sqlc.embed(g)
FROM contact_alias a
JOIN (SELECT unnest(@kinds::text[]) AS kind, unnest(@aliases::text[]) AS value) w ON w.kind = a.kind AND w.value = a.value
JOIN contact g ON g.tenant_id = a.tenant_id AND g.id = a.contact_id
WHERE a.tenant_id = @tenant_id AND a.kind = ANY(@kinds::text[]) AND a.value = ANY(@aliases::text[]);

-- name: ContactsInsert :exec
INSERT INTO contact (tenant_id, id, phone, wa_id, bsuid, username, name, created_at, updated_at)
SELECT @tenant_id, unnest(@ids::uuid[]), unnest(@phones::text[]), unnest(@wa_ids::text[]), unnest(@bsuids::text[]),
  unnest(@usernames::text[]), unnest(@names::text[]), @now, @now;

-- ContactsSave writes what a message may teach about a guest.
-- name: ContactsSave :exec
UPDATE contact g SET phone = u.phone, wa_id = u.wa_id, bsuid = u.bsuid, username = u.username, name = u.name, updated_at = @now
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@phones::text[]) AS phone, unnest(@wa_ids::text[]) AS wa_id,
  unnest(@bsuids::text[]) AS bsuid, unnest(@usernames::text[]) AS username, unnest(@names::text[]) AS name) u
WHERE g.tenant_id = @tenant_id AND g.id = ANY(@ids::uuid[]) AND g.id = u.id;

-- name: AliasesInsert :exec
INSERT INTO contact_alias (tenant_id, kind, value, contact_id)
SELECT @tenant_id, unnest(@kinds::text[]), unnest(@aliases::text[]), unnest(@contact_ids::uuid[]);
