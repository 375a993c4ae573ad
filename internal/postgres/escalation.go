package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// ErrNoEscalation is returned when a conversation has no escalation that waits.
var ErrNoEscalation = fault.New(fault.NotFound, "escalation_not_found", "There is no such escalation.")

// InsertEscalation stores a bot's request for a person.
func (tx *Tx) InsertEscalation(ctx context.Context, e escalation.Escalation) error {
	err := tx.q.EscalationInsert(ctx, sqlc.EscalationInsertParams{
		TenantID: tx.tenant, ID: e.ID, ConversationID: e.ConversationID, Reason: string(e.Reason),
		ReasonDetail: e.ReasonDetail, Unit: e.Unit, AiContext: e.AIContext, State: string(e.State), CreatedAt: e.CreatedAt,
	})
	return wrap(err, "store escalation", nil)
}

// PendingEscalation returns the newest escalation of a conversation that waits for a
// person, or ErrNoEscalation.
func (tx *Tx) PendingEscalation(ctx context.Context, c id.Conversation) (escalation.Escalation, error) {
	r, err := tx.q.PendingEscalation(ctx, sqlc.PendingEscalationParams{TenantID: tx.tenant, ConversationID: c})
	return escalation.Escalation{
		ID: r.ID, ConversationID: r.ConversationID, Reason: escalation.Reason(r.Reason), ReasonDetail: r.ReasonDetail,
		Unit: r.Unit, AIContext: r.AiContext, State: escalation.State(r.State), AttendedBy: r.AttendedBy,
		AttendedAt: zeroIfNull(r.AttendedAt), CreatedAt: r.CreatedAt, ResolvedAt: zeroIfNull(r.ResolvedAt),
	}, wrap(err, "find escalation", ErrNoEscalation)
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
