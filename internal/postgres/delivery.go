package postgres

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// Fate is what became of a webhook delivery.
type Fate string

// The fates.
const (
	Queued    Fate = "QUEUED"    // its items are in their lanes, or were
	Unclaimed Fate = "UNCLAIMED" // its number belongs to nobody yet
	Poison    Fate = "POISON"    // verified, but cannot be read
	Ignored   Fate = "IGNORED"   // nothing in it concerns us
)

// Delivery is one webhook call of Meta's, or the part of it that belongs to one
// tenant.
type Delivery struct {
	ID            id.Delivery
	TenantID      id.Tenant // zero when nobody claims the number
	PhoneNumberID string
	Fate          Fate
	Body          []byte
	Items         []lane.New
}

// SystemStoreDeliveries stores deliveries and queues their items, all or nothing.
// When it returns nil they are on disk.
func (db *DB) SystemStoreDeliveries(ctx context.Context, deliveries []Delivery) error {
	err := db.inSystemTx(ctx, func(q *sqlc.Queries) error {
		if err := insertDeliveries(ctx, q, deliveries); err != nil {
			return wrap(err, "store deliveries", nil)
		}
		return wrap(enqueueInbox(ctx, q, deliveries), "queue items", nil)
	})
	if err != nil {
		return wrap(err, "receive", nil)
	}
	db.wakeInbox(deliveries)
	return nil
}

func (db *DB) wakeInbox(deliveries []Delivery) {
	if db.hooks.Wake == nil {
		return
	}
	woken := map[id.Tenant]bool{}
	for _, d := range deliveries {
		if len(d.Items) > 0 && !woken[d.TenantID] {
			woken[d.TenantID] = true
			db.hooks.Wake(lane.Inbox, d.TenantID)
		}
	}
}

func insertDeliveries(ctx context.Context, q *sqlc.Queries, deliveries []Delivery) error {
	var p sqlc.SystemDeliveriesInsertParams
	for _, d := range deliveries {
		p.TenantIds = append(p.TenantIds, d.TenantID.UUID)
		p.Ids = append(p.Ids, d.ID.UUID)
		p.PhoneNumberIds = append(p.PhoneNumberIds, d.PhoneNumberID)
		p.Fates = append(p.Fates, string(d.Fate))
		p.Bodies = append(p.Bodies, d.Body)
	}
	return q.SystemDeliveriesInsert(ctx, p)
}

// laneOf names a lane across tenants.
type laneOf struct {
	tenant id.Tenant
	key    string
}

func enqueueInbox(ctx context.Context, q *sqlc.Queries, deliveries []Delivery) error {
	items := sqlc.SystemLaneItemsInsertParams{Kind: string(lane.Inbox)}
	counts := map[laneOf]int32{}
	for _, d := range deliveries {
		for _, i := range d.Items {
			items.TenantIds = append(items.TenantIds, d.TenantID.UUID)
			items.Keys = append(items.Keys, i.Key)
			items.NumberIds = append(items.NumberIds, i.NumberID.UUID)
			items.Payloads = append(items.Payloads, i.Payload)
			counts[laneOf{d.TenantID, i.Key}]++
		}
	}
	if len(counts) == 0 {
		return nil
	}
	if err := q.SystemLaneItemsInsert(ctx, items); err != nil {
		return err
	}
	return q.SystemLanesDeepen(ctx, deepenParams(counts))
}

// deepenParams lists lanes in order: two writers lock them in the same one.
func deepenParams(counts map[laneOf]int32) sqlc.SystemLanesDeepenParams {
	lanes := make([]laneOf, 0, len(counts))
	for l := range counts {
		lanes = append(lanes, l)
	}
	slices.SortFunc(lanes, func(a, b laneOf) int {
		if c := slices.Compare(a.tenant.UUID[:], b.tenant.UUID[:]); c != 0 {
			return c
		}
		return strings.Compare(a.key, b.key)
	})
	p := sqlc.SystemLanesDeepenParams{Kind: string(lane.Inbox)}
	for _, l := range lanes {
		p.TenantIds = append(p.TenantIds, l.tenant.UUID)
		p.Keys = append(p.Keys, l.key)
		p.Depths = append(p.Depths, counts[l])
	}
	return p
}

// SystemUnclaimed returns what arrived for a number before a tenant claimed it,
// oldest first, at most limit deliveries. What another tenant's app signed is left
// out.
func (db *DB) SystemUnclaimed(ctx context.Context, tenant id.Tenant, phoneNumberID string, limit int) ([]Delivery, error) {
	rows, err := db.systemQueries().SystemDeliveriesUnclaimed(ctx, sqlc.SystemDeliveriesUnclaimedParams{
		TenantID: tenant.UUID, PhoneNumberID: phoneNumberID, MaxDeliveries: int32(limit),
	})
	out := make([]Delivery, 0, len(rows))
	for _, r := range rows {
		out = append(out, Delivery{ID: r.ID, PhoneNumberID: phoneNumberID, Fate: Unclaimed, Body: r.Body})
	}
	return out, wrap(err, "list unclaimed deliveries", nil)
}

// SystemClaim gives unclaimed deliveries to a tenant and queues their items.
func (db *DB) SystemClaim(ctx context.Context, tenant id.Tenant, phoneNumberID string, deliveries []Delivery) error {
	var ids []uuid.UUID
	for _, d := range deliveries {
		ids = append(ids, d.ID.UUID)
	}
	err := db.inSystemTx(ctx, func(q *sqlc.Queries) error {
		err := q.SystemDeliveriesClaim(ctx, sqlc.SystemDeliveriesClaimParams{TenantID: tenant, PhoneNumberID: phoneNumberID, Ids: ids})
		if err != nil {
			return err
		}
		return enqueueInbox(ctx, q, deliveries)
	})
	if err == nil {
		db.wakeInbox(deliveries)
	}
	return wrap(err, "claim deliveries", nil)
}

// SystemDeliveryFates counts deliveries since a time by what became of them.
func (db *DB) SystemDeliveryFates(ctx context.Context, since time.Time) (map[Fate]int, error) {
	rows, err := db.systemQueries().SystemDeliveryFates(ctx, since)
	fates := make(map[Fate]int, len(rows))
	for _, r := range rows {
		fates[Fate(r.Fate)] = int(r.Count)
	}
	return fates, wrap(err, "count deliveries", nil)
}

// SystemPrepareDays makes the delivery partitions of today and the days after it, by
// UTC. It may be called late, again, and by several instances at once.
func (db *DB) SystemPrepareDays(ctx context.Context, today time.Time, days int) error {
	for d := range days {
		day := pgtype.Date{Time: today.UTC().AddDate(0, 0, d), Valid: true}
		if err := db.systemQueries().SystemDeliveryPartition(ctx, day); err != nil {
			return wrap(err, "make delivery partition", nil)
		}
	}
	return nil
}

// SystemNumbersWithUnclaimed lists connected numbers for which deliveries wait that
// arrived before they were connected.
func (db *DB) SystemNumbersWithUnclaimed(ctx context.Context) ([]NumberRow, error) {
	rows, err := db.systemQueries().SystemNumbersWithUnclaimed(ctx)
	out := make([]NumberRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, numberNoun(r))
	}
	return out, wrap(err, "list numbers with unclaimed deliveries", nil)
}
