package outbox

import (
	"errors"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// refused is a message that Meta refused with a code.
func (o *office) refused(code string) message.Message {
	o.t.Helper()
	m, err := o.says(Request{Content: content.Text{Body: "Olá"}})
	if err != nil {
		o.t.Fatal(err)
	}
	o.refuse = `{"error":{"message":"no","type":"OAuthException","code":` + code + `}}`
	o.delivers()
	if m = o.now(m); m.Status != message.Failed || m.Failure.MessageEN == "" {
		o.t.Fatalf("%s: %s %+v", code, m.Status, m.Failure)
	}
	o.clock.Advance(10 * time.Second)
	return m
}

func (o *office) again(m message.Message, seen int) (message.Message, error) {
	return o.sender.Resend(o.ctx, o.hotel.ID, o.hotel.Admin, m.ID, seen)
}

// A failed message is sent again as the same message, once however often somebody taps, and
// what is told of the first attempt does not touch the second.
func TestResend(t *testing.T) {
	t.Parallel()
	o := open(t)
	m := o.refused("131030")
	if _, err := o.again(m, -1); !errors.Is(err, ErrHopeless) {
		t.Fatalf("what cannot help: %v", err)
	}
	pgtest.Exec(t, o.db, `UPDATE message SET failure = '{"code":0,"message":"x","canRetry":true}', wamid = 'wamid.first' WHERE id = $1`, m.ID)
	first, err := o.again(m, 0)
	if err != nil || first.Status != message.Pending || first.Resends != 1 || first.Failure != nil || first.WAMID != "" || first.ID != m.ID {
		t.Fatalf("%+v %v", first, err)
	}
	for _, seen := range []int{0, 1, -1} { // the same tap, and those of others
		if twice, err := o.again(m, seen); err != nil || twice.Resends != 1 {
			t.Fatalf("seen %d: %+v %v", seen, twice, err)
		}
	}
	if o.delivers(); o.now(m).Status != message.Sent {
		t.Fatalf("%+v", o.now(m))
	}
	if done, err := o.again(m, 1); err != nil || done.Status != message.Sent || done.Resends != 1 {
		t.Fatalf("what was sent: %+v %v", done, err)
	}
	if lanes, err := o.db.ClaimLanes(o.ctx, o.hotel.ID, lane.Deliver, 1); err != nil || len(lanes) != 0 {
		t.Fatalf("%d lanes left: %v", len(lanes), err)
	}
	pgtest.Exec(t, o.db, `UPDATE message SET status = 'FAILED', failure = '{"code":0,"message":"x","canRetry":true}' WHERE id = $1`, m.ID)
	if stale, err := o.again(m, 0); err != nil || stale.Status != message.Failed {
		t.Fatalf("a tap on what it was before: %+v %v", stale, err)
	}
}

// What is refused, and what it is refused with.
func TestResendRefusals(t *testing.T) {
	t.Parallel()
	o := open(t)
	in := pgtest.Message(t, o.db, o.hotel.ID, o.card)
	if _, err := o.again(in, -1); !errors.Is(err, ErrNotOurs) {
		t.Errorf("the guest's: %v", err)
	}
	if _, err := o.again(message.Message{ID: id.NewMessage()}, -1); !errors.Is(err, postgres.ErrNoMessage) {
		t.Errorf("nobody's: %v", err)
	}
	m := o.refused("131026")
	fails := func(failure string) {
		pgtest.Exec(t, o.db, `UPDATE message SET status = 'FAILED', kind = 'TEXT', failure = $2::jsonb, progress = $3::jsonb WHERE id = $1`, m.ID, failure,
			`{"failed":"`+o.clock.Now().UTC().Format(time.RFC3339)+`"}`)
	}
	fails(`{"code":131049,"message":"x","canRetry":true}`)
	o.clock.Advance(24*time.Hour - time.Second)
	if _, err := o.again(m, -1); !errors.Is(err, ErrTooSoon) {
		t.Errorf("an offer that was held back, a second too soon: %v", err)
	}
	o.clock.Advance(time.Second)
	var closed *WindowClosedError
	if _, err := o.again(m, -1); !errors.As(err, &closed) || !errors.Is(err, conversation.ErrWindowClosed) {
		t.Errorf("a day later the window is closed: %v", err)
	}
	fails(`{"code":131047,"message":"x","canRetry":false}`)
	pgtest.Exec(t, o.db, `UPDATE conversation SET last_inbound_at = $2 WHERE id = $1`, o.card.ID, o.clock.Now())
	if m, err := o.again(m, -1); err != nil || m.Status != message.Pending {
		t.Errorf("the guest wrote again: %+v %v", m, err)
	}
}

// Nothing new is taken in the last two minutes of the window, and what was taken in time is
// delivered until its end.
func TestWindowCloses(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.clock.Advance(24*time.Hour - 2*time.Minute - time.Second)
	m, err := o.says(Request{Content: content.Text{Body: "Boa viagem"}})
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Exec(t, o.db, `INSERT INTO template_state (tenant_id, waba_id, template_id, name, language, status, changed_at)
		VALUES ($1, 'w', '1', 'volte_sempre', 'pt_BR', 'APPROVED', now()), ($1, 'w', '2', 'outra', 'pt_BR', 'REJECTED', now())`, o.hotel.ID)
	o.clock.Advance(time.Second)
	_, err = o.says(Request{Content: content.Text{Body: "Tarde demais"}})
	var closed *WindowClosedError
	if !errors.As(err, &closed) || len(closed.Templates) != 1 || closed.Templates[0].Name != "volte_sempre" {
		t.Fatalf("%v %+v", err, closed)
	}
	if _, err := o.says(Request{Content: content.Template{Name: "volte_sempre", Language: "pt_BR"}}); err != nil {
		t.Fatalf("a template: %v", err)
	}
	if o.delivers(); o.now(m).Status != message.Sent {
		t.Fatalf("%+v", o.now(m))
	}
}
