package whatsapp

import "time"

// MaxTries is how often a message is sent in all before we give up on a passing error.
const MaxTries = 5

// A limited rate is not the message's fault, and passes: it is waited for as long as Meta's
// longest limits of each kind last.
const (
	pairTries = 10 // seven minutes; a burst of 45 closes a pair for four and a half
	slowTries = 95 // an hour; accounts and apps are limited by the hour
)

const (
	firstRetry = time.Second
	lastRetry  = 16 * time.Second
	longestGap = 64 * time.Second // between two tries to one guest
	steadySlow = 4                // tries of a limited number with the same short gap
	longSlow   = 40 * time.Second // between two later ones, on average
	probe      = 5 * time.Minute  // between two tries of a number that is stopped
)

// Backoff returns how long to wait after the given failed attempt (the first is 1) before the next. rnd gives
// numbers from 0 to 1 and spreads what failed together; nil means no spread.
//
//   - RetryLater: 1, 2, 4, 8, 16 s, each × 0.5 to 1.5
//   - WaitPair: 1, 4, 16, 64 s, Meta's own formula 4^n, capped
//   - SlowDown: 1 to 5 s four times, then twice as long each time, up to 13 to 67 s
//   - Reauthenticate, StopNumber: 5 min, as a probe
//   - NotNow: 24 h
//
// Every other action returns 0, because waiting does not help; whether to try again at all is in Rule.
func Backoff(action Action, attempt int, rnd func() float64) time.Duration {
	spread := 0.5
	if rnd != nil {
		spread = rnd()
	}
	switch action {
	case RetryLater:
		return time.Duration(float64(growing(firstRetry, 2, attempt, lastRetry)) * (0.5 + spread))
	case WaitPair:
		return growing(time.Second, 4, attempt, longestGap)
	case SlowDown:
		mean := growing(3*time.Second, 2, max(attempt, 1)-steadySlow+1, longSlow)
		return time.Duration(float64(mean) * (1 + 4*spread) / 3)
	case Reauthenticate, StopNumber:
		return probe
	case NotNow:
		return 24 * time.Hour
	default:
		return 0
	}
}

func growing(from time.Duration, factor, attempt int, limit time.Duration) time.Duration {
	for d := from; d < limit; d *= time.Duration(factor) {
		if attempt <= 1 {
			return d
		}
		attempt--
	}
	return limit
}

// Delay returns how long to wait after the given failed attempt: Backoff, or longer where the answer or the code
// asks for it.
func (e *APIError) Delay(attempt int, rnd func() float64) time.Duration {
	return max(Backoff(e.Action(), attempt, rnd), e.RetryAfter, e.Rule().Wait)
}
