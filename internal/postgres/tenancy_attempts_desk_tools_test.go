package postgres_test

import (
	"context"
	"crypto/sha256"
	"maps"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/quickreply"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

func init() {
	maps.Copy(attempts, deskToolAttempts)
	maps.Copy(plumbing, map[string]string{
		"DB.SystemAuditEntries":        "the operator's view of all logs",
		"DB.SystemAuditEntry":          "the operator's view of all logs",
		"DB.SystemNames":               "the names in the operator's view of all logs",
		"DB.SystemAuditPlatform":       "what the operator does outside of any hotel",
		"DB.SystemUnclaimedDeliveries": "deliveries without a tenant",
		"DB.SystemUnclaimedDelivery":   "deliveries without a tenant",
		"DB.SystemDeleteUnclaimed":     "deliveries without a tenant",
	})
}

// found is a trace of a hotel when something of it was found.
func found(of furnished, is bool) any {
	if is {
		return of.ID
	}
	return nil
}

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

	"DB.AuditEntries": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		rows, _, err := db.AuditEntries(ctx, as, postgres.AuditFilter{Limit: 100})
		return rows, err
	}},
	"DB.AuditEntry": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.AuditEntry(ctx, as, of.Entry.ID)
	}},
	"DB.Names": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.Names(ctx, as, []uuid.UUID{of.Ana.ID.UUID})
	}},
	"DB.Deliveries": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		rows, _, err := db.Deliveries(ctx, as, postgres.DeliveryFilter{Limit: 100})
		return rows, err
	}},
	"DB.Delivery": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.Delivery(ctx, as, of.Delivery.ID)
	}},
	"DB.InboxFates": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		waits, given, err := db.InboxFates(ctx, as, []postgres.InboxItem{
			{Key: of.Letter.Key, Hash: sha256.Sum256(of.Letter.Payload)}, {Key: busyKey, Hash: sha256.Sum256([]byte("ALPHA item"))},
		})
		return found(of, len(waits)+len(given) > 0), err
	}},
	"DB.StoredAt": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		stored, err := db.StoredAt(ctx, as, []postgres.Received{receivedOf(of)})
		return found(of, len(stored) > 0), err
	}},
	"DB.DeadLetterPage": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		letters, _, err := db.DeadLetterPage(ctx, as, "", 100, 0)
		return letters, err
	}},
	"Tx.UnburyAll": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		_, err := tx.UnburyAll(ctx, "", 100)
		return nil, err
	}},
	"Tx.RequeueDelivery": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.RequeueDelivery(ctx, of.Delivery))
	}},
	"Tx.DeleteDelivery": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.DeleteDelivery(ctx, of.Delivery))
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
