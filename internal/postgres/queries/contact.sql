-- ContactsByAlias finds the guests behind a batch of messages. Index: primary key
-- of contact_alias.
-- name: ContactsByAlias :many
SELECT a.kind, a.value, a.origin_id, a.until, sqlc.embed(g)
FROM contact_alias a
JOIN (SELECT unnest(@kinds::text[]) AS kind, unnest(@aliases::text[]) AS value) w ON w.kind = a.kind AND w.value = a.value
JOIN contact g ON g.tenant_id = a.tenant_id AND g.id = a.contact_id
WHERE a.tenant_id = @tenant_id AND a.kind = ANY(@kinds::text[]) AND a.value = ANY(@aliases::text[]);

-- name: ContactsInsert :exec
INSERT INTO contact (tenant_id, id, phone, wa_id, bsuid, username, name, name_kept, learned, created_at, updated_at)
SELECT @tenant_id, unnest(@ids::uuid[]), unnest(@phones::text[]), unnest(@wa_ids::text[]), unnest(@bsuids::text[]),
  unnest(@usernames::text[]), unnest(@names::text[]), unnest(@name_kepts::boolean[]), unnest(@learneds::jsonb[]), @now, @now;

-- ContactsSave writes what a message may teach about a guest. It was learned from the row
-- as it was a moment ago: what somebody has filled in since stays, and so does a name that
-- a person has written.
-- name: ContactsSave :exec
UPDATE contact g SET phone = coalesce(nullif(u.phone, ''), g.phone), wa_id = coalesce(nullif(u.wa_id, ''), g.wa_id),
  bsuid = coalesce(nullif(u.bsuid, ''), g.bsuid), username = coalesce(nullif(u.username, ''), g.username),
  name = CASE WHEN g.name_kept THEN g.name ELSE coalesce(nullif(u.name, ''), g.name) END,
  learned = coalesce(u.learned, g.learned), updated_at = @now
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@phones::text[]) AS phone, unnest(@wa_ids::text[]) AS wa_id,
  unnest(@bsuids::text[]) AS bsuid, unnest(@usernames::text[]) AS username, unnest(@names::text[]) AS name,
  unnest(@learneds::jsonb[]) AS learned) u
WHERE g.tenant_id = @tenant_id AND g.id = ANY(@ids::uuid[]) AND g.id = u.id AND g.erased_at IS NULL;

-- name: AliasesInsert :exec
INSERT INTO contact_alias (tenant_id, kind, value, contact_id)
SELECT @tenant_id, unnest(@kinds::text[]), unnest(@aliases::text[]), unnest(@contact_ids::uuid[]);

-- AliasesRetire notes that addresses are no longer those guests', or are again. Index:
-- primary key of contact_alias.
-- name: AliasesRetire :exec
UPDATE contact_alias a SET until = nullif(u.until, 'epoch')
FROM (SELECT unnest(@kinds::text[]) AS kind, unnest(@aliases::text[]) AS value, unnest(@untils::timestamptz[]) AS until) u
WHERE a.tenant_id = @tenant_id AND a.kind = ANY(@kinds::text[]) AND a.value = ANY(@aliases::text[]) AND a.kind = u.kind AND a.value = u.value;

-- AliasesTake gives addresses that somebody gave up to whoever has them now. One that was
-- taken by another transaction in between stays with that one.
-- name: AliasesTake :execrows
UPDATE contact_alias a SET contact_id = u.contact_id, until = NULL, origin_id = NULL
FROM (SELECT unnest(@kinds::text[]) AS kind, unnest(@aliases::text[]) AS value, unnest(@contact_ids::uuid[]) AS contact_id) u
WHERE a.tenant_id = @tenant_id AND a.kind = ANY(@kinds::text[]) AND a.value = ANY(@aliases::text[]) AND a.kind = u.kind AND a.value = u.value
  AND a.until IS NOT NULL;

-- ContactBookName gives a guest the name that the hotel's phone has, unless a person wrote
-- another here, or something newer is known.
-- name: ContactBookName :execrows
UPDATE contact SET name = @name, name_kept = true, updated_at = @now,
  learned = coalesce(learned, '{}') || jsonb_build_object('book', @seconds::bigint)
