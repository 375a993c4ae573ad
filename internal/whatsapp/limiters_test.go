package whatsapp_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

const (
	number = "401200000000001"
	ana    = "phone:5511987654321"
	bia    = "phone:5521988887777"
)

func TestPairLimiter(t *testing.T) {
	t.Parallel()
	now := clock.NewFrozen(received)
	l := whatsapp.NewPairLimiter(now, 0)
	expect := func(step string, guest string, want time.Duration) {
		t.Helper()
		if got := l.Take(number, guest); got != want {
			t.Fatalf("%s: wait %v, want %v", step, got, want)
		}
	}
	expect("the first goes at once", ana, 0)
	expect("so does the next", ana, 0)
	now.Advance(5 * time.Second)
	expect("within the burst", ana, 0)
	now.Advance(time.Second)
	expect("three were taken: 18 s from the start and a margin", ana, 12500*time.Millisecond)
	expect("another guest goes on", bia, 0)
	now.Advance(12499 * time.Millisecond)
	expect("not quite", ana, time.Millisecond)
	now.Advance(time.Millisecond)
	expect("paid back", ana, 0)
	l.Hold(number, ana, time.Minute)
	expect("Meta refused", ana, time.Minute)
	now.Advance(time.Minute)
	expect("and takes it again", ana, 0)
}

func TestPairBurstHasAnEnd(t *testing.T) {
	t.Parallel()
	l := whatsapp.NewPairLimiter(clock.NewFrozen(received), 0)
	for i := range 45 {
		if wait := l.Take(number, ana); wait != 0 {
			t.Fatalf("message %d waits %v", i+1, wait)
		}
	}
	if wait := l.Take(number, ana); wait != 45*6*time.Second+500*time.Millisecond {
		t.Fatalf("message 46 waits %v", wait)
	}
}

// strictMeta is Meta's pair rate as the strict reading has it, seen from its side: messages arrive late.
type strictMeta struct {
	start time.Time
	n     int
}

func (m *strictMeta) accepts(at time.Time) bool {
	since := at.Sub(m.start)
	switch {
	case m.n == 0 || since >= time.Duration(m.n)*6*time.Second:
		m.start, m.n = at, 1
	case since < 6*time.Second && m.n < 45:
		m.n++
	default:
		return false
	}
	return true
}

// Whoever waits as told is never refused, even when messages take up to 400 ms to arrive.
func TestPairLimiterKeepsMetaContent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := clock.NewFrozen(received)
		l := whatsapp.NewPairLimiter(now, 0)
		meta := &strictMeta{}
		for range rapid.IntRange(1, 120).Draw(t, "messages") {
			now.Advance(time.Duration(rapid.IntRange(0, 9000).Draw(t, "pause")) * time.Millisecond)
			if wait := l.Take(number, ana); wait > 0 {
				now.Advance(wait)
				if wait = l.Take(number, ana); wait > 0 {
					t.Fatalf("told to wait, and then %v more", wait)
				}
			}
			latency := time.Duration(rapid.IntRange(0, 400).Draw(t, "latency")) * time.Millisecond
			if !meta.accepts(now.Now().Add(latency)) {
				t.Fatal("refused")
			}
		}
	})
}

func TestPairLimiterForgets(t *testing.T) {
	t.Parallel()
	now := clock.NewFrozen(received)
	l := whatsapp.NewPairLimiter(now, 50)
	for i := range 10_000 {
		l.Take(number, fmt.Sprint("guest ", i))
		if size := l.Pairs(); size > 50 {
			t.Fatalf("%d pairs are remembered", size)
		}
	}
	now.Advance(time.Minute)
	l.Take(number, ana)
	if size := l.Pairs(); size != 1 {
		t.Fatalf("%d pairs are remembered after all were paid back", size)
	}
}

func TestNumberLimiterKeepsTheRateInEverySecond(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{1, 5, 20, 80, 1000} {
		now := clock.NewFrozen(received)
		l := whatsapp.NewNumberLimiter(now)
		l.SetThroughput(number, rate)
		sent := sendFor(now, l, 5*time.Second)
		if most := busiestSecond(sent); most > rate {
			t.Errorf("%d/s: %d messages in one second", rate, most)
		}
		if len(sent) < rate*5*8/10 {
			t.Errorf("%d/s: only %d messages in 5 s", rate, len(sent))
		}
	}
}

// sendFor sends as fast as the limiter lets, and returns when each message went.
func sendFor(now *clock.Frozen, l *whatsapp.NumberLimiter, d time.Duration) []time.Time {
	var sent []time.Time
	for end := now.Now().Add(d); now.Now().Before(end); {
		if wait := l.Take(number); wait > 0 {
			now.Advance(wait)
			continue
		}
		sent = append(sent, now.Now())
	}
	return sent
}

func busiestSecond(sent []time.Time) int {
	most := 0
	for i := range sent {
		j, _ := slices.BinarySearchFunc(sent, sent[i].Add(time.Second), time.Time.Compare)
		most = max(most, j-i)
	}
	return most
}

func TestNumberLimiterSlowsDownAndRecovers(t *testing.T) {
	t.Parallel()
	now := clock.NewFrozen(received)
	l := whatsapp.NewNumberLimiter(now)
	expect := func(step string, want float64) {
		t.Helper()
		if got := l.Rate(number); got != want {
			t.Fatalf("%s: %v/s, want %v/s", step, got, want)
		}
	}
	expect("at first", 80)
	l.SlowDown(number)
	expect("refused", 40)
	l.SlowDown(number)
	expect("refused again in the same second", 40)
	if wait := l.Take(number); wait <= 0 {
		t.Fatal("goes on at once after a refusal")
	}
	now.Advance(9 * time.Second)
	expect("9 quiet seconds", 40)
	now.Advance(11 * time.Second)
	expect("20 quiet seconds", 42)
	l.SlowDown(number)
	expect("refused anew", 21)
	now.Advance(time.Hour)
	expect("an hour later", 80)
	for range 20 {
		l.SlowDown(number)
		now.Advance(2 * time.Second)
	}
	expect("refused all the time", 1)
	if l.Rate("402") != 80 {
		t.Fatal("another number is slowed down too")
	}
}
