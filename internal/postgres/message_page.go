package postgres

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// farFuture is after every message.
var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// Messages returns a page of a conversation's messages, newest first, and how many
// there are in all.
func (db *DB) Messages(ctx context.Context, tenant id.Tenant, c id.Conversation, limit, offset int) ([]message.Message, int, error) {
	if offset == 0 {
		return db.MessagesBefore(ctx, tenant, c, message.Message{Timestamp: farFuture}, limit)
	}
	rows, err := db.reads(tenant).MessagePage(ctx, sqlc.MessagePageParams{
		TenantID: tenant, ConversationID: c, PageSize: int32(limit), Skip: int32(offset),
	})
	return db.withTotal(ctx, tenant, c, rows, err)
}

// MessagesBefore returns the messages of a conversation that are older than one of
// them, newest first, and how many there are in all.
func (db *DB) MessagesBefore(ctx context.Context, tenant id.Tenant, c id.Conversation, m message.Message, limit int) ([]message.Message, int, error) {
	rows, err := db.reads(tenant).MessagesBefore(ctx, sqlc.MessagesBeforeParams{
		TenantID: tenant, ConversationID: c, BeforeTime: m.Timestamp, BeforeID: m.ID.UUID, PageSize: int32(limit),
	})
	return db.withTotal(ctx, tenant, c, rows, err)
}

// MessagesAfter returns those that are newer than one of them, oldest first, and how
// many there are in all.
func (db *DB) MessagesAfter(ctx context.Context, tenant id.Tenant, c id.Conversation, m message.Message, limit int) ([]message.Message, int, error) {
	rows, err := db.reads(tenant).MessagesAfter(ctx, sqlc.MessagesAfterParams{
		TenantID: tenant, ConversationID: c, AfterTime: m.Timestamp, AfterID: m.ID.UUID, PageSize: int32(limit),
	})
	return db.withTotal(ctx, tenant, c, rows, err)
}

// MessagesFrom returns those that are newer than one of them, oldest first: how whoever
// reads a whole conversation goes on. The zero message is before all.
func (db *DB) MessagesFrom(ctx context.Context, tenant id.Tenant, c id.Conversation, m message.Message, limit int) ([]message.Message, error) {
	rows, err := db.reads(tenant).MessagesAfter(ctx, sqlc.MessagesAfterParams{
		TenantID: tenant, ConversationID: c, AfterTime: m.Timestamp, AfterID: m.ID.UUID, PageSize: int32(limit),
	})
	if err != nil {
		return nil, wrap(err, "list messages", nil)
	}
	return messageNouns(rows)
}

func (db *DB) withTotal(ctx context.Context, tenant id.Tenant, c id.Conversation, rows []sqlc.Message, err error) ([]message.Message, int, error) {
	if err != nil {
		return nil, 0, wrap(err, "list messages", nil)
	}
	total, err := db.reads(tenant).MessageCount(ctx, sqlc.MessageCountParams{TenantID: tenant, ConversationID: c})
	if err != nil {
		return nil, 0, wrap(err, "count messages", nil)
	}
	out, err := messageNouns(rows)
	return out, int(total), err
}

func messageNouns(rows []sqlc.Message) ([]message.Message, error) {
	out := make([]message.Message, 0, len(rows))
	for _, r := range rows {
		m, err := messageNoun(r)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// Tally counts a conversation's messages.
type Tally struct {
	Total       int
	ByDirection map[message.Direction]int
	ByStatus    map[message.Status]int
}

// TallyMessages counts the messages of a conversation by direction and status.
func (db *DB) TallyMessages(ctx context.Context, tenant id.Tenant, c id.Conversation) (Tally, error) {
	rows, err := db.reads(tenant).MessageTally(ctx, sqlc.MessageTallyParams{TenantID: tenant, ConversationID: c})
	t := Tally{ByDirection: map[message.Direction]int{}, ByStatus: map[message.Status]int{}}
	for _, r := range rows {
		n := int(r.Messages)
		t.Total += n
		t.ByDirection[message.Direction(r.Direction)] += n
		t.ByStatus[message.Status(r.Status)] += n
	}
	return t, wrap(err, "count messages", nil)
}
