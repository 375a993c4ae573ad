-- +goose Up

-- The list of guests by name, read from the index alone: PostgreSQL sees that an index holds
-- what a query needs only if the column itself is in it. Page 200 of 155,000 guests took 14 ms
-- of a processor before, 3 ms since.
DROP INDEX contact_by_name;
CREATE INDEX contact_by_name ON contact (tenant_id, fold(name), id) INCLUDE (name) WHERE name <> '';
