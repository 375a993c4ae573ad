package apptest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// TestUnheardGuests: the flow is down. After the hotel's time the guest is given to people, and
// stays with them when the flow is back; a guest who has not waited so long goes to the bot.
func TestUnheardGuests(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	minutes := 5
	hotel.Set(provision.Change{NoReplyMinutes: &minutes})
	admin := hotel.Admin()
	hotel.Flow.Responds(func(apptest.Post) int { return http.StatusServiceUnavailable })
	marina, rafael := hotel.Guest("Marina"), hotel.Guest("Rafael")
	marina.Writes("Alguém aí?")
	c := hotel.Flow.AwaitPosts(1)[0].Value("conversationId")
	w.Later(4 * time.Minute)
	if got := admin.Get("/api/conversations/" + c).Text("ball.state"); got != "BOT" {
		t.Errorf("after 4 minutes %s has the ball", got)
	}
	w.Later(2 * time.Minute)
	apptest.Eventually(t, "people are called", func() bool {
		return admin.Get("/api/conversations/"+c).Text("ball.state") == "WAITING"
	})
	lines := slices.DeleteFunc(admin.Messages(c), func(m map[string]any) bool { return m["type"] != "NOTICE" })
	if len(lines) != 1 {
		t.Errorf("%d lines in the conversation: %v", len(lines), lines)
	}
	if calls := admin.Get("/api/escalations").List("data"); len(calls) != 1 || calls[0]["reason"] != "AI_UNABLE" {
		t.Errorf("calls for people: %v", calls)
	}
	rafael.Writes("Oi!")
	hotel.Flow.Responds(nil)
	w.LaterUntil(10*time.Second, "the flow is back", func() bool { return len(hotel.Flow.Texts()) == 1 })
	w.LaterUntil(10*time.Second, "nothing waits for the flow", func() bool { return hotel.Queued(lane.Handoff) == 0 })
	if texts := hotel.Flow.Texts(); !slices.Equal(texts, []string{"Oi!"}) {
		t.Errorf("the flow heard %q", texts)
	}
}

// TestRefusedGuests: a flow that refuses for good has not heard the guest either; one that took the
// message and said nothing has.
func TestRefusedGuests(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	minutes := 1
	hotel.Set(provision.Change{NoReplyMinutes: &minutes})
	admin := hotel.Admin()
	hotel.Flow.Responds(func(p apptest.Post) int {
		if p.Text() == "recusada" {
			return http.StatusUnauthorized
		}
		return http.StatusOK
	})
	refused, heard := hotel.Guest("Marina"), hotel.Guest("Rafael")
	heard.Writes("obrigado")
	taken := hotel.Flow.Hears("obrigado").Value("conversationId")
	refused.Writes("recusada")
	c := hotel.Flow.AwaitPosts(2)[1].Value("conversationId")
	w.LaterUntil(30*time.Second, "people are called", func() bool {
		return admin.Get("/api/conversations/"+c).Text("ball.state") == "WAITING"
	})
	if got := admin.Get("/api/conversations/" + taken).Text("ball.state"); got != "BOT" {
		t.Errorf("of a guest whom the bot heard %s has the ball", got)
	}
}

// TestMonologue: a flow that repeats itself is stopped, and a person is called.
func TestMonologue(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	guest, admin := hotel.Guest("Marina"), hotel.Admin()
	guest.Writes("oi")
	c := hotel.Flow.Hears("oi").Value("conversationId")
	for n := range 10 {
		if a := hotel.Bot.Says(guest.Phone, fmt.Sprintf("Olá! %d", n)); a.Status != http.StatusOK {
			t.Fatalf("%d: %d %s", n, a.Status, a.Raw)
		}
	}
	if a := hotel.Bot.Says(guest.Phone, "Olá! E mais uma vez."); a.Status != http.StatusConflict || a.Text("code") != "bot_loop" {
		t.Errorf("the eleventh: %d %s", a.Status, a.Raw)
	}
	if a := hotel.Bot.Says(guest.Phone, "Olá?"); a.Status != http.StatusConflict || a.Text("code") != "ia_locked" {
		t.Errorf("the twelfth: %d %s", a.Status, a.Raw)
	}
	if calls := admin.Get("/api/escalations").List("data"); len(calls) != 1 || calls[0]["conversationId"] != c {
		t.Errorf("calls for people: %v", calls)
	}
}