WHERE tenant_id = @tenant_id AND id = @id AND erased_at IS NULL AND (NOT name_kept OR learned ? 'book')
  AND coalesce((learned ->> 'book')::bigint, 0) < @seconds;

-- ContactsLock locks guests, in the order of their ids so that two batches never wait
-- for each other in a circle. Whoever is about to give one of them a conversation waits.
-- Guests of whom nothing is left are nobody.
-- name: ContactsLock :many
SELECT * FROM contact WHERE tenant_id = @tenant_id AND id = ANY(@ids::uuid[]) AND erased_at IS NULL ORDER BY id FOR UPDATE;

-- ContactsAdd stores guests whom people entered, with everything they wrote.
-- name: ContactsAdd :exec
INSERT INTO contact (tenant_id, id, phone, name, name_kept, first_name, last_name, company_name, designation, email, avatar_url, metadata,
  created_at, updated_at)
SELECT @tenant_id, unnest(@ids::uuid[]), unnest(@phones::text[]), unnest(@names::text[]), unnest(@name_kepts::boolean[]),
  unnest(@first_names::text[]), unnest(@last_names::text[]), unnest(@company_names::text[]), unnest(@designations::text[]),
  unnest(@emails::text[]), unnest(@avatar_urls::text[]), nullif(unnest(@metadatas::text[]), '')::jsonb, @now, @now;

-- ContactsEdit writes what people may change about guests that were locked before.
-- name: ContactsEdit :exec
UPDATE contact g SET name = u.name, name_kept = u.name_kept, first_name = u.first_name, last_name = u.last_name,
  company_name = u.company_name, designation = u.designation, email = u.email, avatar_url = u.avatar_url,
  metadata = nullif(u.metadata, '')::jsonb, updated_at = @now
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@names::text[]) AS name, unnest(@name_kepts::boolean[]) AS name_kept,
  unnest(@first_names::text[]) AS first_name, unnest(@last_names::text[]) AS last_name,
  unnest(@company_names::text[]) AS company_name, unnest(@designations::text[]) AS designation,
  unnest(@emails::text[]) AS email, unnest(@avatar_urls::text[]) AS avatar_url, unnest(@metadatas::text[]) AS metadata) u
WHERE g.tenant_id = @tenant_id AND g.id = ANY(@ids::uuid[]) AND g.id = u.id;

-- ContactRewrite writes everything about a guest that was locked before.
-- name: ContactRewrite :exec
UPDATE contact SET phone = @phone, wa_id = @wa_id, bsuid = @bsuid, username = @username, name = @name, name_kept = @name_kept,
  first_name = @first_name, last_name = @last_name, company_name = @company_name, designation = @designation, email = @email,
  avatar_url = @avatar_url, metadata = nullif(@metadata::text, '')::jsonb, updated_at = @updated_at
WHERE tenant_id = @tenant_id AND id = @id;

-- ContactRestore makes a guest again who was there before.
-- name: ContactRestore :exec
INSERT INTO contact (tenant_id, id, phone, wa_id, bsuid, username, name, name_kept, first_name, last_name, company_name, designation, email,
  avatar_url, metadata, created_at, updated_at)
VALUES (@tenant_id, @id, @phone, @wa_id, @bsuid, @username, @name, @name_kept, @first_name, @last_name, @company_name, @designation, @email,
  @avatar_url, nullif(@metadata::text, '')::jsonb, @created_at, @updated_at);

-- ContactDelete is asked after ContactsLock and ContactHasConversations.
-- name: ContactDelete :execrows
DELETE FROM contact WHERE tenant_id = @tenant_id AND id = @id;

-- ContactHasConversations. Index: conversation_by_contact.
-- name: ContactHasConversations :one
SELECT EXISTS (SELECT FROM conversation WHERE tenant_id = @tenant_id AND contact_id = @contact_id);

-- ContactIsSeen tells whether a person sees one of a guest's conversations:
-- conversation.VisibleTo in SQL. Index: conversation_by_contact.
-- name: ContactIsSeen :one
SELECT EXISTS (
  SELECT FROM conversation WHERE tenant_id = @tenant_id AND contact_id = @contact_id
    AND (@everything::boolean OR @opportunities::boolean AND is_opportunity OR unit <> '' AND unit = @unit::text
      OR assigned_to = nullif(@assigned_to::uuid, '00000000-0000-0000-0000-000000000000')));

