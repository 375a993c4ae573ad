package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// Usage returns what a tenant used in the month that began at period, up to this
// moment: what was counted, and what was made since.
func (db *DB) Usage(ctx context.Context, tenantID id.Tenant, period time.Time) (tenant.Usage, error) {
	q := db.reads(tenantID)
	r, err := q.UsageMonthGet(ctx, sqlc.UsageMonthGetParams{TenantID: tenantID, Period: period})
	if errors.Is(err, pgx.ErrNoRows) {
		r, err = sqlc.UsageMonth{TenantID: tenantID, Period: period, CountedTo: period}, nil
	}
	if err != nil {
		return tenant.Usage{}, wrap(err, "find usage", nil)
	}
	if err := addUsage(ctx, q, &r, endOf(period)); err != nil {
		return tenant.Usage{}, err
	}
	users, err := q.UsageUsers(ctx, tenantID)
	u := usageNoun(r)
	u.Users = int(users)
	return u, wrap(err, "count users", nil)
}

// Usages lists the months of a tenant that have been counted, the newest first.
func (db *DB) Usages(ctx context.Context, tenantID id.Tenant, from, to time.Time, limit, offset int) ([]tenant.Usage, int, error) {
	q := db.reads(tenantID)
	rows, err := q.UsageMonthList(ctx, sqlc.UsageMonthListParams{
		TenantID: tenantID, FromPeriod: from, ToPeriod: to, MaxRows: int32(limit), Skip: int32(offset),
	})
	if err != nil {
		return nil, 0, wrap(err, "list usage", nil)
	}
	total, err := q.UsageMonthTotal(ctx, sqlc.UsageMonthTotalParams{TenantID: tenantID, FromPeriod: from, ToPeriod: to})
	out := make([]tenant.Usage, 0, len(rows))
	for _, r := range rows {
		out = append(out, usageNoun(r))
	}
	return out, int(total), wrap(err, "count usage", nil)
}

// CountUsage adds to a month what was made in it before until, and returns the month.
// Rows appear a little after their identifiers were made: until must be that long ago.
func (tx *Tx) CountUsage(ctx context.Context, period, until, now time.Time) (tenant.Usage, error) {
	err := tx.q.UsageMonthBegin(ctx, sqlc.UsageMonthBeginParams{
		TenantID: tx.tenant, ID: uuid.Must(uuid.NewV7()), Period: period, CountedTo: period, Now: now,
	})
	if err != nil {
		return tenant.Usage{}, wrap(err, "begin month", nil)
	}
	r, err := tx.q.UsageMonthForUpdate(ctx, sqlc.UsageMonthForUpdateParams{TenantID: tx.tenant, Period: period})
	if err != nil {
		return tenant.Usage{}, wrap(err, "find usage", nil)
	}
	if end := endOf(period); until.After(end) {
		until = end
	}
	if !until.After(r.CountedTo) {
		return usageNoun(r), nil
	}
	if err := addUsage(ctx, tx.q, &r, until); err != nil {
		return tenant.Usage{}, err
	}
	r.CountedTo, r.UpdatedAt = until, now
	err = tx.q.UsageMonthSave(ctx, sqlc.UsageMonthSaveParams{
		TenantID: tx.tenant, Period: period, Messages: r.Messages, Sent: r.Sent, Conversations: r.Conversations,
		ActiveUsers: r.ActiveUsers, CountedTo: r.CountedTo, Now: now,
	})
	return usageNoun(r), wrap(err, "save usage", nil)
}

// WarnOfUsage notes that a tenant is told of a month's usage, and reports whether it is
// for the first time.
func (tx *Tx) WarnOfUsage(ctx context.Context, period, now time.Time) (bool, error) {
	n, err := tx.q.UsageMonthWarned(ctx, sqlc.UsageMonthWarnedParams{TenantID: tx.tenant, Period: period, Now: now})
	return n > 0, wrap(err, "note warning", nil)
}

// addUsage adds what was made from CountedTo to until. Log-ins are remembered only as
// the last of each user, so a month that has ended keeps the number it had.
func addUsage(ctx context.Context, q *sqlc.Queries, r *sqlc.UsageMonth, until time.Time) error {
	n, err := q.UsageCount(ctx, sqlc.UsageCountParams{
		TenantID:    r.TenantID,
		FromMessage: id.MessageFloor(r.CountedTo), ToMessage: id.MessageFloor(until),
		FromConversation: id.ConversationFloor(r.CountedTo), ToConversation: id.ConversationFloor(until),
	})
	if err != nil {
		return wrap(err, "count usage", nil)
	}
	users, err := q.UsageActiveUsers(ctx, sqlc.UsageActiveUsersParams{TenantID: r.TenantID, PeriodBegins: r.Period, PeriodEnds: endOf(r.Period)})
	if err != nil {
		return wrap(err, "count active users", nil)
	}
	r.Messages, r.Sent, r.Conversations = r.Messages+n.Messages, r.Sent+n.Sent, r.Conversations+n.Conversations
	r.ActiveUsers = max(r.ActiveUsers, int32(users))
	return nil
}

func endOf(period time.Time) time.Time { return period.AddDate(0, 1, 0) }

func usageNoun(r sqlc.UsageMonth) tenant.Usage {
	return tenant.Usage{
		ID: r.ID, Period: r.Period, Messages: int(r.Messages), Sent: int(r.Sent), Conversations: int(r.Conversations),
		ActiveUsers: int(r.ActiveUsers), CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}
