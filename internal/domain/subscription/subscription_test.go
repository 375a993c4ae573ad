package subscription_test

import (
	"slices"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/subscription"
)

func card(change func(*conversation.Conversation)) *conversation.Card {
	c := conversation.Card{Conversation: conversation.Conversation{State: conversation.Open}}
	if change != nil {
		change(&c.Conversation)
	}
	return &c
}

func TestHappenings(t *testing.T) {
	t.Parallel()
	locked := func(c *conversation.Conversation) { c.Lock.Locked = true }
	closed := func(c *conversation.Conversation) { c.State = conversation.Closed }
	said := func(change func(*message.Message)) *message.Message {
		m := message.Message{Direction: message.Inbound, Kind: message.Text}
		if change != nil {
			change(&m)
		}
		return &m
	}
	open := &subscription.Standing{Active: true}
	for name, c := range map[string]struct {
		event event.Event
		was   *subscription.Standing
		want  []subscription.Name
	}{
		"a guest writes for the first time": {event.Event{Name: event.ConversationNew, Card: card(nil)}, nil, []subscription.Name{subscription.ConversationOpened}},
		"a board learns of a conversation":  {event.Event{Name: event.ConversationNew, Card: card(nil)}, open, nil},
		"a guest writes":                    {event.Event{Name: event.MessageNew, Card: card(nil), Message: said(nil)}, open, []subscription.Name{subscription.MessageReceived}},
		"a guest writes again after closing": {
			event.Event{Name: event.MessageNew, Card: card(nil), Message: said(nil)},
			&subscription.Standing{},
			[]subscription.Name{subscription.ConversationOpened, subscription.MessageReceived},
		},
		"a guest presses a button": {
			event.Event{Name: event.MessageNew, Card: card(nil), Message: said(func(m *message.Message) { m.Metadata.Button = &message.Choice{} })},
			open,
			[]subscription.Name{subscription.MessageReceived, subscription.ButtonClicked},
		},
		"somebody answers on the phone": {
			event.Event{Name: event.MessageNew, Card: card(locked), Message: said(func(m *message.Message) { m.Direction = message.Outbound })},
			open,
			[]subscription.Name{subscription.BotLocked, subscription.MessageSent},
		},
		"a status of ours":        {event.Event{Name: event.MessageStatus, Card: card(nil), Message: said(func(m *message.Message) { m.Direction = message.Outbound })}, open, []subscription.Name{subscription.MessageStatus}},
		"we read what they wrote": {event.Event{Name: event.MessageStatus, Card: card(nil), Message: said(nil)}, open, nil},
		"somebody takes over":     {event.Event{Name: event.ConversationUpdated, Card: card(locked)}, open, []subscription.Name{subscription.BotLocked, subscription.ConversationUpdated}},
		"somebody closes": {
			event.Event{Name: event.ConversationUpdated, Card: card(closed)},
			&subscription.Standing{Active: true, Locked: true},
			[]subscription.Name{subscription.BotUnlocked, subscription.ConversationClosed, subscription.ConversationUpdated},
		},
		"the bot calls":          {event.Event{Name: event.EscalationNew, Card: card(nil), Escalation: &escalation.Escalation{State: escalation.Pending}}, open, []subscription.Name{subscription.EscalationCreated}},
		"somebody takes it":      {event.Event{Name: event.EscalationUpdated, Card: card(nil), Escalation: &escalation.Escalation{State: escalation.InProgress}}, open, nil},
		"it is resolved":         {event.Event{Name: event.EscalationUpdated, Card: card(nil), Escalation: &escalation.Escalation{State: escalation.Resolved}}, open, []subscription.Name{subscription.EscalationClosed}},
		"a conversation is gone": {event.Event{Name: event.ConversationDeleted, Card: card(nil)}, open, nil},
		"a tag is made":          {event.Event{Name: event.TagCreated}, nil, nil},
	} {
		var got []subscription.Name
		for _, h := range subscription.Happenings(c.event, c.was) {
			got = append(got, h.Name)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestWants(t *testing.T) {
	t.Parallel()
	everything := subscription.Subscription{Events: subscription.Names}
	received := subscription.Happening{Name: subscription.MessageReceived, WakesBot: true}
	free, held := card(nil).Conversation, card(func(c *conversation.Conversation) { c.Lock.Locked = true }).Conversation
	with := func(change func(*subscription.Subscription)) subscription.Subscription {
		s := everything
		change(&s)
		return s
	}
	for name, c := range map[string]struct {
		s    subscription.Subscription
		h    subscription.Happening
		c    conversation.Conversation
		want bool
	}{
		"everything":        {everything, received, held, true},
		"paused":            {with(func(s *subscription.Subscription) { s.PausedAt = time.Now() }), received, free, false},
		"another event":     {with(func(s *subscription.Subscription) { s.Events = []subscription.Name{subscription.BotLocked} }), received, free, false},
		"another unit":      {with(func(s *subscription.Subscription) { s.Options.Units = []string{"Camburi"} }), received, free, false},
		"held":              {with(func(s *subscription.Subscription) { s.Options.OnlyUnlocked = true }), received, held, false},
		"free":              {with(func(s *subscription.Subscription) { s.Options.OnlyUnlocked = true }), received, free, true},
		"a reaction":        {with(func(s *subscription.Subscription) { s.Options.OnlyUnlocked = true }), subscription.Happening{Name: subscription.MessageReceived}, free, false},
		"the wrong status":  {with(func(s *subscription.Subscription) { s.Options.Statuses = []message.Status{message.Failed} }), subscription.Happening{Name: subscription.MessageStatus, Status: message.Read}, free, false},
		"the right status":  {with(func(s *subscription.Subscription) { s.Options.Statuses = []message.Status{message.Failed} }), subscription.Happening{Name: subscription.MessageStatus, Status: message.Failed}, free, true},
		"held, not for bot": {with(func(s *subscription.Subscription) { s.Options.OnlyUnlocked = true }), subscription.Happening{Name: subscription.BotLocked}, held, true},
	} {
		if got := c.s.Wants(c.h, c.c); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestPausedAfterADay: what fails for a day is paused, never before, and a success in between
// starts the day anew.
func TestPausedAfterADay(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	s := subscription.Subscription{}.Failed("down", began)
	if s = s.Failed("down", began.Add(24*time.Hour-time.Second)); s.IsPaused() || s.Failures != 2 {
		t.Fatalf("paused too early: %+v", s)
	}
	back := s.Succeeded().Failed("down", began.Add(25*time.Hour))
	if back.IsPaused() {
		t.Error("paused though something arrived within the day")
	}
	if s = s.Failed("down", began.Add(24*time.Hour)); !s.IsPaused() || !s.PausedByUs {
		t.Errorf("not paused after a day: %+v", s)
	}
	if s = s.Resumed(); s.IsPaused() || s.PausedByUs || !s.FailingSince.IsZero() {
		t.Errorf("resumed: %+v", s)
	}
}

func TestChecked(t *testing.T) {
	t.Parallel()
	good := subscription.Subscription{Events: []subscription.Name{"message.sent", "bot.locked", "bot.locked"}, Options: subscription.Options{Statuses: []message.Status{"failed"}}}
	got, err := good.Checked()
	if err != nil || len(got.Events) != 2 || got.Options.Statuses[0] != message.Failed {
		t.Errorf("%+v, %v", got, err)
	}
	for name, bad := range map[string]subscription.Subscription{
		"no events":      {},
		"unknown event":  {Events: []subscription.Name{"ping"}},
		"empty unit":     {Events: good.Events, Options: subscription.Options{Units: []string{""}}},
		"unknown status": {Events: good.Events, Options: subscription.Options{Statuses: []message.Status{"PENDING"}}},
	} {
		if _, err := bad.Checked(); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
