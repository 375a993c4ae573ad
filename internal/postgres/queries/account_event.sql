-- AccountEventInsert stores a piece of news, once. Index: the unique one of key.
-- name: AccountEventInsert :execrows
INSERT INTO account_event (tenant_id, id, key, waba_id, number_id, kind, name, severity, subject, reason, data, at, seen_at)
VALUES (@tenant_id, @id, @key, @waba_id, nullif(@number_id::uuid, '00000000-0000-0000-0000-000000000000'), @kind, @name, @severity,
  @subject, @reason, @data, @at, @seen_at)
ON CONFLICT DO NOTHING;

-- AccountEventPage lists news, the newest first. Index: account_event_newest.
-- name: AccountEventPage :many
SELECT * FROM account_event
WHERE tenant_id = @tenant_id AND (@kind::text = '' OR kind = @kind) AND (@severity::text = '' OR severity = @severity)
ORDER BY at DESC, id DESC LIMIT @page_size OFFSET @skip;

-- name: AccountEventCount :one
SELECT count(*) FROM account_event
WHERE tenant_id = @tenant_id AND (@kind::text = '' OR kind = @kind) AND (@severity::text = '' OR severity = @severity);

-- TemplateStateSave notes what is new of a template; of each part the latest counts.
-- name: TemplateStateSave :exec
INSERT INTO template_state (tenant_id, waba_id, template_id, name, language, status, reason, status_at, quality, quality_at,
  category, category_at, changed_at, told_at)
VALUES (@tenant_id, @waba_id, @template_id, @name, @language, @status, @reason, CASE WHEN @status <> '' THEN @at::timestamptz END,
  @quality, CASE WHEN @quality <> '' THEN @at END, @category, CASE WHEN @category <> '' THEN @at END, @at, @now::timestamptz)
ON CONFLICT (tenant_id, waba_id, template_id) DO UPDATE SET
  name = coalesce(nullif(excluded.name, ''), template_state.name), language = coalesce(nullif(excluded.language, ''), template_state.language),
  status = CASE WHEN excluded.status_at >= coalesce(template_state.status_at, '-infinity') THEN excluded.status ELSE template_state.status END,
  reason = CASE WHEN excluded.status_at >= coalesce(template_state.status_at, '-infinity') THEN excluded.reason ELSE template_state.reason END,
  status_at = greatest(template_state.status_at, excluded.status_at),
  quality = CASE WHEN excluded.quality_at >= coalesce(template_state.quality_at, '-infinity') THEN excluded.quality ELSE template_state.quality END,
  quality_at = greatest(template_state.quality_at, excluded.quality_at),
  category = CASE WHEN excluded.category_at >= coalesce(template_state.category_at, '-infinity') THEN excluded.category ELSE template_state.category END,
  category_at = greatest(template_state.category_at, excluded.category_at),
  changed_at = greatest(template_state.changed_at, excluded.changed_at), told_at = greatest(template_state.told_at, excluded.told_at);

-- TemplateStates lists what Meta last said of an account's templates. Index: primary key.
-- name: TemplateStates :many
SELECT * FROM template_state WHERE tenant_id = @tenant_id ORDER BY waba_id, template_id;

-- NumberFactsSave notes what is new of a number, by its digits, or of all numbers of an
-- account; of each part the latest counts.
-- name: NumberFactsSave :execrows
UPDATE whatsapp_number n SET
  quality = CASE WHEN @quality::text <> '' AND @at::timestamptz >= coalesce(quality_at, '-infinity') THEN @quality ELSE quality END,
  quality_at = CASE WHEN @quality <> '' THEN greatest(quality_at, @at) ELSE quality_at END,
  daily_limit = CASE WHEN @has_limit::boolean AND @at >= coalesce(limit_at, '-infinity') THEN @daily_limit ELSE daily_limit END,
  limit_at = CASE WHEN @has_limit THEN greatest(limit_at, @at) ELSE limit_at END,
  verified_name = CASE WHEN @verified_name::text <> '' AND @at >= coalesce(name_at, '-infinity') THEN @verified_name ELSE verified_name END,
  name_state = CASE WHEN @name_state::text <> '' AND @at >= coalesce(name_at, '-infinity') THEN @name_state ELSE name_state END,
  name_at = CASE WHEN @name_state <> '' THEN greatest(name_at, @at) ELSE name_at END,
  account_state = CASE WHEN @account_state::text <> '' AND @at >= coalesce(account_at, '-infinity') THEN @account_state ELSE account_state END,
  account_at = CASE WHEN @account_state <> '' THEN greatest(account_at, @at) ELSE account_at END
WHERE tenant_id = @tenant_id AND waba_id = @waba_id
  AND (@digits::text = '' OR regexp_replace(display, '[^0-9]', '', 'g') = @digits);

-- SystemTenantsOfWABA lists the hotels that have numbers in a business account. Index:
-- whatsapp_number_waba.
-- name: SystemTenantsOfWABA :many
SELECT DISTINCT tenant_id FROM whatsapp_number WHERE waba_id = @waba_id ORDER BY tenant_id LIMIT @most;

-- AddressBookSave notes how the hotel's phone calls somebody. Index: primary key.
-- name: AddressBookSave :exec
INSERT INTO address_book (tenant_id, phone, name, at) VALUES (@tenant_id, @phone, @name, @at)
ON CONFLICT (tenant_id, phone) DO UPDATE SET name = excluded.name, at = excluded.at WHERE address_book.at < excluded.at;

-- AddressBookTake takes the names of people who are guests now. Index: primary key.
-- name: AddressBookTake :many
DELETE FROM address_book WHERE tenant_id = @tenant_id AND phone = ANY(@phones::text[]) RETURNING phone, name, at;

-- ContactPreferenceSave notes whether a guest wants offers, unless something newer is known.
-- name: ContactPreferenceSave :execrows
UPDATE contact SET marketing_stopped = @stopped, marketing_at = @at, updated_at = @now
WHERE tenant_id = @tenant_id AND id = @id AND erased_at IS NULL AND (marketing_at IS NULL OR marketing_at < @at OR marketing_at = @at AND @stopped AND NOT marketing_stopped);

-- ContactMarketing tells whether a guest wants no offers, and since when that is known.
-- name: ContactMarketing :one
SELECT marketing_stopped, marketing_at FROM contact WHERE tenant_id = @tenant_id AND id = @id;
