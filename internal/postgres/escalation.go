package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// InsertEscalation stores a request for a person.
func (tx *Tx) InsertEscalation(ctx context.Context, e escalation.Escalation) error {
	err := tx.q.EscalationInsert(ctx, sqlc.EscalationInsertParams{
		TenantID: tx.tenant, ID: e.ID, ConversationID: e.ConversationID, Reason: string(e.Reason),
		ReasonDetail: e.ReasonDetail, Unit: e.Unit, AiContext: e.AIContext, State: string(e.State), CreatedAt: e.CreatedAt,
	})
	return wrap(err, "store escalation", nil)
}

// PendingEscalation returns the newest escalation of a conversation that waits for a
// person, or escalation.ErrNotFound.
func (tx *Tx) PendingEscalation(ctx context.Context, c id.Conversation) (escalation.Escalation, error) {
	r, err := tx.q.PendingEscalation(ctx, sqlc.PendingEscalationParams{TenantID: tx.tenant, ConversationID: c})
	return escalationNoun(r), wrap(err, "find escalation", escalation.ErrNotFound)
}

// LockEscalation locks and returns one escalation, or escalation.ErrNotFound. Lock its
// conversation first.
func (tx *Tx) LockEscalation(ctx context.Context, e id.Escalation) (escalation.Escalation, error) {
	r, err := tx.q.EscalationForUpdate(ctx, sqlc.EscalationForUpdateParams{TenantID: tx.tenant, ID: e})
	return escalationNoun(r), wrap(err, "lock escalation", escalation.ErrNotFound)
}

// SaveEscalation writes what changes about an escalation that was locked before.
func (tx *Tx) SaveEscalation(ctx context.Context, e escalation.Escalation) error {
	err := tx.q.EscalationSave(ctx, sqlc.EscalationSaveParams{
		TenantID: tx.tenant, ID: e.ID, State: string(e.State), AttendedBy: e.AttendedBy, Notes: e.Notes,
		AttendedAt: nullIfZero(e.AttendedAt), ResolvedAt: nullIfZero(e.ResolvedAt),
	})
	return wrap(err, "save escalation", nil)
}

// AttendEscalations moves what waits in a locked conversation to somebody's hands and
// returns it; by is zero for the platform's operator.
func (tx *Tx) AttendEscalations(ctx context.Context, c id.Conversation, by id.User, now time.Time) ([]escalation.Escalation, error) {
	rows, err := tx.q.EscalationsAttend(ctx, sqlc.EscalationsAttendParams{
		TenantID: tx.tenant, ConversationID: c, AttendedBy: by, AttendedAt: &now,
	})
	return escalationNouns(rows), wrap(err, "attend to escalations", nil)
}

// ResolveEscalations ends everything that is open in a locked conversation and returns
// it; by is zero for the platform's operator.
func (tx *Tx) ResolveEscalations(ctx context.Context, c id.Conversation, by id.User, now time.Time) ([]escalation.Escalation, error) {
	rows, err := tx.q.EscalationsResolve(ctx, sqlc.EscalationsResolveParams{
		TenantID: tx.tenant, ConversationID: c, AttendedBy: by, ResolvedAt: &now,
	})
	return escalationNouns(rows), wrap(err, "resolve escalations", nil)
}

// Escalation returns one escalation, or escalation.ErrNotFound.
func (db *DB) Escalation(ctx context.Context, tenant id.Tenant, e id.Escalation) (escalation.Escalation, error) {
	r, err := db.reads(tenant).EscalationGet(ctx, sqlc.EscalationGetParams{TenantID: tenant, ID: e})
	return escalationNoun(r), wrap(err, "load escalation", escalation.ErrNotFound)
}

// FirstMessages returns how a conversation began, oldest first.
func (db *DB) FirstMessages(ctx context.Context, tenant id.Tenant, c id.Conversation, limit int) ([]message.Message, error) {
	rows, err := db.reads(tenant).MessagesFirst(ctx, sqlc.MessagesFirstParams{TenantID: tenant, ConversationID: c, MaxMessages: int32(limit)})
	if err != nil {
		return nil, wrap(err, "list first messages", nil)
	}
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

// LockOf tells whether the active conversation of a guest is held by a person, and
// which one it is; the zero id when there is none.
func (db *DB) LockOf(ctx context.Context, tenant id.Tenant, alias contact.Alias) (bool, id.Conversation, error) {
	r, err := db.reads(tenant).LockOfAlias(ctx, sqlc.LockOfAliasParams{TenantID: tenant, Kind: string(alias.Kind), Alias: alias.Value})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, id.Conversation{}, nil
	}
	return r.Locked, r.ID, wrap(err, "look up lock", nil)
}

func escalationNouns(rows []sqlc.Escalation) []escalation.Escalation {
	out := make([]escalation.Escalation, 0, len(rows))
	for _, r := range rows {
		out = append(out, escalationNoun(r))
	}
	return out
}

func escalationNoun(r sqlc.Escalation) escalation.Escalation {
	return escalation.Escalation{
		ID: r.ID, ConversationID: r.ConversationID, Reason: escalation.Reason(r.Reason), ReasonDetail: r.ReasonDetail,
		Unit: r.Unit, AIContext: r.AiContext, State: escalation.State(r.State), AttendedBy: r.AttendedBy,
		AttendedAt: zeroIfNull(r.AttendedAt), CreatedAt: r.CreatedAt, ResolvedAt: zeroIfNull(r.ResolvedAt), Notes: r.Notes,
	}
}

// escalationsOf loads a page whose ids are known, newest first.
func (db *DB) escalationsOf(ctx context.Context, tenant id.Tenant, ids []uuid.UUID) ([]escalation.Escalation, error) {
	rows, err := db.reads(tenant).EscalationsGet(ctx, sqlc.EscalationsGetParams{TenantID: tenant, Ids: ids})
	return escalationNouns(rows), wrap(err, "load escalations", nil)
}
