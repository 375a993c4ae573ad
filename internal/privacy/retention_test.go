package privacy_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/privacy"
)

// archivist is a world in which time passes only when it is told to.
type archivist struct {
	*world
	clock *clock.Frozen
}

func setupRetention(t *testing.T) *archivist {
	t.Helper()
	a := &archivist{world: setup(t), clock: clock.NewFrozen(time.Now().UTC())}
	a.files = filing.New(a.db, a.store, a.clock, logtest.Logger())
	a.officer = privacy.New(a.db, a.files, a.signer, a.clock, logtest.Logger())
	return a
}

func (a *archivist) retains() {
	a.t.Helper()
	if err := a.officer.Retain(a.ctx); err != nil {
		a.t.Fatal(err)
	}
}

func (a *archivist) exec(sql string, args ...any) {
	a.t.Helper()
	pgtest.Exec(a.t, a.db, sql, args...)
}

// ago is noon so many days ago.
func (a *archivist) ago(days int) time.Time {
	return a.clock.Now().Truncate(24*time.Hour).AddDate(0, 0, -days).Add(12 * time.Hour)
}

// partition makes days of their own, from so many days ago until so many.
func (a *archivist) partitions(from, to int) {
	a.t.Helper()
	a.exec("SELECT make_delivery_partition(($1::timestamptz AT TIME ZONE 'UTC')::date + n) FROM generate_series(0, $2::int) n", a.ago(from), from-to)
}

// came stores raw deliveries that came so many days ago.
func (a *archivist) came(hotel id.Tenant, days, n int, fate postgres.Fate) {
	a.t.Helper()
	a.exec("INSERT INTO webhook_delivery (tenant_id, id, received_at, fate, body) SELECT nullif($1, '00000000-0000-0000-0000-000000000000'::uuid), gen_random_uuid(), $2, $3, '{}' FROM generate_series(1, $4)",
		hotel.UUID, a.ago(days), string(fate), n)
}

// raw counts the deliveries of a hotel by how many days ago they came.
func (a *archivist) raw(hotel id.Tenant) map[int]int {
	a.t.Helper()
	rows, err := pgtest.Owner(a.t, a.db).Query(a.ctx, `SELECT round(extract(epoch FROM $1::timestamptz - received_at) / 86400)::int, count(*) FROM webhook_delivery
		WHERE coalesce(tenant_id, '00000000-0000-0000-0000-000000000000') = $2 GROUP BY 1`, a.ago(0), hotel.UUID)
	if err != nil {
		a.t.Fatal(err)
	}
	defer rows.Close()
	out := map[int]int{}
	for rows.Next() {
		var days, n int
		if err := rows.Scan(&days, &n); err != nil {
			a.t.Fatal(err)
		}
		out[days] = n
	}
	return out
}

func (a *archivist) days() int {
	a.t.Helper()
	days, err := a.db.SystemDeliveryDays(a.ctx, a.clock.Now())
	if err != nil {
		a.t.Fatal(err)
	}
	return len(days)
}

// noted lists what the audit log of a hotel says of retention, day by day.
func (a *archivist) noted(hotel id.Tenant) (said []string) {
	a.t.Helper()
	err := pgtest.Owner(a.t, a.db).QueryRow(a.ctx, `SELECT coalesce(array_agg(format('%s: %s deliveries, %s files, %s bytes', ($2::date - (detail->>'day')::date), detail->>'deliveries', detail->>'files', detail->>'bytes')
		ORDER BY detail->>'day'), '{}') FROM audit_entry WHERE tenant_id = $1 AND action = 'RETENTION' AND actor = 'system'`, hotel.UUID, a.clock.Now()).Scan(&said)
	if err != nil {
		a.t.Fatal(err)
	}
	return said
}

func (a *archivist) keeps(hotel id.Tenant, deliveries, files int) {
	a.t.Helper()
	a.exec("UPDATE tenant SET keep_deliveries_days = $2, keep_media_days = $3 WHERE id = $1", hotel, deliveries, files)
}

