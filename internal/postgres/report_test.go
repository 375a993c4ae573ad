package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/figures"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// lived is a conversation as reports see it.
type lived struct {
	id                                id.Conversation
	state                             conversation.State
	unit                              string
	assignee                          id.User
	began                             time.Time
	replied, human, escalated, closed time.Time // zero: never, or not noted
}

// live stores conversations of new guests.
func live(t *testing.T, db *postgres.DB, hotel pgtest.Hotel, all []lived) {
	t.Helper()
	conn := pgtest.Owner(t, db)
	orNull := func(at time.Time) any {
		if at.IsZero() {
			return nil
		}
		return at
	}
	var b pgx.Batch
	for i := range all {
		l := &all[i]
		l.id = id.NewConversation()
		var assignee any
		if !l.assignee.IsZero() {
			assignee = l.assignee.UUID
		}
		guest := id.NewContact()
		b.Queue("INSERT INTO contact (tenant_id, id, phone, name) VALUES ($1, $2, $3, 'Guest')", hotel.ID.UUID, guest.UUID, guest.String()[24:])
		b.Queue(`INSERT INTO conversation (tenant_id, id, contact_id, state, unit, assigned_to, created_at, first_reply_at, first_human_at, escalated_at, closed_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, hotel.ID.UUID, l.id.UUID, guest.UUID, string(l.state), l.unit, assignee,
			l.began, orNull(l.replied), orNull(l.human), orNull(l.escalated), orNull(l.closed))
	}
	must(t, conn.SendBatch(within(t), &b).Close())
}

// someLives makes up conversations of all kinds.
func someLives(r *rand.Rand, n int, until time.Time, people []id.User) []lived {
	out := make([]lived, n)
	for i := range out {
		l := lived{
			state: conversation.States[r.IntN(len(conversation.States))], unit: []string{"", "Camburi", "Ilhabela"}[r.IntN(3)],
			began: until.Add(-time.Duration(r.IntN(60*24*3600)) * time.Second).Truncate(time.Millisecond),
		}
		later := func() time.Time {
			if r.IntN(3) == 0 {
				return time.Time{}
			}
			return l.began.Add(time.Duration(r.IntN(20_000_000)) * time.Millisecond)
		}
		l.replied, l.human, l.escalated, l.closed = later(), later(), later(), later()
		if r.IntN(20) == 0 { // a clock was wrong
			l.replied, l.closed = l.began.Add(-time.Hour), l.began.Add(-time.Minute)
		}
		if k := r.IntN(len(people) + 1); k > 0 {
			l.assignee = people[k-1]
		}
		out[i] = l
	}
	return out
}

func spreadOf(samples []time.Duration) figures.Spread {
	if len(samples) == 0 {
		return figures.Spread{}
	}
	slices.Sort(samples)
	sum := time.Duration(0)
	for _, s := range samples {
		sum += s
	}
	at := func(share float64) time.Duration { // between two samples lies the straight line
		place := share * float64(len(samples)-1)
		low := int(place)
		if low == len(samples)-1 {
			return samples[low]
		}
		return samples[low] + time.Duration((place-float64(low))*float64(samples[low+1]-samples[low]))
	}
	return figures.Spread{Measured: len(samples), Mean: sum / time.Duration(len(samples)), Median: at(0.5), P90: at(0.9)}
}

// expected counts by hand what docs/adr/0017-reports.md defines.
func expected(all []lived, f figures.Frame) figures.Outcomes {
	o := figures.Outcomes{ByState: map[conversation.State]int{}}
	var reply, human, closing []time.Duration
	closed, sum := 0, time.Duration(0)
	for _, l := range all {
		if l.began.Before(f.From) || !l.began.Before(f.To) || f.Unit != "" && l.unit != f.Unit {
			continue
		}
		o.Total++
		o.ByState[l.state]++
		noted := !l.replied.IsZero() || !l.human.IsZero() || !l.escalated.IsZero()
		o.Noted += count(noted)
		o.Escalated += count(!l.escalated.IsZero())
		o.ByPerson += count(!l.human.IsZero())
		o.EndedNoted += count(noted && !l.state.IsActive())
		o.ByBotAlone += count(!l.state.IsActive() && !l.replied.IsZero() && l.human.IsZero() && l.escalated.IsZero())
		if !l.replied.Before(l.began) && !l.replied.IsZero() {
			reply = append(reply, l.replied.Sub(l.began))
		}
		switch {
		case l.human.IsZero():
		case !l.escalated.IsZero() && !l.human.Before(l.escalated):
			human = append(human, l.human.Sub(l.escalated))
		default:
			human = append(human, l.human.Sub(l.began))
		}
		if !l.state.IsActive() && !l.closed.IsZero() && !l.closed.Before(l.began) {
			closing = append(closing, l.closed.Sub(l.began))
			if l.state == conversation.Closed {
				closed++
				sum += l.closed.Sub(l.began)
			}
		}
	}
	if closed > 0 {
		o.ClosedMean = sum / time.Duration(closed)
	}
	o.FirstReply, o.FirstHuman, o.Close = spreadOf(reply), spreadOf(human), spreadOf(closing)
	return o
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// differs says in what two outcomes differ; a millisecond is rounding.
func differs(got, want figures.Outcomes) string {
	near := cmp.Comparer(func(a, b time.Duration) bool { return (a - b).Abs() <= time.Millisecond })
	withoutZeros := cmp.FilterValues(func(a, b map[conversation.State]int) bool { return true },
		cmp.Transformer("known", func(in map[conversation.State]int) string {
			out := ""
			for _, s := range conversation.States {
				out += fmt.Sprint(" ", s, in[s])
			}
			return out
		}))
	return cmp.Diff(want, got, near, withoutZeros)
}

// TestReportsCountRight compares what the database counts with counting by hand, over
// conversations of all kinds.
func TestReportsCountRight(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel, other := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	people := []id.User{
		pgtest.User(t, db, hotel.ID, user.Attendant, "Camburi").ID, pgtest.User(t, db, hotel.ID, user.Attendant, "").ID,
		pgtest.User(t, db, hotel.ID, user.TenantAdmin, "").ID,
	}
	zone, err := time.LoadLocation("America/Noronha")
	must(t, err)
	now := time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)
	r := rand.New(rand.NewPCG(1, 2))
	all := someLives(r, 600, now, people)
	live(t, db, hotel, all)
	live(t, db, other, someLives(r, 50, now, nil))

	frames := map[string]figures.Frame{
		"everything": {From: now.AddDate(0, -3, 0), To: now},
		"a month":    {From: now.AddDate(0, 0, -30), To: now},
		"a unit":     {From: now.AddDate(0, -3, 0), To: now, Unit: "Camburi"},
		"edges":      {From: all[0].began, To: all[0].began.Add(time.Millisecond)}, // the beginning counts, the end does not
		"nothing":    {From: now.AddDate(1, 0, 0), To: now.AddDate(1, 0, 1)},
	}
	for name, f := range frames {
		f.Zone, f.Hours = zone, tenant.Hours{{From: 510, To: 1080}, {From: 0, To: 1440}, {}, {From: 480, To: 1080}, {From: 480, To: 1085}}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := within(t)
			got, err := db.ReportOutcomes(ctx, hotel.ID, f)
			must(t, err)
			if diff := differs(got, expected(all, f)); diff != "" {
				t.Errorf("outcomes (-want +got): %s", diff)
			}
			compareUnits(t, db, hotel.ID, f, all)
			compareAttendants(t, db, hotel.ID, f, all)
			compareTimes(t, db, hotel.ID, f, all)
		})
	}
}

// inFrame are the conversations that a frame looks at.
func inFrame(all []lived, f figures.Frame) []lived {
	return slices.DeleteFunc(slices.Clone(all), func(l lived) bool {
		return l.began.Before(f.From) || !l.began.Before(f.To) || f.Unit != "" && l.unit != f.Unit
	})
}

func compareUnits(t *testing.T, db *postgres.DB, hotel id.Tenant, f figures.Frame, all []lived) {
	t.Helper()
	units, err := db.ReportUnits(within(t), hotel, f)
	must(t, err)
	sum := 0
	for _, u := range units {
		of := slices.DeleteFunc(inFrame(all, f), func(l lived) bool { return l.unit != u.Name })
		want := expected(of, f)
		want.ByState, want.ByPerson, want.ClosedMean = map[conversation.State]int{conversation.Closed: want.ByState[conversation.Closed]}, 0, 0
		if diff := differs(u.Outcomes, want); diff != "" {
			t.Errorf("unit %q (-want +got): %s", u.Name, diff)
		}
		sum += u.Total
	}
	if sum != len(inFrame(all, f)) {
		t.Errorf("%d conversations in units, want %d", sum, len(inFrame(all, f)))
	}
}

func compareAttendants(t *testing.T, db *postgres.DB, hotel id.Tenant, f figures.Frame, all []lived) {
	t.Helper()
	people, err := db.ReportAttendants(within(t), hotel, f)
	must(t, err)
	active, everybody, previous, err := db.ReportTeam(within(t), hotel, f)
	must(t, err)
	busy := map[id.User]int{}
	for _, l := range inFrame(all, f) {
		if !l.assignee.IsZero() {
			busy[l.assignee]++
		}
	}
	if len(people) != len(busy) || active != len(busy) {
		t.Errorf("%d attendants, %d active, want %d", len(people), active, len(busy))
	}
	if want := len(inFrame(all, figures.Frame{From: f.Before(), To: f.From, Unit: f.Unit})); previous != want {
		t.Errorf("%d before, want %d", previous, want)
	}
	if want := map[string]int{"": 4, "Camburi": 1}[f.Unit]; everybody != want {
		t.Errorf("%d people, want %d", everybody, want)
	}
	for i, p := range people {
		want := expected(slices.DeleteFunc(inFrame(all, f), func(l lived) bool { return l.assignee != p.ID }), f)
		got := figures.Outcomes{Total: p.Total, ByState: map[conversation.State]int{conversation.Closed: p.Closed}, FirstHuman: p.FirstHuman, Close: p.Close}
		reduced := figures.Outcomes{Total: want.Total, ByState: map[conversation.State]int{conversation.Closed: want.ByState[conversation.Closed]}, FirstHuman: want.FirstHuman, Close: want.Close}
		if diff := differs(got, reduced); diff != "" || p.Name == "" || p.Email == "" {
			t.Errorf("%s (-want +got): %s", p.Name, diff)
		}
		if i > 0 && people[i-1].Total < p.Total {
			t.Error("the busiest do not come first")
		}
	}
}

func compareTimes(t *testing.T, db *postgres.DB, hotel id.Tenant, f figures.Frame, all []lived) {
	t.Helper()
	looked := inFrame(all, f)
	days, slots, outside := map[string]int{}, map[int]int{}, []lived{}
	grain := figures.Grain(f.Hours)
	for _, l := range looked {
		local := l.began.In(f.Zone)
		days[local.Format(time.DateOnly)]++
		slots[(int(local.Weekday())*1440+local.Hour()*60+local.Minute())/grain]++
		if !f.Hours.Open(local) {
			outside = append(outside, l)
		}
	}
	gotDays, err := db.ReportDays(within(t), hotel, f)
	must(t, err)
	for date, want := range days {
		if gotDays[date].Total != want || gotDays[date].Date != date {
			t.Errorf("%s: %+v, want %d", date, gotDays[date], want)
		}
	}
	gotSlots, err := db.ReportSlots(within(t), hotel, f, grain)
	must(t, err)
	if len(gotDays) != len(days) || fmt.Sprint(gotSlots) != fmt.Sprint(slots) {
		t.Errorf("%d days, want %d; slots %v, want %v", len(gotDays), len(days), gotSlots, slots)
	}
	slices.SortFunc(outside, func(a, b lived) int { return b.began.Compare(a.began) })
	for _, offset := range []int{0, 7} {
		cards, err := db.ReportOutsideHours(within(t), hotel, f, 20, offset)
		must(t, err)
		want := outside[min(offset, len(outside)):min(offset+20, len(outside))]
		if len(cards) != len(want) {
			t.Fatalf("%d outside of hours from %d on, want %d", len(cards), offset, len(want))
		}
		for i := range cards {
			if !cards[i].CreatedAt.Equal(want[i].began) {
				t.Errorf("number %d from %d on began at %s, want %s", i, offset, cards[i].CreatedAt, want[i].began)
			}
		}
	}
}

// TestReportsReadIndexes: ended conversations are counted without looking at the rows
// themselves, active ones by the index of active ones.
func TestReportsReadIndexes(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel, _ := manyConversations(t, db)
	vacuum(t, db, "conversation")
	var plan []string
	err := pgx.BeginFunc(within(t), db.App(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(within(t), "SELECT set_config('app.tenant_id', $1, true)", hotel.String()); err != nil {
			return err
		}
		rows, err := tx.Query(within(t), `EXPLAIN SELECT count(*), avg(human_seconds), percentile_cont(0.5) WITHIN GROUP (ORDER BY close_seconds)
			FROM conversation_outcome WHERE tenant_id = $1 AND created_at >= $2 AND created_at < $3 AND ($4::text = '' OR unit = $4::text)`,
			hotel.UUID, time.Now().AddDate(-1, 0, 0), time.Now().AddDate(0, 0, 1), "")
		if err != nil {
			return err
		}
		plan, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	must(t, err)
	text := strings.Join(plan, "\n")
	if strings.Contains(text, "Seq Scan") || !strings.Contains(text, "Index Only Scan using conversation_ended") || !strings.Contains(text, "conversation_one_active") {
		t.Error(text)
	}
}

// vacuum cleans until the table's pages are known to be visible to everybody, without which
// an index alone is never read: whatever runs beside it may keep a page back.
func vacuum(t *testing.T, db *postgres.DB, table string) {
	t.Helper()
	owner := pgtest.Owner(t, db)
	for range 20 {
		pgtest.Exec(t, db, "VACUUM (FREEZE, ANALYZE)")
		if number(t, owner, "SELECT relpages - relallvisible FROM pg_class WHERE oid = $1::regclass", table) == 0 {
			return
		}
	}
	t.Fatalf("pages of %s stay unclean", table)
}
