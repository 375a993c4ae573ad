-- +goose Up
-- +goose StatementBegin

-- What was done with one guest's data is looked up by the ids of the guest and of what
-- belongs to them.
CREATE INDEX audit_entry_about ON audit_entry (tenant_id, entity_id, created_at, id);

-- Nothing is left of the guest but the row that conversations belong to, which are
-- counted in reports. Lists do not show it.
ALTER TABLE contact ADD COLUMN erased_at timestamptz;
CREATE INDEX contact_erased ON contact (tenant_id, created_at, id) WHERE erased_at IS NOT NULL; -- counted, to be left out of totals

-- Who looked a guest up before they were erased must not give them anything new
-- afterwards. It waits for an erasure that is going on, as the foreign key does.
CREATE FUNCTION refuse_erased_contact() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  gone timestamptz;
BEGIN
  SELECT g.erased_at INTO gone FROM contact g WHERE g.tenant_id = NEW.tenant_id AND g.id = NEW.contact_id FOR KEY SHARE;
  IF gone IS NOT NULL THEN
    RAISE EXCEPTION 'contact was erased' USING ERRCODE = 'unique_violation', CONSTRAINT = 'contact_erased';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER not_of_erased BEFORE INSERT ON contact_alias FOR EACH ROW EXECUTE FUNCTION refuse_erased_contact();
CREATE TRIGGER not_of_erased BEFORE INSERT ON conversation FOR EACH ROW EXECUTE FUNCTION refuse_erased_contact();

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

-- ---------------------------------------------------------------- retention

ALTER TABLE tenant
  ADD COLUMN keep_deliveries_days integer NOT NULL DEFAULT 30 CHECK (keep_deliveries_days BETWEEN 1 AND 3650),
  ADD COLUMN keep_media_days      integer NOT NULL DEFAULT 365 CHECK (keep_media_days BETWEEN 0 AND 3650); -- 0: for ever

-- When the items of a delivery were queued, if later than it came: claimed by a hotel, or
-- replayed. Work queued since then may still be waiting.
ALTER TABLE webhook_delivery ADD COLUMN queued_at timestamptz;
GRANT UPDATE (queued_at) ON webhook_delivery TO botreserva_app;

-- What age took away of a hotel on a day (of UTC), until the audit log says so.
CREATE TABLE retention_day (
  tenant_id  uuid NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  day        date NOT NULL,
  deliveries bigint NOT NULL DEFAULT 0,
  files      bigint NOT NULL DEFAULT 0,
  bytes      bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, day)
);

-- delivery_days lists the days that have a partition of their own.
CREATE FUNCTION delivery_days() RETURNS SETOF date LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT to_date(right(c.relname, 8), 'YYYYMMDD') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'public.webhook_delivery'::regclass AND c.relname ~ '^webhook_delivery_[0-9]{8}$' ORDER BY 1
$$;

-- hold_delivery_partition keeps everybody from changing a day's deliveries until the
-- transaction ends. They can still be read. Whoever stands in the way does so for long.
CREATE FUNCTION hold_delivery_partition(day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '500ms' AS $$
BEGIN
  EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', 'webhook_delivery_' || to_char(day, 'YYYYMMDD'));
  RETURN true;
EXCEPTION WHEN lock_not_available OR undefined_table THEN
  RETURN false;
END
$$;

-- drop_delivery_partition takes a day's deliveries away at once. Everything that arrives
-- waits for it, so it gives up soon if it must wait itself.
CREATE FUNCTION drop_delivery_partition(day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '500ms' AS $$
BEGIN
  EXECUTE format('DROP TABLE %I', 'webhook_delivery_' || to_char(day, 'YYYYMMDD'));
  RETURN true;
EXCEPTION WHEN lock_not_available OR undefined_table THEN
  RETURN false;
END
$$;
REVOKE ALL ON FUNCTION hold_delivery_partition, drop_delivery_partition FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_delivery_partition, drop_delivery_partition TO botreserva_system;

GRANT SELECT ON retention_day TO botreserva_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON retention_day TO botreserva_system;
GRANT SELECT, INSERT ON erasure TO botreserva_app; -- append-only
GRANT SELECT, INSERT, DELETE ON erasure TO botreserva_system;
GRANT SELECT, INSERT, DELETE ON media_leftover TO botreserva_app, botreserva_system;

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['erasure', 'media_leftover', 'retention_day']
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
