package postgres_test

import (
	"context"
	"maps"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
)

func init() { maps.Copy(attempts, mergeAttempts) }

// mergeAttempts has the rows of what merging guests does.

var mergeAttempts = map[string]attempt{
	"DB.Merges": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.Merges(ctx, as, time.Now().Add(time.Hour), uuid.Max, 100)
	}},
	"DB.Lookalikes": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.Lookalikes(ctx, as, time.Now().Add(time.Hour), uuid.Max, 100, 100)
	}},
	"Tx.InsertMerge": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.InsertMerge(ctx, contact.Merge{
			ID: of.Merge.ID, Survivor: of.Card.ContactID, Absorbed: of.Lonely.ID, By: "x", At: time.Now(), Snapshot: []byte("{}"),
		}))
	}},
	"Tx.LockMerge": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LockMerge(ctx, of.Merge.ID)
	}},
	"Tx.LaterMerge": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		m := of.Merge
		m.At = m.At.Add(-time.Hour)
		return tx.LaterMerge(ctx, m)
	}},
	"Tx.EndMerge": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		m := of.Merge
		m.UndoneAt, m.UndoneBy = time.Now(), "mallory"
		return nothing(tx.EndMerge(ctx, m))
	}},
	"Tx.ForgetMerges": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		_, err := tx.ForgetMerges(ctx, of.Merge.Survivor)
		return nothing(err)
	}},
	"Tx.AliasesOf": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.AliasesOf(ctx, of.Card.ContactID)
	}},
	"Tx.GiveAliases": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.GiveAliases(ctx, contact.OwnedAlias{Alias: phoneOf(of), Contact: of.Lonely.ID}))
	}},
	"Tx.RewriteContact": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		c := of.Card.Contact
		c.Name = "Mallory"
		return nothing(tx.RewriteContact(ctx, c))
	}},
	"Tx.RestoreContact": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.RestoreContact(ctx, of.Card.Contact))
	}},
	"Tx.LockCardsOf": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LockCardsOf(ctx, of.Card.ContactID)
	}},
	"Tx.GiveConversations": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.GiveConversations(ctx, of.Lonely.ID, of.Card.ID))
	}},
	"Tx.MoveMessages": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.MoveMessages(ctx, of.Closed.Conversation, of.In.ID))
	}},
	"Tx.SaidSince": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.SaidSince(ctx, time.Time{}, of.Card.ID)
	}},
	"Tx.ShownOf": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.ShownOf(ctx, of.Card.ID)
	}},
	"Tx.NoteOrigins": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.NoteOrigins(ctx, time.Now(), map[id.Message]id.Contact{of.Out.ID: of.Lonely.ID}))
	}},
	"Tx.MoveEscalations": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.MoveEscalations(ctx, of.Card.ID, of.Closed.ID)
	}},
	"Tx.MoveEscalationsBack": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.MoveEscalationsBack(ctx, of.Card.ID, of.Closed.ID, []id.Escalation{of.Escalation.ID})
	}},
}
