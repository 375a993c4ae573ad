-- +goose Up
-- +goose StatementBegin

-- What reports read of a conversation that has ended. Active ones are not in it: they
-- change with every message, and reports must not make messages dearer. See
-- docs/adr/0017-reports.md.
CREATE INDEX conversation_ended ON conversation (tenant_id, created_at)
  INCLUDE (id, state, unit, assigned_to, closed_at, first_reply_at, first_human_at, escalated_at)
  WHERE state IN ('CLOSED', 'ARCHIVED');

-- What became of each conversation: the formulas of reports, once. Ended conversations
-- come from the index above, active ones, of which a guest has at most one, from
-- conversation_one_active. (date_part counts in floating point, extract in numeric: a
-- third of the time.)
CREATE VIEW conversation_outcome WITH (security_invoker = true) AS
SELECT tenant_id, id, created_at, state, unit, assigned_to,
  -- How long the guest waited for the first answer of anybody, in seconds.
  CASE WHEN first_reply_at >= created_at THEN date_part('epoch', first_reply_at - created_at) END AS reply_seconds,
  -- How long for a person: since the bot called for one, else since the beginning.
  CASE WHEN first_human_at >= escalated_at THEN date_part('epoch', first_human_at - escalated_at)
       WHEN first_human_at >= created_at THEN date_part('epoch', first_human_at - created_at) END AS human_seconds,
  CASE WHEN closed_at >= created_at THEN date_part('epoch', closed_at - created_at) END AS close_seconds,
  coalesce(first_reply_at, first_human_at, escalated_at) IS NOT NULL AS noted,
  escalated_at IS NOT NULL AS escalated,
  first_human_at IS NOT NULL AS by_person,
  first_reply_at IS NOT NULL AND first_human_at IS NULL AND escalated_at IS NULL AS by_bot_alone
FROM conversation WHERE state IN ('CLOSED', 'ARCHIVED')
UNION ALL
SELECT tenant_id, id, created_at, state, unit, assigned_to,
  CASE WHEN first_reply_at >= created_at THEN date_part('epoch', first_reply_at - created_at) END,
  CASE WHEN first_human_at >= escalated_at THEN date_part('epoch', first_human_at - escalated_at)
       WHEN first_human_at >= created_at THEN date_part('epoch', first_human_at - created_at) END,
  NULL::float8,
  coalesce(first_reply_at, first_human_at, escalated_at) IS NOT NULL,
  escalated_at IS NOT NULL,
  first_human_at IS NOT NULL,
  false
FROM conversation WHERE state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING');
GRANT SELECT ON conversation_outcome TO botreserva_app, botreserva_system;

-- +goose StatementEnd
