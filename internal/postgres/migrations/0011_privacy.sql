-- +goose Up
-- +goose StatementBegin

-- What was done with one guest's data is looked up by the ids of the guest and of what
-- belongs to them.
CREATE INDEX audit_entry_about ON audit_entry (tenant_id, entity_id, created_at, id);

-- Nothing is left of the guest but the row that conversations belong to, which are
-- counted in reports. Lists do not show it.
ALTER TABLE contact ADD COLUMN erased_at timestamptz;

-- What was erased, when and by whom, signed: the proof for the guest and the authority.
CREATE TABLE erasure (
  tenant_id  uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  id         uuid NOT NULL,
  contact_id uuid NOT NULL,
  erased_by  uuid NOT NULL, -- an account, which may be removed
  report     text NOT NULL, -- JSON, exactly as it was signed
  signature  bytea NOT NULL,
  public_key bytea NOT NULL CHECK (length(public_key) = 32),
  erased_at  timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX erasure_newest ON erasure (tenant_id, erased_at DESC, id DESC);

-- Files without a row whose bytes are still to be removed from the store.
CREATE TABLE media_leftover (
  tenant_id uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  key       text NOT NULL,
  left_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, key)
);

GRANT SELECT, INSERT ON erasure TO botreserva_app; -- append-only
GRANT SELECT, INSERT, DELETE ON erasure TO botreserva_system;
GRANT SELECT, INSERT, DELETE ON media_leftover TO botreserva_app, botreserva_system;

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['erasure', 'media_leftover']
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
