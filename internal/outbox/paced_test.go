package outbox

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// slowly has the bot say three texts with two seconds before each.
func (o *office) slowly(r Request) []Queued {
	o.t.Helper()
	r.Phone, r.Sender = string(o.card.Contact.Phone), message.Bot
	r.Content, r.Pause = content.Text{Body: "um"}, 2*time.Second
	r.More = []Part{{content.Text{Body: "dois"}, 2 * time.Second}, {content.Text{Body: "três"}, 2 * time.Second}}
	all, err := o.sender.SendAll(o.ctx, o.hotel.ID, r)
	if err != nil || len(all) != 3 {
		o.t.Fatalf("%d stored: %v", len(all), err)
	}
	return all
}

// meta lists what Meta was asked, in order: the texts, and "…" for typing.
func (o *office) meta() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all string
	for _, body := range o.sent {
		var asked struct {
			Text   struct{ Body string }
			Typing *struct{ Type string } `json:"typing_indicator"`
		}
		if err := json.Unmarshal(body, &asked); err != nil {
			o.t.Fatal(err)
		}
		if asked.Typing != nil {
			asked.Text.Body = "…"
		}
		all += asked.Text.Body + " "
	}
	return all
}

// passes lets time pass and what is in the lane be looked at.
func (o *office) passes(d time.Duration) {
	o.t.Helper()
	o.clock.Advance(d)
	pgtest.Exec(o.t, o.db, "UPDATE lane SET ready_at = now()")
	lanes, err := o.db.ClaimLanes(o.ctx, o.hotel.ID, lane.Deliver, 1)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, l := range lanes {
		outcome := o.d.lane(o.ctx, l)
		pgtest.InTx(o.t, o.db, o.hotel.ID, func(tx *postgres.Tx) error { return releaseOnce(o.ctx, tx, outcome) })
	}
}

// Pauses are kept between the messages of a call, from when the one before went out, with the
// guest seeing somebody type; a new process goes on where the old one stood.
func TestPausesBetweenMessages(t *testing.T) {
	t.Parallel()
	o := open(t)
	pgtest.Message(t, o.db, o.hotel.ID, o.card)
	all := o.slowly(Request{})
	for i, step := range []struct {
		after time.Duration
		want  string
	}{
		{0, "… "},
		{time.Second, "… "},
		{time.Second, "… um … "},
		{time.Second, "… um … … "}, // a new process, which remembers nothing
		{time.Second, "… um … … dois … "},
		{2 * time.Second, "… um … … dois … três "},
	} {
		if i == 3 {
			o.d.typing, o.d.waits = newTyping(), newWaits()
		}
		o.passes(step.after)
		if got := o.meta(); got != step.want {
			t.Fatalf("step %d: %q, want %q", i, got, step.want)
		}
	}
	for _, q := range all {
		if m := o.now(q.Message); m.Status != message.Sent {
			t.Errorf("%s is %s", m.Content, m.Status)
		}
	}
	if lanes, err := o.db.ClaimLanes(o.ctx, o.hotel.ID, lane.Deliver, 1); err != nil || len(lanes) != 0 {
		t.Errorf("%d lanes are left: %v", len(lanes), err)
	}
	if len(o.d.typing.since) != 0 {
		t.Errorf("typing is remembered: %v", o.d.typing.since)
	}
}

