package postgres_test

import (
	"context"
	"maps"
	"time"

	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

func init() { maps.Copy(attempts, deskToolAttempts) }

var deskToolAttempts = map[string]attempt{
	"DB.Escalation": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.Escalation(ctx, as, of.Escalation.ID)
	}},
	"DB.Escalations": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		page, n, err := db.Escalations(ctx, as, postgres.EscalationFilter{Scope: user.Scope{All: true}, Limit: 100})
		return []any{page, n}, err
	}},
	"DB.EscalationCounts": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.EscalationCounts(ctx, as, user.Scope{All: true})
	}},
	"DB.FirstMessages": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.FirstMessages(ctx, as, of.Card.ID, 100)
	}},
	"Tx.LockEscalation": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LockEscalation(ctx, of.Escalation.ID)
	}},
	"Tx.SaveEscalation": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.SaveEscalation(ctx, of.Escalation.To(escalation.Cancelled, id.User{}, time.Now())))
	}},
	"Tx.AttendEscalations": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.AttendEscalations(ctx, of.Card.ID, id.User{}, time.Now())
	}},
	"Tx.ResolveEscalations": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.ResolveEscalations(ctx, of.Card.ID, id.User{}, time.Now())
	}},
}
