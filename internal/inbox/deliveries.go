package inbox

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Traced is a stored webhook call and what became of it. Nothing of that is written
// down while it is worked on: it is found out when somebody looks.
type Traced struct {
	postgres.DeliveryRow
	Event       string // messages, statuses, or the field of Meta's that it is about
	Processed   bool
	ProcessedAt time.Time // zero when it is not known
	Problem     string    // for people; empty when there is none
}

// Refusals of a replay.
var (
	ErrNobodysNumber = fault.New(fault.Conflict, "number_unclaimed",
		"No hotel has the number that this is about. Connect the number first: what waits for it is then taken in by itself.")
	ErrNothingToReplay = fault.New(fault.Unprocessable, "webhook_event_unreadable",
		"Nothing in this webhook event can be processed: no message and no status.")
	ErrOtherAccount = fault.New(fault.Conflict, "waba_mismatch",
		"This webhook event names another WhatsApp Business account than the number has. Correct the account in the settings if it moved.")
)

// Trace finds out what became of webhook calls of a hotel's; of nobody's, for the zero
// tenant.
func (r *Receiver) Trace(ctx context.Context, tenantID id.Tenant, rows ...postgres.DeliveryRow) ([]Traced, error) {
	lines := map[string]tenant.Number{}
	if !tenantID.IsZero() {
		numbers, err := r.db.Numbers(ctx, tenantID)
		if err != nil {
			return nil, err
		}
		for _, n := range numbers {
			lines[n.PhoneNumberID] = n.Number
		}
	}
	out := make([]Traced, 0, len(rows))
	var q questions
	for _, row := range rows {
		split, err := r.split(ctx, tenantID, row)
		if err != nil {
			return nil, err
		}
		t := Traced{DeliveryRow: row, Event: eventOf(split)}
		switch row.Fate {
		case postgres.Unclaimed:
			t.Problem = ErrNobodysNumber.Text
		case postgres.Poison:
			t.Problem = "It could not be read, or names another WhatsApp Business account than the number has."
		case postgres.Ignored:
			t.Processed, t.ProcessedAt = true, row.ReceivedAt
		case postgres.Queued:
			t.Processed = true // unless something of it waits or was given up
			q.ask(len(out), split, lines[row.PhoneNumberID])
		}
		out = append(out, t)
	}
	return out, q.answer(ctx, r.db, tenantID, out)
}

// split cuts a body that was left out of a list because it is long, too, one at a time.
func (r *Receiver) split(ctx context.Context, tenantID id.Tenant, row postgres.DeliveryRow) ([]whatsapp.Part, error) {
	if row.Body == nil {
		var err error
		if tenantID.IsZero() {
			row, err = r.db.SystemUnclaimedDelivery(ctx, row.ID)
		} else {
			row, err = r.db.Delivery(ctx, tenantID, row.ID)
		}
		if err != nil {
			return nil, err
		}
	}
	split, err := whatsapp.Split(row.Body)
	if err != nil {
		return nil, nil //nolint:nilerr // what cannot be read has no parts
	}
	return split.Parts, nil
}

func eventOf(parts []whatsapp.Part) string {
	event := "unknown"
	for _, p := range parts {
		for _, item := range p.Items {
			if item.Kind == whatsapp.ItemMessage && p.Field == "messages" {
				return "messages"
			}
			if item.Kind == whatsapp.ItemStatus {
				event = "statuses"
			}
		}
		if event == "unknown" {
			event = p.Field
		}
	}
	return event
}

// questions collects what has to be looked up for a page of deliveries.
type questions struct {
	items    []postgres.InboxItem
	messages []postgres.Received
	of       []int // the delivery of each item
	ofStored []int // and of each message
}

func (q *questions) ask(delivery int, parts []whatsapp.Part, line tenant.Number) {
	for _, p := range parts {
		for _, item := range p.Items {
			if item.Kind == whatsapp.ItemOther {
				continue
			}
			q.items, q.of = append(q.items, postgres.InboxItem{Key: item.LaneKey, Hash: sha256.Sum256(item.Payload)}), append(q.of, delivery)
			if item.Kind == whatsapp.ItemMessage && item.WAMID != "" {
				q.messages, q.ofStored = append(q.messages, postgres.Received{Number: line.ID, WAMID: item.WAMID}), append(q.ofStored, delivery)
			}
		}
	}
}