-- ContactConversations lists the conversations of a guest that a person sees, and counts
-- them. Index: conversation_by_contact; a guest has few.
-- name: ContactConversations :many
SELECT c.id, c.state, c.is_opportunity, c.last_message_at, c.created_at, c.assigned_to, coalesce(a.name, '') AS assignee_name,
  (SELECT count(*) FROM message m WHERE m.tenant_id = c.tenant_id AND m.conversation_id = c.id) AS messages
FROM conversation c
LEFT JOIN account a ON a.tenant_id = c.tenant_id AND a.id = c.assigned_to
WHERE c.tenant_id = @tenant_id AND c.contact_id = @contact_id
  AND (@everything::boolean OR @opportunities::boolean AND c.is_opportunity OR c.unit <> '' AND c.unit = @unit::text
    OR c.assigned_to = nullif(@assigned_to::uuid, '00000000-0000-0000-0000-000000000000'))
ORDER BY c.last_message_at DESC, c.id DESC
LIMIT @most OFFSET @beyond;

-- name: ContactConversationsCount :one
SELECT count(*) FROM conversation c
WHERE c.tenant_id = @tenant_id AND c.contact_id = @contact_id
  AND (@everything::boolean OR @opportunities::boolean AND c.is_opportunity OR c.unit <> '' AND c.unit = @unit::text
    OR c.assigned_to = nullif(@assigned_to::uuid, '00000000-0000-0000-0000-000000000000'));

-- ContactTotals is what was counted within the hour, and who came since, without those of
-- whom nothing is left. Indexes: contact_recent, contact_erased, conversation_ended, conversation_one_active, conversation_by_contact.
-- name: ContactTotals :one
SELECT (t.guests + (SELECT count(*) FROM contact g WHERE g.tenant_id = @tenant_id AND g.created_at > t.at)
    - (SELECT count(*) FROM contact g WHERE g.tenant_id = @tenant_id AND g.erased_at IS NOT NULL))::bigint AS guests,
  (t.spoken + (SELECT count(DISTINCT n.contact_id) FROM (
      SELECT c.contact_id FROM conversation c
      WHERE c.tenant_id = @tenant_id AND c.created_at > t.at AND c.state IN ('CLOSED', 'ARCHIVED')
      UNION ALL
      SELECT c.contact_id FROM conversation c
      WHERE c.tenant_id = @tenant_id AND c.created_at > t.at AND c.state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING')) n
    WHERE NOT EXISTS (SELECT FROM conversation o WHERE o.tenant_id = @tenant_id AND o.contact_id = n.contact_id AND o.created_at <= t.at)
  ) - (SELECT count(*) FROM contact g WHERE g.tenant_id = @tenant_id AND g.erased_at IS NOT NULL
    AND EXISTS (SELECT FROM conversation o WHERE o.tenant_id = @tenant_id AND o.contact_id = g.id)))::bigint AS with_conversations
FROM contact_total t WHERE t.tenant_id = @tenant_id AND t.at > now() - interval '1 hour';

-- ContactTotalLock makes who counts wait for who counts already, and whoever loses a
-- guest wait for both.
-- name: ContactTotalLock :one
INSERT INTO contact_total (tenant_id, at, guests, spoken) VALUES (@tenant_id, '-infinity', 0, 0)
ON CONFLICT (tenant_id) DO UPDATE SET tenant_id = excluded.tenant_id
RETURNING (contact_total.at > now() - interval '1 hour')::boolean AS is_fresh;

-- ContactTotalCount counts all, up to a minute ago: who is being stored right now would
-- be missed.
-- name: ContactTotalCount :exec
UPDATE contact_total SET at = m.at,
  guests = (SELECT count(*) FROM contact g WHERE g.tenant_id = @tenant_id AND g.created_at <= m.at),
  spoken = (SELECT count(*) FROM (SELECT DISTINCT c.contact_id FROM conversation c WHERE c.tenant_id = @tenant_id AND c.created_at <= m.at) s)
FROM (SELECT now() - interval '1 minute' AS at) m
WHERE tenant_id = @tenant_id;
