package postgres_test

import (
	"context"
	"maps"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

func init() { maps.Copy(attempts, privacyAttempts) }

// privacyAttempts has the rows of the methods that serve guests' rights.
var privacyAttempts = map[string]attempt{
	"DB.Dossier": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.Dossier(ctx, as, of.Card.ContactID)
	}},
	"DB.MessagesFrom": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.MessagesFrom(ctx, as, of.Card.ID, message.Message{}, 100)
	}},
}
