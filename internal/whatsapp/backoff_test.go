package whatsapp_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/whatsapp"
)

func TestBackoff(t *testing.T) {
	t.Parallel()
	fixed := func(value float64) func() float64 { return func() float64 { return value } }
	seconds := func(values ...float64) []time.Duration {
		var out []time.Duration
		for _, v := range values {
			out = append(out, time.Duration(v*float64(time.Second)))
		}
		return out
	}
	cases := map[string]struct {
		action whatsapp.Action
		rnd    func() float64
		want   []time.Duration
	}{
		"retry":                     {whatsapp.RetryLater, nil, seconds(1, 2, 4, 8, 16, 16)},
		"retry, the earliest":       {whatsapp.RetryLater, fixed(0), seconds(0.5, 1, 2, 4, 8)},
		"retry, the latest":         {whatsapp.RetryLater, fixed(1), seconds(1.5, 3, 6, 12, 24)},
		"pair":                      {whatsapp.WaitPair, fixed(0.9), seconds(1, 4, 16, 64, 64)},
		"slow":                      {whatsapp.SlowDown, nil, seconds(3, 3, 3, 3, 6, 12, 24, 40, 40)},
		"slow, the earliest":        {whatsapp.SlowDown, fixed(0), seconds(1, 1, 1, 1, 2)},
		"slow, the latest":          {whatsapp.SlowDown, fixed(1), seconds(5, 5, 5, 5, 10)},
		"stopped: a probe":          {whatsapp.StopNumber, nil, seconds(300, 300)},
		"credentials: a probe":      {whatsapp.Reauthenticate, nil, seconds(300)},
		"not now":                   {whatsapp.NotNow, nil, seconds(86400)},
		"nothing helps":             {whatsapp.FixRequest, nil, seconds(0, 0)},
		"the window, nothing helps": {whatsapp.OfferTemplate, nil, seconds(0)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []time.Duration
			for attempt := range c.want {
				got = append(got, whatsapp.Backoff(c.action, attempt+1, c.rnd))
			}
			if !slices.Equal(got, c.want) {
				t.Fatalf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestBackoffIsBoundedWhateverTheAttempt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		action := whatsapp.Action(rapid.Byte().Draw(t, "action"))
		attempt := rapid.IntRange(math.MinInt, math.MaxInt).Draw(t, "attempt")
		spread := rapid.Float64Range(0, 1).Draw(t, "spread")
		if d := whatsapp.Backoff(action, attempt, func() float64 { return spread }); d < 0 || d > 24*time.Hour {
			t.Fatalf("%s waits %v", action, d)
		}
	})
}

// Rates that Meta limits are waited for as long as its limits last: a burst of 45 closes a
// guest for four and a half minutes, accounts and apps are limited by the hour.
func TestLimitsAreOutlasted(t *testing.T) {
	t.Parallel()
	for code, lasts := range map[int]time.Duration{131056: 45 * 6 * time.Second, 130429: 10 * time.Minute, 80007: time.Hour, 4: time.Hour} {
		rule := whatsapp.RuleFor(code)
		soonest := time.Duration(0)
		for attempt := 1; attempt < rule.Tries; attempt++ {
			soonest += whatsapp.Backoff(rule.Action, attempt, nil)
		}
		if soonest < lasts*9/10 || soonest > 2*time.Hour {
			t.Errorf("%d is given up after %v, and may last %v", code, soonest, lasts)
		}
	}
}

func TestDelayTakesTheLongest(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		err  whatsapp.APIError
		want time.Duration
	}{
		"back-off alone":           {whatsapp.APIError{Code: 131000}, 2 * time.Second},
		"the answer asks for more": {whatsapp.APIError{Code: 131000, RetryAfter: time.Minute}, time.Minute},
		"the answer asks for less": {whatsapp.APIError{Code: 131056, RetryAfter: time.Second}, 4 * time.Second},
		"the code has its own":     {whatsapp.APIError{Code: 131057}, 30 * time.Second},
	}
	for name, c := range cases {
		if got := c.err.Delay(2, nil); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
