package conversation_test

import (
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestRoute(t *testing.T) {
	t.Parallel()
	locked := conversation.Conversation{}.LockFor("ana", now)
	free := conversation.Conversation{}
	wakes := conversation.Facts{HasBot: true, WakesBot: true, SentAt: now, Now: now}
	with := func(change func(*conversation.Facts)) conversation.Facts {
		f := wakes
		change(&f)
		return f
	}
	cases := map[string]struct {
		c    conversation.Conversation
		f    conversation.Facts
		want conversation.Answerer
	}{
		"guest writes, bot is free":                        {free, wakes, conversation.ByBot},
		"guest writes while attendant holds the lock":      {locked, wakes, conversation.ByPerson},
		"locked, but the flow checks the lock by itself":   {locked, with(func(f *conversation.Facts) { f.ForwardWhileLocked = true }), conversation.ByBot},
		"the hotel has no flow":                            {free, with(func(f *conversation.Facts) { f.HasBot = false }), conversation.ByNobody},
		"the hotel's account is suspended":                 {free, with(func(f *conversation.Facts) { f.IsBarred = true }), conversation.ByNobody},
		"a reaction":                                       {free, with(func(f *conversation.Facts) { f.WakesBot = false }), conversation.ByNobody},
		"a message that Meta delivered a week late":        {free, with(func(f *conversation.Facts) { f.SentAt = now.Add(-7 * 24 * time.Hour) }), conversation.ByNobody},
		"suspension wins over a flow that checks the lock": {locked, with(func(f *conversation.Facts) { f.ForwardWhileLocked, f.IsBarred = true, true }), conversation.ByNobody},
		"a locked conversation of a hotel without any bot": {locked, with(func(f *conversation.Facts) { f.HasBot = false }), conversation.ByPerson},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.c.Route(c.f); got != c.want {
				t.Fatalf("Route = %s, want %s", got, c.want)
			}
		})
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	c := conversation.Conversation{}
	if c.WithinWindow(now) {
		t.Fatal("a guest who never wrote has no window")
	}
	c = c.GuestWrote(now)
	if !c.WithinWindow(now.Add(24*time.Hour-time.Second)) || c.WithinWindow(now.Add(24*time.Hour)) {
		t.Fatal("the window is not exactly 24 hours")
	}
	if late := c.GuestWrote(now.Add(-time.Hour)); late.WindowEnds() != c.WindowEnds() {
		t.Fatal("an older message moved the window")
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	ana := id.NewUser()
	t.Run("closing hands back to the bot", func(t *testing.T) {
		t.Parallel()
		c := conversation.Conversation{State: conversation.InProgress}.LockFor("ana", now).To(conversation.Closed, now)
		if c.Lock.Locked || c.ClosedAt != now {
			t.Fatalf("%+v", c)
		}
		if again := c.To(conversation.Archived, now.Add(time.Hour)); again.ClosedAt != now {
			t.Fatal("archiving changed the time of closing")
		}
	})
	t.Run("escalation does not take a conversation from its attendant", func(t *testing.T) {
		t.Parallel()
		c := conversation.Conversation{State: conversation.InProgress, AssignedTo: ana}.Escalate(now)
		if c.State != conversation.InProgress || c.AssignedTo != ana || !c.Lock.Locked {
			t.Fatalf("%+v", c)
		}
	})
	t.Run("a second lock keeps the first holder", func(t *testing.T) {
		t.Parallel()
		c := conversation.Conversation{}.LockFor("ana", now).Escalate(now.Add(time.Hour))
		if c.Lock.By != "ana" || c.Lock.At != now {
			t.Fatalf("%+v", c.Lock)
		}
	})
	t.Run("the guest's answer ends the waiting", func(t *testing.T) {
		t.Parallel()
		c := conversation.Conversation{State: conversation.Waiting}
		if got := c.GuestWrote(now).State; got != conversation.Open {
			t.Fatalf("unassigned: %s", got)
		}
		c.AssignedTo = ana
		if got := c.GuestWrote(now).State; got != conversation.InProgress {
			t.Fatalf("assigned: %s", got)
		}
	})
	t.Run("assign and unassign", func(t *testing.T) {
		t.Parallel()
		c := conversation.Conversation{State: conversation.Open}.Assign(ana, now)
		if c.State != conversation.InProgress || c.AssignedTo != ana {
			t.Fatalf("%+v", c)
		}
		if c = c.Unassign(now); c.State != conversation.Open || !c.AssignedTo.IsZero() {
			t.Fatalf("%+v", c)
		}
	})
}

func TestShowKeepsTheNewest(t *testing.T) {
	t.Parallel()
	newer := conversation.Preview{Content: "second", Timestamp: now}
	older := conversation.Preview{Content: "first", Timestamp: now.Add(-time.Minute)}
	c := conversation.Conversation{}.Show(newer).Show(older)
	if c.LastMessage.Content != "second" || c.LastMessageAt != now {
		t.Fatalf("%+v", c)
	}
}
