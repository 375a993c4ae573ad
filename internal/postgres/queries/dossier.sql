-- What is kept of one guest, for exports. A guest has few conversations; messages are
-- read by MessagesAfter, page by page.

-- ContactAliases lists the ways to recognise a guest. Index: contact_alias_contact.
-- name: ContactAliases :many
SELECT kind, value FROM contact_alias WHERE tenant_id = @tenant_id AND contact_id = @contact_id ORDER BY kind, value;

-- ContactCards lists a guest's conversations, oldest first. Index: conversation_by_contact.
-- name: ContactCards :many
SELECT * FROM conversation_card WHERE tenant_id = @tenant_id AND contact_id = @contact_id ORDER BY created_at, id;

-- ContactEscalations. Indexes: conversation_by_contact, escalation_conversation.
-- name: ContactEscalations :many
SELECT e.* FROM conversation c
JOIN escalation e ON e.tenant_id = c.tenant_id AND e.conversation_id = c.id
WHERE c.tenant_id = @tenant_id AND c.contact_id = @contact_id
ORDER BY e.created_at, e.id;

-- ContactMedia lists the files that messages of a guest's conversations show, each once.
-- Indexes: conversation_by_contact, message_timeline, primary keys.
-- name: ContactMedia :many
SELECT f.* FROM media f
WHERE f.tenant_id = @tenant_id AND f.id IN (
  SELECT s.media_id FROM conversation c
  JOIN message m ON m.tenant_id = c.tenant_id AND m.conversation_id = c.id
  JOIN message_media s ON s.tenant_id = m.tenant_id AND s.message_id = m.id
  WHERE c.tenant_id = @tenant_id AND c.contact_id = @contact_id)
ORDER BY f.created_at, f.id;

-- AuditAbout lists what was done with things that are named, oldest first. Index:
-- audit_entry_about.
-- name: AuditAbout :many
SELECT * FROM audit_entry WHERE tenant_id = @tenant_id AND entity_id = ANY(@entity_ids::text[]) ORDER BY created_at, id;

-- ContactMerges lists what is kept for undoing merges of a guest, and of those whom the
-- guest took in. Indexes: contact_merge_survivor, contact_merge_absorbed.
-- name: ContactMerges :many
WITH RECURSIVE taken AS (
  SELECT @contact_id::uuid AS id
  UNION
  SELECT m.absorbed_id FROM taken t JOIN contact_merge m ON m.tenant_id = @tenant_id AND m.survivor_id = t.id
)
SELECT f.id, f.merged_at, f.snapshot FROM contact_merge f
WHERE f.tenant_id = @tenant_id AND f.snapshot IS NOT NULL
  AND (f.survivor_id = ANY(ARRAY(SELECT id FROM taken)) OR f.absorbed_id = ANY(ARRAY(SELECT id FROM taken)))
ORDER BY f.merged_at, f.id;