// TestRetentionOfDeliveries: each hotel's age counts; whole days go when all agree, rows
// otherwise; what nobody claimed stays; the day after, each log says how many went.
func TestRetentionOfDeliveries(t *testing.T) {
	t.Parallel()
	a := setupRetention(t)
	brief, long := pgtest.Tenant(t, a.db).ID, pgtest.Tenant(t, a.db).ID
	a.keeps(brief, 3, 365)
	a.keeps(long, 40, 365)
	a.partitions(45, 0)
	var nobody id.Tenant
	for _, hotel := range []id.Tenant{a.hotel.ID, brief, long, nobody} {
		for _, days := range []int{50, 45, 42, 41, 40, 31, 30, 4, 3, 0} { // 50 is older than any partition
			a.came(hotel, days, 2, postgres.Queued)
		}
		a.came(hotel, 45, 1, postgres.Unclaimed)
		a.came(hotel, 44, 1, postgres.Poison)
		a.came(hotel, 43, 1, postgres.Ignored)
	}
	before := a.days()
	a.retains()
	for name, c := range map[string]struct {
		hotel id.Tenant
		want  map[int]int
	}{
		"30 days": {a.hotel.ID, map[int]int{45: 1, 30: 2, 4: 2, 3: 2, 0: 2}}, "3 days": {brief, map[int]int{45: 1, 3: 2, 0: 2}},
		"40 days": {long, map[int]int{45: 1, 40: 2, 31: 2, 30: 2, 4: 2, 3: 2, 0: 2}}, "nobody's": {nobody, map[int]int{45: 1, 30: 2, 4: 2, 3: 2, 0: 2}},
	} {
		if diff := cmp.Diff(c.want, a.raw(c.hotel)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if n := before - a.days(); n != 4 { // the 44th to the 41st; the 45th has what nobody claimed
		t.Errorf("%d days were dropped whole", n)
	}
	if said := a.noted(brief); len(said) > 0 {
		t.Errorf("the day is not over: %q", said)
	}
	a.retains() // finds nothing
	a.clock.Advance(24 * time.Hour)
	a.retains()
	a.retains()
	for hotel, want := range map[id.Tenant]string{
		a.hotel.ID: "1: 14 deliveries, 0 files, 0 bytes", brief: "1: 18 deliveries, 0 files, 0 bytes", long: "1: 10 deliveries, 0 files, 0 bytes",
	} {
		if said := a.noted(hotel); len(said) != 1 || said[0] != want {
			t.Errorf("the log says %q, want %q", said, want)
		}
	}
	a.exec("UPDATE webhook_delivery SET fate = 'QUEUED', queued_at = received_at WHERE fate = 'UNCLAIMED'")
	a.retains()
	if n := a.raw(long)[46]; n != 0 || len(a.raw(nobody)) != 3 {
		t.Errorf("what was claimed is still there: %v, %v", a.raw(long), a.raw(nobody))
	}
}

// TestRetentionWaitsForWork: a delivery stays while work that was queued with it, or when
// it was claimed or replayed later, may still wait.
func TestRetentionWaitsForWork(t *testing.T) {
	t.Parallel()
	for name, queued := range map[string]string{"when it came": "NULL", "later": "(SELECT min(created_at) FROM lane_item)"} {
		for _, whole := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, a whole day: %v", name, whole), func(t *testing.T) {
				t.Parallel()
				a := setupRetention(t)
				if whole {
					a.partitions(40, 0)
				}
				at := 35
				a.came(a.hotel.ID, at, 1, postgres.Queued)
				a.came(a.hotel.ID, 36, 1, postgres.Queued) // before there was work
				pgtest.InTx(t, a.db, a.hotel.ID, func(tx *postgres.Tx) error {
					tx.Enqueue(lane.Inbox, lane.New{Key: "phone:1", NumberID: a.hotel.Number.ID, Payload: []byte("{}")})
					return nil
				})
				if queued == "NULL" {
					a.exec("UPDATE lane_item SET created_at = (SELECT max(received_at) FROM webhook_delivery)")
				}
				a.exec("UPDATE webhook_delivery SET queued_at = " + queued + " WHERE received_at = (SELECT max(received_at) FROM webhook_delivery)")
				a.retains()
				if diff := cmp.Diff(map[int]int{at: 1}, a.raw(a.hotel.ID)); diff != "" {
					t.Errorf("while work waits: %s", diff)
				}
				a.exec("DELETE FROM lane_item")
				a.retains()
				if left := a.raw(a.hotel.ID); len(left) > 0 {
					t.Errorf("when it is done: %v", left)
				}
			})
		}
	}
}

