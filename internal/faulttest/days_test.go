package faulttest

import (
	"os"
	"slices"
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
	s, numbersOf := size{days: 0.5, from: 7 * time.Hour, guests: 40, messages: 240, restarts: 1, bursts: 2}, []int{2, 1}
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
	if code, _ := w.program.stop(t); code != 0 { // 66: the race detector found something
		t.Errorf("the program ended with %d", code)
	}
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
	} {
		w.addFault(f)
	}
}

func (w *stay) addFault(f simulator.Fault) (id string) {
	w.t.Helper()
	id, err := w.sim.AddFault(f)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// loseAnswers lets answers of Meta's get lost, from now on.
func (w *stay) loseAnswers() {
	w.t.Helper()
	for _, f := range []simulator.Fault{
		{Effect: simulator.EffectHold, Probability: 0.003},
		{Effect: simulator.EffectResetAfter, Probability: 0.001},
		{Effect: simulator.EffectHTMLAfter, Probability: 0.001},
		{Effect: simulator.EffectHoldBefore, Probability: 0.001},
	} {
		w.losing = append(w.losing, w.addFault(f))
	}
}

// keepAnswers lets no answers get lost for the rest of a moment. After an outage the
// simulator holds back all statuses of a guest, those of later messages too, until its next
// try in half an hour: with the answer gone as well, nobody could know.
func (w *stay) keepAnswers() {
	for _, f := range w.sim.Faults() {
		if slices.Contains(w.losing, f.ID) {
			w.ended = append(w.ended, f)
			w.sim.RemoveFault(f.ID)
		}
	}
	w.losing = nil
}

// faults are all that Meta had or has.
func (w *stay) faults() []simulator.Fault { return append(w.sim.Faults(), w.ended...) }

// limitLasts is how long Meta limits a rate when it does. A guest who was sent thirty
// messages at once is closed for three minutes, which a program that was started since
// does not know.
var limitLasts = map[int]time.Duration{130429: 40 * time.Second, 131056: 3 * time.Minute}

// live lets one moment of traffic come and go.
func (w *stay) live(s slot) {
	w.t.Helper()
	if len(s.runs) == 0 {
		return
	}
	w.passTo(s.at)
	if w.losing == nil {
		w.loseAnswers()
	}
	w.stride = longStride
	if s.limit != 0 {
		w.stride = shortStride
		w.addFault(simulator.Fault{Effect: simulator.EffectRefuse, Code: s.limit, ForMs: limitLasts[s.limit].Milliseconds()})
	}
	if s.kill == sending { // the program dies between Meta's taking messages and knowing of it
		w.setStatuses(time.Minute)
		w.addFault(simulator.Fault{Effect: simulator.EffectHold, Times: 6})
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
// it again: at once, or, when it was giving answers to Meta, after an outage, in which Meta
// tries in vain to tell what became of them.
func (w *stay) killIn(at stage, before [stages]int, said int) {
	w.t.Helper()
	w.skipUntil("traffic", func() bool { return w.progress()[at] >= before[at]+max(1, said/3) })
	w.program.kill()
	if at == sending {
		w.outage(20 * time.Minute)
		w.setStatuses(soonSent)
		w.keepAnswers()
	}
	begun := time.Now()
	had := w.progress()
	w.program = w.start()
	ready := time.Since(begun)
	w.skipUntil("traffic after the restart", func() bool {
		now := w.progress()
		return now[arriving] > had[arriving] || now[handing] > had[handing] || now[sending] > had[sending]
	})
	w.recovery = append(w.recovery, time.Since(begun))
	w.t.Logf("killed at stage %d: ready after %s, working again after %s", at, ready.Round(time.Millisecond), time.Since(begun).Round(time.Millisecond))
}

// skipUntil waits for something, and skips time while all wait: Meta may try again in some
// seconds only.
func (w *stay) skipUntil(what string, ok func() bool) {
	w.t.Helper()
	await(w.t, what, func() bool {
		if v := w.look(); !v.busy && !v.next.IsZero() {
			w.clock.jump(max(0, v.next.Sub(w.clock.Now())))
		}
		return ok()
	})
}

// outage lets time pass while there is no program.
func (w *stay) outage(d time.Duration) {
	w.t.Helper()
	end := w.clock.Now().Add(d)
	for {
		busy, next := w.sim.Outlook()
		switch {
		case busy:
			<-time.After(lookAgain)
		case next.IsZero() || next.After(end):
			w.clock.jump(max(0, end.Sub(w.clock.Now())))
			return
		default:
			w.clock.jump(max(0, next.Sub(w.clock.Now())))
		}
	}
}

// setStatuses says how long after a message its first status comes.
func (w *stay) setStatuses(sent time.Duration) {
	w.t.Helper()
	if err := w.sim.Tune(func(k *simulator.Knobs) { k.Statuses.Sent = sent }); err != nil {
		w.t.Fatal(err)
	}
}

// finish lets people give back whom they hold.
func (w *stay) finish() {
	for w.desk.look() {
		w.passAll()
	}
}
