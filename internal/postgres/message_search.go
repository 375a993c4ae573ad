package postgres

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// MessageSearch says which messages are looked for.
type MessageSearch struct {
	Text         string
	Conversation id.Conversation // only in this one; zero for all
	Scope        user.Scope
	Before       MessagePlace // zero for the newest
	Limit        int
}

// MessagePlace is where a message stands in time.
type MessagePlace struct {
	At time.Time
	ID id.Message
}

// Said is a message with the guest to whom it was said, or who said it.
type Said struct {
	Message message.Message
	Guest   contact.Contact
}

// MessagesFound is what a search found, newest first.
type MessagesFound struct {
	Messages []Said
	Stems    []string      // what the words that were typed have in common with their other forms
	Next     *MessagePlace // where to go on; nil when nothing is left
}

// SearchMessages finds messages that have all the words of a text, in any form and of any
// age, in conversations that a scope shows. A message is found a moment after it was
// stored. A search that finds very much that the scope does not show may return less than
// a page, and where to go on.
func (db *DB) SearchMessages(ctx context.Context, tenant id.Tenant, s MessageSearch) (MessagesFound, error) {
	found, err := db.messagesFound(ctx, tenant, s, s.Limit+1)
	if err != nil {
		return MessagesFound{}, err
	}
	out := MessagesFound{Stems: found.stems, Next: found.goOn}
	if len(found.hits) > s.Limit {
		found.hits = found.hits[:s.Limit]
		last := found.hits[s.Limit-1]
		out.Next = &MessagePlace{last.At, last.ID}
	}
	ids := make([]id.Message, 0, len(found.hits))
	for _, hit := range found.hits {
		ids = append(ids, hit.ID)
	}
	if len(ids) == 0 {
		return out, nil
	}
	out.Messages, err = db.said(ctx, tenant, ids)
	return out, err
}

// said loads messages in the order of their ids; one that was deleted meanwhile is left out.
func (db *DB) said(ctx context.Context, tenant id.Tenant, ids []id.Message) ([]Said, error) {
	rows, err := db.reads(tenant).MessagesWithGuests(ctx, sqlc.MessagesWithGuestsParams{TenantID: tenant, Ids: plain(ids)})
	if err != nil {
		return nil, wrap(err, "load messages", nil)
	}
	byID := make(map[id.Message]Said, len(rows))
	for _, r := range rows {
		m, err := messageNoun(r.Message)
		if err != nil {
			return nil, err
		}
		byID[m.ID] = Said{m, contactNoun(r.Contact)}
	}
	out := make([]Said, 0, len(ids))
	for _, m := range ids {
		if s, there := byID[m]; there {
			out = append(out, s)
		}
	}
	return out, nil
}

type messageHit struct {
	ID             id.Message
	ConversationID id.Conversation
	At             time.Time
}

type hits struct {
	hits  []messageHit
	stems []string
	goOn  *MessagePlace
}

func (db *DB) messagesFound(ctx context.Context, tenant id.Tenant, s MessageSearch, most int) (hits, error) {
	if s.Before.At.IsZero() {
		s.Before.At = farFuture
	}
	rows, err := pinned{db.app, tenant, pinTenant}.Query(ctx, `
		SELECT f.message_id, f.conversation_id, f.sent_at, message_stems(@text) FROM messages_found(@text, nullif(@conversation, @none::uuid),
			@all, @opportunities, @unit, nullif(@user, @none::uuid), @before, @before_id, @most) f`, pgx.NamedArgs{
		"text": s.Text, "conversation": s.Conversation.UUID, "none": uuid.Nil, "all": s.Scope.All, "opportunities": s.Scope.Opportunities,
		"unit": s.Scope.Unit, "user": s.Scope.AssignedTo.UUID, "before": s.Before.At, "before_id": s.Before.ID.UUID, "most": most,
	})
	if err != nil {
		return hits{}, wrap(err, "search messages", nil)
	}
	var out hits
	var messageID, conversationID uuid.NullUUID
	var at time.Time
	var stems string
	_, err = pgx.ForEachRow(rows, []any{&messageID, &conversationID, &at, &stems}, func() error {
		out.stems = strings.Fields(stems)
		if !messageID.Valid {
			out.goOn = &MessagePlace{At: at}
			return nil
		}
		out.hits = append(out.hits, messageHit{id.Message{UUID: messageID.UUID}, id.Conversation{UUID: conversationID.UUID}, at})
		return nil
	})
	return out, wrap(err, "search messages", nil)
}

// SystemIndexMessages makes messages that were stored findable, at most so many batches
// of them, and returns how many batches it found.
func (db *DB) SystemIndexMessages(ctx context.Context, batches int) (int, error) {
	var n int64
	err := db.inSystemTx(ctx, func(q *sqlc.Queries) (err error) {
		if err = q.SystemIndexingBegin(ctx); err == nil {
			n, err = q.SystemMessagesIndex(ctx, int32(batches))
		}
		return err
	})
	return int(n), wrap(err, "index messages", nil)
}
