package apptest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/provision"
)

// TestBotIsToldWhatWasAgreed: a person hands back with a note; the next hand-over has it, and
// only that one.
func TestBotIsToldWhatWasAgreed(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	guest, ana := hotel.Guest("Marina"), hotel.Attendant(apptest.Ilhabela)
	guest.Writes("oi")
	first := hotel.Flow.Hears("oi")
	c := first.Value("conversationId")
	if first.Value("ball.state") != "BOT" || first.Value("turnToken") == "" {
		t.Errorf("the flow is told %v", first.Body)
	}
	hotel.Bot.Escalates(guest.Phone, apptest.Ilhabela)
	if got := ana.Get("/api/conversations/" + c).Text("ball.state"); got != "WAITING" {
		t.Errorf("escalated: %s has the ball", got)
	}
	ana.Answers(c, "Bom dia!", "")
	if got := ana.Get("/api/conversations/" + c).Text("ball.state"); got != "HUMAN" {
		t.Errorf("answered: %s has the ball", got)
	}
	lock := "/api/conversations/" + c + "/ia-lock"
	long := ana.Patch(lock, map[string]any{"locked": false, "note": strings.Repeat("x", 2001)})
	if long.Status != http.StatusBadRequest {
		t.Errorf("a note of 2001 characters: %d", long.Status)
	}
	a := ana.Patch(lock, map[string]any{"locked": false, "note": "Quer vista para o mar"})
	if a.Status != http.StatusOK || a.Text("ball.state") != "BOT" || a.At("ball.version") != 3.0 {
		t.Errorf("handed back: %d %s", a.Status, a.Raw)
	}
	guest.Writes("e o café?")
	guest.Writes("e a praia?")
	told := hotel.Flow.Hears("e o café?")
	if told.Value("handback.note") != "Quer vista para o mar" || told.Value("handback.by") == "" {
		t.Errorf("the flow is told %v", told.Body["handback"])
	}
	if again := hotel.Flow.Hears("e a praia?"); again.Body["handback"] != nil {
		t.Errorf("and again: %v", again.Body["handback"])
	}
	lines := 0
	for _, m := range ana.Messages(c) {
		if m["type"] == "NOTICE" {
			lines++
		}
	}
	if lines != 1 {
		t.Errorf("%d lines in the conversation tell of it", lines)
	}
}

// TestBotGetsIdleGuestsBack: nobody says anything for as long as the hotel waits.
func TestBotGetsIdleGuestsBack(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	minutes := 30
	hotel.Set(provision.Change{HandBackMinutes: &minutes})
	guest, ana := hotel.Guest("Marina"), hotel.Attendant(apptest.Ilhabela)
	guest.Writes("oi")
	c := hotel.Flow.Hears("oi").Value("conversationId")
	hotel.Bot.Escalates(guest.Phone, apptest.Ilhabela)
	ana.Answers(c, "Bom dia!", "")
	guest.Sees("Bom dia!")
	held := ana.Get("/api/conversations/" + c)
	at, err := time.Parse(time.RFC3339, held.Text("ball.handsBackAt"))
	if err != nil || at.Sub(w.Now()).Round(time.Minute) != 30*time.Minute {
		t.Errorf("goes back at %v: %v", held.At("ball.handsBackAt"), err)
	}
	guest.WritesAndIsTaken("ainda estou pensando")
	w.Later(29 * time.Minute)
	if got := ana.Get("/api/conversations/" + c).Text("ball.state"); got != "HUMAN" {
		t.Errorf("after 29 minutes %s has the ball", got)
	}
	w.Later(2 * time.Minute)
	post := hotel.Flow.Hears("ainda estou pensando") // nobody answered it: the bot does
	if post.Value("handback.by") != "system" || post.Value("ball.state") != "BOT" {
		t.Errorf("the flow is told %v, %v", post.Body["handback"], post.Body["ball"])
	}
	if got := ana.Get("/api/conversations/" + c); got.At("iaLocked") != false || got.At("ball.handsBackAt") != nil {
		t.Errorf("then it is %s", got.Raw)
	}
	if a := hotel.Bot.Says(guest.Phone, "Posso ajudar?"); a.Status != http.StatusOK {
		t.Errorf("the bot answers: %d %s", a.Status, a.Raw)
	}
}

