package postgres

import (
	"bytes"
	"context"
	"slices"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// DeadLetterPage returns a page of given-up items of a kind, or of every kind when it is
// empty, newest first, and how many there are in all, counted up to 10,000.
func (db *DB) DeadLetterPage(ctx context.Context, tenant id.Tenant, kind lane.Kind, limit, offset int) ([]DeadLetter, int, error) {
	q := db.reads(tenant)
	rows, err := q.DeadLetterPage(ctx, sqlc.DeadLetterPageParams{
		TenantID: tenant, Kind: string(kind), PageSize: int32(limit), Skip: int32(offset),
	})
	if err != nil {
		return nil, 0, wrap(err, "list dead letters", nil)
	}
	out := make([]DeadLetter, 0, len(rows))
	for _, r := range rows {
		out = append(out, deadLetter(r))
	}
	total, err := q.DeadLetterCount(ctx, sqlc.DeadLetterCountParams{TenantID: tenant, Kind: string(kind), Most: countLimit})
	return out, int(total), wrap(err, "count dead letters", nil)
}

// UnburyAll puts the oldest given-up items of a kind, or of every kind when it is empty,
// back at the end of their lanes, in their order, and returns how many those were.
func (tx *Tx) UnburyAll(ctx context.Context, kind lane.Kind, most int) (int, error) {
	rows, err := tx.q.DeadLettersTake(ctx, sqlc.DeadLettersTakeParams{TenantID: tx.tenant, Kind: string(kind), Most: int32(most)})
	if err != nil {
		return 0, wrap(err, "take dead letters", nil)
	}
	slices.SortFunc(rows, func(a, b sqlc.DeadLetter) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	for _, r := range rows {
		tx.Enqueue(lane.Kind(r.Kind), lane.New{Key: r.Key, NumberID: r.NumberID, Payload: r.Payload})
	}
	return len(rows), nil
}
