package postgres_test

import (
	"context"
	"maps"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

func init() {
	maps.Copy(attempts, conversationAttempts)
	maps.Copy(plumbing, map[string]string{
		"DB.SystemIndexMessages": "makes messages of all tenants findable, each for its own tenant",
		"DB.SystemShelve":        "puts counts together, each tenant's by themselves",
	})
}

var conversationAttempts = map[string]attempt{
	"DB.CardStats": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		stats, err := db.CardStats(ctx, as, user.Scope{AssignedTo: of.Ana.ID}, time.Now().Add(-time.Hour))
		if stats.Total > 0 {
			return of.Card, err // a count has no traces of its own
		}
		return stats, err
	}},
	"DB.CardCounts": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		counts, err := db.CardCounts(ctx, as, postgres.CardFilter{Scope: user.Scope{All: true}}, of.Ana.ID)
		if counts.Unassigned+counts.Mine > 0 {
			return of.Card, err // a count has no traces of its own
		}
		return nil, err
	}},
	"DB.SearchMessages": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.SearchMessages(ctx, as, postgres.MessageSearch{Text: "says hello", Scope: user.Scope{All: true}, Limit: 10})
	}},
	"DB.MessagesBefore": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		messages, n, err := db.MessagesBefore(ctx, as, of.Card.ID, message.Message{Timestamp: time.Now().Add(time.Hour)}, 10)
		return []any{messages, n}, err
	}},
	"DB.MessagesAfter": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		messages, n, err := db.MessagesAfter(ctx, as, of.Card.ID, message.Message{}, 10)
		return []any{messages, n}, err
	}},
	"DB.TallyMessages": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		tally, err := db.TallyMessages(ctx, as, of.Card.ID)
		if tally.Total > 0 {
			return of.Card, err
		}
		return tally, err
	}},
	"Tx.Message": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.Message(ctx, of.In.ID)
	}},
	"Tx.MessageReceived": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.MessageReceived(ctx, postgres.Received{Number: of.In.NumberID, WAMID: of.In.WAMID})
	}},
	"Tx.MarkMessageRead": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.MarkMessageRead(ctx, of.In.ID)
	}},
	"Tx.DeleteConversation": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.DeleteConversation(ctx, of.Card.ID, time.Now())
	}},
}
