-- TemplatesSync writes what was read of an account's templates at a moment. Status, quality
-- and category stay where a webhook told something newer.
-- name: TemplatesSync :exec
INSERT INTO template_state (tenant_id, waba_id, template_id, name, language, status, reason, status_at, quality, quality_at,
  category, category_at, changed_at, form, words, is_named, previous, correct, synced_at)
SELECT @tenant_id, @waba_id, unnest(@template_ids::text[]), unnest(@names::text[]), unnest(@languages::text[]), unnest(@statuses::text[]),
  unnest(@reasons::text[]), @at::timestamptz, unnest(@qualities::text[]), @at, unnest(@categories::text[]), @at, @at,
  unnest(@forms::text[])::jsonb, unnest(@words::text[]), unnest(@named::boolean[]), unnest(@previous::text[]), unnest(@correct::text[]), @at
ON CONFLICT (tenant_id, waba_id, template_id) DO UPDATE SET
  name = excluded.name, language = excluded.language,
  status = CASE WHEN excluded.status_at >= coalesce(template_state.status_at, '-infinity') THEN excluded.status ELSE template_state.status END,
  reason = CASE WHEN excluded.status_at >= coalesce(template_state.status_at, '-infinity') THEN excluded.reason ELSE template_state.reason END,
  status_at = greatest(template_state.status_at, excluded.status_at),
  quality = CASE WHEN excluded.quality_at >= coalesce(template_state.quality_at, '-infinity') THEN excluded.quality ELSE template_state.quality END,
  quality_at = greatest(template_state.quality_at, excluded.quality_at),
  category = CASE WHEN excluded.category_at >= coalesce(template_state.category_at, '-infinity') THEN excluded.category ELSE template_state.category END,
  category_at = greatest(template_state.category_at, excluded.category_at),
  changed_at = greatest(template_state.changed_at, excluded.changed_at),
  form = excluded.form, words = excluded.words, is_named = excluded.is_named, previous = excluded.previous, correct = excluded.correct,
  synced_at = excluded.synced_at;

-- TemplatesLeave removes those that were not there when the account was read, and of which
-- nothing was heard since. Index: primary key.
-- name: TemplatesLeave :execrows
DELETE FROM template_state WHERE tenant_id = @tenant_id AND waba_id = @waba_id
  AND coalesce(synced_at, '-infinity') < @at::timestamptz AND changed_at < @at;

-- TemplatesForget removes templates that were deleted at Meta. Index: primary key.
-- name: TemplatesForget :execrows
DELETE FROM template_state WHERE tenant_id = @tenant_id AND waba_id = @waba_id AND name = @name
  AND (@template_id::text = '' OR template_id = @template_id);

-- AccountSynced notes that an account was read, or why it could not be. Index: primary key.
-- name: AccountSynced :exec
INSERT INTO whatsapp_account (tenant_id, waba_id, synced_at, tried_at, failure)
VALUES (@tenant_id, @waba_id, CASE WHEN @failure::text = '' THEN @at::timestamptz END, @at, @failure)
ON CONFLICT (tenant_id, waba_id) DO UPDATE SET
  synced_at = coalesce(excluded.synced_at, whatsapp_account.synced_at), tried_at = excluded.tried_at, failure = excluded.failure;

-- name: AccountList :many
SELECT a.waba_id, a.synced_at, a.tried_at, a.failure,
  (SELECT count(*) FROM template_state s WHERE s.tenant_id = a.tenant_id AND s.waba_id = a.waba_id AND s.status <> 'DELETED' AND s.name <> '')::integer AS templates
FROM whatsapp_account a WHERE a.tenant_id = @tenant_id ORDER BY a.waba_id;

-- TemplatePage lists templates by name. Index: template_state_by_name.
-- name: TemplatePage :many
SELECT * FROM template_state
WHERE tenant_id = @tenant_id AND name <> '' AND status <> 'DELETED'
  AND (@named::text = '' OR name = @named) AND (@status::text = '' OR status = @status)
  AND (@category::text = '' OR category = @category) AND (@language::text = '' OR language = @language)
  AND (@quality::text = '' OR quality = @quality) AND (@waba_id::text = '' OR waba_id = @waba_id)
  AND (@search::text = '' OR position(@search IN lower(name)) > 0 OR position(@search IN lower(words)) > 0)
ORDER BY name, language, template_id LIMIT @page_size OFFSET @skip;

-- name: TemplateCount :one
SELECT count(*) FROM template_state
WHERE tenant_id = @tenant_id AND name <> '' AND status <> 'DELETED'
  AND (@named::text = '' OR name = @named) AND (@status::text = '' OR status = @status)
  AND (@category::text = '' OR category = @category) AND (@language::text = '' OR language = @language)
  AND (@quality::text = '' OR quality = @quality) AND (@waba_id::text = '' OR waba_id = @waba_id)
  AND (@search::text = '' OR position(@search IN lower(name)) > 0 OR position(@search IN lower(words)) > 0);

