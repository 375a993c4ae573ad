package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/quickreply"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// QuickReplyFilter says which stored texts a list shows. Zero fields do not filter.
type QuickReplyFilter struct {
	Search   string // in title, shortcut and text, whatever its accents and case
	Category string
	IsActive *bool
}

// QuickReplies lists stored texts in their order.
func (db *DB) QuickReplies(ctx context.Context, tenant id.Tenant, f QuickReplyFilter) ([]quickreply.Reply, error) {
	rows, err := db.reads(tenant).QuickReplyList(ctx, sqlc.QuickReplyListParams{
		TenantID: tenant, Category: f.Category, IsActive: f.IsActive, Search: f.Search,
	})
	out := make([]quickreply.Reply, 0, len(rows))
	for _, r := range rows {
		out = append(out, quickReplyNoun(sqlc.QuickReplyGetRow(r)))
	}
	return out, wrap(err, "list quick replies", nil)
}

// QuickReply returns one stored text, or quickreply.ErrNotFound.
func (db *DB) QuickReply(ctx context.Context, tenant id.Tenant, reply uuid.UUID) (quickreply.Reply, error) {
	r, err := db.reads(tenant).QuickReplyGet(ctx, sqlc.QuickReplyGetParams{TenantID: tenant, ID: reply})
	return quickReplyNoun(r), wrap(err, "load quick reply", quickreply.ErrNotFound)
}

// InsertQuickReply stores a new text, or returns quickreply.ErrTaken or ErrTooMany.
func (tx *Tx) InsertQuickReply(ctx context.Context, r quickreply.Reply) error {
	n, err := tx.q.QuickReplyInsert(ctx, sqlc.QuickReplyInsertParams{
		TenantID: tx.tenant, ID: r.ID, Title: r.Title, Shortcut: r.Shortcut, Content: r.Content, Category: r.Category,
		Position: int32(r.Order), IsActive: r.IsActive, CreatedBy: r.Author.ID, CreatedAt: r.CreatedAt, Most: quickreply.Max,
	})
	if err == nil && n == 0 {
		return quickreply.ErrTooMany
	}
	return wrap(err, "store quick reply", nil)
}

// LockQuickReply locks and returns one stored text, or quickreply.ErrNotFound.
func (tx *Tx) LockQuickReply(ctx context.Context, reply uuid.UUID) (quickreply.Reply, error) {
	r, err := tx.q.QuickReplyForUpdate(ctx, sqlc.QuickReplyForUpdateParams{TenantID: tx.tenant, ID: reply})
	return quickReplyNoun(sqlc.QuickReplyGetRow(r)), wrap(err, "lock quick reply", quickreply.ErrNotFound)
}

// SaveQuickReply writes a text that was locked before, or returns quickreply.ErrTaken.
func (tx *Tx) SaveQuickReply(ctx context.Context, r quickreply.Reply) error {
	err := tx.q.QuickReplySave(ctx, sqlc.QuickReplySaveParams{
		TenantID: tx.tenant, ID: r.ID, Title: r.Title, Shortcut: r.Shortcut, Content: r.Content, Category: r.Category,
		Position: int32(r.Order), IsActive: r.IsActive, UpdatedAt: r.UpdatedAt,
	})
	return wrap(err, "save quick reply", nil)
}

// DeleteQuickReply removes a text that was locked before.
func (tx *Tx) DeleteQuickReply(ctx context.Context, reply uuid.UUID) error {
	return wrap(tx.q.QuickReplyDelete(ctx, sqlc.QuickReplyDeleteParams{TenantID: tx.tenant, ID: reply}), "delete quick reply", nil)
}

func quickReplyNoun(r sqlc.QuickReplyGetRow) quickreply.Reply {
	return quickreply.Reply{
		ID: r.ID, Title: r.Title, Shortcut: r.Shortcut, Content: r.Content, Category: r.Category, Order: int(r.Position),
		IsActive: r.IsActive, Author: quickreply.Author{ID: r.CreatedBy, Name: r.AuthorName},
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}
