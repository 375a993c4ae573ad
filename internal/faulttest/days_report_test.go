package faulttest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// report judges and prints the run as docs/reliability.md has it.
func (w *stay) report(took time.Duration) {
	w.t.Helper()
	v, c := w.judge(), w.sim.Counters()
	var out strings.Builder
	row := func(what string, n any) { fmt.Fprintf(&out, "| %s | %v |\n", what, n) }
	out.WriteString("\n| | |\n|---|---|\n")
	row("seed", w.script.seed)
	row("time that passed", w.clock.Now().Sub(w.script.slots[0].at).Round(time.Hour))
	row("wall clock", took.Round(time.Second))
	row("hotels, numbers, guests", fmt.Sprintf("%d, %d, %d", len(w.inns), len(w.numbers), len(w.script.visitors)))
	row("guests' messages", w.script.lines)
	row("handed to a flow", v.Heard)
	row("escalations", len(w.desk.past)+len(w.desk.held))
	row("answers on phones", v.Answers)
	row("webhooks posted", c.WebhookAttempts)
	for _, f := range w.hits() {
		row(f.what, f.hits)
	}
	row("sends refused by Meta", c.Refused)
	row("restarts (SIGKILL)", w.script.restarts)
	row("longest recovery", slices.Max(append(w.recovery, 0)).Round(time.Millisecond))
	row("**guests' messages lost**", v.Lost)
	row("**stored twice**", v.StoredTwice)
	row("**guests whose messages stand in another order**", v.StoredWrong)
	row("**never handed over**", v.Unheard)
	row("**handed over in another order than they arrived (guests)**", v.HeardWrong)
	row("**answers lost**", v.AnswersLost+v.GivenUp)
	row("**shown twice on a phone**", v.ShownTwice)
	row("**phones with another order**", v.ShownWrong)
	row("**wrong statuses**", v.StatusWrong)
	row("handed over again under the same id", v.Again)
	row("handed over after later ones, because they arrived so", v.Overtaken)
	row("withheld because a person had taken over", v.Withheld)
	row("given up because twice nobody knew", v.Unclear)
	row("refused to the flow", w.flow.refusals())
	w.t.Log(out.String())
	w.convict(v)
}

// convict fails the test for what must not be.
func (w *stay) convict(v verdict) {
	w.t.Helper()
	late := 0
	for _, f := range w.faults() {
		if f.Effect == simulator.EffectLate {
			late += f.Hits
		}
	}
	for what, n := range map[string]int{
		"guests' messages are lost": v.Lost, "guests' messages are stored twice": v.StoredTwice,
		"guests' messages stand in another order": v.StoredWrong, "messages were never handed over": v.Unheard,
		"guests were handed over in another order": v.HeardWrong, "answers are lost": v.AnswersLost, "answers were given up": v.GivenUp,
		"messages were shown twice": v.ShownTwice, "phones show another order": v.ShownWrong, "statuses are wrong": v.StatusWrong,
		"things were left": v.Left, "odd things happened": v.Odd, "messages overtook without being late": max(0, v.Overtaken-late),
	} {
		if n != 0 {
			w.t.Errorf("%d %s", n, what)
		}
	}
}

type hit struct {
	what string
	hits int
}

// hits is how often Meta misbehaved, by sort.
func (w *stay) hits() []hit {
	names := map[string]string{
		simulator.EffectDuplicate: "webhooks repeated", simulator.EffectLate: "webhooks out of order",
		simulator.EffectHold: "sent, and no answer in time", simulator.EffectResetAfter: "sent, and the connection reset",
		simulator.EffectHTMLAfter: "sent, and answered with a page of HTML", simulator.EffectHoldBefore: "not sent, and no answer in time",
	}
	var out []hit
	for _, f := range w.faults() {
		what, known := names[f.Effect]
		if !known {
			what = fmt.Sprintf("refused with %d", f.Code)
		}
		if i := slices.IndexFunc(out, func(h hit) bool { return h.what == what }); i >= 0 {
			out[i].hits += f.Hits
			continue
		}
		out = append(out, hit{what, f.Hits})
	}
	return out
}