-- name: TemplateByID :one
SELECT * FROM template_state WHERE tenant_id = @tenant_id AND template_id = @template_id AND name <> '' AND status <> 'DELETED'
ORDER BY waba_id LIMIT 1;

-- TemplateVariants lists the languages of a template in one account. Index:
-- template_state_by_name.
-- name: TemplateVariants :many
SELECT * FROM template_state WHERE tenant_id = @tenant_id AND name = @name AND waba_id = @waba_id AND status <> 'DELETED'
ORDER BY language, template_id;

-- AccountIsKnown tells whether an account's templates were ever read. Index: primary key.
-- name: AccountIsKnown :one
SELECT EXISTS (SELECT FROM whatsapp_account WHERE tenant_id = @tenant_id AND waba_id = @waba_id AND synced_at IS NOT NULL);

-- SystemAccountsDue lists business accounts whose templates should be read: never yet, an
-- hour ago, or before a webhook told of a change; and not when that was tried just now.
-- name: SystemAccountsDue :many
SELECT DISTINCT n.tenant_id, n.waba_id FROM whatsapp_number n
JOIN tenant t ON t.id = n.tenant_id AND t.status IN ('TRIAL', 'ACTIVE')
LEFT JOIN whatsapp_account a ON a.tenant_id = n.tenant_id AND a.waba_id = n.waba_id
WHERE n.waba_id <> '' AND n.access_token <> '' AND (a.tried_at IS NULL OR a.tried_at < @before::timestamptz
  OR a.tried_at < @recently::timestamptz AND EXISTS (SELECT FROM template_state s WHERE s.tenant_id = n.tenant_id AND s.waba_id = n.waba_id
    AND s.told_at >= coalesce(a.synced_at, '-infinity')))
ORDER BY n.tenant_id, n.waba_id LIMIT @most;

-- SystemNumbersDue lists hotels with numbers about which Meta was not asked for a while.
-- name: SystemNumbersDue :many
SELECT DISTINCT n.tenant_id FROM whatsapp_number n JOIN tenant t ON t.id = n.tenant_id AND t.status IN ('TRIAL', 'ACTIVE')
WHERE n.access_token <> '' AND (n.read_at IS NULL OR n.read_at < @before::timestamptz) ORDER BY n.tenant_id LIMIT @most;

-- NumberRead notes what Meta told of a number when it was asked; of each part the latest
-- counts. Index: primary key.
-- name: NumberRead :exec
UPDATE whatsapp_number SET
  quality = CASE WHEN @quality::text <> '' AND @at::timestamptz >= coalesce(quality_at, '-infinity') THEN @quality ELSE quality END,
  quality_at = CASE WHEN @quality <> '' THEN greatest(quality_at, @at) ELSE quality_at END,
  daily_limit = CASE WHEN @has_limit::boolean AND @at >= coalesce(limit_at, '-infinity') THEN @daily_limit ELSE daily_limit END,
  limit_at = CASE WHEN @has_limit THEN greatest(limit_at, @at) ELSE limit_at END,
  verified_name = CASE WHEN @verified_name::text <> '' AND @at >= coalesce(name_at, '-infinity') THEN @verified_name ELSE verified_name END,
  name_state = CASE WHEN @name_state::text <> '' AND @at >= coalesce(name_at, '-infinity') THEN @name_state ELSE name_state END,
  name_at = CASE WHEN @name_state <> '' THEN greatest(name_at, @at) ELSE name_at END,
  status = @status, throughput = CASE WHEN @throughput::integer > 0 THEN @throughput ELSE throughput END, read_at = @at
WHERE tenant_id = @tenant_id AND id = @id;

-- NumberAsked notes that Meta was asked and did not tell. Index: primary key.
-- name: NumberAsked :exec
UPDATE whatsapp_number SET read_at = @at::timestamptz WHERE tenant_id = @tenant_id AND id = @id;

-- SystemNumberUndefault and SystemNumberDefault say through which number a hotel writes first.
-- name: SystemNumberUndefault :exec
UPDATE whatsapp_number SET is_default = false WHERE tenant_id = @tenant_id AND is_default;

-- name: SystemNumberDefault :exec
UPDATE whatsapp_number SET is_default = true WHERE tenant_id = @tenant_id AND id = @id;

-- NumberPause notes that Meta takes nothing from a number. Index: primary key.
-- name: NumberPause :execrows
UPDATE whatsapp_number SET paused_since = @at::timestamptz, pause_reason = @reason::jsonb
WHERE tenant_id = @tenant_id AND id = @id AND paused_since IS NULL;

-- name: NumberResume :execrows
UPDATE whatsapp_number SET paused_since = NULL, pause_reason = NULL WHERE tenant_id = @tenant_id AND id = @id AND paused_since IS NOT NULL;
