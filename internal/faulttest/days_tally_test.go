package faulttest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// verdict is what was counted at the end. What must be 0 stands first.
type verdict struct {
	Lost, StoredTwice, StoredWrong     int // guests' messages in the database; wrong: not in their order
	Unheard, HeardWrong                int // by the flow, though nobody held the guest; in another order than stored
	AnswersLost, GivenUp, ShownTwice   int // what the product took and the phone does not show
	ShownWrong, StatusWrong, Left, Odd int

	Heard, Again, Overtaken int // by the flow; posts that were repeated under one id; after later ones
	Answers, Withheld       int // shown; refused because a person had taken over
	Unclear                 int // given up because twice nobody knew
}

// stored is a guest's message in the database.
type storedLine struct {
	text, wamid string
	at          time.Time
}

// sentLine is one of the hotel's.
type sentLine struct{ text, status, failure string }

func (w *stay) judge() verdict {
	w.t.Helper()
	var v verdict
	inbound, outbound := w.inbound(), w.outbound()
	w.judgeStored(&v, inbound)
	w.judgeFlow(&v, inbound)
	w.judgeAnswers(&v, outbound)
	w.judgePhones(&v, outbound)
	w.judgeRest(&v)
	return v
}

// spokenBy is everything each guest said, in order.
func (w *stay) spokenBy() map[string][]string {
	out := map[string][]string{}
	for _, s := range w.script.slots {
		for _, r := range s.runs {
			phone := w.script.visitors[r.visitor].phone
			out[phone] = append(out[phone], r.lines...)
		}
	}
	return out
}

func (w *stay) judgeStored(v *verdict, inbound map[string][]storedLine) {
	for phone, said := range w.spokenBy() {
		found := map[string]int{}
		var order []string
		for _, m := range inbound[phone] {
			if m.wamid == w.wamids[m.text] {
				found[m.text]++
			}
			order = append(order, m.text)
		}
		for _, text := range said {
			switch n := found[text]; {
			case n == 0:
				v.Lost++
				w.t.Logf("lost: %q of %s", text, phone)
			case n > 1:
				v.StoredTwice++
			}
		}
		if !slices.Equal(said, order) {
			v.StoredWrong++
			w.t.Logf("%s said %d lines and %d are stored, in another order", phone, len(said), len(order))
		}
	}
}

// judgeFlow holds what the flow heard against what was stored, in the order of storing.
func (w *stay) judgeFlow(v *verdict, inbound map[string][]storedLine) {
	w.flow.mu.Lock()
	defer w.flow.mu.Unlock()
	for _, n := range w.flow.arrived {
		v.Heard++
		v.Again += n - 1
	}
	spoken := w.spokenBy()
	for phone, stored := range inbound {
		heard := w.flow.heard[phone]
		at := map[string]time.Time{}
		for _, m := range stored {
			at[m.text] = m.at
		}
		for _, m := range stored {
			if !slices.Contains(heard, m.text) && !w.desk.holds(phone, m.at, at) {
				v.Unheard++
				w.t.Logf("the flow never heard %q of %s, stored at %s", m.text, phone, m.at)
			}
		}
		if !slices.IsSortedFunc(heard, func(a, b string) int { return at[a].Compare(at[b]) }) {
			v.HeardWrong++
			w.t.Logf("the flow heard %s in another order than it was stored", phone)
		}
		v.Overtaken += moved(spoken[phone], heard)
	}
}

// moved is how many of heard must be taken away so that the rest stands in the order of said.
func moved(said, heard []string) int {
	place := make(map[string]int, len(said))
	for i, text := range said {
		place[text] = i
	}
	var tails []int // the smallest last place of a rising row of each length
	for _, text := range heard {
		i, _ := slices.BinarySearch(tails, place[text])
		if i == len(tails) {
			tails = append(tails, 0)
		}
		tails[i] = place[text]
	}
	return len(heard) - len(tails)
}

// holds reports whether a person held a guest when something arrived, or took them before
// it could be handed over: what came after the line that called for a person may meet both.
func (d *desk) holds(phone string, at time.Time, stored map[string]time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	isFrom := func(h held) bool { return !at.Before(h.from) || at.After(stored[h.call]) }
	for _, h := range d.past {
		if h.phone == phone && isFrom(h) && !at.After(h.until) {
			return true
		}
	}
	h := d.held[phone]
	return h != nil && isFrom(*h)
}

// judgeAnswers holds what the product took against what it has.
func (w *stay) judgeAnswers(v *verdict, outbound map[string][]sentLine) {
	found := map[string]int{}
	for _, lines := range outbound {
		for _, m := range lines {
			found[m.text]++
			switch {
			case m.status != "FAILED":
				v.Answers++
			case m.failure == "ia_locked" || m.failure == "conversation_closed":
				v.Withheld++
			case m.failure == "outcome_unknown":
				v.Unclear++
			default:
				v.GivenUp++
				w.t.Logf("given up: %q: %s", m.text, m.failure)
			}
		}
	}
	for _, asked := range []map[string]int{w.flow.asked, w.desk.asked} {
		for text, times := range asked {
			if found[text] != 1 { // a person may have tapped twice
				v.AnswersLost++
				w.t.Logf("%q was taken %d times and is there %d times", text, times, found[text])
			}
		}
	}
}

