package postgres_test

import (
	"context"
	"maps"
	"time"

	"github.com/google/uuid"

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
	"Tx.Aliases": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		aliases, err := tx.Aliases(ctx, of.Card.ContactID)
		if len(aliases) == 0 {
			return nil, err
		}
		return of.Card.ContactID, err
	}},
	"Tx.Erase": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		phone := string(of.Card.Contact.Phone)
		e, err := tx.Erase(ctx, of.Card.ContactID, postgres.Traces{LaneKeys: []string{"phone:" + phone}, Marks: []string{phone}}, time.Now())
		return e.Talks, err
	}},
	"Tx.InsertErasure": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.InsertErasure(ctx, erasureOf(of.Erasure)))
	}},
	"Tx.FileRemoved": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.FileRemoved(ctx, of.Leftover))
	}},
	"DB.Erasure": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.Erasure(ctx, as, of.Erasure)
	}},
	"DB.Erasures": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		page, n, err := db.Erasures(ctx, as, 100, 0)
		return []any{page, n}, err
	}},
}

func erasureOf(report uuid.UUID) postgres.Erasure {
	return postgres.Erasure{
		ID: report, ContactID: id.NewContact(), Report: "{}", Signature: make([]byte, 64), PublicKey: make([]byte, 32), ErasedAt: time.Now(),
	}
}
