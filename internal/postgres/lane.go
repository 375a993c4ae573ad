package postgres

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// ErrLeaseLost is returned when a lane was taken over by somebody else because its
// lease had run out: what was done for it must be undone.
var ErrLeaseLost = errors.New("the lease on a lane was lost")

// LeaseIsOurs reports whether recording an outcome failed for another reason than
// ErrLeaseLost: then it is worth another try.
func LeaseIsOurs(err error) bool { return !errors.Is(err, ErrLeaseLost) }

const (
	// leaseTime must exceed the longest call that is made under a lease (30 s to
	// Meta or to a flow, times the items of one claim).
	leaseTime = 5 * time.Minute
	// itemsPerLane is how many items of one lane are leased at once.
	itemsPerLane = 10
)

// writeLanes inserts items and counts them on their lanes.
func (tx *Tx) writeLanes(ctx context.Context, kind lane.Kind, items []lane.New) error {
	keys, numbers, payloads := itemColumns(items)
	err := tx.q.LaneItemsInsert(ctx, sqlc.LaneItemsInsertParams{
		TenantID: tx.tenant, Kind: string(kind), Keys: keys, NumberIds: numbers, Payloads: payloads,
	})
	if err != nil {
		return wrap(err, "queue items", nil)
	}
	distinct, depths := countSorted(keys)
	err = tx.q.LanesDeepen(ctx, sqlc.LanesDeepenParams{
		TenantID: tx.tenant, Kind: string(kind), Keys: distinct, Depths: depths,
	})
	return wrap(err, "count queued items", nil)
}

func itemColumns(items []lane.New) (keys []string, numbers []uuid.UUID, payloads [][]byte) {
	for _, i := range items {
		keys = append(keys, i.Key)
		numbers = append(numbers, i.NumberID.UUID)
		payloads = append(payloads, i.Payload)
	}
	return keys, numbers, payloads
}

// countSorted returns the distinct keys in order, and how often each occurs.
func countSorted(keys []string) (distinct []string, counts []int32) {
	sorted := slices.Sorted(slices.Values(keys))
	for _, k := range sorted {
		if n := len(distinct); n > 0 && distinct[n-1] == k {
			counts[n-1]++
			continue
		}
		distinct, counts = append(distinct, k), append(counts, 1)
	}
	return distinct, counts
}

// ClaimLanes implements lane.Source.
func (db *DB) ClaimLanes(ctx context.Context, tenant id.Tenant, kind lane.Kind, maxLanes int) ([]*lane.Lane, error) {
	if err := db.unclaim(ctx, tenant, kind); err != nil {
		return nil, err
	}
	lease := db.newLease()
	expires := time.Now().Add(leaseTime) //nolint:forbidigo // leases run by the database's clock, which no test sets
	rows, err := db.claims(tenant, kind).LanesClaim(ctx, sqlc.LanesClaimParams{
		TenantID: tenant.UUID, Kind: string(kind), Lease: uuid.NullUUID{UUID: lease, Valid: true},
		LeaseSeconds: leaseTime.Seconds(), MaxLanes: int32(maxLanes), MaxItems: itemsPerLane,
	})
	if err != nil {
		db.lostClaims.note(laneClaim{tenant, kind, lease})
		return nil, wrap(err, "claim lanes", nil)
	}
	var lanes []*lane.Lane
	for _, r := range rows {
		if n := len(lanes); n == 0 || lanes[n-1].Key != r.Key {
			lanes = append(lanes, &lane.Lane{
				TenantID: tenant, Kind: kind, Key: r.Key, Lease: lease, Attempts: int(r.Attempts), Expires: expires,
			})
		}
		l := lanes[len(lanes)-1]
		l.Items = append(l.Items, lane.Item{ID: r.ID, NumberID: r.NumberID, Payload: r.Payload, QueuedAt: r.CreatedAt})
	}
	return lanes, nil
}

// LaneTenants implements lane.Source.
func (db *DB) LaneTenants(ctx context.Context, kind lane.Kind) ([]id.Tenant, error) {
	tenants, err := db.systemQueries().SystemLaneTenants(ctx, string(kind))
	if err != nil {
		return nil, wrap(err, "list tenants with work", nil)
	}
	for _, c := range db.lostClaims.of(func(c laneClaim) bool { return c.kind == kind }) {
		if !slices.Contains(tenants, c.tenant) {
			tenants = append(tenants, c.tenant)
		}
	}
	return tenants, nil
}

// ReleaseLanes records what became of leased lanes of one kind and one claim, in
// the transaction of their effects. It returns ErrLeaseLost if one of them is no
// longer ours. Lanes in which something is left that is ready now are woken.
func (tx *Tx) ReleaseLanes(ctx context.Context, outcomes ...lane.Outcome) error {
	if len(outcomes) == 0 {
		return nil
	}
	first := outcomes[0].Lane
	if err := tx.deleteItems(ctx, first.Kind, outcomes); err != nil {
		return err
	}
	slices.SortFunc(outcomes, func(a, b lane.Outcome) int { return strings.Compare(a.Lane.Key, b.Lane.Key) })
	p := sqlc.LanesReleaseParams{
		TenantID: tx.tenant, Kind: string(first.Kind), Lease: uuid.NullUUID{UUID: first.Lease, Valid: true},
	}
	for _, o := range outcomes {
		p.Keys = append(p.Keys, o.Lane.Key)
		p.Dones = append(p.Dones, int32(len(o.Done)))
		p.Delays = append(p.Delays, o.Delay.Seconds())
		p.Attempts = append(p.Attempts, int32(o.Attempts))
	}
	ready, err := tx.q.LanesRelease(ctx, p)
	if err != nil {
		return wrap(err, "release lanes", nil)
	}
	if len(ready) != len(outcomes) {
		return ErrLeaseLost
	}
	if slices.Contains(ready, true) {
		tx.woken[first.Kind] = true
	}
	return nil
}

