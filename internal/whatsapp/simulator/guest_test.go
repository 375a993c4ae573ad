package simulator

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestGuestCannotDoTheImpossible(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	a := w.sends(t, "interactive", `{"type":"button","body":{"text":"?"},"action":{"buttons":[{"type":"reply","reply":{"id":"s","title":"Sim"}}]}}`)
	g := w.marina()
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for name, c := range map[string]struct {
		do   func() (string, error)
		want error
	}{
		"no account":       {func() (string, error) { return w.sim.Guest("1", marina).Says(within(t), "x") }, ErrNoAccount},
		"no phone":         {func() (string, error) { return w.sim.Guest(hotel, "123").Says(within(t), "x") }, ErrBadPhone},
		"empty text":       {func() (string, error) { return g.Says(within(t), "") }, ErrBadInbound},
		"unknown type":     {func() (string, error) { return g.Sends(within(t), Inbound{Type: "poem"}) }, ErrBadInbound},
		"untapped":         {func() (string, error) { return g.Sends(within(t), Inbound{Type: "interactive"}) }, ErrBadInbound},
		"unknown media":    {func() (string, error) { return g.Sends(within(t), Inbound{Type: "image", MediaID: "1"}) }, ErrBadInbound},
		"nowhere":          {func() (string, error) { return g.Sends(within(t), Location(100, 0, "", "")) }, ErrBadInbound},
		"raw no JSON":      {func() (string, error) { return g.Sends(within(t), Inbound{Type: "order", Raw: []byte("{")}) }, ErrBadInbound},
		"reply to nothing": {func() (string, error) { return g.Sends(within(t), Inbound{Text: "x", ReplyTo: "wamid.X"}) }, ErrNoMessage},
		"react to nothing": {func() (string, error) { return g.React(within(t), "wamid.X", "👍") }, ErrNoMessage},
		"tap nothing":      {func() (string, error) { return g.Tap(within(t), "wamid.X", "s") }, ErrNoMessage},
		"tap other":        {func() (string, error) { return g.Tap(within(t), a.WAMID, "n") }, ErrNoChoice},
		"tap latest other": {func() (string, error) { return g.TapButton(within(t), "n") }, ErrNoChoice},
		"ended":            {func() (string, error) { return g.Says(ended, "x") }, context.Canceled},
	} {
		if _, err := c.do(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	w.idle(t)
	if n := len(g.Transcript()); n != 2 {
		t.Errorf("%d messages in the chat, want 2", n)
	}
}

func TestReactionsAndChoicesShowInTheTranscript(t *testing.T) {
	t.Parallel()
	w := start(t)
	hello := w.says(t, "Oi")
	a := w.sends(t, "interactive", `{"type":"button","body":{"text":"?"},"action":{"buttons":[{"type":"reply","reply":{"id":"s","title":"Sim"}}]}}`)
	g := w.marina()
	if _, err := g.TapButton(within(t), "Sim"); err != nil {
		t.Fatal(err)
	}
	if _, err := g.React(within(t), a.WAMID, "❤️"); err != nil {
		t.Fatal(err)
	}
	w.sends(t, "reaction", `{"message_id":"`+hello+`","emoji":"👍"}`)
	entries := g.Transcript()
	if e := entries[1]; e.Chosen != "s" || e.GuestReaction != "❤️" {
		t.Errorf("question %+v", e)
	}
	if e := entries[0]; e.HotelReaction != "👍" {
		t.Errorf("greeting %+v", e)
	}
	if e := entries[2]; e.Type != "interactive" || e.Text != "Sim" || e.ReplyTo != a.WAMID {
		t.Errorf("answer %+v", e)
	}
	if _, err := g.React(within(t), a.WAMID, ""); err != nil {
		t.Fatal(err)
	}
	if e := g.Transcript()[1]; e.GuestReaction != "" {
		t.Errorf("reaction is still there: %+v", e)
	}
}

func TestReactionToAnUnknownMessageFailsLater(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	a := w.sends(t, "reaction", `{"message_id":"wamid.X","emoji":"👍"}`)
	w.idle(t)
	if got := w.recv.statuses(t, a.WAMID); len(got) != 1 || got[0] != "failed" {
		t.Errorf("statuses %v", got)
	}
}

func TestAwaitEndsWithItsContextAndWithTheSimulator(t *testing.T) {
	t.Parallel()
	w := start(t)
	never := func([]Entry) bool { return false }
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err := w.marina().Await(ctx, never); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("deadline: %v", err)
	}
	ended := make(chan error, 1)
	patient := within(t)
	go func() {
		_, err := w.marina().Await(patient, never)
		ended <- err
	}()
	if err := w.sim.Close(within(t)); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if _, err := w.marina().Says(within(t), "x"); !errors.Is(err, ErrClosed) {
		t.Errorf("says after close: %v", err)
	}
}

func TestResetForgetsButKeepsAccounts(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	w.sendsText(t, "Olá")
	w.idle(t)
	addFault(t, w, Fault{Code: 1})
	tune(t, w, func(k *Knobs) { k.Duplicates = 3 })
	w.sim.Reset()
	if c := w.sim.Counters(); c != (Counters{}) {
		t.Errorf("counters %+v", c)
	}
	if len(w.sim.Guests(hotel)) != 0 || len(w.sim.Sends()) != 0 || len(w.sim.Faults()) != 0 || w.sim.Knobs().Duplicates != 0 {
		t.Error("something was kept")
	}
	w.says(t, "de novo")
	if n := w.sim.AcceptedWith("out-1"); n != 0 {
		t.Errorf("callback data remembered: %d", n)
	}
}
