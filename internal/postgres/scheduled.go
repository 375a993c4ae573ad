package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// InsertScheduled stores what is to be said later. It returns ErrRepeated if the sender
// gave its ClientID to another.
func (tx *Tx) InsertScheduled(ctx context.Context, s message.Scheduled) error {
	var client *string
	if s.ClientID != "" {
		client = &s.ClientID
	}
	err := tx.q.ScheduledInsert(ctx, sqlc.ScheduledInsertParams{
		TenantID: tx.tenant, ID: s.ID, ConversationID: s.ConversationID, Content: s.Content, ReplyTo: s.ReplyTo, ClientID: client,
		MadeBy: s.MadeBy, SendAt: s.SendAt, CreatedAt: s.CreatedAt,
	})
	return wrap(err, "store scheduled message", nil)
}

// ScheduledByClientID finds a scheduled message by the id that its sender gave it.
func (tx *Tx) ScheduledByClientID(ctx context.Context, clientID string) (message.Scheduled, error) {
	r, err := tx.q.ScheduledByClientID(ctx, sqlc.ScheduledByClientIDParams{TenantID: tx.tenant, ClientID: &clientID})
	return scheduledNoun(r, wrap(err, "find scheduled message", message.ErrNoScheduled))
}

// LockScheduled locks and returns a scheduled message, or message.ErrNoScheduled.
func (tx *Tx) LockScheduled(ctx context.Context, of id.Scheduled) (message.Scheduled, error) {
	r, err := tx.q.ScheduledLock(ctx, sqlc.ScheduledLockParams{TenantID: tx.tenant, ID: of})
	return scheduledNoun(r, wrap(err, "lock scheduled message", message.ErrNoScheduled))
}

// OpenScheduled counts what waits in a conversation.
func (tx *Tx) OpenScheduled(ctx context.Context, c id.Conversation) (int, error) {
	n, err := tx.q.ScheduledOpen(ctx, sqlc.ScheduledOpenParams{TenantID: tx.tenant, ConversationID: c})
	return int(n), wrap(err, "count scheduled messages", nil)
}

// SettleScheduled writes what became of a scheduled message that waited.
func (tx *Tx) SettleScheduled(ctx context.Context, s message.Scheduled) error {
	failure, err := failureColumn(s.Failure)
	if err != nil {
		return err
	}
	err = tx.q.ScheduledSettle(ctx, sqlc.ScheduledSettleParams{
		TenantID: tx.tenant, ID: s.ID, State: string(s.State), Failure: failure, MessageID: s.MessageID, Now: &s.SettledAt,
	})
	return wrap(err, "settle scheduled message", nil)
}

// Scheduled returns a scheduled message, or message.ErrNoScheduled.
func (db *DB) Scheduled(ctx context.Context, tenant id.Tenant, of id.Scheduled) (message.Scheduled, error) {
	r, err := db.reads(tenant).ScheduledGet(ctx, sqlc.ScheduledGetParams{TenantID: tenant, ID: of})
	return scheduledNoun(r, wrap(err, "load scheduled message", message.ErrNoScheduled))
}

// ScheduledOf returns a page of a conversation's scheduled messages, those that are sent last
// first; of all states or of one.
func (db *DB) ScheduledOf(ctx context.Context, tenant id.Tenant, c id.Conversation, state message.ScheduledState, limit, skip int) ([]message.Scheduled, error) {
	rows, err := db.reads(tenant).ScheduledPage(ctx, sqlc.ScheduledPageParams{
		TenantID: tenant, ConversationID: c, State: string(state), PageSize: int32(limit), Skip: int32(skip),
	})
	if err != nil {
		return nil, wrap(err, "list scheduled messages", nil)
	}
	out := make([]message.Scheduled, 0, len(rows))
	for _, r := range rows {
		s, err := scheduledNoun(r, nil)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// ScheduledCount counts a conversation's scheduled messages.
func (db *DB) ScheduledCount(ctx context.Context, tenant id.Tenant, c id.Conversation, state message.ScheduledState) (int, error) {
	n, err := db.reads(tenant).ScheduledCount(ctx, sqlc.ScheduledCountParams{TenantID: tenant, ConversationID: c, State: string(state)})
	return int(n), wrap(err, "count scheduled messages", nil)
}

// Due is a scheduled message whose time has come.
type Due struct {
	Tenant id.Tenant
	ID     id.Scheduled
}

// SystemScheduledDue lists scheduled messages whose time has come, the oldest first.
func (db *DB) SystemScheduledDue(ctx context.Context, now time.Time, most int) ([]Due, error) {
	rows, err := db.systemQueries().SystemScheduledDue(ctx, sqlc.SystemScheduledDueParams{Now: now, Most: int32(most)})
	if err != nil {
		return nil, wrap(err, "find what is to be sent", nil)
	}
	out := make([]Due, 0, len(rows))
	for _, r := range rows {
		out = append(out, Due{r.TenantID, r.ID})
	}
	return out, nil
}

func scheduledNoun(r sqlc.ScheduledMessage, err error) (message.Scheduled, error) {
	if err != nil {
		return message.Scheduled{}, err
	}
	s := message.Scheduled{
		ID: r.ID, ConversationID: r.ConversationID, Content: r.Content, ReplyTo: r.ReplyTo, ClientID: textOrEmpty(r.ClientID),
		MadeBy: r.MadeBy, SendAt: r.SendAt, State: message.ScheduledState(r.State), MessageID: r.MessageID,
		CreatedAt: r.CreatedAt, SettledAt: zeroIfNull(r.SettledAt),
	}
	if err := decodeColumn(r.Failure, &s.Failure); err != nil {
		return s, fmt.Errorf("decode failure of %s: %w", r.ID, err)
	}
	return s, nil
}
