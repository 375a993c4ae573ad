-- +goose Up
-- +goose StatementBegin

-- Since when nothing is sent through a number because Meta refuses everything, and why, for
-- people: {"code", "message", "messageEn", …}. Null: it sends.
ALTER TABLE whatsapp_number
  ADD COLUMN paused_since timestamptz,
  ADD COLUMN pause_reason jsonb;
GRANT UPDATE (paused_since, pause_reason) ON whatsapp_number TO botreserva_app;

-- +goose StatementEnd
