package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSpread(t *testing.T) {
	t.Parallel()
	var samples []time.Duration
	for i := range 1000 {
		samples = append(samples, time.Duration(1000-i)*time.Millisecond)
	}
	for name, c := range map[string]struct {
		samples []time.Duration
		want    spread
	}{
		"none":     {nil, spread{}},
		"one":      {samples[999:], spread{1, 1, 1, 1}},
		"thousand": {samples, spread{500, 900, 990, 1000}},
	} {
		if diff := cmp.Diff(c.want, spreadOf(append([]time.Duration(nil), c.samples...))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	if a, b := medianOf([]float64{9, 1, 5}), medianOf([]float64{4, 1, 3, 2}); a != 5 || b != 2.5 {
		t.Errorf("medians %v and %v, want 5 and 2.5", a, b)
	}
}

func TestParseTimes(t *testing.T) {
	t.Parallel()
	got, err := parseTimes("42 (a (very) odd name) S 7 42 42 0 -1 4194560 10 0 0 0 250 50 30 20 20 0 1 0 100 1000 10")
	if err != nil {
		t.Fatal(err)
	}
	if want := (times{7, 3 * time.Second, 500 * time.Millisecond}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if _, err := parseTimes("42 (short) S 7"); err == nil {
		t.Error("a short line was read")
	}
}

// TestUsageSeesWork compares what /proc tells before and after some work.
func TestUsageSeesWork(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("there is no /proc on this system, and no figures of CPU either")
	}
	before, sum, begin := cpuOf(os.Getpid()), 0, time.Now()
	for time.Since(begin) < 10*time.Second && cpuOf(os.Getpid())-before < 30*time.Millisecond {
		for i := range 100_000 {
			sum += i
		}
	}
	if cpuOf(os.Getpid())-before < 30*time.Millisecond {
		t.Errorf("no CPU time was seen (%d)", sum)
	}
	if m := memoryOf(os.Getpid()); m.RSS < 1<<20 || m.PeakRSS < m.RSS {
		t.Errorf("memory %+v", m)
	}
}

// TestReportTellsWhatBroke is the exit code and the last line of the table.
func TestReportTellsWhatBroke(t *testing.T) {
	t.Parallel()
	r := &report{Accept: []runFigures{{AcceptedPerSecond: 4000}, {AcceptedPerSecond: 1000}, {AcceptedPerSecond: 3000}}}
	var out strings.Builder
	r.print(&out)
	if r.isBroken() || !strings.Contains(out.String(), "lost 0, doubled 0") {
		t.Errorf("nothing was lost, but:\n%s", out.String())
	}
	if text := out.String(); !strings.Contains(text, "3000  ≥ 3300") || !strings.Contains(text, "(missed)") {
		t.Errorf("the median or its target is not shown:\n%s", text)
	}
	r.Latency = &latencyFigures{Faults: faults{Disordered: 1}}
	if !r.isBroken() {
		t.Error("a message out of order is no reason to fail")
	}
}
