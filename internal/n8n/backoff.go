package n8n

import (
	"math/rand/v2"
	"time"
)

const (
	firstDelay = time.Second
	// longestDelay is short enough that guests are answered soon after a flow that was down for hours is back, and
	// long enough that a thousand waiting conversations are a few posts per second.
	longestDelay = 5 * time.Minute
	// retryFor is how long a message is offered to the flow. Then Meta's 24-hour window has closed, and the flow could
	// not answer it anyway.
	retryFor = 24 * time.Hour
)

// Backoff says how long to wait before the next attempt, after attempt of them have failed (1 is the first). Delays
// double from 1 s to 5 min, each ± 20 % so that what failed together does not come back together. giveUp is true when
// about 24 hours have passed in all.
func Backoff(attempt int) (delay time.Duration, giveUp bool) {
	delay, waited := nominal(attempt)
	if waited+delay > retryFor {
		return 0, true
	}
	return time.Duration(float64(delay) * (0.8 + 0.4*rand.Float64())), false
}

// nominal returns the delay after an attempt without its jitter, and the sum of those before it.
func nominal(attempt int) (delay, before time.Duration) {
	delay = firstDelay
	for n := 1; n < attempt; n++ {
		before += delay
		if delay = min(2*delay, longestDelay); delay == longestDelay {
			return delay, before + time.Duration(attempt-n-1)*longestDelay
		}
	}
	return delay, before
}
