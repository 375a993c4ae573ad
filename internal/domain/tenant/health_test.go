package tenant

import (
	"testing"
	"time"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	h := Health{}.Fell(Problem{"unavailable", "500", at})
	if !h.IsIll() || h.IsTold || h.NextTry(false).Sub(at) != time.Second {
		t.Fatalf("it fell ill: %+v", h)
	}
	if again := h.Fell(Problem{"dns", "x", at.Add(time.Hour)}); again.IllSince != at || again.Problem.Code != "dns" {
		t.Errorf("it fell ill twice: %+v", again)
	}
	told := 0
	for n, pause := range []time.Duration{2, 4, 8, 16, 32, 60, 60} {
		at = h.NextTry(false)
		var tell bool
		if h, tell = h.TryFailed(Problem{"unavailable", "500", at}, 0); tell {
			told++
		}
		if got := h.NextTry(false).Sub(at); got != pause*time.Second {
			t.Errorf("after try %d a pause of %s, want %d s", n+1, got, pause)
		}
		if got := h.NextTry(true).Sub(at); got != min(pause, 10)*time.Second {
			t.Errorf("after try %d something new waits for %s", n+1, got)
		}
		if (told == 1) != (n+1 >= toldAfter) {
			t.Errorf("told %d times after %d tries", told, n+1)
		}
	}
	if h.TryAgain().NextTry(false).After(at) {
		t.Error("a try that says nothing makes the next one wait")
	}
	well, tell := h.Recovered(at)
	if well.IsIll() || !tell || well.LastAck != at || well.Problem.Code != "unavailable" {
		t.Errorf("well again: %+v, told %t", well, tell)
	}
	if _, tell := well.Recovered(at); tell {
		t.Error("told twice that it is well")
	}
	if _, tell := (Health{}).Fell(Problem{At: at}).Recovered(at); tell {
		t.Error("told that it is well, but nobody knew that it was ill")
	}
}
