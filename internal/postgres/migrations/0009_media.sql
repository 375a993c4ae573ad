-- +goose Up
-- +goose StatementBegin

-- What a hotel keeps of files: the bytes lie in a store under key, the row says what they
-- are. The same bytes are kept once.
CREATE TABLE media (
  tenant_id   uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id          uuid NOT NULL,
  name        text NOT NULL, -- in addresses
  key         text NOT NULL, -- in the store
  kind        text NOT NULL CHECK (kind IN ('IMAGE', 'VIDEO', 'AUDIO', 'DOCUMENT', 'STICKER')),
  mime_type   text NOT NULL, -- told by the content
  size        bigint NOT NULL CHECK (size > 0),
  sha256      bytea NOT NULL CHECK (length(sha256) = 32),
  filename    text NOT NULL DEFAULT '', -- as its sender called it
  uploaded_by uuid,
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name),
  UNIQUE (tenant_id, sha256),
  FOREIGN KEY (tenant_id, uploaded_by) REFERENCES account (tenant_id, id) ON DELETE SET NULL (uploaded_by)
);
CREATE INDEX media_by_age ON media (tenant_id, created_at);
CREATE INDEX media_by_uploader ON media (tenant_id, uploaded_by) WHERE uploaded_by IS NOT NULL;

-- Which messages show a file. A file of which the last one is gone belongs to nobody.
CREATE TABLE message_media (
  tenant_id  uuid NOT NULL,
  message_id uuid NOT NULL,
  media_id   uuid NOT NULL,
  PRIMARY KEY (tenant_id, message_id, media_id),
  FOREIGN KEY (tenant_id, message_id) REFERENCES message (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, media_id) REFERENCES media (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX message_media_media ON message_media (tenant_id, media_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON media, message_media TO botreserva_app, botreserva_system;

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['media', 'message_media']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY of_tenant ON %I TO botreserva_app
      USING (tenant_id = (SELECT current_setting(''app.tenant_id'')::uuid))
      WITH CHECK (tenant_id = (SELECT current_setting(''app.tenant_id'')::uuid))', t);
    EXECUTE format('CREATE POLICY of_system ON %I TO botreserva_system USING (true) WITH CHECK (true)', t);
  END LOOP;
END
$$;

-- +goose StatementEnd
