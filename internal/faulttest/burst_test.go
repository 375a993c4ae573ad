package faulttest

import (
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// burst is what guests say, all at once. Chatty guests are answered by the flow, quiet
// ones only write.
type burst struct {
	chatty, quiet     int // guests
	perChatty, perOne int // messages of each; few are answered, as Meta allows a guest few at a time
}

// usual is large enough that every step of the way is busy when something breaks, and
// small enough for a slow machine.
var usual = burst{chatty: 60, perChatty: 3, quiet: 30, perOne: 12}

func (b burst) messages() int { return b.chatty*b.perChatty + b.quiet*b.perOne }
func (b burst) answers() int  { return b.chatty * b.perChatty }
func (b burst) guests() int   { return b.chatty + b.quiet }

func (b burst) phone(guest int) string { return fmt.Sprintf("55119%08d", 80_000_000+guest) }

func (b burst) isChatty(phone string) bool {
	phone = strings.TrimPrefix(phone, "+")
	return phone < b.phone(b.chatty)
}

func (b burst) says(guest int) []string {
	n := b.perOne
	if guest < b.chatty {
		n = b.perChatty
	}
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("hóspede %03d, mensagem %03d", guest, i+1)
	}
	return texts
}

// spoken is everything the guests say, by phone, in order.
func (b burst) spoken() map[string][]string {
	out := map[string][]string{}
	for g := range b.guests() {
		out[b.phone(g)] = b.says(g)
	}
	return out
}

// begin lets all guests say everything; Meta delivers it as fast as it is taken.
func (w *world) begin() {
	w.t.Helper()
	longest := max(w.burst.perChatty, w.burst.perOne)
	for i := range longest {
		for g := range w.burst.guests() {
			if texts := w.burst.says(g); i < len(texts) {
				if _, err := w.guest(g).Says(within(w.t), texts[i]); err != nil {
					w.t.Fatal(err)
				}
			}
		}
	}
}

func (w *world) guest(n int) *simulator.Guest { return w.sim.Guest(phoneNumberID, w.burst.phone(n)) }

// taken is how many webhooks got their 200.
func (w *world) taken() int { return int(w.sim.Counters().WebhookAccepted) }

// answered is how many answers Meta has accepted.
func (w *world) answered() int { return int(w.sim.Counters().Accepted) }

// settle waits until everything that was said has gone its whole way.
func (w *world) settle() {
	w.t.Helper()
	w.flow.awaitCount(w.t, w.burst.messages())
	conn := connect(w.t, w.databaseURL())
	await(w.t, "answers on the phones and empty lanes", func() bool {
		w.letTwoMinutesPass(conn)
		return w.answered() >= w.burst.answers() && w.open(conn) == 0
	})
	if err := w.sim.AwaitIdle(within(w.t)); err != nil {
		w.t.Fatal(err)
	}
	await(w.t, "statuses to be applied", func() bool { return w.open(conn) == 0 })
}

