package figures_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/figures"
	"github.com/botreserva/botreserva/internal/domain/tenant"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestWindow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)
	local := zone(t, "America/Sao_Paulo") // three hours behind
	for name, c := range map[string]struct {
		period     figures.Period
		start, end string
		from, to   string
	}{
		"a week":                      {"7d", "", "", "2026-11-16T15:30:00Z", "2026-11-23T15:30:00Z"},
		"a month":                     {"30d", "", "", "2026-10-24T15:30:00Z", "2026-11-23T15:30:00Z"},
		"a quarter":                   {"90d", "", "", "2026-08-25T15:30:00Z", "2026-11-23T15:30:00Z"},
		"a calendar year":             {"1y", "", "", "2025-11-23T15:30:00Z", "2026-11-23T15:30:00Z"},
		"days of the hotel":           {"30d", "2026-01-01", "2026-01-31", "2026-01-01T03:00:00Z", "2026-02-01T03:00:00Z"},
		"one day":                     {"30d", "2026-01-31", "2026-01-31", "2026-01-31T03:00:00Z", "2026-02-01T03:00:00Z"},
		"since a day":                 {"30d", "2026-11-01", "", "2026-11-01T03:00:00Z", "2026-11-23T15:30:00Z"},
		"a period that ends at a day": {"7d", "", "2026-01-31", "2026-01-25T03:00:00Z", "2026-02-01T03:00:00Z"},
		"moments of JavaScript":       {"30d", "2026-01-01T00:00:00.000Z", "2026-01-02T12:30:00.000Z", "2026-01-01T00:00:00Z", "2026-01-02T12:30:00Z"},
		"moments with an offset":      {"30d", "2026-01-01T00:00:00+02:00", "2026-01-02T00:00:00 02:00", "2025-12-31T22:00:00Z", "2026-01-01T22:00:00Z"},
		"moments of the hotel":        {"30d", "2026-01-01T08:00", "2026-01-01T18:00:30", "2026-01-01T11:00:00Z", "2026-01-01T21:00:30Z"},
		"two years":                   {"30d", "2024-02-01", "2026-01-31", "2024-02-01T03:00:00Z", "2026-02-01T03:00:00Z"},
		"two years of the leap":       {"30d", "2023-03-01", "2025-03-01", "2023-03-01T03:00:00Z", "2025-03-02T03:00:00Z"},
	} {
		f, err := figures.Window(c.period, c.start, c.end, now, local)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if from, to := f.From.UTC().Format(time.RFC3339), f.To.UTC().Format(time.RFC3339); from != c.from || to != c.to {
			t.Errorf("%s: %s to %s, want %s to %s", name, from, to, c.from, c.to)
		}
		if isCustom := c.start+c.end != ""; (f.Period == figures.Custom) != isCustom {
			t.Errorf("%s: period %s", name, f.Period)
		}
		if f.From.Sub(f.Before()) != f.To.Sub(f.From) {
			t.Errorf("%s: the stretch before is not as long", name)
		}
	}
	for name, c := range map[string][2]string{
		"no date":            {"yesterday", ""},
		"no such day":        {"2026-02-30", ""},
		"no such month":      {"", "2026-13-01"},
		"end before":         {"2026-02-01", "2026-01-01"},
		"end at beginning":   {"2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
		"the future":         {"2027-01-01", ""},
		"three years":        {"2023-01-01", "2026-01-01"},
		"two years and more": {"2024-01-01", "2026-01-06"},
		"year one":           {"0001-01-01", "0001-01-02"},
		"year 9999":          {"9999-01-01", "9999-01-02"},
		"a number":           {"1767225600000", ""},
	} {
		if _, err := figures.Window(figures.Month, c[0], c[1], now, local); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzWindow: whatever is typed is a stretch of two years at most, or refused.
func FuzzWindow(f *testing.F) {
	f.Add("7d", "2026-01-01", "2026-01-31T10:00:00Z")
	f.Add("", "", "2200-12-31")
	f.Add("1y", "2000-01-01T00:00", " ")
	f.Fuzz(func(t *testing.T, period, start, end string) {
		frame, err := figures.Window(figures.Period(period), start, end, time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC), time.FixedZone("", 5*3600+1800))
		if err != nil {
			return
		}
		if length := frame.To.Sub(frame.From); length <= 0 || length > 2*367*24*time.Hour {
			t.Errorf("%s long", length)
		}
		if n := len(frame.Dates()); n == 0 || n > 2*367 {
			t.Errorf("%d dates", n)
		}
	})
}

func TestDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, start, end string
		want             []string
	}{
		{"America/Sao_Paulo", "2026-02-27", "2026-03-01", []string{"2026-02-27", "2026-02-28", "2026-03-01"}},
		{"America/Sao_Paulo", "2026-01-01T23:00:00Z", "2026-01-02T03:00:00Z", []string{"2026-01-01"}},
		{"America/Sao_Paulo", "2026-01-01T23:00:00Z", "2026-01-02T03:00:01Z", []string{"2026-01-01", "2026-01-02"}},
		{"Europe/Lisbon", "2026-03-28", "2026-03-30", []string{"2026-03-28", "2026-03-29", "2026-03-30"}}, // a day of 23 hours
		{"Asia/Kolkata", "2026-01-01T18:30:00Z", "2026-01-02T18:30:00Z", []string{"2026-01-02"}},
	} {
		f, err := figures.Window(figures.Month, c.start, c.end, time.Now(), zone(t, c.zone))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, f.Dates()); diff != "" {
			t.Errorf("%s to %s: %s", c.start, c.end, diff)
		}
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		count, of, whole int
		percent          float64
	}{{0, 0, 0, 0}, {0, 7, 0, 0}, {1, 3, 33, 33.3}, {2, 3, 67, 66.7}, {1, 8, 13, 12.5}, {7, 7, 100, 100}, {1, 2000, 0, 0.1}} {
		s := figures.Share{Count: c.count, Of: c.of}
		if s.Whole() != c.whole || s.Percent() != c.percent {
			t.Errorf("%d of %d: %d %%, %v %%", c.count, c.of, s.Whole(), s.Percent())
		}
	}
	for _, c := range [][3]int{{0, 0, 0}, {5, 0, 0}, {5, 5, 0}, {6, 5, 20}, {4, 5, -20}, {0, 5, -100}, {1, 3, -67}, {41, 40, 3}, {39, 40, -2}} {
		if got := figures.Change(c[0], c[1]); got != c[2] {
			t.Errorf("from %d to %d: %d %%, want %d", c[1], c[0], got, c[2])
		}
	}
}

