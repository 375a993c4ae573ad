package postgres_test

import (
	"context"
	"maps"
	"time"

	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/quickreply"
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
	"DB.Tags": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.Tags(ctx, as, "")
	}},
	"DB.Tag": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.Tag(ctx, as, of.Tag.ID)
	}},
	"Tx.InsertTag": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.InsertTag(ctx, of.Tag, time.Now()))
	}},
	"Tx.LockTag": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LockTag(ctx, of.Tag.ID)
	}},
	"Tx.SaveTag": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		t := of.Tag
		t.Name = "Mallory"
		return nothing(tx.SaveTag(ctx, t))
	}},
	"Tx.DeleteTag": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.DeleteTag(ctx, of.Tag.ID))
	}},
	"Tx.AttachTag": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.AttachTag(ctx, of.Closed.ID, of.Tag.ID))
	}},
	"Tx.DetachTag": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.DetachTag(ctx, of.Card.ID, of.Tag.ID))
	}},
	"DB.QuickReplies": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.QuickReplies(ctx, as, postgres.QuickReplyFilter{})
	}},
	"DB.QuickReply": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.QuickReply(ctx, as, of.Reply)
	}},
	"Tx.InsertQuickReply": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.InsertQuickReply(ctx, quickreply.Reply{ID: of.Reply, Title: "x", Shortcut: "xx", Content: "x", CreatedAt: time.Now()}))
	}},
	"Tx.LockQuickReply": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LockQuickReply(ctx, of.Reply)
	}},
	"Tx.SaveQuickReply": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.SaveQuickReply(ctx, quickreply.Reply{ID: of.Reply, Title: "Mallory", Shortcut: "xx", Content: "x", UpdatedAt: time.Now()}))
	}},
	"Tx.DeleteQuickReply": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.DeleteQuickReply(ctx, of.Reply))
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
