-- Reports are about the conversations that began in [since, until). Each reads the view
-- conversation_outcome, by the indexes conversation_ended and conversation_one_active.
-- An empty unit means all of them.

-- ReportOutcomes sums a period up.
-- name: ReportOutcomes :one
SELECT count(*)::integer AS total,
  (count(*) FILTER (WHERE state = 'BOT_HANDLING'))::integer AS bot_handling,
  (count(*) FILTER (WHERE state = 'OPEN'))::integer AS open,
  (count(*) FILTER (WHERE state = 'IN_PROGRESS'))::integer AS in_progress,
  (count(*) FILTER (WHERE state = 'WAITING'))::integer AS waiting,
  (count(*) FILTER (WHERE state = 'CLOSED'))::integer AS closed,
  (count(*) FILTER (WHERE state = 'ARCHIVED'))::integer AS archived,
  (count(*) FILTER (WHERE noted))::integer AS noted,
  (count(*) FILTER (WHERE escalated))::integer AS escalated,
  (count(*) FILTER (WHERE by_person))::integer AS by_person,
  (count(*) FILTER (WHERE state IN ('CLOSED', 'ARCHIVED') AND noted))::integer AS ended_noted,
  (count(*) FILTER (WHERE by_bot_alone))::integer AS by_bot_alone,
  coalesce(avg(close_seconds) FILTER (WHERE state = 'CLOSED'), 0)::float8 AS closed_mean,
  count(reply_seconds)::integer AS reply_count, coalesce(avg(reply_seconds), 0)::float8 AS reply_mean,
  coalesce(percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY reply_seconds), '{0,0}')::float8[] AS reply_shares,
  count(human_seconds)::integer AS human_count, coalesce(avg(human_seconds), 0)::float8 AS human_mean,
  coalesce(percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY human_seconds), '{0,0}')::float8[] AS human_shares,
  count(close_seconds)::integer AS close_count, coalesce(avg(close_seconds), 0)::float8 AS close_mean,
  coalesce(percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY close_seconds), '{0,0}')::float8[] AS close_shares
FROM conversation_outcome
WHERE tenant_id = @tenant_id AND created_at >= @since AND created_at < @until AND (@unit::text = '' OR unit = @unit::text);

-- ReportTeam counts who had work in a period, who could have, and the conversations of
-- the period before.
-- name: ReportTeam :one
SELECT (SELECT count(*) FROM (SELECT DISTINCT o.assigned_to FROM conversation_outcome o
      WHERE o.tenant_id = @tenant_id AND o.created_at >= @since AND o.created_at < @until AND (@unit::text = '' OR o.unit = @unit::text)
        AND o.assigned_to IS NOT NULL) busy)::integer AS active,
  (SELECT count(*) FROM account a WHERE a.tenant_id = @tenant_id AND (@unit::text = '' OR a.unit = @unit::text))::integer AS everybody,
  (SELECT count(*) FROM conversation_outcome o
    WHERE o.tenant_id = @tenant_id AND o.created_at >= @before AND o.created_at < @since AND (@unit::text = '' OR o.unit = @unit::text))::integer AS previous;

-- ReportAttendants says what those did who were given conversations of the period.
-- name: ReportAttendants :many
SELECT a.id, a.name, a.email, c.total, c.closed, c.human_count, c.human_mean, c.human_shares, c.close_count, c.close_mean, c.close_shares
FROM (SELECT o.assigned_to, count(*)::integer AS total, (count(*) FILTER (WHERE state = 'CLOSED'))::integer AS closed,
    count(human_seconds)::integer AS human_count, coalesce(avg(human_seconds), 0)::float8 AS human_mean,
    coalesce(percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY human_seconds), '{0,0}')::float8[] AS human_shares,
    count(close_seconds)::integer AS close_count, coalesce(avg(close_seconds), 0)::float8 AS close_mean,
    coalesce(percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY close_seconds), '{0,0}')::float8[] AS close_shares
  FROM conversation_outcome o
  WHERE o.tenant_id = @tenant_id AND o.created_at >= @since AND o.created_at < @until AND (@unit::text = '' OR o.unit = @unit::text)
    AND o.assigned_to IS NOT NULL
  GROUP BY o.assigned_to) c
JOIN account a ON a.tenant_id = @tenant_id AND a.id = c.assigned_to
ORDER BY c.total DESC, a.name, a.id LIMIT 1000;

-- ReportSlots counts beginnings by their place in the week of the hotel's clock: slots
-- of @grain minutes, the first one on Sunday at midnight. (The epoch began on a
-- Thursday.)
-- name: ReportSlots :many
SELECT (((l.minute + 5760) % 10080) / @grain::integer)::integer AS slot, count(*)::integer AS total
FROM (SELECT floor(date_part('epoch', created_at AT TIME ZONE @zone::text) / 60)::integer AS minute FROM conversation_outcome
  WHERE tenant_id = @tenant_id AND created_at >= @since AND created_at < @until AND (@unit::text = '' OR unit = @unit::text)) l
