package postgres

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// What a flow said by one call, and when it may be said.

// MessagesOfCall returns what one call of a flow said after its first message, in order.
func (tx *Tx) MessagesOfCall(ctx context.Context, first message.Message) ([]message.Message, error) {
	rows, err := tx.q.MessagesOfCall(ctx, sqlc.MessagesOfCallParams{
		TenantID: tx.tenant, ConversationID: first.ConversationID, At: first.Timestamp, First: first.ID.String(),
	})
	if err != nil {
		return nil, wrap(err, "find the messages of a call", nil)
	}
	return messageNouns(rows)
}

// SaidLately returns the first message of a flow's last call with the same hash since a moment
// of which something came or may come, or ErrNoMessage.
func (tx *Tx) SaidLately(ctx context.Context, in id.Conversation, hash string, since time.Time) (message.Message, error) {
	r, err := tx.q.MessageSaidLately(ctx, sqlc.MessageSaidLatelyParams{
		TenantID: tx.tenant, ConversationID: in, Since: since.Truncate(time.Second), Hash: hash, // as messages are dated
	})
	if err != nil {
		return message.Message{}, wrap(err, "find what was said lately", ErrNoMessage)
	}
	m, err := messageNoun(r)
	if err == nil && m.CreatedAt.Before(since) {
		err = ErrNoMessage
	}
	return m, err
}

// LatestHeard returns what the guest of a conversation said last that somebody is to answer, or
// ErrNoMessage.
func (tx *Tx) LatestHeard(ctx context.Context, in id.Conversation) (message.Message, error) {
	r, err := tx.q.MessageLatestHeard(ctx, sqlc.MessageLatestHeardParams{TenantID: tx.tenant, ConversationID: in})
	if err != nil {
		return message.Message{}, wrap(err, "find what was heard last", ErrNoMessage)
	}
	return messageNoun(r)
}

// Delivery returns how far the delivery of a message has got, without locking it, or
// ErrNoMessage.
func (tx *Tx) Delivery(ctx context.Context, messageID id.Message) (Stored, error) {
	r, err := tx.q.MessageGet(ctx, sqlc.MessageGetParams{TenantID: tx.tenant, ID: messageID})
	if err != nil {
		return Stored{}, wrap(err, "load delivery", ErrNoMessage)
	}
	return storedNoun(r)
}
