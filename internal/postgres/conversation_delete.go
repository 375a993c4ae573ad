package postgres

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// Deleted counts what went with a conversation.
type Deleted struct {
	Messages    int64 `json:"messages"`
	Escalations int64 `json:"escalations"`
	Tags        int64 `json:"tags"`
	Files       int64 `json:"files"`
}

// DeleteConversation removes a conversation that was locked before, its messages,
// escalations and tags, the files that nothing else shows, and the work that waits for
// it. The bytes of files are noted, to be removed from the store by upkeep.
func (tx *Tx) DeleteConversation(ctx context.Context, c id.Conversation, now time.Time) (Deleted, error) {
	err := tx.q.ConversationLanesDelete(ctx, sqlc.ConversationLanesDeleteParams{TenantID: tx.tenant, Key: c.String()})
	if err != nil {
		return Deleted{}, wrap(err, "delete a conversation's lanes", nil)
	}
	var e Erased
	e.Talks = []id.Conversation{c}
	if err := tx.eraseFiles(ctx, now, &e); err != nil {
		return Deleted{}, wrap(err, "delete a conversation's files", nil)
	}
	r, err := tx.q.ConversationDelete(ctx, sqlc.ConversationDeleteParams{TenantID: tx.tenant, ID: c})
	return Deleted{r.Messages, r.Escalations, r.Tags, int64(e.Files)}, wrap(err, "delete conversation", conversation.ErrNotFound)
}