func (tx *Tx) deleteItems(ctx context.Context, kind lane.Kind, outcomes []lane.Outcome) error {
	var keys []string
	var ids []int64
	for _, o := range outcomes {
		for _, item := range o.Done {
			keys = append(keys, o.Lane.Key)
			ids = append(ids, item.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	err := tx.q.LaneItemsDelete(ctx, sqlc.LaneItemsDeleteParams{
		TenantID: tx.tenant, Kind: string(kind), Keys: slices.Compact(keys), Ids: ids,
	})
	return wrap(err, "remove finished items", nil)
}

// WakeLane makes a lane that waits for a retry ready now.
func (tx *Tx) WakeLane(ctx context.Context, kind lane.Kind, key string) error {
	n, err := tx.q.LaneWake(ctx, sqlc.LaneWakeParams{TenantID: tx.tenant, Kind: string(kind), Key: key})
	tx.woken[kind] = tx.woken[kind] || n > 0
	return wrap(err, "wake lane", nil)
}

// WakeFullLane makes a lane ready now that waits for more and holds so many items, unless it waits
// because something failed.
func (tx *Tx) WakeFullLane(ctx context.Context, kind lane.Kind, key string, enough int) error {
	n, err := tx.q.LaneWakeFull(ctx, sqlc.LaneWakeFullParams{TenantID: tx.tenant, Kind: string(kind), Key: key, Enough: int32(max(enough, 1))})
	tx.woken[kind] = tx.woken[kind] || n > 0
	return wrap(err, "wake full lane", nil)
}

// WakeAllLanes makes every waiting lane of a kind ready now: what they waited for
// is up again.
func (tx *Tx) WakeAllLanes(ctx context.Context, kind lane.Kind) error {
	n, err := tx.q.LanesWakeAll(ctx, sqlc.LanesWakeAllParams{TenantID: tx.tenant, Kind: string(kind)})
	tx.woken[kind] = tx.woken[kind] || n > 0
	return wrap(err, "wake lanes", nil)
}

// ErrNoLetter is returned for a dead letter that is not there.
var ErrNoLetter = fault.New(fault.NotFound, "dead_letter_not_found", "There is no such dead letter.")

// DeadLetter is an item that was given up.
type DeadLetter struct {
	ID       uuid.UUID
	Kind     lane.Kind
	Key      string
	NumberID id.Number
	Payload  []byte
	Code     string // stable
	Reason   string // for people
	FailedAt time.Time
}

// Bury gives an item up: people see it and can put it back.
func (tx *Tx) Bury(ctx context.Context, l *lane.Lane, item lane.Item, code, reason string) error {
	err := tx.q.DeadLetterInsert(ctx, sqlc.DeadLetterInsertParams{
		TenantID: tx.tenant, ID: uuid.Must(uuid.NewV7()), Kind: string(l.Kind), Key: l.Key,
		NumberID: item.NumberID, Payload: item.Payload, Code: code, Reason: reason,
	})
	return wrap(err, "bury item", nil)
}

// DeadLetters lists given-up items of a kind, oldest first, at most limit.
func (db *DB) DeadLetters(ctx context.Context, tenant id.Tenant, kind lane.Kind, limit int) ([]DeadLetter, error) {
	rows, err := db.reads(tenant).DeadLetterList(ctx, sqlc.DeadLetterListParams{
		TenantID: tenant, Kind: string(kind), MaxLetters: int32(limit),
	})
	var out []DeadLetter
	for _, r := range rows {
		out = append(out, deadLetter(r))
	}
	return out, wrap(err, "list dead letters", nil)
}

// Unbury puts a given-up item back at the end of its lane.
func (tx *Tx) Unbury(ctx context.Context, letter uuid.UUID) error {
	r, err := tx.q.DeadLetterTake(ctx, sqlc.DeadLetterTakeParams{TenantID: tx.tenant, ID: letter})
	if err != nil {
		return wrap(err, "take dead letter", ErrNoLetter)
	}
	tx.Enqueue(lane.Kind(r.Kind), lane.New{Key: r.Key, NumberID: r.NumberID, Payload: r.Payload})
	return nil
}

func deadLetter(r sqlc.DeadLetter) DeadLetter {
	return DeadLetter{
		ID: r.ID, Kind: lane.Kind(r.Kind), Key: r.Key, NumberID: r.NumberID, Payload: r.Payload,
		Code: r.Code, Reason: r.Reason, FailedAt: r.FailedAt,
	}
}