// TestPausedBot: while the hotel has paused its bot it hears and says nothing; what guests said
// waits, and goes to it in order.
func TestPausedBot(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	guest, admin := hotel.Guest("Marina"), hotel.Admin()
	guest.Writes("oi")
	hotel.Flow.Hears("oi")
	if a := admin.Put("/api/tenants/n8n-config", map[string]any{"paused": true}); a.Status != http.StatusOK {
		t.Fatalf("pause: %d %s", a.Status, a.Raw)
	}
	guest.WritesAndIsTaken("um")
	w.LongAgo(25 * time.Hour) // too late for an answer when the bot is back
	guest.WritesAndIsTaken("dois")
	guest.WritesAndIsTaken("três")
	if a := hotel.Bot.Says(guest.Phone, "Olá"); a.Status != http.StatusConflict || a.Text("code") != "bot_paused" {
		t.Errorf("the paused bot says: %d %s", a.Status, a.Raw)
	}
	if got := hotel.Flow.Texts(); !cmp.Equal(got, []string{"oi"}) {
		t.Errorf("the paused bot hears %q", got)
	}
	if a := admin.Put("/api/tenants/n8n-config", map[string]any{"paused": false}); a.Status != http.StatusOK {
		t.Fatalf("resume: %d %s", a.Status, a.Raw)
	}
	hotel.Flow.Hears("três")
	if got := hotel.Flow.Texts(); !cmp.Equal(got, []string{"oi", "dois", "três"}) {
		t.Errorf("the bot hears %q", got)
	}
	if a := hotel.Bot.Says(guest.Phone, "Olá"); a.Status != http.StatusOK {
		t.Errorf("the bot says: %d %s", a.Status, a.Raw)
	}
}

// TestTurnIsOver: what answers a turn is refused once the guest has a newer one or a person took
// over, also when the bot has the guest again.
func TestTurnIsOver(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	guest, admin := hotel.Guest("Marina"), hotel.Admin()
	refused := func(what string, a apptest.Answer) {
		t.Helper()
		if a.Status != http.StatusConflict || a.Text("code") != "turn_over" || !strings.Contains(a.Text("message"), "next hand-over") {
			t.Errorf("%s: %d %s", what, a.Status, a.Raw)
		}
	}
	guest.Writes("oi")
	first := hotel.Flow.Hears("oi")
	if a := hotel.Bot.Answers(first, "Olá!"); a.Status != http.StatusOK {
		t.Errorf("in time: %d %s", a.Status, a.Raw)
	}
	guest.Writes("tem quarto?")
	second := hotel.Flow.Hears("tem quarto?")
	refused("after the guest's next message", hotel.Bot.Answers(first, "Como vai?"))
	c := second.Value("conversationId")
	admin.Patch("/api/conversations/"+c+"/ia-lock", map[string]any{"locked": true})
	refused("after a person took over", hotel.Bot.Answers(second, "Temos!"))
	admin.Patch("/api/conversations/"+c+"/ia-lock", map[string]any{"locked": false})
	refused("after a person took over and handed back", hotel.Bot.Answers(second, "Temos!"))
	if a := hotel.Bot.Says(guest.Phone, "Sem token"); a.Status != http.StatusOK {
		t.Errorf("without a token: %d %s", a.Status, a.Raw)
	}
	bad := first
	bad.Body = map[string]any{"phone": guest.Phone, "turnToken": "nonsense"}
	if a := hotel.Bot.Answers(bad, "x"); a.Status != http.StatusBadRequest || a.Text("code") != "turn_token_invalid" {
		t.Errorf("no token at all: %d %s", a.Status, a.Raw)
	}
	guest.Sees("Sem token")
	if got := guest.Shown(); !cmp.Equal(got, []string{"Olá!", "Sem token"}) {
		t.Errorf("the guest sees %q", got)
	}
}
