package postgres

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// Deleted counts what went with a conversation.
type Deleted struct {
	Messages    int64 `json:"messages"`
	Escalations int64 `json:"escalations"`
	Tags        int64 `json:"tags"`
}

// DeleteConversation removes a conversation that was locked before, its messages,
// escalations and tags, and the work that waits for it.
func (tx *Tx) DeleteConversation(ctx context.Context, c id.Conversation) (Deleted, error) {
	err := tx.q.ConversationLanesDelete(ctx, sqlc.ConversationLanesDeleteParams{TenantID: tx.tenant, Key: c.String()})
	if err != nil {
		return Deleted{}, wrap(err, "delete a conversation's lanes", nil)
	}
	r, err := tx.q.ConversationDelete(ctx, sqlc.ConversationDeleteParams{TenantID: tx.tenant, ID: c})
	return Deleted(r), wrap(err, "delete conversation", conversation.ErrNotFound)
}
