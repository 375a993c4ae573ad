-- +goose Up
-- +goose StatementBegin

-- How a hotel's flow may speak.
ALTER TABLE tenant
  ADD COLUMN bot_repeat_guard boolean NOT NULL DEFAULT true,  -- the same call within half a minute says nothing new
  ADD COLUMN bot_zapi_facade  boolean NOT NULL DEFAULT false; -- it may call as Z-API is called, with its key in the address

-- +goose StatementEnd
