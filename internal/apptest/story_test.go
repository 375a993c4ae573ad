package apptest_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/apptest"
)

// TestStory is the main job of the product, told once for every way in which a
// dashboard may be connected.
func TestStory(t *testing.T) {
	t.Parallel()
	for _, how := range apptest.Transports {
		t.Run(string(how), func(t *testing.T) {
			t.Parallel()
			s := newStory(t, how)
			s.botAnswers()
			s.botCallsForAPerson()
			s.guestWritesToThePerson()
			s.personAnswers()
			s.botMustBeSilent()
			s.botGetsTheGuestBack()
			s.nobodyElseHeard()
		})
	}
}

// story is a hotel by the sea with an attendant in each unit, and its neighbour.
type story struct {
	t            *testing.T
	hotel        *apptest.Hotel
	guest        *apptest.Guest
	ana          *apptest.Person
	anas         *apptest.Screen
	brunos       *apptest.Screen // of another unit
	neighbours   *apptest.Screen // of another hotel
	conversation string
}

func newStory(t *testing.T, how apptest.Transport) *story {
	t.Helper()
	w := apptest.Start(t)
	hotel, neighbour := w.Hotel("mar-azul"), w.Hotel("serra-verde")
	s := &story{t: t, hotel: hotel, guest: hotel.Guest("Marina"), ana: hotel.Attendant(apptest.Ilhabela)}
	s.anas = s.ana.Screen(how)
	s.brunos = hotel.Attendant(apptest.Camburi).Screen(how)
	s.neighbours = neighbour.Admin().Screen(how)
	return s
}

func (s *story) botAnswers() {
	s.t.Helper()
	wamid := s.guest.Writes("Oi, tem quarto para sábado?")
	post := s.hotel.Flow.Hears("Oi, tem quarto para sábado?")
	s.conversation = post.Value("conversationId")
	for _, where := range []string{"", "body."} { // new flows look at the top, old ones below
		got := []string{
			post.Value(where + "phone"), post.Value(where + "externalMessageId"), post.Value(where + "type"),
			post.Value(where + "text.message"), post.Value(where + "contactName"), post.Value(where + "instanceId"),
		}
		want := []string{s.guest.Phone, wamid, "text", "Oi, tem quarto para sábado?", "Marina", s.hotel.Account.PhoneNumberID}
		if diff := cmp.Diff(want, got); diff != "" {
			s.t.Errorf("payload %s: %s", where, diff)
		}
	}
	if post.Value("deliveryId") == "" || post.Value("deliveryId") != post.DeliveryID || post.Body["isNewConversation"] != true {
		s.t.Errorf("delivery id %q in the header, payload %v", post.DeliveryID, post.Body)
	}
	answer := s.hotel.Bot.Says(post.Value("phone"), "Temos, sim! Quer falar com a recepção?")
	entry := s.guest.Sees("Temos, sim! Quer falar com a recepção?")
	if answer.Status != http.StatusOK || answer.Text("messageId") != entry.ID {
		s.t.Errorf("the bot's send got %d %s; the phone shows %s", answer.Status, answer.Raw, entry.ID)
	}
}

func (s *story) botCallsForAPerson() {
	s.t.Helper()
	if s.hotel.Bot.IsLockedOut(s.guest.Phone) {
		s.t.Error("the bot is locked out before it called for anybody")
	}
	answer := s.hotel.Bot.Escalates(s.guest.Phone, "ilha bela")
	if answer.Status != http.StatusCreated || answer.Text("conversation.id") != s.conversation {
		s.t.Fatalf("escalate: %d %s", answer.Status, answer.Raw)
	}
	e := s.anas.Hears("escalation:new", nil)
	got := []string{e.Text("escalation.conversationId"), e.Text("escalation.hotelUnit"), e.Text("escalation.contact.phoneNumber"), e.Text("conversation.id")}
	if diff := cmp.Diff([]string{s.conversation, apptest.Ilhabela, s.guest.Phone, s.conversation}, got); diff != "" {
		s.t.Errorf("escalation:new: %s", diff)
	}
	if !s.hotel.Bot.IsLockedOut(s.guest.Phone) {
		s.t.Error("the bot called for a person and is not locked out")
	}
}

func (s *story) guestWritesToThePerson() {
	s.t.Helper()
	s.guest.Writes("Quero, por favor.")
	e := s.anas.HearsMessage("Quero, por favor.")
	if e.Text("conversationId") != s.conversation || e.Text("message.direction") != "INBOUND" || e.Text("conversation.lastMessage.content") != "Quero, por favor." {
		s.t.Errorf("message:new: %v", e.Data)
	}
	if diff := cmp.Diff([]string{"Oi, tem quarto para sábado?"}, s.hotel.Flow.Texts()); diff != "" {
		s.t.Errorf("the flow heard what was said to a person: %s", diff)
	}
}