// TestAnswersToManyAreNoMonologue: a flow that was away answers each thing that the guest said.
func TestAnswersToManyAreNoMonologue(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	guest := hotel.Guest("Marina")
	for n := range 5 {
		guest.Writes(fmt.Sprint(n))
	}
	hotel.Flow.Hears("4")
	for n := range 14 {
		if a := hotel.Bot.Says(guest.Phone, fmt.Sprintf("Resposta %d", n)); a.Status != http.StatusOK {
			t.Fatalf("%d: %d %s", n, a.Status, a.Raw)
		}
	}
}

// TestReplayedTurn: a turn that was refused comes back from the dead letters as the same turn, all
// of it at once or one message after the other.
func TestReplayedTurn(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := hotelOfTurns(w, 1)
	guest, admin := hotel.Guest("Marina"), hotel.Admin()
	hotel.Flow.Responds(func(apptest.Post) int { return http.StatusBadRequest })
	guest.WritesAndIsTaken("um")
	guest.WritesAndIsTaken("dois")
	refused := hotel.Flow.AwaitPosts(1)[0]
	letters := func() []map[string]any { return admin.Get("/api/dead-letters?kind=handoff").List("data") }
	apptest.Eventually(t, "the turn is put aside", func() bool { return len(letters()) == 2 })
	hotel.Flow.Responds(nil)
	if a := admin.Post("/api/dead-letters/replay-all", map[string]any{"kind": "handoff"}); a.At("replayed") != 2.0 {
		t.Fatalf("put back: %d %s", a.Status, a.Raw)
	}
	w.LaterUntil(time.Second, "the flow has the turn", func() bool { return len(hotel.Flow.Heard()) == 1 })
	if got := hotel.Flow.Heard()[0]; got.DeliveryID != refused.DeliveryID || !cmp.Equal(words(got), []string{"um", "dois"}) {
		t.Errorf("the flow gets %q as %s, want that of %s", words(got), got.DeliveryID, refused.DeliveryID)
	}
	hotel.Flow.Responds(func(apptest.Post) int { return http.StatusBadRequest })
	guest.WritesAndIsTaken("três")
	apptest.Eventually(t, "the next is put aside", func() bool { return len(letters()) == 1 })
	hotel.Flow.Responds(nil)
	letter, _ := letters()[0]["id"].(string)
	if a := admin.Post("/api/dead-letters/"+letter+"/replay", nil); a.Status != http.StatusOK {
		t.Fatalf("put back: %d %s", a.Status, a.Raw)
	}
	w.LaterUntil(time.Second, "the flow has that too", func() bool { return len(hotel.Flow.Heard()) == 2 })
	if got := hotel.Flow.Heard()[1]; !cmp.Equal(words(got), []string{"três"}) {
		t.Errorf("then the flow gets %q", words(got))
	}
}

// TestTenthMessage: ten messages are a turn at once, however long the hotel lets guests be silent.
func TestTenthMessage(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := hotelOfTurns(w, 15)
	guest := hotel.Guest("Marina")
	for n := range 10 {
		guest.WritesAndIsTaken(fmt.Sprintf("mensagem %d", n))
	}
	last := time.Now()
	post := hotel.Flow.AwaitPosts(1)[0]
	if n := len(words(post)); n != 10 || time.Since(last) > 10*time.Second {
		t.Errorf("%d messages, %s after the last", n, time.Since(last))
	}
}

// TestTapDuringATurn: the guest taps a button while the flow has not answered the turn before.
func TestTapDuringATurn(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := hotelOfTurns(w, 15)
	guest := hotel.Guest("Marina")
	tap := func(id string) {
		guest.Sends(simulator.Inbound{Type: "button", Raw: json.RawMessage(fmt.Sprintf(`{"payload":%q,"text":%q}`, id, id))})
	}
	begun, free := make(chan struct{}, 2), make(chan struct{})
	answer := sync.OnceFunc(func() { close(free) })
	t.Cleanup(answer)
	hotel.Flow.Responds(func(apptest.Post) int {
		begun <- struct{}{}
		<-free
		return http.StatusOK
	})
	tap("sim")
	<-begun
	tap("humano")
	apptest.Eventually(t, "both are stored", func() bool { return hotel.Queued(lane.Handoff) == 2 })
	answer()
	posts := hotel.Flow.AwaitPosts(2)
	if !cmp.Equal(words(posts[0]), []string{"sim"}) || !cmp.Equal(words(posts[1]), []string{"humano"}) {
		t.Errorf("the flow gets %q, then %q", words(posts[0]), words(posts[1]))
	}
}