func (q *questions) answer(ctx context.Context, db *postgres.DB, tenantID id.Tenant, of []Traced) error {
	if len(q.items) == 0 {
		return nil
	}
	waits, given, err := db.InboxFates(ctx, tenantID, q.items)
	if err != nil {
		return err
	}
	stored, err := db.StoredAt(ctx, tenantID, q.messages)
	if err != nil {
		return err
	}
	waiting := map[int]bool{}
	for i, item := range q.items {
		t := &of[q.of[i]]
		waiting[q.of[i]] = waiting[q.of[i]] || waits[item]
		if g, ok := given[item]; ok {
			t.Problem = g.Reason
		}
	}
	for i, m := range q.messages {
		if t := &of[q.ofStored[i]]; stored[m].After(t.ProcessedAt) {
			t.ProcessedAt = stored[m]
		}
	}
	for _, i := range q.of {
		t := &of[i]
		if t.Processed = !waiting[i] && t.Problem == ""; !t.Processed {
			t.ProcessedAt = time.Time{}
		}
	}
	return nil
}

// View returns one webhook call with its body, in which guests' words are: that
// somebody looked is noted.
func (r *Receiver) View(ctx context.Context, tenantID id.Tenant, by user.User, d id.Delivery, now time.Time) (Traced, error) {
	row, err := r.delivery(ctx, tenantID, d)
	if err != nil {
		return Traced{}, err
	}
	if err := r.note(ctx, tenantID, deliveryEntry(by, "VIEW_WEBHOOK_EVENT", d, now)); err != nil {
		return Traced{}, err
	}
	return r.traceOne(ctx, tenantID, row)
}

func (r *Receiver) delivery(ctx context.Context, tenantID id.Tenant, d id.Delivery) (postgres.DeliveryRow, error) {
	if tenantID.IsZero() {
		return r.db.SystemUnclaimedDelivery(ctx, d)
	}
	return r.db.Delivery(ctx, tenantID, d)
}

func (r *Receiver) note(ctx context.Context, tenantID id.Tenant, e postgres.Entry) error {
	if tenantID.IsZero() {
		return r.db.SystemAuditPlatform(ctx, e)
	}
	return r.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error { return tx.Audit(ctx, e) })
}

func deliveryEntry(by user.User, action string, d id.Delivery, now time.Time) postgres.Entry {
	return postgres.Entry{Actor: by.ID.String(), Action: action, Entity: "webhook_event", EntityID: d.String(), At: now}
}

func (r *Receiver) traceOne(ctx context.Context, tenantID id.Tenant, row postgres.DeliveryRow) (Traced, error) {
	traced, err := r.Trace(ctx, tenantID, row)
	if err != nil {
		return Traced{}, err
	}
	return traced[0], nil
}

// Replay puts the items of a stored webhook call into their lanes again. What is known
// is not stored twice: messages by their id, and statuses only move forward. Of a call
// that nobody claimed everything is taken in that waits for its number, if a hotel has
// the number by now.
func (r *Receiver) Replay(ctx context.Context, tenantID id.Tenant, by user.User, d id.Delivery, now time.Time) (Traced, error) {
	row, err := r.delivery(ctx, tenantID, d)
	if err != nil {
		return Traced{}, err
	}
	if tenantID.IsZero() {
		return r.replayUnclaimed(ctx, by, row, now)
	}
	items, err := r.replayable(ctx, tenantID, row)
	if err != nil {
		return Traced{}, err
	}
	err = r.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error {
		tx.Enqueue(lane.Inbox, items...)
		if err := tx.RequeueDelivery(ctx, row); err != nil {
			return err
		}
		return tx.Audit(ctx, deliveryEntry(by, "REPLAY_WEBHOOK_EVENT", d, now))
	})
	if err != nil {
		return Traced{}, err
	}
	row.Fate = postgres.Queued
	return r.traceOne(ctx, tenantID, row)
}

func (r *Receiver) replayUnclaimed(ctx context.Context, by user.User, row postgres.DeliveryRow, now time.Time) (Traced, error) {
	number, _, err := r.db.SystemNumber(ctx, row.PhoneNumberID)
	if fault.Of(err).Kind == fault.NotFound {
		return Traced{}, ErrNobodysNumber
	}
	if err != nil {
		return Traced{}, err
	}
	if err := r.note(ctx, id.Tenant{}, deliveryEntry(by, "REPLAY_WEBHOOK_EVENT", row.ID, now)); err != nil {
		return Traced{}, err
	}
	if err := r.Claim(ctx, number.TenantID, number.Number); err != nil {
		return Traced{}, err
	}
	row.Fate, row.TenantID = postgres.Queued, number.TenantID
	return r.traceOne(ctx, number.TenantID, row)
}

// Delete throws a stored webhook call away. What it told us stays.
func (r *Receiver) Delete(ctx context.Context, tenantID id.Tenant, by user.User, d id.Delivery, now time.Time) error {
	row, err := r.delivery(ctx, tenantID, d)
	if err != nil {
		return err
	}
	e := deliveryEntry(by, "DELETE_WEBHOOK_EVENT", d, now)
	if tenantID.IsZero() {
		return r.db.SystemDeleteUnclaimed(ctx, row, e)
	}
	return r.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error {
		if err := tx.DeleteDelivery(ctx, row); err != nil {
			return err
		}
		return tx.Audit(ctx, e)
	})
}
