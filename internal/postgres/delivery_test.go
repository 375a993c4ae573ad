package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func queuedDelivery(hotel pgtest.Hotel, body string, items ...lane.New) postgres.Delivery {
	return postgres.Delivery{
		ID: id.NewDelivery(), TenantID: hotel.ID, PhoneNumberID: hotel.Number.PhoneNumberID, Fate: postgres.Queued,
		Body: []byte(body), Items: items,
	}
}

func unclaimedDelivery(phoneNumberID, body string) postgres.Delivery {
	return postgres.Delivery{ID: id.NewDelivery(), PhoneNumberID: phoneNumberID, Fate: postgres.Unclaimed, Body: []byte(body)}
}

func TestStoreDeliveries(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	a, b := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	begun := time.Now().Add(-time.Minute)
	h := record(db, func() {})
	raw := "\x00not text\xff"
	must(t, db.SystemStoreDeliveries(ctx, []postgres.Delivery{
		queuedDelivery(a, raw, lane.New{Key: "ana", NumberID: a.Number.ID, Payload: []byte("1")}, lane.New{Key: "bia", Payload: []byte("2")}),
		queuedDelivery(b, "second", lane.New{Key: "ana", Payload: []byte("3")}),
		queuedDelivery(a, "third", lane.New{Key: "ana", Payload: []byte("4")}),
		unclaimedDelivery("nobody's", "fourth"),
		{ID: id.NewDelivery(), TenantID: a.ID, Fate: postgres.Ignored, Body: []byte("{}")},
	}))
	lanes := claim(t, db, a.ID, lane.Inbox, 10)
	assertSpelled(t, lanes, "ana:1 4", "bia:2")
	if lanes[0].Items[0].NumberID != a.Number.ID || !lanes[0].Items[1].NumberID.IsZero() {
		t.Errorf("numbers of items: %v, %v", lanes[0].Items[0].NumberID, lanes[0].Items[1].NumberID)
	}
	assertSpelled(t, claim(t, db, b.ID, lane.Inbox, 10), "ana:3")
	if want := []lane.Kind{lane.Inbox, lane.Inbox}; !cmp.Equal(want, h.wakes) || !h.of[a.ID] || !h.of[b.ID] {
		t.Errorf("woke %v of %v", h.wakes, h.of)
	}
	fates, err := db.SystemDeliveryFates(ctx, begun)
	must(t, err)
	if want := (map[postgres.Fate]int{postgres.Queued: 3, postgres.Unclaimed: 1, postgres.Ignored: 1}); !cmp.Equal(want, fates) {
		t.Errorf("fates %v, want %v", fates, want)
	}
	if n := number(t, pgtest.Owner(t, db), "SELECT count(*) FROM webhook_delivery WHERE body = $1", []byte(raw)); n != 1 {
		t.Error("the raw bytes were not kept")
	}
}

// TestStoreDeliveriesAllOrNothing has a delivery of an unknown tenant in the batch.
func TestStoreDeliveriesAllOrNothing(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	h := record(db, func() {})
	stranger := pgtest.Hotel{}
	stranger.ID = id.NewTenant()
	err := db.SystemStoreDeliveries(ctx, []postgres.Delivery{
		queuedDelivery(hotel, "good", lane.New{Key: "ana", Payload: []byte("1")}),
		queuedDelivery(stranger, "bad", lane.New{Key: "ana", Payload: []byte("1")}),
	})
	if sqlState(err) != foreignKeyViolation {
		t.Errorf("got %v", err)
	}
	h.assertSilent(t)
	owner := pgtest.Owner(t, db)
	if n := number(t, owner, "SELECT (SELECT count(*) FROM webhook_delivery) + (SELECT count(*) FROM lane_item) + (SELECT count(*) FROM lane)"); n != 0 {
		t.Errorf("%d rows were kept", n)
	}
}

func TestClaimDeliveriesOfANumber(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	hotel, other := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	foreign := unclaimedDelivery("777", "signed by another hotel's app")
	foreign.TenantID = other.ID
	must(t, db.SystemStoreDeliveries(ctx, []postgres.Delivery{
		unclaimedDelivery("777", "first"), unclaimedDelivery("888", "of another number"), unclaimedDelivery("777", "second"), foreign,
	}))
	waiting, err := db.SystemUnclaimed(ctx, hotel.ID, "777", 10)
	must(t, err)
	if len(waiting) != 2 || string(waiting[0].Body) != "first" || string(waiting[1].Body) != "second" {
		t.Fatalf("waiting: %d", len(waiting))
	}
	for i := range waiting {
		waiting[i].TenantID = hotel.ID
		waiting[i].Items = []lane.New{{Key: "ana", Payload: waiting[i].Body}}
	}
	h := record(db, func() {})
	must(t, db.SystemClaim(ctx, hotel.ID, "777", waiting))
	if want := []lane.Kind{lane.Inbox}; !cmp.Equal(want, h.wakes) || !h.of[hotel.ID] {
		t.Errorf("woke %v of %v", h.wakes, h.of)
	}
	assertSpelled(t, claim(t, db, hotel.ID, lane.Inbox, 10), "ana:first second")
	if left, err := db.SystemUnclaimed(ctx, hotel.ID, "777", 10); err != nil || len(left) > 0 {
		t.Errorf("%d are still unclaimed (%v)", len(left), err)
	}
	if left, err := db.SystemUnclaimed(ctx, other.ID, "777", 10); err != nil || len(left) != 1 {
		t.Errorf("the other hotel's app has %d left (%v)", len(left), err)
	}
}

