-- +goose Up
-- +goose StatementBegin

-- How long before Meta's 24-hour window closes on a guest who waits people are reminded; 0: never.
ALTER TABLE tenant ADD COLUMN window_reminder_minutes integer NOT NULL DEFAULT 60 CHECK (window_reminder_minutes BETWEEN 0 AND 1380);

-- Of which guest's message people were reminded last, so that it happens once.
CREATE TABLE window_reminder (
  tenant_id       uuid NOT NULL,
  conversation_id uuid NOT NULL,
  inbound_at      timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation (tenant_id, id) ON DELETE CASCADE
);

GRANT SELECT, INSERT, UPDATE, DELETE ON window_reminder TO botreserva_app, botreserva_system;
ALTER TABLE window_reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE window_reminder FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON window_reminder TO botreserva_app
  USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))
  WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));
CREATE POLICY of_system ON window_reminder TO botreserva_system USING (true) WITH CHECK (true);

-- +goose StatementEnd
