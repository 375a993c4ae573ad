package outbox

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// While Meta restricts an account one message tries every five minutes, the others wait and
// are kept; once one gets through, all go.
func TestRestrictedAccount(t *testing.T) {
	t.Parallel()
	o := open(t)
	pgtest.Exec(t, o.db, `UPDATE whatsapp_number SET account_state = 'RESTRICTED' WHERE tenant_id = $1`, o.hotel.ID)
	o.sender.directory.ForgetAll()
	m, err := o.says(Request{Content: content.Text{Body: "Olá"}})
	if err != nil {
		t.Fatal(err)
	}
	o.refuse = `{"error":{"message":"restricted","code":131031}}`
	if o.delivers(); o.now(m).Status != message.Pending || len(o.sent) != 1 {
		t.Fatalf("the probe: %s, sent %d", o.now(m).Status, len(o.sent))
	}
	hotel, err := o.sender.directory.Hotel(o.ctx, o.hotel.ID)
	if err != nil {
		t.Fatal(err)
	}
	line := hotel.Lines[0]
	if wait := o.d.mustWait(line, o.card); wait <= 0 || wait > 5*time.Minute {
		t.Fatalf("the next waits %s", wait)
	}
	o.clock.Advance(5 * time.Minute)
	if wait := o.d.mustWait(line, o.card); wait != 0 {
		t.Fatalf("the next probe waits %s", wait)
	}
	if wait := o.d.mustWait(line, o.card); wait <= 0 {
		t.Fatal("two probes at once")
	}
	if !o.d.goesOn(line) || o.d.goesOn(line) {
		t.Error("that one got through is news once")
	}
	o.clock.Advance(time.Minute) // Meta's pace per guest
	if wait := o.d.mustWait(line, o.card); wait != 0 {
		t.Fatalf("after one got through: %s", wait)
	}
}

// What is refused for the whole account is not asked again by its other numbers, and what
// Meta allows a number is kept to.
func TestPaceOfNumbers(t *testing.T) {
	t.Parallel()
	o := open(t)
	lines := []directory.Line{
		{Number: tenant.Number{PhoneNumberID: "1", WABAID: "a", Standing: tenant.Standing{Throughput: 20}}},
		{Number: tenant.Number{PhoneNumberID: "2", WABAID: "a", Standing: tenant.Standing{Throughput: 1000}}},
		{Number: tenant.Number{PhoneNumberID: "3", WABAID: "b"}},
	}
	for i, want := range []float64{20, 1000, 80} {
		if wait := o.d.mustWait(lines[i], o.card); wait != 0 || o.d.numbers.Rate(lines[i].PhoneNumberID) != want {
			t.Errorf("%s: waits %s, rate %v, want %v", lines[i].PhoneNumberID, wait, o.d.numbers.Rate(lines[i].PhoneNumberID), want)
		}
	}
	o.d.pauseAccount(&job{hotel: &directory.Hotel{Lines: lines}, line: lines[0]}, o.clock.Now().Add(time.Minute))
	for i, want := range []time.Duration{time.Minute, time.Minute, 0} {
		if got := max(0, o.d.pauses.left(lines[i].PhoneNumberID, o.clock.Now())); got != want {
			t.Errorf("%s: %s, want %s", lines[i].PhoneNumberID, got, want)
		}
	}
}

// A number from which Meta refuses everything says so, to administrators once; so it does
// when messages are taken again.
func TestPausedNumberIsToldOf(t *testing.T) {
	t.Parallel()
	o := open(t)
	var told []string
	o.db.OnCommit(postgres.Hooks{Publish: func(_ context.Context, events []event.Event) {
		for _, e := range events {
			if e.News != nil {
				told = append(told, e.News.Name)
			}
		}
	}})
	pause := func() tenant.Pause {
		t.Helper()
		o.sender.directory.ForgetAll()
		numbers, err := o.db.Numbers(o.ctx, o.hotel.ID)
		if err != nil {
			t.Fatal(err)
		}
		return numbers[0].Standing.Pause
	}
	m, err := o.says(Request{Content: content.Text{Body: "Olá"}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		o.refuse = `{"error":{"message":"Session has expired","code":190}}`
		o.delivers()
		if p := pause(); p.Since.IsZero() || p.Reason == "" || p.ReasonEN == "" || p.Reason == p.ReasonEN {
			t.Errorf("refused: %+v", p)
		}
		o.clock.Advance(time.Hour)
		pgtest.Exec(t, o.db, "UPDATE lane SET ready_at = now()")
	}
	if o.delivers(); o.now(m).Status != message.Sent || pause() != (tenant.Pause{}) {
		t.Errorf("mended: %s, %+v", o.now(m).Status, pause())
	}
	if want := []string{"SENDING_PAUSED", "SENDING_RESUMED"}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
}
