package apptest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// Codes that pass by themselves: the message waits and is sent once.
func TestMetaAsksToWait(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]int{"too many to one guest": 131056, "too many in all": 130429, "trouble at Meta": 131000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := hold(t)
			if err := h.w.Sim.FailNext(1, code); err != nil {
				t.Fatal(err)
			}
			first, second := h.answers(t, h.id, "Primeira"), h.answers(t, h.id, "Segunda")
			h.w.LaterUntil(time.Second, "both messages are on the phone", func() bool { return len(h.guest.Shown()) == 2 })
			h.ana.AwaitStatus(h.id, first, "DELIVERED")
			h.ana.AwaitStatus(h.id, second, "DELIVERED")
			if diff := cmp.Diff([]string{"Primeira", "Segunda"}, h.guest.Shown()); diff != "" {
				t.Errorf("on the phone: %s", diff)
			}
			if n := h.w.Sim.Counters().Refused; n != 1 {
				t.Errorf("Meta refused %d times", n)
			}
		})
	}
}

// While the access token is bad nothing of the number is tried but one message now
// and then; when it is good again everything goes out.
func TestExpiredTokenPausesTheNumber(t *testing.T) {
	t.Parallel()
	h := hold(t)
	other := h.hotel.Guest("Rafael")
	others := h.takes(t, other)
	fault, err := h.w.Sim.AddFault(simulator.Fault{Code: 190})
	if err != nil {
		t.Fatal(err)
	}
	first := h.answers(t, h.id, "Para Marina")
	waits := func(n int) func() bool { return func() bool { return h.w.Waiting(lane.Deliver) == n } }
	apptest.Eventually(t, "the refused message waits", waits(1))
	second := h.answers(t, others, "Para Rafael")
	apptest.Eventually(t, "the other guest's message waits too", waits(2))
	if n := h.w.Sim.Counters().Refused; n != 1 {
		t.Errorf("Meta was asked %d times with a bad token", n)
	}
	h.w.Sim.RemoveFault(fault)
	h.w.LaterUntil(time.Minute, "the messages go out", func() bool { return len(h.guest.Shown())+len(other.Shown()) == 2 })
	h.ana.AwaitStatus(h.id, first, "DELIVERED")
	h.ana.AwaitStatus(others, second, "DELIVERED")
}

// Codes that will not pass: the message has failed, with the reason.
func TestMetaRefusesForGood(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code    int
		botCode string
	}{
		"the window is closed":         {131047, "window_closed"},
		"the number has no WhatsApp":   {131026, "delivery_failed"},
		"the hotel blocked the guest":  {130403, "delivery_failed"},
		"Meta does not like the words": {131009, "delivery_failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := hold(t)
			if err := h.w.Sim.FailNext(1, c.code); err != nil {
				t.Fatal(err)
			}
			failed := h.answers(t, h.id, "Não chega")
			m := h.ana.AwaitStatus(h.id, failed, "FAILED")
			failure, _ := m["failure"].(map[string]any)
			if failure["code"] != float64(c.code) || failure["message"] == "" || failure["message"] == nil {
				t.Errorf("the message says %v", failure)
			}
			h.answers(t, h.id, "Chega")
			h.guest.Sees("Chega")
			h.ana.Post("/api/conversations/"+h.id+"/close", nil)
			if err := h.w.Sim.FailNext(1, c.code); err != nil {
				t.Fatal(err)
			}
			refused := h.hotel.Bot.Says(h.guest.Phone, "Não chega")
			if refused.Status != http.StatusUnprocessableEntity || refused.Text("code") != c.botCode {
				t.Errorf("the bot got %d %s", refused.Status, refused.Raw)
			}
			if diff := cmp.Diff([]string{"Chega"}, h.guest.Shown()); diff != "" {
				t.Errorf("on the phone: %s", diff)
			}
		})
	}
}