func (s *story) personAnswers() {
	s.t.Helper()
	s.guest.TurnsPhoneOff() // else one tick may overtake the other
	sent := s.ana.Answers(s.conversation, "Boa tarde, aqui é a Ana.", "")
	if sent.Status != http.StatusCreated || sent.Text("status") != "PENDING" {
		s.t.Fatalf("send: %d %s", sent.Status, sent.Raw)
	}
	s.anas.HearsMessage("Boa tarde, aqui é a Ana.")
	s.hearsOfTheCall("IN_PROGRESS")
	s.anas.HearsStatus(sent.Text("id"), "SENT")
	s.guest.TurnsPhoneOn()
	entry := s.guest.Sees("Boa tarde, aqui é a Ana.")
	s.anas.HearsStatus(sent.Text("id"), "DELIVERED")
	s.guest.Reads()
	e := s.anas.HearsStatus(sent.Text("id"), "READ")
	if e.Text("externalMessageId") != entry.ID {
		s.t.Errorf("the status names %q, the phone shows %s", e.Text("externalMessageId"), entry.ID)
	}
	if diff := cmp.Diff([]string{"SENT", "DELIVERED", "READ"}, s.ticks(sent.Text("id"))); diff != "" {
		s.t.Errorf("ticks: %s", diff)
	}
}

// hearsOfTheCall waits until Ana's screen says how far the bot's call for a person got.
func (s *story) hearsOfTheCall(status string) {
	s.t.Helper()
	e := s.anas.Hears("escalation:updated", func(e apptest.Event) bool { return e.Text("escalation.status") == status })
	if e.Text("conversationId") != s.conversation || e.Text("escalation.attendedById") != s.ana.ID {
		s.t.Errorf("escalation:updated: %v", e.Data)
	}
}

// ticks lists the statuses of a message in the order in which Ana saw them.
func (s *story) ticks(messageID string) []string {
	var out []string
	for _, e := range s.anas.Events("message:status") {
		if e.Text("messageId") == messageID {
			out = append(out, e.Text("status"))
		}
	}
	return out
}

func (s *story) botMustBeSilent() {
	s.t.Helper()
	refused := s.hotel.Bot.Says(s.guest.Phone, "Posso ajudar em algo mais?")
	if refused.Status != http.StatusConflict || refused.Text("code") != "ia_locked" {
		s.t.Errorf("the bot spoke while Ana held the conversation: %d %s", refused.Status, refused.Raw)
	}
}

func (s *story) botGetsTheGuestBack() {
	s.t.Helper()
	closed := s.ana.Post("/api/conversations/"+s.conversation+"/close", nil)
	if closed.Status != http.StatusOK || closed.Text("status") != "CLOSED" || closed.At("iaLocked") != false {
		s.t.Fatalf("close: %d %s", closed.Status, closed.Raw)
	}
	s.hearsOfTheCall("RESOLVED")
	s.guest.Writes("Obrigada! Que horas é o café?")
	post := s.hotel.Flow.Hears("Obrigada! Que horas é o café?")
	if again := post.Value("conversationId"); again == s.conversation || post.Body["isNewConversation"] != true {
		s.t.Errorf("the guest came back in conversation %s, before it was %s", again, s.conversation)
	}
	if s.hotel.Bot.IsLockedOut(s.guest.Phone) {
		s.t.Error("the bot is locked out of the new conversation")
	}
	s.hotel.Bot.Says(s.guest.Phone, "Das 7 às 10 horas.")
	s.guest.Sees("Das 7 às 10 horas.")
	want := []string{"Temos, sim! Quer falar com a recepção?", "Boa tarde, aqui é a Ana.", "Das 7 às 10 horas."}
	if diff := cmp.Diff(want, s.guest.Shown()); diff != "" {
		s.t.Errorf("on the phone: %s", diff)
	}
	if diff := cmp.Diff([]string{"Oi, tem quarto para sábado?", "Obrigada! Que horas é o café?"}, s.hotel.Flow.Texts()); diff != "" {
		s.t.Errorf("the flow heard: %s", diff)
	}
}

func (s *story) nobodyElseHeard() {
	s.t.Helper()
	for whose, screen := range map[string]*apptest.Screen{"of another unit": s.brunos, "of another hotel": s.neighbours} {
		screen.Flush()
		if news := screen.News(); len(news) > 0 {
			s.t.Errorf("somebody %s heard %v", whose, news)
		}
	}
}
