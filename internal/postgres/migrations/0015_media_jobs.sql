-- +goose Up
-- +goose StatementBegin

-- Guests' files are fetched from Meta in lanes of their own, one for each message.
ALTER TABLE lane DROP CONSTRAINT lane_kind_check;
ALTER TABLE lane ADD CONSTRAINT lane_kind_check CHECK (kind IN ('inbox', 'handoff', 'deliver', 'media')) NOT VALID;
ALTER TABLE lane VALIDATE CONSTRAINT lane_kind_check;

-- What is made of a file so that it can be shown before it is loaded. All of it can be
-- made again; a small picture of it lies in the store too.
ALTER TABLE media
  ADD COLUMN thumb_key   text NOT NULL DEFAULT '',
  ADD COLUMN thumb_size  bigint NOT NULL DEFAULT 0,
  ADD COLUMN width       integer NOT NULL DEFAULT 0,
  ADD COLUMN height      integer NOT NULL DEFAULT 0,
  ADD COLUMN duration_ms bigint NOT NULL DEFAULT 0,
  ADD COLUMN waveform    bytea NOT NULL DEFAULT ''; -- loudness from 0 to 100, evenly over the duration

-- Under which id Meta keeps a file for a number of ours. It forgets after 30 days.
CREATE TABLE media_upload (
  tenant_id   uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  media_id    uuid NOT NULL,
  number_id   uuid NOT NULL,
  meta_id     text NOT NULL,
  uploaded_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, media_id, number_id),
  FOREIGN KEY (tenant_id, media_id) REFERENCES media (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, number_id) REFERENCES whatsapp_number (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX media_upload_number ON media_upload (tenant_id, number_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON media_upload TO botreserva_app, botreserva_system;
ALTER TABLE media_upload ENABLE ROW LEVEL SECURITY;
ALTER TABLE media_upload FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON media_upload TO botreserva_app
  USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))
  WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));
CREATE POLICY of_system ON media_upload TO botreserva_system USING (true) WITH CHECK (true);

-- +goose StatementEnd
