-- +goose Up

-- News of the account may name a guest, if Meta begins to tell of guests in a field that we
-- do not know yet: an erasure takes it away.
GRANT DELETE ON account_event TO botreserva_app;