// judgePhones holds what guests see against what the product has.
func (w *stay) judgePhones(v *verdict, outbound map[string][]sentLine) {
	for i, g := range w.script.visitors {
		var shown, want []string
		status := map[string]string{}
		for _, e := range w.guest(i).Transcript() {
			if e.From == simulator.FromHotel {
				shown = append(shown, e.Text)
				status[e.Text] = strings.ToUpper(e.Status)
			}
		}
		for _, m := range outbound[g.phone] {
			if m.status == "FAILED" {
				continue
			}
			want = append(want, m.text)
			if m.status != status[m.text] {
				v.StatusWrong++
				w.t.Logf("%q is %s and the product says %s", m.text, status[m.text], m.status)
			}
		}
		v.ShownTwice += len(shown) - len(slices.Compact(slices.Sorted(slices.Values(shown))))
		if !slices.Equal(shown, want) {
			v.ShownWrong++
			w.t.Logf("the phone of guest %d shows %d messages, want %d, or another order", i, len(shown), len(want))
		}
	}
	v.ShownTwice = max(v.ShownTwice, int(w.sim.Counters().SentTwice))
}

// judgeRest looks where lost things would lie.
func (w *stay) judgeRest(v *verdict) {
	w.t.Helper()
	for what, sql := range map[string]string{
		"dead letters":            "SELECT count(*) FROM dead_letter",
		"items left in lanes":     "SELECT count(*) FROM lane_item",
		"deliveries put aside":    "SELECT count(*) FROM webhook_delivery WHERE fate <> 'QUEUED'",
		"messages under way":      "SELECT count(*) FROM message WHERE status IN ('PENDING', 'UNKNOWN')",
		"statuses of no message":  "SELECT count(*) FROM parked_status",
		"deliveries of no day":    "SELECT count(*) FROM webhook_delivery_default",
		"rows dated by our clock": "SELECT count(*) FROM message WHERE created_at > days.now()",
	} {
		var n int
		if err := w.clock.conn.QueryRow(within(w.t), sql).Scan(&n); err != nil {
			w.t.Errorf("%s: %v", what, err)
		} else if n != 0 {
			w.t.Logf("%d %s", n, what)
			v.Left += n
		}
	}
	for _, wrong := range []map[string]int{w.flow.wrong, w.desk.wrong} {
		for what, n := range wrong {
			w.t.Logf("%d times: %s", n, what)
			v.Odd += n
		}
	}
	if unknown := w.sim.UnknownRequests(); len(unknown) > 0 {
		w.t.Logf("Meta does not know %v", unknown)
		v.Odd += len(unknown)
	}
}

// inbound is what guests said, as stored, by phone in the order of the product.
func (w *stay) inbound() map[string][]storedLine {
	w.t.Helper()
	out := map[string][]storedLine{}
	var phone string
	var m storedLine
	w.each(`SELECT c.phone, m.content, coalesce(m.wamid, ''), m.created_at FROM message m
		JOIN contact c ON c.tenant_id = m.tenant_id AND c.id = m.contact_id
		WHERE m.direction = 'INBOUND' ORDER BY m.timestamp, m.id`, []any{&phone, &m.text, &m.wamid, &m.at}, func() {
		phone = strings.TrimPrefix(phone, "+")
		out[phone] = append(out[phone], m)
	})
	return out
}

// outbound is what the hotels said, by phone in the order in which the product took it.
func (w *stay) outbound() map[string][]sentLine {
	w.t.Helper()
	out := map[string][]sentLine{}
	var phone string
	var m sentLine
	w.each(`SELECT c.phone, m.content, m.status, coalesce(m.failure->>'details', m.failure->>'code', m.failure::text, '') FROM message m
		JOIN contact c ON c.tenant_id = m.tenant_id AND c.id = m.contact_id
		WHERE m.direction = 'OUTBOUND' ORDER BY m.id`, []any{&phone, &m.text, &m.status, &m.failure}, func() {
		phone = strings.TrimPrefix(phone, "+")
		out[phone] = append(out[phone], m)
	})
	return out
}

func (w *stay) each(sql string, into []any, row func()) {
	w.t.Helper()
	rows, err := w.clock.conn.Query(within(w.t), sql)
	if err == nil {
		_, err = pgx.ForEachRow(rows, into, func() error { row(); return nil })
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// refusals is what the product refused to the flow, by code.
func (f *daysFlow) refusals() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.refused))
}
