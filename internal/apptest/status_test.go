package apptest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

func TestStatusBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	h := hold(t, apptest.Meta(func(k *simulator.Knobs) { k.StatusFirst, k.Latency = true, 50*time.Millisecond }))
	sent := h.answers(t, h.id, "Boa tarde")
	entry := h.guest.Sees("Boa tarde")
	got := h.ana.AwaitStatus(h.id, sent, "DELIVERED")
	if got["externalMessageId"] != entry.ID {
		t.Errorf("the message has %v, the phone shows %s", got["externalMessageId"], entry.ID)
	}
	h.guest.Reads()
	h.ana.AwaitStatus(h.id, sent, "READ")
}

// Meta took the message and its answer was lost on the way: nobody may send it again,
// and the statuses tell what became of it.
func TestLostAnswerIsSettledByStatus(t *testing.T) {
	t.Parallel()
	for _, effect := range []string{
		simulator.EffectResetAfter, simulator.EffectHalfBody, simulator.EffectBadJSON, simulator.EffectHTMLAfter,
	} {
		t.Run(effect, func(t *testing.T) {
			t.Parallel()
			h := hold(t, apptest.Meta(func(k *simulator.Knobs) { k.Statuses.Sent = 700 * time.Millisecond }))
			fault := simulator.Fault{Effect: effect, Times: 1}
			if effect == simulator.EffectHTMLAfter {
				fault.HTTPStatus = 502
			}
			if _, err := h.w.Sim.AddFault(fault); err != nil {
				t.Fatal(err)
			}
			first, second := h.answers(t, h.id, "Primeira"), h.answers(t, h.id, "Segunda")
			apptest.Eventually(t, "the outcome is known to be unknown", func() bool {
				for _, m := range h.ana.Messages(h.id) {
					if m["id"] == first && (m["outcomeUnknown"] == true || m["status"] != "PENDING") {
						return true
					}
				}
				return false
			})
			h.ana.AwaitStatus(h.id, first, "DELIVERED")
			h.ana.AwaitStatus(h.id, second, "DELIVERED")
			if diff := cmp.Diff([]string{"Primeira", "Segunda"}, h.guest.Shown()); diff != "" {
				t.Errorf("on the phone: %s", diff)
			}
		})
	}
}

// Nobody knows whether Meta took the message, and no status ever tells: after the wait
// it is tried once more. If that ends the same way, people are told to ask the guest.
func TestOutcomeStaysUnknown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lost int
		want string
	}{"once": {1, "DELIVERED"}, "twice": {2, "FAILED"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := hold(t, apptest.SettleAfter(300*time.Millisecond))
			if _, err := h.w.Sim.AddFault(simulator.Fault{Effect: simulator.EffectResetBefore, Times: c.lost}); err != nil {
				t.Fatal(err)
			}
			sent := h.answers(t, h.id, "Boa tarde")
			m := h.ana.AwaitStatus(h.id, sent, "DELIVERED", "FAILED")
			if m["status"] != c.want {
				t.Errorf("the message is %v: %v", m["status"], m["failure"])
			}
		})
	}
}

func TestMessageFailsLater(t *testing.T) {
	t.Parallel()
	h := hold(t)
	screen := h.ana.Screen(apptest.WebSocket)
	if _, err := h.w.Sim.AddFault(simulator.Fault{Effect: simulator.EffectFailLater, Code: 131026, Times: 1}); err != nil {
		t.Fatal(err)
	}
	sent := h.answers(t, h.id, "Boa tarde")
	e := screen.HearsStatus(sent, "FAILED")
	m := h.ana.AwaitStatus(h.id, sent, "FAILED")
	failure, _ := m["failure"].(map[string]any)
	info, _ := e.Data.(map[string]any)
	if failure["code"] != 131026.0 || failure["message"] == "" {
		t.Errorf("the message says %v", failure)
	}
	if diff := cmp.Diff(info["errorInfo"], m["failure"]); diff != "" {
		t.Errorf("event and message disagree: %s", diff)
	}
}

// Statuses that come several times and in any order only move a message forward.
func TestStatusesOnlyMoveForward(t *testing.T) {
	t.Parallel()
	h := hold(t, apptest.Meta(func(k *simulator.Knobs) {
		k.Duplicates, k.OutOfOrder = 2, 150*time.Millisecond
		k.Statuses.Read = time.Millisecond
	}))
	screen := h.ana.Screen(apptest.WebSocket)
	sent := h.answers(t, h.id, "Boa tarde")
	screen.HearsStatus(sent, "READ")
	h.w.MetaIsDone()
	h.guest.Writes("Obrigada") // what was queued before it is done
	screen.HearsMessage("Obrigada")
	rank := map[string]int{"PENDING": 0, "SENT": 1, "DELIVERED": 2, "READ": 3}
	last := -1
	for _, e := range screen.Events("message:status") {
		if now := rank[e.Text("status")]; now <= last {
			t.Errorf("%s came after a later one", e.Text("status"))
		} else {
			last = now
		}
	}
	h.ana.AwaitStatus(h.id, sent, "READ")
}
