-- +goose Up
-- +goose StatementBegin

-- How many guests a hotel knew at a moment, and how many of them had a conversation.
-- Those who came since are counted each time, the others about once an hour: a hotel with
-- 150,000 guests would count for a tenth of a second at each look. What makes the numbers
-- wrong otherwise, a loss or a row that is older than the moment, removes them.
CREATE TABLE contact_total (
  tenant_id uuid PRIMARY KEY REFERENCES tenant (id) ON DELETE CASCADE,
  at        timestamptz NOT NULL,
  guests    bigint NOT NULL,
  spoken    bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON contact_total TO botreserva_app, botreserva_system;
ALTER TABLE contact_total ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact_total FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON contact_total TO botreserva_app
  USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))
  WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));
CREATE POLICY of_system ON contact_total TO botreserva_system USING (true) WITH CHECK (true);

CREATE FUNCTION forget_contact_total_if_older() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM contact_total t USING (SELECT n.tenant_id, min(n.created_at) AS first FROM fresh n GROUP BY n.tenant_id) f
  WHERE t.tenant_id = f.tenant_id AND t.at >= f.first;
  RETURN NULL;
END
$$;
CREATE TRIGGER contact_total_insert AFTER INSERT ON contact REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION forget_contact_total_if_older();
CREATE TRIGGER contact_total_insert AFTER INSERT ON conversation REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION forget_contact_total_if_older();

CREATE FUNCTION forget_contact_total_of_gone() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM contact_total t WHERE t.tenant_id IN (SELECT g.tenant_id FROM gone g);
  RETURN NULL;
END
$$;
CREATE TRIGGER contact_total_delete AFTER DELETE ON contact REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION forget_contact_total_of_gone();
CREATE TRIGGER contact_total_delete AFTER DELETE ON conversation REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION forget_contact_total_of_gone();

-- Guests are merged. A condition keeps every other change out of the function.
CREATE FUNCTION forget_contact_total() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM contact_total t WHERE t.tenant_id = NEW.tenant_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER contact_total_merge AFTER UPDATE ON conversation FOR EACH ROW
  WHEN (OLD.contact_id IS DISTINCT FROM NEW.contact_id OR OLD.created_at IS DISTINCT FROM NEW.created_at) EXECUTE FUNCTION forget_contact_total();
CREATE TRIGGER contact_total_age AFTER UPDATE ON contact FOR EACH ROW
  WHEN (OLD.created_at IS DISTINCT FROM NEW.created_at) EXECUTE FUNCTION forget_contact_total();

-- +goose StatementEnd
