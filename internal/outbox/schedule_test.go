package outbox

import (
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func (o *office) later(after time.Duration, r Request) (message.Scheduled, error) {
	r.ConversationID, r.Sender, r.By = o.card.ID, message.Person, o.hotel.Admin
	s, _, err := o.sender.Schedule(o.ctx, o.hotel.ID, r, o.clock.Now().Add(after))
	return s, err
}

func (o *office) scheduled(s message.Scheduled) message.Scheduled {
	o.t.Helper()
	now, err := o.db.Scheduled(o.ctx, o.hotel.ID, s.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return now
}

func (o *office) due() {
	o.t.Helper()
	if err := o.sender.SendDue(o.ctx); err != nil {
		o.t.Fatal(err)
	}
}

// A scheduled message is sent once, at its time, however many instances look for it, and
// counts as said then.
func TestScheduled(t *testing.T) {
	t.Parallel()
	o := open(t)
	s, err := o.later(time.Hour, Request{Content: content.Text{Body: "Bom dia"}, ClientID: "tab-1"})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := o.later(time.Hour, Request{Content: content.Text{Body: "Bom dia"}, ClientID: "tab-1"}); err != nil || again.ID != s.ID {
		t.Fatalf("twice: %+v %v", again, err)
	}
	if _, err := o.later(time.Hour, Request{Content: content.Text{Body: "Boa noite"}, ClientID: "tab-1"}); !errors.Is(err, ErrReused) {
		t.Fatalf("the id of another: %v", err)
	}
	o.clock.Advance(time.Hour - time.Millisecond)
	if o.due(); o.scheduled(s).State != message.StillScheduled {
		t.Fatal("sent before its time")
	}
	o.clock.Advance(time.Millisecond)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { _ = NewSender(o.db, o.sender.directory, o.clock).SendDue(o.ctx) })
	}
	all.Wait()
	o.due()
	now := o.scheduled(s)
	if now.State != message.ScheduleSent || now.MessageID.IsZero() {
		t.Fatalf("%+v", now)
	}
	if o.delivers(); len(o.sent) != 1 {
		t.Fatalf("sent %d times", len(o.sent))
	}
	m, err := o.db.Message(o.ctx, o.hotel.ID, now.MessageID)
	if err != nil || m.Content != "Bom dia" || m.SentBy != o.hotel.Admin.ID || m.Status != message.Sent {
		t.Fatalf("%+v %v", m, err)
	}
	if _, _, err := o.sender.CancelScheduled(o.ctx, o.hotel.ID, o.hotel.Admin, s.ID); !errors.Is(err, message.ErrScheduleGone) {
		t.Fatalf("cancelled after: %v", err)
	}
}

// What has changed until its time keeps it from being sent, and says why in both languages.
func TestScheduledFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		happens func(o *office)
		code    string
	}{
		"the window closed": {func(o *office) { o.clock.Advance(25 * time.Hour) }, conversation.ErrWindowClosed.Code},
		"who wrote it left": {func(o *office) {
			pgtest.Exec(o.t, o.db, `UPDATE account SET status = 'INACTIVE' WHERE id = $1`, o.hotel.Admin.ID)
			o.clock.Advance(time.Hour)
		}, errMakerGone.Code},
		"they see it no more": {func(o *office) {
			pgtest.Exec(o.t, o.db, `UPDATE account SET role = $2, unit = 'Camburi' WHERE id = $1`, o.hotel.Admin.ID, user.Attendant)
			o.clock.Advance(time.Hour)
		}, conversation.ErrNotFound.Code},
		"it cannot be read": {func(o *office) {
			pgtest.Exec(o.t, o.db, `UPDATE scheduled_message SET content = '{"type":"hologram"}'`)
			o.clock.Advance(time.Hour)
		}, content.ErrStored.Code},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			s, err := o.later(time.Hour, Request{Content: content.Text{Body: "Bom dia"}})
			if err != nil {
				t.Fatal(err)
			}
			c.happens(o)
			o.due()
			now := o.scheduled(s)
			if now.State != message.ScheduleFailed || now.Failure == nil || now.Failure.Details != c.code || now.Failure.Message == "" || now.Failure.MessageEN == "" {
				t.Fatalf("%s %+v", now.State, now.Failure)
			}
		})
	}
}

func TestScheduleLimits(t *testing.T) {
	t.Parallel()
	o := open(t)
	text := Request{Content: content.Text{Body: "x"}}
	for after, want := range map[time.Duration]error{
		0: message.ErrScheduleTime, -time.Second: message.ErrScheduleTime, time.Second: nil,
		message.MaxScheduleAhead: nil, message.MaxScheduleAhead + time.Second: message.ErrScheduleTime,
	} {
		if _, err := o.later(after, text); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", after, err, want)
		}
	}
	if _, err := o.later(time.Hour, Request{Content: content.Reaction{WAMID: "wamid.x", Emoji: "👍"}}); !errors.Is(err, message.ErrScheduleReac) {
		t.Errorf("a reaction: %v", err)
	}
	if _, err := o.later(time.Hour, Request{Content: content.Text{}}); fault.Of(err).Kind != fault.Invalid {
		t.Errorf("nothing: %v", err)
	}
	var last message.Scheduled
	for i := 2; i < message.MaxScheduled; i++ {
		var err error
		if last, err = o.later(time.Hour, Request{Content: content.Text{Body: strconv.Itoa(i)}}); err != nil {
			t.Fatal(i, err)
		}
	}
	if _, err := o.later(time.Hour, text); !errors.Is(err, message.ErrScheduleFull) {
		t.Errorf("one too many: %v", err)
	}
	for range 2 {
		if s, _, err := o.sender.CancelScheduled(o.ctx, o.hotel.ID, o.hotel.Admin, last.ID); err != nil || s.State != message.ScheduleEnded {
			t.Fatalf("%+v %v", s, err)
		}
	}
	if _, err := o.later(time.Hour, text); err != nil {
		t.Errorf("after one was cancelled: %v", err)
	}
	if _, _, err := o.sender.CancelScheduled(o.ctx, o.hotel.ID, o.hotel.Admin, id.NewScheduled()); !errors.Is(err, message.ErrNoScheduled) {
		t.Errorf("nobody's: %v", err)
	}
}