// What has not gone yet is dropped, and says why, once a person took over (also if they gave the
// guest back), the guest wrote again, or a message before did not get through.
func TestOvertaken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		happens func(o *office)
		want    string // of what comes after the first
	}{
		"nothing": {func(*office) {}, ""},
		"a reaction": {func(o *office) {
			pgtest.Message(o.t, o.db, o.hotel.ID, o.card, func(m *message.Message) { m.Kind = message.Reaction })
		}, ""},
		"a newer word": {func(o *office) { pgtest.Message(o.t, o.db, o.hotel.ID, o.card) }, "overtaken"},
		"a person took over": {func(o *office) {
			pgtest.Exec(o.t, o.db, "UPDATE conversation SET locked = true, locked_at = now(), locked_by = 'system', ball_version = ball_version + 1")
		}, "ia_locked"},
		"a person took over and gave back": {func(o *office) {
			pgtest.Exec(o.t, o.db, "UPDATE conversation SET ball_version = ball_version + 2")
		}, "overtaken"},
		"the first failed": {func(o *office) { pgtest.Exec(o.t, o.db, "UPDATE message SET status = 'FAILED' WHERE content = 'um'") }, "part_failed"},
		"the first is gone": {func(o *office) {
			pgtest.Exec(o.t, o.db, "UPDATE message SET metadata = jsonb_set(metadata, '{said,after}', '\"00000000-0000-7000-8000-000000000001\"') WHERE content = 'dois'")
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			pgtest.Message(t, o.db, o.hotel.ID, o.card, func(m *message.Message) { m.Timestamp = o.clock.Now().Add(-time.Minute) })
			all := o.slowly(Request{})
			o.passes(2 * time.Second)
			c.happens(o)
			o.passes(2 * time.Second)
			second := o.now(all[1].Message)
			got := ""
			if second.Failure != nil {
				got = second.Failure.Details
			}
			if got != c.want || (second.Status == message.Sent) != (c.want == "") {
				t.Fatalf("the second: %s, %q, want %q", second.Status, got, c.want)
			}
			o.passes(2 * time.Second)
			if third := o.now(all[2].Message); (third.Status == message.Sent) != (c.want == "") {
				t.Errorf("the third: %s", third.Status)
			}
		})
	}
}

// What is said at once is not held back, nor overtaken.
func TestUnpacedPartsGoOut(t *testing.T) {
	t.Parallel()
	o := open(t)
	all, err := o.sender.SendAll(o.ctx, o.hotel.ID, Request{
		Phone: string(o.card.Contact.Phone), Sender: message.Bot, Content: content.Text{Body: "um"}, More: []Part{{Content: content.Text{Body: "dois"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Message(t, o.db, o.hotel.ID, o.card)
	o.passes(0)
	o.passes(10 * time.Second)
	if got := o.meta(); got != "um dois " {
		t.Errorf("sent %q: %s", got, o.now(all[1].Message).Status)
	}
}

// One key, or one body within half a minute, is one call, with all its messages.
func TestCallsAreMadeOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first, again Request
		after        time.Duration
		happens      string
		isDuplicate  bool
	}{
		"one key":                {first: Request{ClientID: "k"}, again: Request{ClientID: "k"}, after: time.Hour, isDuplicate: true},
		"two keys":               {first: Request{ClientID: "k", Hash: "h"}, again: Request{ClientID: "l", Hash: "h"}},
		"one body":               {first: Request{Hash: "h"}, again: Request{Hash: "h"}, after: 29 * time.Second, isDuplicate: true},
		"one body, much later":   {first: Request{Hash: "h"}, again: Request{Hash: "h"}, after: 31 * time.Second},
		"two bodies":             {first: Request{Hash: "h"}, again: Request{Hash: "i"}},
		"no guard":               {},
		"nothing came of it":     {first: Request{Hash: "h"}, again: Request{Hash: "h"}, happens: "UPDATE message SET status = 'FAILED'"},
		"a person took over":     {first: Request{Hash: "h"}, again: Request{Hash: "h"}, happens: "UPDATE conversation SET locked = true, locked_at = now(), locked_by = 'system'", isDuplicate: true},
		"keyed first, then not":  {first: Request{Hash: "h", ClientID: "k"}, again: Request{Hash: "h"}, isDuplicate: true},
		"not keyed, then with a": {first: Request{Hash: "h"}, again: Request{Hash: "h", ClientID: "k"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			before := o.slowly(c.first)
			if c.happens != "" {
				pgtest.Exec(t, o.db, c.happens)
			}
			o.clock.Advance(c.after)
			after := o.slowly(c.again)
			for i := range before {
				isSame := before[i].Message.ID == after[i].Message.ID
				if isSame != c.isDuplicate || after[i].Duplicate != c.isDuplicate {
					t.Errorf("message %s: the same: %v, told: %v", strconv.Itoa(i), isSame, after[i].Duplicate)
				}
			}
		})
	}
}
