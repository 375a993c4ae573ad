package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
	"github.com/botreserva/botreserva/internal/stale"
)

// TenantFilter says which tenants a list shows.
type TenantFilter struct {
	Status        tenant.Status // empty: all
	Search        string        // in name, slug and e-mail
	Limit, Offset int
}

// TenantCounts is how much a tenant has.
type TenantCounts struct {
	Users, Conversations, Contacts int
	Connected                      bool // it has a number with which it can send
}

// SystemTenantPage lists a page of tenants, the newest first, and how many there are.
func (db *DB) SystemTenantPage(ctx context.Context, f TenantFilter) ([]TenantRow, int, error) {
	q := db.systemQueries()
	rows, err := q.SystemTenantPage(ctx, sqlc.SystemTenantPageParams{
		Status: string(f.Status), Search: f.Search, MaxRows: int32(f.Limit), Skip: int32(f.Offset),
	})
	if err != nil {
		return nil, 0, wrap(err, "list tenants", nil)
	}
	total, err := q.SystemTenantTotal(ctx, sqlc.SystemTenantTotalParams{Status: string(f.Status), Search: f.Search})
	out := make([]TenantRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, tenantNoun(r))
	}
	return out, int(total), wrap(err, "count tenants", nil)
}

// SystemTenantCounts counts what tenants have.
func (db *DB) SystemTenantCounts(ctx context.Context, tenants ...id.Tenant) (map[id.Tenant]TenantCounts, error) {
	rows, err := db.systemQueries().SystemTenantCounts(ctx, plain(tenants))
	out := make(map[id.Tenant]TenantCounts, len(rows))
	for _, r := range rows {
		out[r.ID] = TenantCounts{int(r.Users), int(r.Conversations), int(r.Contacts), r.Connected}
	}
	return out, wrap(err, "count rows of tenants", nil)
}

// TenantActivity is how much goes on at a tenant.
type TenantActivity struct {
	Messages      int
	States        map[string]int // conversations by state
	LastMessageAt time.Time      // zero: never
}

// SystemTenantActivity counts what goes on at a tenant.
func (db *DB) SystemTenantActivity(ctx context.Context, tenantID id.Tenant) (TenantActivity, error) {
	q := db.systemQueries()
	a := TenantActivity{States: map[string]int{}}
	messages, err := q.SystemTenantMessages(ctx, tenantID)
	if err != nil {
		return a, wrap(err, "count messages", nil)
	}
	a.Messages = int(messages)
	states, err := q.SystemTenantStates(ctx, tenantID)
	if err != nil {
		return a, wrap(err, "count conversations", nil)
	}
	for _, s := range states {
		a.States[s.State] = int(s.Conversations)
	}
	a.LastMessageAt, err = q.SystemTenantLastMessage(ctx, tenantID)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return a, wrap(err, "find last message", nil)
}

const deletedAtOnce = 200 // conversations with all their messages

// SystemDropFiles deletes the rows of a tenant's files after discard has removed their
// bytes. It may be called again if it was interrupted.
func (db *DB) SystemDropFiles(ctx context.Context, tenantID id.Tenant, discard func(ctx context.Context, key string) error) error {
	for {
		rows, err := db.systemQueries().SystemTenantFiles(ctx, sqlc.SystemTenantFilesParams{TenantID: tenantID, MaxRows: deletedAtOnce})
		if err != nil || len(rows) == 0 {
			return wrap(err, "list files", nil)
		}
		ids := make([]id.Media, 0, len(rows))
		for _, r := range rows {
			for _, key := range objects(r.Key, r.ThumbKey) {
				if err := discard(ctx, key); err != nil {
					return err
				}
			}
			ids = append(ids, r.ID)
		}
		err = db.systemQueries().SystemTenantFilesDelete(ctx, sqlc.SystemTenantFilesDeleteParams{TenantID: tenantID, Ids: plain(ids)})
		if err != nil {
			return wrap(err, "delete files", nil)
		}
	}
}

// SystemDeleteTenant deletes a tenant with everything it has, and notes that in the
// platform's log. It may be called again if it was interrupted.
func (db *DB) SystemDeleteTenant(ctx context.Context, tenantID id.Tenant, e Entry) error {
	t := sqlc.SystemTenantConversationsDeleteParams{TenantID: tenantID, MaxRows: deletedAtOnce}
	for n := int64(deletedAtOnce); n == deletedAtOnce; {
		var err error
		if n, err = db.systemQueries().SystemTenantConversationsDelete(ctx, t); err != nil {
			return wrap(err, "delete conversations", nil)
		}
	}
	for n := int64(deletedAtOnce); n == deletedAtOnce; {
		var err error
		if n, err = db.systemQueries().SystemTenantContactsDelete(ctx, sqlc.SystemTenantContactsDeleteParams(t)); err != nil {
			return wrap(err, "delete contacts", nil)
		}
	}
	err := db.inSystemTx(ctx, func(q *sqlc.Queries) error { return deleteRest(ctx, q, tenantID, e) })
	if err == nil {
		db.outdated(stale.Tenant(tenantID))
	}
	return err
}

// deleteRest deletes what came meanwhile, and the tenant.
func deleteRest(ctx context.Context, q *sqlc.Queries, tenantID id.Tenant, e Entry) error {
	if err := q.SystemPatience(ctx); err != nil {
		return wrap(err, "allow time", nil)
	}
	if _, err := q.SystemTenantLockAway(ctx, tenantID); err != nil {
		return wrap(err, "lock tenant", tenant.ErrUnknown)
	}
	all := sqlc.SystemTenantConversationsDeleteParams{TenantID: tenantID, MaxRows: 1 << 30}
	if _, err := q.SystemTenantConversationsDelete(ctx, all); err != nil {
		return wrap(err, "delete conversations", nil)
	}
	if _, err := q.SystemTenantContactsDelete(ctx, sqlc.SystemTenantContactsDeleteParams(all)); err != nil {
		return wrap(err, "delete contacts", nil)
	}
	if err := q.SystemTenantDeliveriesDelete(ctx, tenantID); err != nil {
		return wrap(err, "delete deliveries", nil)
	}
	if err := q.SystemTenantDelete(ctx, tenantID); err != nil {
		return wrap(err, "delete tenant", nil)
	}
	return insertAudit(ctx, q, id.Tenant{}, e)
}
