package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// TagRow is a tag with what lists say about it.
type TagRow struct {
	conversation.Tag
	CreatedAt     time.Time
	Conversations int // that have it
}

// Tags lists a hotel's tags by name: those with the searched text in their name,
// whatever its accents and case.
func (db *DB) Tags(ctx context.Context, tenant id.Tenant, search string) ([]TagRow, error) {
	rows, err := db.reads(tenant).TagList(ctx, sqlc.TagListParams{TenantID: tenant, Search: search})
	out := make([]TagRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, tagNoun(sqlc.TagGetRow(r)))
	}
	return out, wrap(err, "list tags", nil)
}

// Tag returns one tag, or conversation.ErrNoTag.
func (db *DB) Tag(ctx context.Context, tenant id.Tenant, tag uuid.UUID) (TagRow, error) {
	r, err := db.reads(tenant).TagGet(ctx, sqlc.TagGetParams{TenantID: tenant, ID: tag})
	return tagNoun(r), wrap(err, "load tag", conversation.ErrNoTag)
}

// InsertTag stores a new tag, or returns conversation.ErrTagTaken or ErrTooManyTags.
func (tx *Tx) InsertTag(ctx context.Context, t conversation.Tag, now time.Time) error {
	n, err := tx.q.TagInsert(ctx, sqlc.TagInsertParams{
		TenantID: tx.tenant, ID: t.ID, Name: t.Name, Color: t.Color, CreatedAt: now, Most: conversation.MaxTags,
	})
	if err == nil && n == 0 {
		return conversation.ErrTooManyTags
	}
	return wrap(err, "store tag", nil)
}

// LockTag locks and returns one tag, or conversation.ErrNoTag.
func (tx *Tx) LockTag(ctx context.Context, tag uuid.UUID) (conversation.Tag, error) {
	r, err := tx.q.TagForUpdate(ctx, sqlc.TagForUpdateParams{TenantID: tx.tenant, ID: tag})
	return conversation.Tag{ID: r.ID, Name: r.Name, Color: r.Color}, wrap(err, "lock tag", conversation.ErrNoTag)
}

// SaveTag writes a tag that was locked before, or returns conversation.ErrTagTaken.
func (tx *Tx) SaveTag(ctx context.Context, t conversation.Tag) error {
	return wrap(tx.q.TagSave(ctx, sqlc.TagSaveParams{TenantID: tx.tenant, ID: t.ID, Name: t.Name, Color: t.Color}), "save tag", nil)
}

// DeleteTag removes a tag that was locked before, also from its conversations.
func (tx *Tx) DeleteTag(ctx context.Context, tag uuid.UUID) error {
	return wrap(tx.q.TagDelete(ctx, sqlc.TagDeleteParams{TenantID: tx.tenant, ID: tag}), "delete tag", nil)
}

// AttachTag puts a tag that was locked before on a conversation; it may be there
// already.
func (tx *Tx) AttachTag(ctx context.Context, c id.Conversation, tag uuid.UUID) error {
	err := tx.q.TagAttach(ctx, sqlc.TagAttachParams{TenantID: tx.tenant, ConversationID: c, TagID: tag})
	return wrap(err, "attach tag", nil)
}

// DetachTag takes a tag off a conversation, if it is there.
func (tx *Tx) DetachTag(ctx context.Context, c id.Conversation, tag uuid.UUID) error {
	err := tx.q.TagDetach(ctx, sqlc.TagDetachParams{TenantID: tx.tenant, ConversationID: c, TagID: tag})
	return wrap(err, "detach tag", nil)
}

func tagNoun(r sqlc.TagGetRow) TagRow {
	return TagRow{conversation.Tag{ID: r.ID, Name: r.Name, Color: r.Color}, r.CreatedAt, int(r.Conversations)}
}
