-- +goose Up
-- +goose StatementBegin

-- Recordings of guests are put into words by an engine that the hotel names, and what a flow
-- answers its webhook with may be what the guest gets.
ALTER TABLE tenant
  ADD COLUMN transcription_language text NOT NULL DEFAULT '',
  ADD COLUMN bot_answers_at_once    boolean NOT NULL DEFAULT false;

ALTER TABLE lane DROP CONSTRAINT lane_kind_check;
ALTER TABLE lane ADD CONSTRAINT lane_kind_check CHECK (kind IN ('inbox', 'handoff', 'deliver', 'media', 'tell', 'listen')) NOT VALID;
ALTER TABLE lane VALIDATE CONSTRAINT lane_kind_check;

-- +goose StatementEnd
