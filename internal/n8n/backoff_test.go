package n8n_test

import (
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/n8n"
)

func TestBackoff(t *testing.T) {
	t.Parallel()
	var total time.Duration
	attempt := 1
	for ; ; attempt++ {
		delay, giveUp := n8n.Backoff(attempt)
		if giveUp {
			break
		}
		want := 5 * time.Minute
		if attempt < 10 {
			want = min(want, time.Second<<(attempt-1))
		}
		if delay < want*79/100 || delay > want*121/100 {
			t.Fatalf("after attempt %d: %v, want %v ± 20 %%", attempt, delay, want)
		}
		total += delay
	}
	if total < 23*time.Hour || total > 25*time.Hour {
		t.Errorf("gives up after %v, want about 24 h", total)
	}
	if attempt > 400 {
		t.Errorf("%d attempts for one message", attempt)
	}
	if _, giveUp := n8n.Backoff(1 << 30); !giveUp {
		t.Error("never gives up")
	}
	if delay, giveUp := n8n.Backoff(0); giveUp || delay > 2*time.Second {
		t.Errorf("before the first attempt: %v, %v", delay, giveUp)
	}
}

func TestBackoffSpreads(t *testing.T) {
	t.Parallel()
	seen := map[time.Duration]bool{}
	for range 100 {
		delay, _ := n8n.Backoff(20)
		seen[delay] = true
	}
	if len(seen) < 90 {
		t.Errorf("%d different delays out of 100: what failed together comes back together", len(seen))
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err               n8n.PostError
		attempts, unknown int
		again             bool
		atLeast           time.Duration
	}{
		"refused":                         {n8n.PostError{Outcome: n8n.Refused}, 1, 0, true, 800 * time.Millisecond},
		"refused for long":                {n8n.PostError{Outcome: n8n.Refused}, 100, 0, true, 4 * time.Minute},
		"refused for a day":               {n8n.PostError{Outcome: n8n.Refused}, 400, 0, false, 0},
		"refused with a wish":             {n8n.PostError{Outcome: n8n.Refused, RetryAfter: time.Minute}, 1, 0, true, time.Minute},
		"refused with a wish now outdone": {n8n.PostError{Outcome: n8n.Refused, RetryAfter: time.Second}, 50, 0, true, 4 * time.Minute},
		"unknown once":                    {n8n.PostError{Outcome: n8n.Unknown}, 1, 1, true, 0},
		"unknown for the first time late": {n8n.PostError{Outcome: n8n.Unknown}, 9, 1, true, 0},
		"unknown twice":                   {n8n.PostError{Outcome: n8n.Unknown}, 2, 2, false, 0},
		"refused after unknown":           {n8n.PostError{Outcome: n8n.Refused}, 2, 1, true, 0},
		"rejected":                        {n8n.PostError{Outcome: n8n.Rejected, RetryAfter: time.Minute}, 1, 0, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			delay, again := c.err.Next(c.attempts, c.unknown)
			if again != c.again || delay < c.atLeast {
				t.Fatalf("got %v, %v", delay, again)
			}
		})
	}
}
