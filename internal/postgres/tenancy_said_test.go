package postgres_test

import (
	"context"
	"maps"
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

func init() { maps.Copy(attempts, saidAttempts) }

var saidAttempts = map[string]attempt{
	"Tx.MessagesOfCall": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.MessagesOfCall(ctx, message.Message{ID: of.In.ID, ConversationID: of.Card.ID, Timestamp: of.Out.Timestamp})
	}},
	"Tx.SaidLately": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.SaidLately(ctx, of.Card.ID, of.Out.Metadata.Said.Hash, time.Now().Add(-time.Hour))
	}},
	"Tx.LatestHeard": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LatestHeard(ctx, of.Card.ID)
	}},
	"Tx.Delivery": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.Delivery(ctx, of.Out.ID)
	}},
}