// open counts what still lies in lanes.
func (w *world) open(conn *pgx.Conn) int {
	w.t.Helper()
	var n int
	if err := conn.QueryRow(within(w.t), "SELECT coalesce(sum(depth), 0) FROM lane").Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// cutOff names an answer and its conversation.
type cutOff struct{ ID, Conversation string }

// letTwoMinutesPass makes the waiting time pass (outbox.SettleAfter) for sends that were
// cut off after they were noted and before Meta heard of them. No status will ever tell
// of those. It is the only time that is not waited for. Whatever Meta did accept must be
// settled by its status, without it.
func (w *world) letTwoMinutesPass(conn *pgx.Conn) {
	w.t.Helper()
	rows, err := conn.Query(within(w.t), `
		SELECT m.id::text, m.conversation_id::text FROM message m
		JOIN lane l ON l.tenant_id = m.tenant_id AND l.kind = 'deliver' AND l.key = m.conversation_id::text
		WHERE m.direction = 'OUTBOUND' AND m.status IN ('PENDING', 'UNKNOWN') AND m.attempt_at < now() - interval '3 seconds'
		  AND m.attempt_at > now() - interval '2 minutes' AND l.lease IS NULL`)
	if err != nil {
		w.t.Fatal(err)
	}
	cut, err := pgx.CollectRows(rows, pgx.RowToStructByPos[cutOff])
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range cut {
		if w.sim.AcceptedWith(c.ID) > 0 {
			continue // its status is on the way, or the test ends by running out of time
		}
		w.cut++
		w.t.Logf("message %s was cut off before Meta heard of it: two minutes are made to pass", c.ID)
		_, err := conn.Exec(within(w.t), "UPDATE message SET attempt_at = NULL WHERE id = $1::uuid", c.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		_, err = conn.Exec(within(w.t), "UPDATE lane SET ready_at = now() WHERE kind = 'deliver' AND key = $1 AND lease IS NULL", c.Conversation)
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// check counts: nothing lost, nothing doubled, each guest's order kept, at every door.
func (w *world) check() {
	w.t.Helper()
	spoken := w.burst.spoken()
	if diff := cmp.Diff(spoken, w.stored()); diff != "" {
		w.t.Errorf("stored messages (-said +stored):\n%s", diff)
	}
	if diff := cmp.Diff(spoken, w.flow.transcript()); diff != "" {
		w.t.Errorf("what the flow heard (-said +heard):\n%s", diff)
	}
	if got := w.flow.count(); got != w.burst.messages() {
		w.t.Errorf("the flow got %d different deliveries, want %d", got, w.burst.messages())
	}
	for _, c := range w.flow.complaints() {
		w.t.Error(c)
	}
	w.checkPhones()
	w.checkOdds()
}

// checkPhones looks at what guests see.
func (w *world) checkPhones() {
	w.t.Helper()
	for g := range w.burst.guests() {
		var want, got []string
		if g < w.burst.chatty {
			for _, text := range w.burst.says(g) {
				want = append(want, "Resposta: "+text)
			}
		}
		for _, e := range w.guest(g).Transcript() {
			if e.From == simulator.FromHotel {
				got = append(got, e.Text)
			} else if e.Status != simulator.StatusDelivered {
				w.t.Errorf("guest %d: %q is %s", g, e.Text, e.Status)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			w.t.Errorf("phone of guest %d (-want +got):\n%s", g, diff)
		}
	}
	if twice := w.sim.SentTwice(); len(twice) > 0 {
		w.t.Errorf("sent twice: %v", twice)
	}
}

// checkOdds looks where lost things would lie.
func (w *world) checkOdds() {
	w.t.Helper()
	conn := connect(w.t, w.databaseURL())
	for what, sql := range map[string]string{
		"dead letters":                   "SELECT count(*) FROM dead_letter",
		"lane items without a lane":      "SELECT count(*) FROM lane_item",
		"deliveries put aside":           "SELECT count(*) FROM webhook_delivery WHERE fate <> 'QUEUED'",
		"answers that are not delivered": "SELECT count(*) FROM message WHERE direction = 'OUTBOUND' AND status <> 'DELIVERED'",
		"second conversations":           "SELECT count(*) - count(DISTINCT contact_id) FROM conversation",
	} {
		var n int
		if err := conn.QueryRow(within(w.t), sql).Scan(&n); err != nil {
			w.t.Errorf("%s: %v", what, err)
		} else if n != 0 {
			w.t.Errorf("%d %s", n, what)
		}
	}
	if unknown := w.sim.UnknownRequests(); len(unknown) > 0 {
		w.t.Errorf("Meta does not know %v", unknown)
	}
}

// stored is what the database holds of the guests, by phone, in the order of the product.
func (w *world) stored() map[string][]string {
	w.t.Helper()
	rows, err := connect(w.t, w.databaseURL()).Query(within(w.t), `
		SELECT c.phone, m.content FROM message m JOIN contact c ON c.tenant_id = m.tenant_id AND c.id = m.contact_id
		WHERE m.direction = 'INBOUND' ORDER BY m.timestamp, m.id`)
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string][]string{}
	var phone, text string
	_, err = pgx.ForEachRow(rows, []any{&phone, &text}, func() error {
		phone = strings.TrimPrefix(phone, "+")
		out[phone] = append(out[phone], text)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}
