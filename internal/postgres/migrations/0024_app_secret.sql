-- +goose Up
-- +goose StatementBegin

-- The secret that a hotel's Meta app had before the present one. What Meta signed with it just
-- before it was changed is still on its way.
ALTER TABLE tenant
  ADD COLUMN previous_app_secret   text NOT NULL DEFAULT '', -- sealed
  ADD COLUMN app_secret_changed_at timestamptz;

-- +goose StatementEnd
