package apptest_test

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// state is what a screen shows: what it fetched once, and what it heard since.
type state struct {
	cards    map[string]map[string]any
	messages map[string]map[string]ticks // by conversation and message
}

// ticks is what changes about a message.
type ticks struct{ Direction, Content, Status, ExternalID string }

// A screen that fetched once and then listened shows what a fresh fetch shows,
// although bot, guest and two people do things at the same time.
func TestStaleStateAndEventsAreAFreshFetch(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t, apptest.Meta(func(k *simulator.Knobs) { k.PairRate, k.Throughput = simulator.PairBurst, 0 }))
	hotel := w.Hotel("mar-azul")
	admin, ana := hotel.Admin(), hotel.Attendant(apptest.Ilhabela)
	guests := make([]*apptest.Guest, 4)
	for i := range guests {
		guests[i] = hotel.Guest(fmt.Sprintf("Guest %d", i))
		if i%2 == 0 { // half of them are there before the screen is
			guests[i].Writes("Bom dia")
			hotel.Flow.Hears("Bom dia")
		}
	}
	screen := admin.Screen(apptest.WebSocket)
	quiet(t, w, hotel, screen)
	shown, from := fetch(admin), len(screen.Events())
	bustle(t, hotel, guests, admin, ana)
	quiet(t, w, hotel, screen)
	heard := screen.Events()[from:]
	for _, e := range heard {
		shown.apply(t, e)
	}
	if len(heard) < 100 {
		t.Errorf("only %d events: too little happened", len(heard))
	}
	fresh := fetch(admin)
	if diff := gocmp.Diff(fresh.cards, shown.cards); diff != "" {
		t.Errorf("conversations, fresh (-) and shown (+): %s", diff)
	}
	if diff := gocmp.Diff(fresh.messages, shown.messages); diff != "" {
		t.Errorf("messages, fresh (-) and shown (+): %s", diff)
	}
}

// bustle lets everybody do things, each guest's conversation side by side with the
// others, and in each the people side by side with the guest.
func bustle(t *testing.T, hotel *apptest.Hotel, guests []*apptest.Guest, people ...*apptest.Person) {
	t.Helper()
	var all sync.WaitGroup
	for _, g := range guests {
		g.WritesAndIsTaken("Oi")
		all.Go(func() {
			for i := range 6 {
				g.Writes(fmt.Sprintf("pergunta %d", i))
				hotel.Bot.Says(g.Phone, fmt.Sprintf("resposta %d", i))
				g.Reads()
			}
		})
		called := hotel.Bot.Escalates(g.Phone, apptest.Ilhabela).Text("conversation.id")
		for n, p := range people {
			all.Go(func() { work(p, called, n) })
		}
	}
	all.Wait()
}

func work(p *apptest.Person, conversation string, n int) {
	path := "/api/conversations/" + conversation
	p.Answers(conversation, fmt.Sprintf("aqui é a pessoa %d", n), "")
	p.Patch(path, map[string]any{"priority": "URGENT"})
	p.Post(path+"/read", nil)
	p.Post(path+"/assign", map[string]string{"userId": p.ID})
	p.Answers(conversation, "só um instante", "")
	p.Post(path+"/unassign", nil)
	p.Patch(path+"/ia-lock", map[string]bool{"locked": n == 0})
	p.Post(path+"/close", nil)
}

// quiet waits until nothing is left to be done and everything was heard.
func quiet(t *testing.T, w *apptest.World, hotel *apptest.Hotel, screen *apptest.Screen) {
	t.Helper()
	rest(t, w, hotel)
	screen.Flush()
}

// rest waits until nothing is left to do.
func rest(t *testing.T, w *apptest.World, hotel *apptest.Hotel) {
	t.Helper()
	idle := func() bool {
		return hotel.Queued(lane.Inbox)+hotel.Queued(lane.Handoff)+hotel.Queued(lane.Deliver) == 0
	}
	apptest.Eventually(t, "the queues are empty", idle)
	w.MetaIsDone()
	apptest.Eventually(t, "the queues are empty again", idle) // what the statuses brought
}

func fetch(p *apptest.Person) state {
	s := state{cards: map[string]map[string]any{}, messages: map[string]map[string]ticks{}}
	for _, card := range p.Conversations() {
		id, _ := card["id"].(string)
		s.cards[id] = card
		for _, m := range p.Messages(id) {
			s.say(id, m)
		}
	}
	return s
}

func (s state) say(conversation string, m map[string]any) {
	text := func(key string) string { v, _ := m[key].(string); return v }
	if s.messages[conversation] == nil {
		s.messages[conversation] = map[string]ticks{}
	}
	s.messages[conversation][text("id")] = ticks{text("direction"), text("content"), text("status"), text("externalMessageId")}
}

// meet shows what is news about a guest in all of their conversations: there is an
// event only for the one in which it was learned.
func (s state) meet(contact any) {
	guest, _ := contact.(map[string]any)
	for _, card := range s.cards {
		if card["contactId"] == guest["id"] {
			card["contact"] = guest
		}
	}
}

// read marks what the guest wrote as read when the conversation says that nothing is
// unread: there is no event for each message.
func (s state) read(conversation string, data map[string]any) {
	updates, _ := data["updates"].(map[string]any)
	if updates["unreadCount"] != 0.0 {
		return
	}
	for id, m := range s.messages[conversation] {
		if m.Direction == "INBOUND" {
			m.Status = "READ"
			s.messages[conversation][id] = m
		}
	}
}

// revision tells which of two states of a conversation is newer: events of two changes
// may overtake each other.
func revision(card map[string]any) float64 {
	n, _ := card["revision"].(float64)
	return n
}

// apply does what a dashboard does with an event.
func (s state) apply(t *testing.T, e apptest.Event) {
	t.Helper()
	data, _ := e.Data.(map[string]any)
	conversation := e.Text("conversationId")
	if card, ok := data["conversation"].(map[string]any); ok && revision(card) >= revision(s.cards[conversation]) {
		s.cards[conversation] = card
		s.meet(card["contact"])
	}
	switch e.Name {
	case "message:new":
		m, _ := data["message"].(map[string]any)
		s.say(conversation, m)
	case "message:status":
		known, ok := s.messages[conversation][e.Text("messageId")]
		if !ok {
			t.Errorf("a status of message %s, of which nobody had told", e.Text("messageId"))
			return
		}
		known.Status, known.ExternalID = e.Text("status"), cmp.Or(e.Text("externalMessageId"), known.ExternalID)
		s.messages[conversation][e.Text("messageId")] = known
	case "conversation:updated":
		s.read(conversation, data)
	case "conversation:removed":
		delete(s.cards, conversation)
		delete(s.messages, conversation)
	}
	if !slices.Contains([]string{"message:new", "message:status", "conversation:new", "conversation:updated", "conversation:removed", "escalation:new", "escalation:updated", "contact:created", "contact:updated", "pong"}, e.Name) {
		t.Errorf("an event that no dashboard knows: %s", e.Name)
	}
}
