-- +goose Up
-- +goose StatementBegin

-- How often somebody had a failed message sent again. It travels to Meta and back with the
-- message's id: what is told of an earlier attempt is known by it.
ALTER TABLE message ADD COLUMN resends integer NOT NULL DEFAULT 0;

-- What a person wants to say later. Settling it and storing the message are one transaction.
CREATE TABLE scheduled_message (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL,
  conversation_id uuid NOT NULL,
  content         jsonb NOT NULL, -- as message.metadata.outgoing
  reply_to        text NOT NULL DEFAULT '',
  client_id       text,
  made_by         uuid, -- null: the platform's operator
  send_at         timestamptz NOT NULL,
  state           text NOT NULL CHECK (state IN ('SCHEDULED', 'SENT', 'FAILED', 'CANCELLED')),
  failure         jsonb,
  message_id      uuid,
  created_at      timestamptz NOT NULL,
  settled_at      timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, made_by) REFERENCES account (tenant_id, id)
);
CREATE UNIQUE INDEX scheduled_client_once ON scheduled_message (tenant_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX scheduled_due ON scheduled_message (send_at) WHERE state = 'SCHEDULED';
CREATE INDEX scheduled_of_conversation ON scheduled_message (tenant_id, conversation_id, send_at, id);

GRANT SELECT, INSERT, UPDATE, DELETE ON scheduled_message TO botreserva_app, botreserva_system;
ALTER TABLE scheduled_message ENABLE ROW LEVEL SECURITY;
ALTER TABLE scheduled_message FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON scheduled_message TO botreserva_app
  USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))
  WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));
CREATE POLICY of_system ON scheduled_message TO botreserva_system USING (true) WITH CHECK (true);

-- +goose StatementEnd
