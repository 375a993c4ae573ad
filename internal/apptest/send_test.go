package apptest_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/apptest"
)

// held is a conversation that an attendant holds: the usual start of a test about
// sending.
type held struct {
	w     *apptest.World
	hotel *apptest.Hotel
	guest *apptest.Guest
	ana   *apptest.Person
	id    string // of the conversation
}

func hold(t *testing.T, options ...apptest.Option) held {
	t.Helper()
	w := apptest.Start(t, options...)
	hotel := w.Hotel("mar-azul")
	h := held{w: w, hotel: hotel, guest: hotel.Guest("Marina"), ana: hotel.Attendant(apptest.Ilhabela)}
	h.id = h.takes(t, h.guest)
	t.Cleanup(func() {
		if twice := w.Sim.SentTwice(); len(twice) > 0 {
			t.Errorf("sent twice: %v", twice)
		}
	})
	return h
}

// takes lets a guest write and ask for a person, and returns the conversation.
func (h held) takes(t *testing.T, guest *apptest.Guest) string {
	t.Helper()
	hello := "Oi, meu número é " + guest.Phone
	guest.Writes(hello)
	h.hotel.Flow.Hears(hello)
	called := h.hotel.Bot.Escalates(guest.Phone, apptest.Ilhabela)
	if called.Status != http.StatusCreated {
		t.Fatalf("escalate: %d %s", called.Status, called.Raw)
	}
	return called.Text("conversation.id")
}

// answers lets Ana write and returns the message's id.
func (h held) answers(t *testing.T, conversationID, text string) string {
	t.Helper()
	sent := h.ana.Answers(conversationID, text, "")
	if sent.Status != http.StatusCreated {
		t.Fatalf("send: %d %s", sent.Status, sent.Raw)
	}
	return sent.Text("id")
}

func sideBySide(n int, do func() apptest.Answer) []apptest.Answer {
	answers := make([]apptest.Answer, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { answers[i] = do() })
	}
	all.Wait()
	return answers
}

func TestDoubleClickIsOneMessage(t *testing.T) {
	t.Parallel()
	h := hold(t)
	answers := sideBySide(6, func() apptest.Answer { return h.ana.Answers(h.id, "Já vou ver.", "click-1") })
	for _, a := range answers {
		if a.Status != http.StatusCreated || a.Text("id") != answers[0].Text("id") || a.Text("clientId") != "click-1" {
			t.Errorf("a click got %d %s", a.Status, a.Raw)
		}
	}
	if a := h.ana.Answers(h.id, "Outra coisa.", "click-1"); a.Status != http.StatusUnprocessableEntity || a.Text("code") != "idempotency_mismatch" {
		t.Errorf("another text under the same id got %d %s", a.Status, a.Raw)
	}
	h.answers(t, h.id, "Temos vaga.")
	h.guest.Sees("Temos vaga.")
	if diff := cmp.Diff([]string{"Já vou ver.", "Temos vaga."}, h.guest.Shown()); diff != "" {
		t.Errorf("on the phone: %s", diff)
	}
}

func TestBotRepeatsItsRequest(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	guest := hotel.Guest("Marina")
	guest.Writes("Oi")
	hotel.Flow.Hears("Oi")
	answers := sideBySide(4, func() apptest.Answer { return hotel.Bot.SaysOnce("execution-7", guest.Phone, "Olá!") })
	first := 0
	for _, a := range answers {
		if a.Status != http.StatusOK || a.Text("messageId") == "" || a.Text("messageId") != answers[0].Text("messageId") {
			t.Errorf("a request got %d %s", a.Status, a.Raw)
		}
		if a.At("duplicate") != true {
			first++
		}
	}
	if again := hotel.Bot.SaysOnce("execution-7", guest.Phone, "Olá, Marina!"); again.Status != http.StatusOK || again.At("duplicate") != true {
		t.Errorf("the same execution in other words got %d %s", again.Status, again.Raw)
	}
	other := hotel.Bot.SaysOnce("execution-8", guest.Phone, "Posso ajudar?")
	guest.Sees("Posso ajudar?")
	if diff := cmp.Diff([]string{"Olá!", "Posso ajudar?"}, guest.Shown()); diff != "" || first != 1 || other.Status != http.StatusOK {
		t.Errorf("%d first requests, then %d; on the phone: %s", first, other.Status, diff)
	}
}

func TestWindowCloses(t *testing.T) {
	t.Parallel()
	h := hold(t)
	h.w.LongAgo(24*time.Hour + time.Second)
	refused := h.ana.Answers(h.id, "Ainda precisa de ajuda?", "")
	if refused.Status != http.StatusUnprocessableEntity || refused.Text("code") != "window_closed" {
		t.Errorf("Ana's message got %d %s", refused.Status, refused.Raw)
	}
	if a := h.ana.Post("/api/conversations/"+h.id+"/close", nil); a.Status != http.StatusOK {
		t.Fatalf("close: %d %s", a.Status, a.Raw)
	}
	refused = h.hotel.Bot.Says(h.guest.Phone, "Promoção!")
	if refused.Status != http.StatusUnprocessableEntity || refused.Text("code") != "window_closed" {
		t.Errorf("the bot's message got %d %s", refused.Status, refused.Raw)
	}
	h.guest.Writes("Voltei")
	h.hotel.Flow.Hears("Voltei")
	if a := h.hotel.Bot.Says(h.guest.Phone, "Que bom!"); a.Status != http.StatusOK {
		t.Errorf("after the guest wrote the bot got %d %s", a.Status, a.Raw)
	}
	h.guest.Sees("Que bom!")
	if diff := cmp.Diff([]string{"Que bom!"}, h.guest.Shown()); diff != "" {
		t.Errorf("on the phone: %s", diff)
	}
}