// TestClockwork: counting by slots says the same as looking at every conversation's
// beginning, whatever the business hours are.
func TestClockwork(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var hours tenant.Hours
		for day := range hours {
			from := rapid.IntRange(0, tenant.DayLength).Draw(t, "from")
			hours[day] = tenant.Span{From: from, To: rapid.IntRange(from, tenant.DayLength).Draw(t, "to")}
		}
		grain := figures.Grain(hours)
		if grain < 1 || 60%grain != 0 {
			t.Fatalf("slots of %d minutes", grain)
		}
		slots, inside, byHour := map[int]int{}, 0, [24]int{}
		minutes := rapid.SliceOf(rapid.IntRange(0, 7*tenant.DayLength-1)).Draw(t, "minutes")
		sunday := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
		for _, minute := range minutes {
			slots[minute/grain]++
			at := sunday.Add(time.Duration(minute) * time.Minute)
			byHour[at.Hour()]++
			if hours.Open(at) {
				inside++
			}
		}
		c := figures.ClockworkOf(hours, slots)
		if c.Total != len(minutes) || c.Inside != inside || c.Hours != byHour {
			t.Fatalf("%+v of %d, %d inside", c, len(minutes), inside)
		}
	})
	c := figures.ClockworkOf(tenant.DefaultHours(), map[int]int{8: 3, 24 + 18: 2})
	if c.Opening != 8 || c.Closing != 18 || !c.AtDesk[8] || c.AtDesk[18] || c.AtDesk[7] || c.Inside != 3 || c.Days[1] != 2 || c.Outside().Whole() != 40 {
		t.Errorf("%+v", c)
	}
	if never := figures.ClockworkOf(tenant.Hours{}, nil); never.Opening != 0 || never.Closing != 0 || never.AtDesk != [24]bool{} {
		t.Errorf("a hotel without business hours: %+v", never)
	}
}
