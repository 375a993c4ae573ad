package faulttest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// script is what guests will say in some days, and what goes wrong, all of it drawn from a
// seed.
type script struct {
	seed     uint64
	visitors []visitor
	slots    []slot
	lines    int
	restarts int
	bursts   int // of rate limits
}

// visitor is a guest of one of the hotels' numbers.
type visitor struct {
	number int // in the world's list
	phone  string
}

// slot is a moment of traffic, and silence until the next.
type slot struct {
	at    time.Time
	runs  []saying
	kill  stage // when the program is killed in it; noStage: not at all
	limit int   // code with which Meta limits the rate for some seconds; 0: it does not
}

// saying is what one guest writes in a row.
type saying struct {
	visitor int
	lines   []string
}

// slotLength keeps a run within minutes: what guests say in an hour comes together.
const slotLength = time.Hour

// shape is a hotel's day: how much is written in each hour, the average being about 1.
var shape = [24]float64{
	0.10, 0.03, 0.03, 0.03, 0.03, 0.10, 0.50, 1.6, 2.4, 2.0, 1.1, 0.9,
	1.0, 0.8, 0.8, 0.9, 1.1, 1.4, 2.0, 2.5, 2.2, 1.4, 0.7, 0.3,
}

// callsForPerson is how a guest asks for somebody: in one run of thirty.
const callsForPerson = ", quero falar com um atendente"

// size is how large a run is.
type size struct {
	days             float64
	guests, messages int // messages in all
	restarts, bursts int
	from             time.Duration // of the first day
}

// write draws a script.
func write(seed uint64, s size, numbers int) *script {
	dice := rand.New(rand.NewPCG(seed, 0xb07))
	out := &script{seed: seed, restarts: s.restarts, bursts: s.bursts}
	for g := range s.guests {
		out.visitors = append(out.visitors, visitor{g % numbers, fmt.Sprintf("55119%08d", 70_000_000+g)})
	}
	perSlot := float64(s.messages) / (s.days * 24 * float64(time.Hour/slotLength))
	begin := daysBegin.Add(s.from)
	for at := begin; at.Before(begin.Add(time.Duration(s.days * float64(24*time.Hour)))); at = at.Add(slotLength) {
		hour := int(at.Sub(daysBegin)/time.Hour) % 24
		out.slots = append(out.slots, out.slot(dice, at, perSlot*shape[hour]))
	}
	out.breakThings(dice)
	return out
}

// slot draws about as many lines as wished, of guests of whom each writes once.
func (s *script) slot(dice *rand.Rand, at time.Time, wished float64) slot {
	left := int(wished)
	if dice.Float64() < wished-float64(left) {
		left++
	}
	out := slot{at: at}
	for _, g := range dice.Perm(len(s.visitors)) {
		if left <= 0 {
			break
		}
		r := saying{visitor: g}
		for range min(left, 1+dice.IntN(4)) {
			s.lines++
			r.lines = append(r.lines, fmt.Sprintf("linha %05d do hóspede %03d", s.lines, g))
		}
		if dice.IntN(30) == 0 {
			r.lines[len(r.lines)-1] += callsForPerson
		}
		left -= len(r.lines)
		out.runs = append(out.runs, r)
	}
	return out
}

// stage is a part of the way of a message.
type stage int

const (
	noStage  stage = iota
	arriving       // webhooks are taken
	handing        // messages are given to flows
	sending        // answers are given to Meta
	stages
)

// breakThings spreads restarts and limited rates evenly over the busy slots: one of each
// in every part of the time.
func (s *script) breakThings(dice *rand.Rand) {
	var busy []int
	average := s.lines / max(1, len(s.slots))
	for i, slot := range s.slots {
		lines := 0
		for _, r := range slot.runs {
			lines += len(r.lines)
		}
		if lines > average {
			busy = append(busy, i)
		}
	}
	for n := range s.restarts {
		part := busy[n*len(busy)/s.restarts : (n+1)*len(busy)/s.restarts]
		s.slots[part[dice.IntN(len(part))]].kill = sending - stage(n)%(stages-arriving)
	}
	busy = slices.DeleteFunc(busy, func(i int) bool { return s.slots[i].kill != noStage })
	for n := range s.bursts {
		part := busy[n*len(busy)/s.bursts : (n+1)*len(busy)/s.bursts]
		s.slots[part[dice.IntN(len(part))]].limit = []int{130429, 131056}[n%2]
	}
}
