package faulttest

import (
	"testing"

	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// TestLostAnswers: Meta takes messages and its answers get lost. Statuses tell what
// became of them, so nothing waits and nothing is sent again.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, newCluster(t).url(), usual)
	w.addHotel()
	w.serve()
	lost := 0
	for _, effect := range []string{
		simulator.EffectResetAfter, simulator.EffectHTMLAfter, simulator.EffectHalfBody, simulator.EffectBadJSON,
	} {
		if _, err := w.sim.AddFault(simulator.Fault{Effect: effect, Times: 15}); err != nil {
			t.Fatal(err)
		}
		lost += 15
	}
	w.begin()
	w.settle()
	w.check()
	if left := w.sim.Faults(); len(left) > 0 {
		t.Errorf("not all answers were lost: %v", left)
	}
	t.Logf("%d of %d answers of Meta's were lost", lost, w.burst.answers())
}
