package inbox

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// Case 108: two bots that answer each other are stopped, and a person is called; a guest who
// only sends much at once is not.
func TestTwoBots(t *testing.T) {
	t.Parallel()
	const turns = 45
	l, db, address := listen(t)
	for name, c := range map[string]struct {
		every   int // of the guest's messages one is answered
		apart   time.Duration
		heard   int
		stopped bool
	}{
		"two bots":               {1, time.Second, loopTurn, true},
		"many pictures":          {9, 50 * time.Millisecond, turns, false},
		"a talk, delivered late": {1, 10 * time.Second, turns, false},
	} {
		hotel := pgtest.Tenant(t, db, func(row *postgres.TenantRow) { row.Bot.URL = address })
		card := pgtest.Conversation(t, db, hotel)
		ids := chat(t, db, hotel, card, turns, c.every, c.apart)
		pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
			for _, m := range ids {
				tx.Enqueue(lane.Handoff, lane.Handover{MessageID: m}.In(card.ID, hotel.Number.ID))
			}
			return nil
		})
		l.handAllOver(t, db, hotel.ID)
		if n := len(l.heard); n != c.heard {
			t.Errorf("%s: the flow heard %d messages, want %d", name, n, c.heard)
		}
		for len(l.heard) > 0 {
			<-l.heard
		}
		now, err := db.Card(t.Context(), hotel.ID, card.ID)
		if err != nil || now.Lock.Locked != c.stopped {
			t.Errorf("%s: locked %t, %v", name, now.Lock.Locked, err)
		}
		calls, _, err := db.Escalations(t.Context(), hotel.ID, postgres.EscalationFilter{Scope: hotel.Admin.Scope(), Limit: 10})
		if err != nil || (len(calls) == 1) != c.stopped {
			t.Errorf("%s: %d calls for a person, %v", name, len(calls), err)
		}
	}
}

// chat stores what a guest said, and the bot's answers, up to now.
func chat(t *testing.T, db *postgres.DB, hotel pgtest.Hotel, card conversation.Card, turns, every int, apart time.Duration) []id.Message {
	t.Helper()
	var ids []id.Message
	start := time.Now().Add(-time.Duration(turns) * apart)
	for n := range turns {
		at := start.Add(time.Duration(n) * apart)
		ids = append(ids, pgtest.Message(t, db, hotel.ID, card, func(m *message.Message) { m.Timestamp = at }).ID)
		if n%every == 0 {
			pgtest.Message(t, db, hotel.ID, card, func(m *message.Message) {
				m.Direction, m.Sender, m.Status, m.Timestamp = message.Outbound, message.Bot, message.Sent, at.Add(apart/2)
			})
		}
	}
	return ids
}

func (l *listener) handAllOver(t *testing.T, db *postgres.DB, hotel id.Tenant) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		lanes, err := db.ClaimLanes(ctx, hotel, lane.Handoff, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(lanes) == 0 {
			return
		}
		l.handoff.Work(ctx, lanes)
	}
	t.Fatal("it does not end")
}

// Case 108: what a number says to itself is not shown; what one number of the hotel says to
// another is, and no bot hears it.
func TestOwnNumber(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	from := func(wamid, sender string) string {
		return raw(fmt.Sprintf(`"messages":[{"from":"%s","id":"%s","timestamp":"@10",%s}]`, sender, wamid, text("Oi")))
	}
	l := x.line(t)
	l.post(1, from("wamid.A", "#DISPLAY"))
	l.work(1)
	if got := l.state(); len(got) != 0 {
		t.Errorf("a number wrote to itself: %v", got)
	}
	second := x.line(t)
	second.sql("INSERT INTO whatsapp_number (tenant_id, id, phone_number_id, display) VALUES ($1, $2, 'second', '+55 12 98765-0000')", second.hotel.ID, id.NewNumber())
	second.post(1, from("wamid.B", "5512987650000"))
	second.work(1)
	if diff := cmp.Diff([]string{`event conversation:new`, `event message:new "Oi" DELIVERED`}, second.told()); diff != "" {
		t.Error(diff)
	}
	if heard := second.handedOver(); len(heard) != 0 {
		t.Error(heard)
	}
}
