package postgres

import (
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// laneClaim is one call of ClaimLanes.
type laneClaim struct {
	tenant id.Tenant
	kind   lane.Kind
	lease  uuid.UUID
}

// lostClaims remembers claims that ended with an error. The database may have granted
// them before its answer got lost (it crashed, say): then the lanes are leased to
// nobody, and would stand still until the lease runs out.
type lostClaims struct {
	mu     sync.Mutex
	claims []laneClaim
}

func (l *lostClaims) note(c laneClaim) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.claims = append(l.claims, c)
}

func (l *lostClaims) of(match func(laneClaim) bool) []laneClaim {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []laneClaim
	for _, c := range l.claims {
		if match(c) {
			found = append(found, c)
		}
	}
	return found
}

func (l *lostClaims) forget(c laneClaim) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.claims = slices.DeleteFunc(l.claims, func(other laneClaim) bool { return other == c })
}

// unclaim gives back what lost claims may have leased. While it fails nothing is
// claimed, so that lost claims do not pile up.
func (db *DB) unclaim(ctx context.Context, tenant id.Tenant, kind lane.Kind) error {
	for _, c := range db.lostClaims.of(func(c laneClaim) bool { return c.tenant == tenant && c.kind == kind }) {
		_, err := db.reads(tenant).LanesUnclaim(ctx, sqlc.LanesUnclaimParams{
			TenantID: tenant, Kind: string(kind), Lease: uuid.NullUUID{UUID: c.lease, Valid: true},
		})
		if err != nil {
			return wrap(err, "give lanes back", nil)
		}
		db.lostClaims.forget(c)
	}
	return nil
}