// holds stores a file that arrived so many days ago.
func (a *archivist) holds(days int, content string) media.File {
	a.t.Helper()
	f, err := a.files.Take(a.ctx, a.hotel.ID, "carta.txt", a.ago(days), strings.NewReader(content))
	if err != nil {
		a.t.Fatal(err)
	}
	return f
}

// shows lets a message of so many days ago show a file.
func (a *archivist) shows(c conversation.Card, f media.File, days int) {
	a.t.Helper()
	m := pgtest.Message(a.t, a.db, a.hotel.ID, c, func(m *message.Message) { m.Kind, m.Timestamp = message.Document, a.ago(days) })
	pgtest.InTx(a.t, a.db, a.hotel.ID, func(tx *postgres.Tx) error { return tx.ShowMedia(a.ctx, m.ID, f.ID) })
}

func (a *archivist) has(f media.File) bool {
	a.t.Helper()
	_, err := a.store.Stat(a.ctx, f.Key)
	if err != nil && !errors.Is(err, blob.ErrNotFound) {
		a.t.Fatal(err)
	}
	_, found := a.db.Media(a.ctx, a.hotel.ID, f.Name)
	if (err == nil) != (found == nil) {
		a.t.Errorf("%s: row %v, bytes %v", f.Key, found, err)
	}
	return err == nil
}

// TestRetentionOfFiles: what was last shown too long ago goes with its bytes, whether its
// conversation is there or not; who keeps files for ever keeps them.
func TestRetentionOfFiles(t *testing.T) {
	t.Parallel()
	a := setupRetention(t)
	card := pgtest.Conversation(t, a.db, a.hotel)
	files := map[string]media.File{}
	for name, days := range map[string]int{"old": 366, "of age": 365, "shown again": 400, "orphan": 500, "young orphan": 10, "picture": 700} {
		files[name] = a.holds(days, name)
	}
	a.shows(card, files["old"], 366)
	a.shows(card, files["of age"], 365)
	a.shows(card, files["shown again"], 400)
	a.shows(card, files["shown again"], 1)
	a.exec("UPDATE account SET avatar_url = $2 WHERE id = $1", a.hotel.Admin.ID, "https://x/api/media/h/"+files["picture"].Name)
	check := func(when string, gone ...string) {
		t.Helper()
		for name, f := range files {
			want := true
			for _, g := range gone {
				want = want && g != name
			}
			if a.has(f) != want {
				t.Errorf("%s: %s is there: %v", when, name, !want)
			}
		}
	}
	a.keeps(a.hotel.ID, 30, 0)
	a.retains()
	check("for ever")
	a.keeps(a.hotel.ID, 30, 365)
	a.retains()
	check("a year", "old", "orphan")
	a.clock.Advance(24 * time.Hour)
	a.store.refuses.Store(true)
	a.retains()
	a.clock.Advance(time.Hour)
	if err := a.officer.Retain(a.ctx); !errors.Is(err, errRefused) {
		t.Errorf("from a store that refuses: %v", err)
	}
	a.store.refuses.Store(false)
	a.retains()
	check("a day later", "old", "orphan", "of age")
	a.clock.Advance(23 * time.Hour)
	a.retains()
	size := len("old") + len("orphan")
	if diff := cmp.Diff([]string{fmt.Sprintf("2: 0 deliveries, 2 files, %d bytes", size), fmt.Sprintf("1: 0 deliveries, 1 files, %d bytes", len("of age"))}, a.noted(a.hotel.ID)); diff != "" {
		t.Error(diff)
	}
}

// TestDeletedConversationsFiles: files that only a deleted conversation showed go, however
// long the hotel keeps files.
func TestDeletedConversationsFiles(t *testing.T) {
	t.Parallel()
	a := setupRetention(t)
	a.keeps(a.hotel.ID, 30, 0)
	card, other := pgtest.Conversation(t, a.db, a.hotel), pgtest.Conversation(t, a.db, a.hotel)
	own, shared := a.holds(1, "own"), a.holds(1, "shared")
	a.shows(card, own, 1)
	a.shows(card, shared, 1)
	a.shows(other, shared, 1)
	pgtest.InTx(t, a.db, a.hotel.ID, func(tx *postgres.Tx) error {
		gone, err := tx.DeleteConversation(a.ctx, card.ID, a.clock.Now())
		if gone.Files != 1 {
			t.Errorf("deleted: %+v", gone)
		}
		return err
	})
	a.clock.Advance(time.Hour)
	a.retains()
	if a.has(own) || !a.has(shared) {
		t.Errorf("own: %v, shared: %v", a.has(own), a.has(shared))
	}
}