// TestPrepareDays stands in a time zone of a half-hour offset, where days by UTC and
// days by the clock on the wall differ.
func TestPrepareDays(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	owner := pgtest.Owner(t, db)
	late := time.FixedZone("west", -11*60*60)
	must(t, db.SystemPrepareDays(ctx, time.Date(2026, 3, 1, 20, 0, 0, 0, late), 3)) // 07:00 UTC the day after
	must(t, db.SystemPrepareDays(ctx, time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC), 3))
	if got, want := partitions(t, db), []string{"20260302", "20260303", "20260304", "20260305", "default"}; !cmp.Equal(want, got) {
		t.Fatalf("partitions %v, want %v", got, want)
	}
	hotel := pgtest.Tenant(t, db)
	for at, want := range map[string]string{
		"2026-03-01 23:59:59.999999Z": "default",
		"2026-03-02 00:00:00Z":        "20260302",
		"2026-03-02 23:59:59.999999Z": "20260302",
		"2026-03-03 00:00:00Z":        "20260303",
		"2026-03-06 00:00:00Z":        "default",
	} {
		var partition string
		must(t, owner.QueryRow(ctx, `INSERT INTO webhook_delivery (tenant_id, id, received_at, fate, body) VALUES ($1, $2, $3::text::timestamptz, 'QUEUED', '')
			RETURNING tableoid::regclass::text`, hotel.ID, id.NewDelivery(), at).Scan(&partition))
		if partition != "webhook_delivery_"+want {
			t.Errorf("%s went to %s, want %s", at, partition, want)
		}
	}
}

func partitions(t *testing.T, db *postgres.DB) []string {
	t.Helper()
	return texts(t, pgtest.Owner(t, db), "SELECT replace(inhrelid::regclass::text, 'webhook_delivery_', '') FROM pg_inherits WHERE inhparent = 'webhook_delivery'::regclass ORDER BY 1")
}

// TestPrepareDaysLate comes when today's deliveries are in the default partition
// already: today stays there, the days after it get theirs.
func TestPrepareDaysLate(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	today := time.Now().UTC()
	must(t, db.SystemStoreDeliveries(ctx, []postgres.Delivery{unclaimedDelivery("777", "early")}))
	must(t, db.SystemPrepareDays(ctx, today, 2))
	tomorrow := today.AddDate(0, 0, 1).Format("20060102")
	if got, want := partitions(t, db), []string{tomorrow, "default"}; !cmp.Equal(want, got) {
		t.Errorf("partitions %v, want %v", got, want)
	}
	must(t, db.SystemStoreDeliveries(ctx, []postgres.Delivery{unclaimedDelivery("777", "late")}))
}

func TestPrepareDaysAtOnce(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	var instances errgroup.Group
	for range 4 {
		instances.Go(func() error { return db.SystemPrepareDays(ctx, time.Now(), 5) })
	}
	must(t, instances.Wait())
	if got := partitions(t, db); len(got) != 6 {
		t.Errorf("partitions %v", got)
	}
}

// TestPartitionsAreClosed reads, as every role, past the parent's policies.
func TestPartitionsAreClosed(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	hotel, other := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	today := time.Now()
	must(t, db.SystemPrepareDays(within(t), today, 1))
	must(t, db.SystemStoreDeliveries(within(t), []postgres.Delivery{queuedDelivery(hotel, "secret")}))
	day := "webhook_delivery_" + today.UTC().Format("20060102")
	owner, app := pgtest.Connect(t, url, ""), asApp{pgtest.Connect(t, url, appRole)}
	if n := number(t, owner, "SELECT count(*) FROM "+day); n != 1 {
		t.Fatalf("%d deliveries in %s", n, day)
	}
	for _, partition := range []string{day, "webhook_delivery_default"} {
		assertForced(t, owner, partition)
		if n, err := app.exec(t, &hotel.ID, fmt.Sprintf("SELECT FROM %s", partition)); sqlState(err) != insufficientPrivilege {
			t.Errorf("%s shows %d rows (%v)", partition, n, err)
		}
	}
	for _, c := range []struct {
		of   pgtest.Hotel
		want int64
	}{{hotel, 1}, {other, 0}} {
		if n, err := app.exec(t, &c.of.ID, "SELECT FROM webhook_delivery"); n != c.want || err != nil {
			t.Errorf("sees %d deliveries, want %d (%v)", n, c.want, err)
		}
	}
	if _, err := app.exec(t, nil, "SELECT FROM webhook_delivery"); err == nil {
		t.Error("an unpinned connection sees deliveries")
	}
	if _, err := app.exec(t, &hotel.ID, "SELECT make_delivery_partition('2030-01-01')"); sqlState(err) != insufficientPrivilege {
		t.Errorf("the application makes partitions: %v", err)
	}
}

// TestNumbersWithUnclaimed: what a process that died left behind is found again, but
// for what another hotel's app signed.
func TestNumbersWithUnclaimed(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	hotel, other := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	foreign := unclaimedDelivery(other.Number.PhoneNumberID, "signed by another hotel's app")
	foreign.TenantID = hotel.ID
	must(t, db.SystemStoreDeliveries(ctx, []postgres.Delivery{
		unclaimedDelivery(hotel.Number.PhoneNumberID, "left behind"), unclaimedDelivery("888", "nobody's"), foreign,
	}))
	numbers, err := db.SystemNumbersWithUnclaimed(ctx)
	must(t, err)
	if len(numbers) != 1 || numbers[0].ID != hotel.Number.ID || numbers[0].TenantID != hotel.ID {
		t.Fatalf("numbers: %+v", numbers)
	}
}
