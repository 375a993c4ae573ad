-- +goose Up
-- +goose StatementBegin

-- What was done with one guest's data is looked up by the ids of the guest and of what
-- belongs to them.
CREATE INDEX audit_entry_about ON audit_entry (tenant_id, entity_id, created_at, id);

-- +goose StatementEnd
