package tenant

import "time"

// Health is how a hotel's flow is doing. A flow that fails again and again is ill: then what
// guests say waits, and one message at a time tries whether it is well again.
//
//	      several failures in a row
//	well ──────────────────────────▶ ill ──▶ a try fails: the next one later
//	  ▲                               │
//	  └──────── it takes one ─────────┘
type Health struct {
	IllSince time.Time // zero: it is well
	Tries    int       // failed since it fell ill
	TriedAt  time.Time // the last try; zero: the next may be made at once
	IsTold   bool      // managers know that it is ill
	LastAck  time.Time
	Problem  Problem // the last one, also of a flow that is well again
}

// Problem is why a flow did not take a message.
type Problem struct {
	Code string // stable; empty: there was none
	Text string // for the hotel's people
	At   time.Time
}

const (
	// longestPause is how long a flow that is ill is left alone at most.
	longestPause = time.Minute
	// freshPause is after how long something that it never refused may try instead.
	freshPause = 10 * time.Second
	// toldAfter is how many tries fail before people are told: a restart of n8n takes less.
	toldAfter = 4
)

// IsIll reports whether the flow gets only tries.
func (h Health) IsIll() bool { return !h.IllSince.IsZero() }

// Fell returns the health of a flow that has just fallen ill.
func (h Health) Fell(p Problem) Health {
	if !h.IsIll() {
		h.IllSince, h.Tries, h.TriedAt, h.IsTold = p.At, 0, p.At, false
	}
	return h.failed(p)
}

// NextTry returns when the flow may be tried again, with something that it has not refused yet
// or with something that it has.
func (h Health) NextTry(isFresh bool) time.Time {
	if h.TriedAt.IsZero() {
		return h.IllSince
	}
	pause := min(time.Second<<min(h.Tries, 10), longestPause)
	if isFresh {
		pause = min(pause, freshPause)
	}
	return h.TriedAt.Add(pause)
}

// Tried returns the health of a flow that is being tried: nobody else does so until it is known
// how that ended, or for as long as a post takes at most.
func (h Health) Tried(until time.Time) Health {
	h.TriedAt = until
	return h
}

// TryFailed returns the health after a try that was refused by somebody who wants to be left alone
// for a time, and whether people are to be told now.
func (h Health) TryFailed(p Problem, rest time.Duration) (after Health, tell bool) {
	if !h.IsIll() {
		return h.failed(p), false
	}
	h.Tries, h.TriedAt = h.Tries+1, p.At.Add(rest)
	tell = h.Tries >= toldAfter && !h.IsTold
	h.IsTold = h.IsTold || tell
	return h.failed(p), tell
}

// TryAgain returns the health after a try that says nothing: nothing was posted, or it is not
// known whether it arrived.
func (h Health) TryAgain() Health {
	h.TriedAt = time.Time{}
	return h
}

// Recovered returns the health of a flow that took something, and whether people are to be told:
// those who were told that it is ill.
func (h Health) Recovered(at time.Time) (after Health, tell bool) {
	tell = h.IsIll() && h.IsTold
	h.IllSince, h.Tries, h.TriedAt, h.IsTold = time.Time{}, 0, time.Time{}, false
	if at.After(h.LastAck) {
		h.LastAck = at
	}
	return h, tell
}

func (h Health) failed(p Problem) Health {
	if !p.At.Before(h.Problem.At) {
		h.Problem = p
	}
	return h
}

// Noticed returns the health with what was seen in passing: when the flow took something last,
// and what it refused last.
func (h Health) Noticed(ack time.Time, p Problem) Health {
	if ack.After(h.LastAck) {
		h.LastAck = ack
	}
	if p.Code != "" {
		h = h.failed(p)
	}
	return h
}
