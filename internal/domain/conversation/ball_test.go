package conversation_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
)

func TestHolder(t *testing.T) {
	t.Parallel()
	ana := id.NewUser()
	begun := conversation.Begin(id.NewContact(), "whatsapp", "", now)
	for name, c := range map[string]struct {
		c       conversation.Conversation
		holder  conversation.Holder
		version int64
	}{
		"begun":                              {begun, conversation.HeldByBot, 0},
		"escalated":                          {begun.Escalate(now), conversation.HeldByNobody, 1},
		"escalated and given to somebody":    {begun.Escalate(now).Assign(ana, now), conversation.HeldByPerson, 2},
		"and given back to everybody":        {begun.Escalate(now).Assign(ana, now).Unassign(now), conversation.HeldByNobody, 3},
		"escalated and answered":             {begun.Escalate(now).PersonSpoke(ana, now), conversation.HeldByPerson, 2},
		"answered":                           {begun.PersonSpoke(ana, now), conversation.HeldByPerson, 1},
		"answered again":                     {begun.PersonSpoke(ana, now).PersonSpoke(ana, now), conversation.HeldByPerson, 1},
		"answered on the phone":              {begun.To(conversation.InProgress, now).LockFor(conversation.System, now), conversation.HeldByPerson, 1},
		"taken over":                         {begun.LockFor(ana.String(), now), conversation.HeldByPerson, 1},
		"taken over and handed back":         {begun.LockFor(ana.String(), now).GiveBack("Ana", "", now), conversation.HeldByBot, 2},
		"handed back though nobody had it":   {begun.GiveBack("Ana", "x", now), conversation.HeldByBot, 0},
		"escalated where somebody works":     {begun.To(conversation.InProgress, now).Escalate(now), conversation.HeldByPerson, 1},
		"closed":                             {begun.Escalate(now).To(conversation.Closed, now), conversation.HeldByBot, 2},
		"goes on in that of an escalated":    {begun.TakeOver(begun.Escalate(now), now), conversation.HeldByNobody, 1},
		"assigned while the bot is at work":  {begun.Assign(ana, now), conversation.HeldByBot, 0},
		"the guest writes to whom holds it":  {begun.PersonSpoke(ana, now).To(conversation.Waiting, now).GuestWrote(now), conversation.HeldByPerson, 1},
		"the guest writes after an escalate": {begun.Escalate(now).GuestWrote(now), conversation.HeldByNobody, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.c.Holder() != c.holder || c.c.Ball.Version != c.version {
				t.Errorf("held by %s after %d passes, want %s after %d", c.c.Holder(), c.c.Ball.Version, c.holder, c.version)
			}
		})
	}
}

// TestBallFollowsTheLock: whatever happens, the version counts the changes of the holder, and
// nothing else.
func TestBallFollowsTheLock(t *testing.T) {
	t.Parallel()
	ana := id.NewUser()
	rapid.Check(t, func(t *rapid.T) {
		at, c := now, conversation.Begin(id.NewContact(), "whatsapp", "", now)
		for range rapid.IntRange(1, 30).Draw(t, "acts") {
			at = at.Add(time.Second)
			before := c
			switch rapid.IntRange(0, 8).Draw(t, "act") {
			case 0:
				c = c.Escalate(at)
			case 1:
				c = c.PersonSpoke(ana, at)
			case 2:
				c = c.GiveBack("Ana", "", at)
			case 3:
				c = c.Assign(ana, at)
			case 4:
				c = c.Unassign(at)
			case 5:
				c = c.To(rapid.SampledFrom(conversation.States).Draw(t, "state"), at)
			case 6:
				c = c.GuestWrote(at)
			case 7:
				c = c.LockFor(rapid.SampledFrom([]string{conversation.System, ana.String()}).Draw(t, "by"), at)
			case 8:
				c = c.TakeOver(conversation.Conversation{}.Escalate(at), at)
			}
			passed := before.Holder() != c.Holder()
			if passed != (c.Ball.Version == before.Ball.Version+1) || passed != c.Ball.Since.Equal(at) || !passed && c.Ball != before.Ball {
				t.Fatalf("from %s %+v to %s %+v", before.Holder(), before.Ball, c.Holder(), c.Ball)
			}
			if (c.Holder() == conversation.HeldByBot) == c.Lock.Locked {
				t.Fatalf("%s, but locked is %v", c.Holder(), c.Lock.Locked)
			}
		}
	})
}

func TestHandsBackAt(t *testing.T) {
	t.Parallel()
	card := func(c conversation.Conversation, after time.Duration) conversation.Card {
		c.LastMessageAt = now.Add(time.Minute)
		return conversation.Card{Conversation: c, HandBackAfter: after}
	}
	held := conversation.Conversation{}.LockFor("ana", now)
	for name, c := range map[string]struct {
		card conversation.Card
		want time.Time
	}{
		"after the last word":           {card(held, time.Hour), now.Add(time.Hour + time.Minute)},
		"after the take-over":           {card(conversation.Conversation{}.LockFor("ana", now.Add(2*time.Minute)), time.Hour), now.Add(time.Hour + 2*time.Minute)},
		"the hotel does not want it":    {card(held, 0), time.Time{}},
		"the bot has it":                {card(conversation.Conversation{}, time.Hour), time.Time{}},
		"nobody has taken it":           {card(conversation.Begin(id.NewContact(), "", "", now).Escalate(now), time.Hour), time.Time{}},
		"taken after it was escalated":  {card(conversation.Begin(id.NewContact(), "", "", now).Escalate(now).PersonSpoke(id.NewUser(), now), time.Hour), now.Add(time.Hour + time.Minute)},
		"answered on the hotel's phone": {card(conversation.Conversation{State: conversation.InProgress}.LockFor(conversation.System, now), time.Hour), now.Add(time.Hour + time.Minute)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.card.HandsBackAt(); !got.Equal(c.want) {
				t.Errorf("goes back at %s, want %s", got, c.want)
			}
		})
	}
}

func TestTurn(t *testing.T) {
	t.Parallel()
	c := conversation.Begin(id.NewContact(), "whatsapp", "", now)
	c.Turn = 7
	token := c.TurnOf(7).Token()
	turn, err := conversation.ParseTurn(" " + token + "\n")
	if err != nil || turn != c.TurnOf(7) {
		t.Fatalf("%s is read as %+v, %v", token, turn, err)
	}
	newer, elsewhere := c, conversation.Begin(c.ContactID, "whatsapp", "", now)
	newer.Turn++
	for name, x := range map[string]struct {
		c    conversation.Conversation
		want error
	}{
		"now":                          {c, nil},
		"a newer turn":                 {newer, conversation.ErrTurnOver},
		"another conversation":         {elsewhere, conversation.ErrTurnOver},
		"a person took over":           {c.LockFor("ana", now), conversation.ErrTurnOver},
		"a person took and gave back":  {c.LockFor("ana", now).Unlock(now), conversation.ErrTurnOver},
		"given to somebody, bot works": {c.Assign(id.NewUser(), now), nil},
	} {
		if got := x.c.Admits(turn); !errors.Is(got, x.want) {
			t.Errorf("%s: %v, want %v", name, got, x.want)
		}
	}
	for _, bad := range []string{"", "t1.", "x", "t2" + token[2:], token + "AA", token[:len(token)-3], "t1.!!"} {
		if _, err := conversation.ParseTurn(bad); !errors.Is(err, conversation.ErrTurnToken) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
