package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// ErrNoDelivery is returned for a webhook call that is not there.
var ErrNoDelivery = fault.New(fault.NotFound, "webhook_event_not_found", "There is no such webhook event. They are kept for a limited time.")

// DeliveryRow is one webhook call as it was stored.
type DeliveryRow struct {
	ID            id.Delivery
	TenantID      id.Tenant // zero when nobody claims the number
	ReceivedAt    time.Time
	PhoneNumberID string
	Fate          Fate
	Body          []byte // nil in lists for one of more than MaxListedBody bytes
}

// MaxListedBody is how large a body may be to come with a list.
const MaxListedBody = 256 << 10

// DeliveryFilter says which webhook calls a list shows. Zero fields do not filter.
type DeliveryFilter struct {
	Fate          Fate
	From, Until   time.Time
	Limit, Offset int
}

func (f DeliveryFilter) narrow(w *where) {
	if f.Fate != "" {
		w.add("d.fate = @fate", "fate", string(f.Fate))
	}
	if !f.From.IsZero() {
		w.add("d.received_at >= @from", "from", f.From)
	}
	if !f.Until.IsZero() {
		w.add("d.received_at < @until", "until", f.Until)
	}
}

const deliveryColumns = "d.id, d.tenant_id, d.received_at, d.phone_number_id, d.fate"

// Deliveries returns a page of what Meta told us for a hotel, newest first, and how
// much there is in all, counted up to 10,000. Index: webhook_delivery_newest.
func (db *DB) Deliveries(ctx context.Context, tenant id.Tenant, f DeliveryFilter) ([]DeliveryRow, int, error) {
	w := where{args: pgx.NamedArgs{"tenant": tenant}}
	w.add("d.tenant_id = @tenant", "", nil)
	return listDeliveries(ctx, pinned{db.app, tenant, pinTenant}, w, f)
}

// SystemUnclaimedDeliveries is Deliveries of no hotel.
func (db *DB) SystemUnclaimedDeliveries(ctx context.Context, f DeliveryFilter) ([]DeliveryRow, int, error) {
	w := where{args: pgx.NamedArgs{}}
	w.add("d.tenant_id IS NULL", "", nil)
	return listDeliveries(ctx, db.system, w, f)
}

func listDeliveries(ctx context.Context, from asker, w where, f DeliveryFilter) ([]DeliveryRow, int, error) {
	page, count := deliveryStatements(w, f)
	rows, err := collect(pgx.RowToStructByPos[DeliveryRow])(from.Query(ctx, page.text, page.args))
	if err != nil || f.Offset == 0 && len(rows) < f.Limit {
		return rows, len(rows), wrap(err, "list deliveries", nil)
	}
	var total int
	err = from.QueryRow(ctx, count.text, count.args).Scan(&total)
	return rows, total, wrap(err, "count deliveries", nil)
}

func deliveryStatements(w where, f DeliveryFilter) (page, count statement) {
	f.narrow(&w)
	return statement{text: fmt.Sprintf(`SELECT %s, CASE WHEN octet_length(d.body) <= %d THEN d.body END
			FROM webhook_delivery d WHERE %s ORDER BY d.received_at DESC, d.id DESC LIMIT %d OFFSET %d`,
			deliveryColumns, MaxListedBody, w.text(), f.Limit, f.Offset), args: w.args},
		statement{text: fmt.Sprintf("SELECT count(*) FROM (SELECT FROM webhook_delivery d WHERE %s LIMIT %d) counted", w.text(), countLimit), args: w.args}
}

// aroundID is how far the database's clock may be from the one that made an id.
const aroundID = 15 * time.Minute

// withID is the condition for one delivery. Deliveries are found by when they came:
// their id tells, and so neither every day is looked through nor an index by id kept.
func withID(w *where, d id.Delivery) {
	w.add("d.id = @id", "id", d)
	if d.Version() != 7 {
		return // none of ours: made elsewhere, and rare
	}
	sec, nsec := d.Time().UnixTime()
	made := time.Unix(sec, nsec)
	w.add("d.received_at BETWEEN @after AND @before", "after", made.Add(-aroundID))
	w.args["before"] = made.Add(aroundID)
}

// Delivery returns one webhook call of a hotel's, or ErrNoDelivery.
func (db *DB) Delivery(ctx context.Context, tenant id.Tenant, d id.Delivery) (DeliveryRow, error) {
	w := where{args: pgx.NamedArgs{"tenant": tenant}}
	w.add("d.tenant_id = @tenant", "", nil)
	return oneDelivery(ctx, pinned{db.app, tenant, pinTenant}, w, d)
}

