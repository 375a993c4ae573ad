-- +goose Up
-- +goose StatementBegin

-- How an escalation ended, in the words of whoever ended it.
ALTER TABLE escalation ADD COLUMN notes text NOT NULL DEFAULT '';

DROP INDEX escalation_recent; -- without the id, two of one moment had no order
CREATE INDEX escalation_newest ON escalation (tenant_id, created_at DESC, id DESC) INCLUDE (conversation_id, state, reason, unit);
CREATE INDEX escalation_by_state ON escalation (tenant_id, state, created_at DESC, id DESC);
CREATE INDEX escalation_by_unit ON escalation (tenant_id, unit, created_at DESC, id DESC);

-- The column is younger than the first escalations.
SET LOCAL ROLE botreserva_system; -- the owner sees no row of a tenant's
UPDATE conversation c SET escalated_at = e.first_at
FROM (SELECT tenant_id, conversation_id, min(created_at) AS first_at FROM escalation GROUP BY tenant_id, conversation_id) e
WHERE c.tenant_id = e.tenant_id AND c.id = e.conversation_id AND c.escalated_at IS NULL;
RESET ROLE;

-- A stored text that people insert while they write.
CREATE TABLE quick_reply (
  tenant_id  uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id         uuid NOT NULL,
  title      text NOT NULL,
  shortcut   text NOT NULL,
  content    text NOT NULL,
  category   text NOT NULL DEFAULT '',
  position   integer NOT NULL DEFAULT 0, -- JSON: order
  is_active  boolean NOT NULL DEFAULT true,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT quick_reply_shortcut UNIQUE (tenant_id, shortcut),
  FOREIGN KEY (tenant_id, created_by) REFERENCES account (tenant_id, id) ON DELETE SET NULL (created_by)
);
CREATE INDEX quick_reply_in_order ON quick_reply (tenant_id, category, position, title, id);
CREATE INDEX quick_reply_author ON quick_reply (tenant_id, created_by);

-- The audit log is read newest first, narrowed by one of these.
DROP INDEX audit_entry_recent;
CREATE INDEX audit_entry_newest ON audit_entry (tenant_id, created_at DESC, id DESC);
CREATE INDEX audit_entry_by_action ON audit_entry (tenant_id, action, created_at DESC, id DESC);
CREATE INDEX audit_entry_by_actor ON audit_entry (tenant_id, actor, created_at DESC, id DESC);
CREATE INDEX audit_entry_by_entity ON audit_entry (tenant_id, entity, created_at DESC, id DESC);

-- A hotel looks at what Meta told us for it, and may throw it away.
CREATE INDEX webhook_delivery_newest ON webhook_delivery (tenant_id, received_at DESC, id DESC);
GRANT DELETE, UPDATE (fate) ON webhook_delivery TO botreserva_app;
CREATE INDEX dead_letter_of_kind ON dead_letter (tenant_id, kind, id);

GRANT SELECT, INSERT, UPDATE, DELETE ON quick_reply TO botreserva_app, botreserva_system;
ALTER TABLE quick_reply ENABLE ROW LEVEL SECURITY;
ALTER TABLE quick_reply FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON quick_reply TO botreserva_app
  USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))
  WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));
CREATE POLICY of_system ON quick_reply TO botreserva_system USING (true) WITH CHECK (true);

-- +goose StatementEnd