// TestRetentionTogether: of several processes one is at it, and what they remove is
// counted once, however often one of them is stopped.
func TestRetentionTogether(t *testing.T) {
	t.Parallel()
	a := setupRetention(t)
	a.partitions(40, 25)
	a.came(a.hotel.ID, 35, 700, postgres.Queued)
	a.came(a.hotel.ID, 60, 2500, postgres.Queued)
	for i := range 150 {
		a.holds(400, fmt.Sprint(i))
	}
	owner := pgtest.Owner(t, a.db)
	if _, err := owner.Exec(a.ctx, "SELECT pg_advisory_lock(x'626f7461'::integer)"); err != nil {
		t.Fatal(err)
	}
	a.retains()
	if diff := cmp.Diff(map[int]int{35: 700, 60: 2500}, a.raw(a.hotel.ID)); diff != "" {
		t.Errorf("while another process is at it: %s", diff)
	}
	if _, err := owner.Exec(a.ctx, "SELECT pg_advisory_unlock_all()"); err != nil {
		t.Fatal(err)
	}
	// A process that dies after some of its steps.
	today := a.clock.Now().Truncate(24 * time.Hour)
	if n, err := a.db.SystemAgeDeliveries(a.ctx, a.hotel.ID, tenant.DefaultRetention.DeliveriesBefore(today), today, 10); err != nil || n != 10 {
		t.Fatalf("%d, %v", n, err)
	}
	if keys, err := a.db.SystemAgeMedia(a.ctx, a.hotel.ID, today.AddDate(0, 0, -365), a.clock.Now(), today, 10); err != nil || len(keys) != 10 {
		t.Fatalf("%d, %v", len(keys), err)
	}
	var all sync.WaitGroup
	for range 4 {
		o := privacy.New(a.db, a.files, a.signer, a.clock, logtest.Logger())
		all.Go(func() {
			for range 3 {
				if err := o.Retain(a.ctx); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	a.clock.Advance(24 * time.Hour)
	a.retains()
	if diff := cmp.Diff([]string{"1: 3200 deliveries, 150 files, 340 bytes"}, a.noted(a.hotel.ID)); diff != "" {
		t.Error(diff)
	}
	if left := a.raw(a.hotel.ID); len(left) > 0 || len(a.inFolder("")) > 0 {
		t.Errorf("left: %v, %d files", left, len(a.inFolder("")))
	}
}

// TestRetentionUnderTraffic: days are dropped while Meta delivers, and nothing that arrives
// is refused.
func TestRetentionUnderTraffic(t *testing.T) {
	t.Parallel()
	a := setupRetention(t)
	a.partitions(60, 0)
	for days := 31; days <= 60; days++ {
		a.came(a.hotel.ID, days, 3, postgres.Queued)
	}
	stop, stored := make(chan struct{}), make([]int, 3)
	var all sync.WaitGroup
	for i := range stored {
		all.Go(func() {
			for ; !ended(stop); stored[i]++ {
				if err := a.arrives(saying(fmt.Sprintf("55119876500%02d", i), "Oi")); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for round := 0; a.days() > 30 && round < 20; round++ { // a day in whose way somebody stands waits for the next round
		a.retains()
	}
	close(stop)
	all.Wait()
	sum := stored[0] + stored[1] + stored[2]
	if left := a.raw(a.hotel.ID); a.days() != 30 || len(left) > 2 || sum < 20 { // of now, which may be around midnight
		t.Errorf("%d days, %v; %d stored", a.days(), left, sum)
	}
	var n int
	if err := pgtest.Owner(t, a.db).QueryRow(a.ctx, "SELECT count(*) FROM webhook_delivery").Scan(&n); err != nil || n != sum {
		t.Errorf("%d of %d deliveries, %v", n, sum, err)
	}
}