// SystemUnclaimedDelivery is Delivery of no hotel.
func (db *DB) SystemUnclaimedDelivery(ctx context.Context, d id.Delivery) (DeliveryRow, error) {
	w := where{args: pgx.NamedArgs{}}
	w.add("d.tenant_id IS NULL", "", nil)
	return oneDelivery(ctx, db.system, w, d)
}

func oneDelivery(ctx context.Context, from asker, w where, d id.Delivery) (DeliveryRow, error) {
	withID(&w, d)
	rows, err := collect(pgx.RowToStructByPos[DeliveryRow])(from.Query(ctx,
		"SELECT "+deliveryColumns+", d.body FROM webhook_delivery d WHERE "+w.text(), w.args))
	if err == nil && len(rows) == 0 {
		return DeliveryRow{}, ErrNoDelivery
	}
	if err != nil {
		return DeliveryRow{}, wrap(err, "load delivery", nil)
	}
	return rows[0], nil
}

// RequeueDelivery notes that a delivery's items are in their lanes, again.
func (tx *Tx) RequeueDelivery(ctx context.Context, d DeliveryRow) error {
	err := tx.q.DeliveryRequeue(ctx, sqlc.DeliveryRequeueParams{TenantID: tx.tenant, ID: d.ID, ReceivedAt: d.ReceivedAt})
	return wrap(err, "requeue delivery", nil)
}

// DeleteDelivery throws a stored webhook call away; what it told us stays.
func (tx *Tx) DeleteDelivery(ctx context.Context, d DeliveryRow) error {
	err := tx.q.DeliveryDelete(ctx, sqlc.DeliveryDeleteParams{TenantID: tx.tenant, ID: d.ID, ReceivedAt: d.ReceivedAt})
	return wrap(err, "delete delivery", nil)
}

// SystemDeleteUnclaimed throws a webhook call away that no hotel claims, and notes it.
func (db *DB) SystemDeleteUnclaimed(ctx context.Context, d DeliveryRow, e Entry) error {
	return db.inSystemTx(ctx, func(q *sqlc.Queries) error {
		err := q.SystemDeliveryDelete(ctx, sqlc.SystemDeliveryDeleteParams{ID: d.ID, ReceivedAt: d.ReceivedAt})
		if err != nil {
			return wrap(err, "delete delivery", nil)
		}
		return insertAudit(ctx, q, id.Tenant{}, e)
	})
}

// InboxItem is an item of a delivery, as it lies in a lane.
type InboxItem struct {
	Key  string
	Hash [32]byte // SHA-256 of its payload
}

// Given is what became of an item that was given up.
type Given struct {
	Reason string
	At     time.Time
}

// InboxFates tells which items still wait, and which were given up and why. Those in
// neither are done. Indexes: primary key of lane_item, dead_letter_of_kind.
func (db *DB) InboxFates(ctx context.Context, tenant id.Tenant, items []InboxItem) (waits map[InboxItem]bool, given map[InboxItem]Given, err error) {
	p := sqlc.InboxFatesParams{TenantID: tenant, Kind: string(lane.Inbox)}
	for _, i := range items {
		p.Keys = append(p.Keys, i.Key)
		p.Hashes = append(p.Hashes, i.Hash[:])
	}
	rows, err := db.reads(tenant).InboxFates(ctx, p)
	waits, given = map[InboxItem]bool{}, map[InboxItem]Given{}
	for _, r := range rows {
		item := items[r.N-1]
		if r.Waits {
			waits[item] = true
		}
		if r.Reason != nil {
			given[item] = Given{*r.Reason, zeroIfNull(r.FailedAt)}
		}
	}
	return waits, given, wrap(err, "look up items", nil)
}

// StoredAt tells when messages of a batch were stored; those that were not are left out.
// Index: message_once.
func (db *DB) StoredAt(ctx context.Context, tenant id.Tenant, messages []Received) (map[Received]time.Time, error) {
	numbers, wamids := make([]uuid.UUID, 0, len(messages)), make([]string, 0, len(messages))
	for _, m := range messages {
		numbers = append(numbers, m.Number.UUID)
		wamids = append(wamids, m.WAMID)
	}
	rows, err := db.reads(tenant).MessagesStoredAt(ctx, sqlc.MessagesStoredAtParams{TenantID: tenant, NumberIds: numbers, Wamids: wamids})
	stored := make(map[Received]time.Time, len(rows))
	for _, r := range rows {
		stored[Received{Number: id.Number{UUID: r.NumberID}, WAMID: r.Wamid}] = r.CreatedAt
	}
	return stored, wrap(err, "look up messages", nil)
}
