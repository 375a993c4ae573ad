package apptest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// A guest who hides the phone number is answered by bot and person alike.
func TestGuestWithoutNumber(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	ana := hotel.Attendant(apptest.Ilhabela)
	guest := hotel.Guest("Marina", func(s *simulator.GuestSettings) { s.HidePhone = true })
	guest.Writes("Oi")
	post := hotel.Flow.Hears("Oi")
	view, err := guest.View()
	if err != nil || post.Value("phone") != view.UserID {
		t.Fatalf("the flow is to answer %q, the guest is %q (%v)", post.Value("phone"), view.UserID, err)
	}
	if a := hotel.Bot.Says(post.Value("phone"), "Olá!"); a.Status != http.StatusOK {
		t.Errorf("the bot got %d %s", a.Status, a.Raw)
	}
	called := hotel.Bot.Escalates(post.Value("phone"), apptest.Ilhabela)
	if called.Status != http.StatusCreated || !hotel.Bot.IsLockedOut(post.Value("phone")) {
		t.Fatalf("escalate: %d %s", called.Status, called.Raw)
	}
	ana.Answers(called.Text("conversation.id"), "Aqui é a Ana.", "")
	guest.Sees("Aqui é a Ana.")
	if diff := cmp.Diff([]string{"Olá!", "Aqui é a Ana."}, guest.Shown()); diff != "" {
		t.Errorf("on the phone: %s", diff)
	}
}

// WhatsApp ids made before 2016 lack the ninth digit. Flows write the number with it,
// Meta gets the id as it gave it, and the guest is one guest.
func TestNinthDigit(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t, apptest.Meta(func(k *simulator.Knobs) { k.NinthDigit = simulator.NinthDrop }))
	hotel := w.Hotel("mar-azul")
	admin, guest := hotel.Admin(), hotel.Guest("Lúcia")
	guest.Writes("Oi")
	post := hotel.Flow.Hears("Oi")
	if len(guest.Phone) != 13 || post.Value("phone") != guest.Phone || post.Value("contact.waId") != guest.Phone[:4]+guest.Phone[5:] {
		t.Errorf("the flow got phone %q, waId %q of %s", post.Value("phone"), post.Value("contact.waId"), guest.Phone)
	}
	for _, spelling := range []string{guest.Phone, guest.Phone[:4] + guest.Phone[5:], "+55 (11) " + guest.Phone[4:9] + "-" + guest.Phone[9:]} {
		if a := hotel.Bot.Says(spelling, "Olá, "+spelling); a.Status != http.StatusOK {
			t.Errorf("to %s: %d %s", spelling, a.Status, a.Raw)
		}
		guest.Sees("Olá, " + spelling)
	}
	for _, s := range w.Sim.Sends() {
		if strings.TrimPrefix(s.To, "+") != guest.Phone[:4]+guest.Phone[5:] {
			t.Errorf("Meta was given %q", s.To)
		}
	}
	if n := len(admin.Conversations()); n != 1 {
		t.Errorf("%d conversations", n)
	}
}

// A reaction is shown with the message that it is about, and the bot is not woken for it.
func TestReactionDoesNotWakeTheBot(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	admin, guest := hotel.Admin(), hotel.Guest("Marina")
	screen := admin.Screen(apptest.WebSocket)
	guest.Writes("Oi")
	post := hotel.Flow.Hears("Oi")
	hotel.Bot.Says(guest.Phone, "Olá!")
	answer := guest.Sees("Olá!")
	guest.Sends(simulator.Reaction(answer.ID, "❤️"))
	guest.Writes("Obrigada")
	hotel.Flow.Hears("Obrigada")
	if diff := cmp.Diff([]string{"Oi", "Obrigada"}, hotel.Flow.Texts()); diff != "" {
		t.Errorf("the flow heard: %s", diff)
	}
	screen.Hears("message:updated", func(e apptest.Event) bool { return e.Text("message.content") == "Olá!" })
	var shown []any
	for _, m := range admin.Messages(post.Value("conversationId")) {
		metadata, _ := m["metadata"].(map[string]any)
		reactions, _ := metadata["reactions"].([]any)
		for _, r := range reactions {
			shown = append(shown, m["content"], r.(map[string]any)["emoji"])
		}
	}
	if diff := cmp.Diff([]any{"Olá!", "❤️"}, shown); diff != "" {
		t.Errorf("reactions: %s", diff)
	}
}
