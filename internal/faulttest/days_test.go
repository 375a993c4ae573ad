package faulttest

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// seedOfDays is what RELIABILITY_SEED replaces.
const seedOfDays = 20261102

// TestDays lets days of several hotels pass, with a Meta that repeats, delays, fails,
// limits and does not answer, and a program that is killed: half a day, or ten with
// RELIABILITY_DAYS=10 (make test-reliability). docs/reliability.md has the results.
func TestDays(t *testing.T) {
	t.Parallel()
	s, numbersOf := size{days: 0.5, from: 7 * time.Hour, guests: 40, messages: 300, restarts: 1, bursts: 2}, []int{2, 1}
	if days, err := strconv.ParseFloat(os.Getenv("RELIABILITY_DAYS"), 64); err == nil {
		s, numbersOf = size{days: days, guests: 200, messages: int(2000 * days), restarts: 3, bursts: 6}, []int{2, 2, 1}
	}
	seed := uint64(seedOfDays)
	if given, err := strconv.ParseUint(os.Getenv("RELIABILITY_SEED"), 10, 64); err == nil {
		seed = given
	}
	numbers := 0
	for _, n := range numbersOf {
		numbers += n
	}
	t.Logf("RELIABILITY_SEED=%d", seed)
	begun := time.Now()
	w := newStay(t, write(seed, s, numbers), numbersOf)
	w.misbehave()
	for _, slot := range w.script.slots {
		w.live(slot)
	}
	w.passAll()
	w.finish()
	w.program.stop(t)
	w.report(time.Since(begun))
}

// misbehave makes Meta as unreliable as a bad day. Which calls are hit depends on the seed.
func (w *stay) misbehave() {
	w.t.Helper()
	for _, f := range []simulator.Fault{
		{Effect: simulator.EffectDuplicate, Probability: 0.005, Copies: 1},
		{Effect: simulator.EffectDuplicate, Probability: 0.005, Copies: 1, DelayMs: 60_000},
		{Effect: simulator.EffectLate, Probability: 0.015, DelayMs: 5_000},
		{Effect: simulator.EffectLate, Probability: 0.005, DelayMs: 90_000},
		{Effect: simulator.EffectRefuse, Code: 131000, Probability: 0.01},
		{Effect: simulator.EffectHold, Probability: 0.003},
		{Effect: simulator.EffectResetAfter, Probability: 0.001},
		{Effect: simulator.EffectHTMLAfter, Probability: 0.001},
		{Effect: simulator.EffectHoldBefore, Probability: 0.001},
	} {
		w.addFault(f)
	}
}

func (w *stay) addFault(f simulator.Fault) {
	w.t.Helper()
	if _, err := w.sim.AddFault(f); err != nil {
		w.t.Fatal(err)
	}
}

// limitLasts is how long Meta limits the rate when it does.
const limitLasts = 20 * time.Second

// live lets one moment of traffic come and go.
func (w *stay) live(s slot) {
	w.t.Helper()
	if len(s.runs) == 0 {
		return
	}
	w.passTo(s.at)
	w.stride = longStride
	if s.limit != 0 {
		w.stride = shortStride
		w.addFault(simulator.Fault{Effect: simulator.EffectRefuse, Code: s.limit, ForMs: limitLasts.Milliseconds()})
	}
	before := w.progress()
	w.desk.look()
	said := w.say(s.runs)
	if s.kill != noStage {
		w.killIn(s.kill, before, said)
	}
}

// say lets guests write, each some seconds between lines.
func (w *stay) say(runs []saying) (said int) {
	w.t.Helper()
	for i := 0; ; i++ {
		before := said
		for _, r := range runs {
			if i < len(r.lines) {
				w.sayLine(r.visitor, r.lines[i])
				said++
			}
		}
		if said == before {
			return said
		}
		w.clock.jump(2 * time.Second)
	}
}

func (w *stay) sayLine(visitor int, text string) {
	w.t.Helper()
	g := w.guest(visitor)
	if _, err := g.MarkRead(within(w.t)); err != nil {
		w.t.Fatal(err)
	}
	wamid, err := g.Says(within(w.t), text)
	if err != nil {
		w.t.Fatal(err)
	}
	w.wamids[text] = wamid
	w.desk.reads(w.script.visitors[visitor].phone, text)
}

// progress counts how much has passed each stage.
func (w *stay) progress() [stages]int {
	c := w.sim.Counters()
	return [stages]int{arriving: int(c.WebhookAccepted), handing: w.flow.posts(), sending: int(c.Accepted)}
}

// killIn kills the program when a third of a moment's lines has passed a stage, and starts
// it again at once.
func (w *stay) killIn(at stage, before [stages]int, said int) {
	w.t.Helper()
	await(w.t, "traffic", func() bool { return w.progress()[at] >= before[at]+max(1, said/3) })
	w.program.kill()
	killed := time.Now()
	had := w.progress()
	w.program = w.start()
	ready := time.Since(killed)
	await(w.t, "traffic after the restart", func() bool {
		now := w.progress()
		v := w.look()
		if !v.busy && !v.next.IsZero() { // Meta tries again in some seconds
			w.clock.jump(max(0, v.next.Sub(w.clock.Now())))
		}
		return now[arriving] > had[arriving] || now[handing] > had[handing] || now[sending] > had[sending]
	})
	w.recovery = append(w.recovery, time.Since(killed))
	w.t.Logf("killed at stage %d: ready after %s, working again after %s", at, ready.Round(time.Millisecond), time.Since(killed).Round(time.Millisecond))
}

// finish lets people give back whom they hold.
func (w *stay) finish() {
	for w.desk.look() {
		w.passAll()
	}
}