GROUP BY 1 ORDER BY 1;

-- ReportOutsideHours lists conversations that began while nobody was at the desk, the
-- newest first. opens and closes are minutes of the day, Sunday's first. Each half stops
-- as soon as it has enough: of the view everything would be read and sorted.
-- name: ReportOutsideHours :many
SELECT o.id FROM (
  (SELECT l.id, l.created_at FROM (SELECT c.id, c.created_at, (floor(date_part('epoch', c.created_at AT TIME ZONE @zone::text) / 60)::integer + 5760) % 10080 AS minute
    FROM conversation c WHERE c.tenant_id = @tenant_id AND c.created_at >= @since AND c.created_at < @until AND (@unit::text = '' OR c.unit = @unit::text)
      AND c.state IN ('CLOSED', 'ARCHIVED')) l
  WHERE NOT (l.minute % 1440 >= (@opens::integer[])[l.minute / 1440 + 1] AND l.minute % 1440 < (@closes::integer[])[l.minute / 1440 + 1])
  ORDER BY l.created_at DESC LIMIT @enough::integer)
  UNION ALL
  (SELECT l.id, l.created_at FROM (SELECT c.id, c.created_at, (floor(date_part('epoch', c.created_at AT TIME ZONE @zone::text) / 60)::integer + 5760) % 10080 AS minute
    FROM conversation c WHERE c.tenant_id = @tenant_id AND c.created_at >= @since AND c.created_at < @until AND (@unit::text = '' OR c.unit = @unit::text)
      AND c.state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING')) l
  WHERE NOT (l.minute % 1440 >= (@opens::integer[])[l.minute / 1440 + 1] AND l.minute % 1440 < (@closes::integer[])[l.minute / 1440 + 1])
  ORDER BY l.created_at DESC LIMIT @enough::integer)) o
ORDER BY o.created_at DESC LIMIT @most::integer OFFSET @skip::integer;

-- ReportUnits compares the hotel's units.
-- name: ReportUnits :many
SELECT unit, count(*)::integer AS total, (count(*) FILTER (WHERE state = 'CLOSED'))::integer AS closed,
  (count(*) FILTER (WHERE noted))::integer AS noted, (count(*) FILTER (WHERE escalated))::integer AS escalated,
  (count(*) FILTER (WHERE state IN ('CLOSED', 'ARCHIVED') AND noted))::integer AS ended_noted,
  (count(*) FILTER (WHERE by_bot_alone))::integer AS by_bot_alone,
  count(reply_seconds)::integer AS reply_count, coalesce(avg(reply_seconds), 0)::float8 AS reply_mean,
  coalesce(percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY reply_seconds), '{0,0}')::float8[] AS reply_shares,
  count(human_seconds)::integer AS human_count, coalesce(avg(human_seconds), 0)::float8 AS human_mean,
  coalesce(percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY human_seconds), '{0,0}')::float8[] AS human_shares,
  count(close_seconds)::integer AS close_count, coalesce(avg(close_seconds), 0)::float8 AS close_mean,
  coalesce(percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY close_seconds), '{0,0}')::float8[] AS close_shares
FROM conversation_outcome
WHERE tenant_id = @tenant_id AND created_at >= @since AND created_at < @until AND (@unit::text = '' OR unit = @unit::text)
GROUP BY unit ORDER BY 2 DESC, unit;

-- ReportDays tells a period day by day of the hotel's calendar. Days without a
-- conversation are missing.
-- name: ReportDays :many
SELECT (created_at AT TIME ZONE @zone::text)::date AS day, count(*)::integer AS total,
  (count(*) FILTER (WHERE state = 'CLOSED'))::integer AS closed, (count(*) FILTER (WHERE escalated))::integer AS escalated,
  (count(*) FILTER (WHERE by_bot_alone))::integer AS by_bot_alone,
  count(reply_seconds)::integer AS reply_count, coalesce(avg(reply_seconds), 0)::float8 AS reply_mean,
  count(human_seconds)::integer AS human_count, coalesce(avg(human_seconds), 0)::float8 AS human_mean
FROM conversation_outcome
WHERE tenant_id = @tenant_id AND created_at >= @since AND created_at < @until AND (@unit::text = '' OR unit = @unit::text)
GROUP BY 1 ORDER BY 1;

-- ReportReasons counts why the bot called for a person, by when it did. Index:
-- escalation_recent, once for each state.
-- name: ReportReasons :many
SELECT reason, count(*)::integer AS total FROM escalation
WHERE tenant_id = @tenant_id AND state IN ('PENDING', 'IN_PROGRESS', 'RESOLVED', 'CANCELLED')
  AND created_at >= @since AND created_at < @until AND (@unit::text = '' OR unit = @unit::text)
GROUP BY reason ORDER BY 2 DESC, 1;
