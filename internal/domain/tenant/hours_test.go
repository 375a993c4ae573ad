package tenant_test

import (
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/tenant"
)

func TestParseSpan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to string
		want     tenant.Span
		ok       bool
	}{
		{"08:00", "18:00", tenant.Span{From: 480, To: 1080}, true},
		{"00:00", "24:00", tenant.Span{From: 0, To: 1440}, true},
		{"23:59", "24:00", tenant.Span{From: 1439, To: 1440}, true},
		{"24:00", "24:00", tenant.Span{}, false},
		{"08:00", "08:00", tenant.Span{}, false},
		{"08:00", "24:01", tenant.Span{}, false},
		{"08:60", "09:00", tenant.Span{}, false},
		{"8:00", "18:00", tenant.Span{}, false},
		{"-1:00", "18:00", tenant.Span{}, false},
		{"+8:00", "18:00", tenant.Span{}, false},
		{"", "", tenant.Span{}, false},
	} {
		got, err := tenant.ParseSpan(c.from, c.to)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("%s to %s: %+v, %v", c.from, c.to, got, err)
		}
		if from, to := got.Texts(); c.ok && (from != c.from || to != c.to) {
			t.Errorf("written as %s to %s", from, to)
		}
	}
}

func TestHoursOpen(t *testing.T) {
	t.Parallel()
	h := tenant.DefaultHours()
	h[time.Sunday] = tenant.Span{}
	h[time.Friday] = tenant.Span{From: 0, To: tenant.DayLength}
	for text, want := range map[string]bool{
		"2026-11-23T07:59:59-03:00": false, "2026-11-23T08:00:00-03:00": true, "2026-11-23T17:59:59-03:00": true, "2026-11-23T18:00:00-03:00": false,
		"2026-11-22T12:00:00-03:00": false, "2026-11-27T23:59:59-03:00": true,
	} {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil || h.Open(at) != want {
			t.Errorf("%s: open %v, %v", text, h.Open(at), err)
		}
	}
}

// TestMayWork: who may use the product, and when a trial is over.
func TestMayWork(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		of   tenant.Tenant
		want error
	}{
		"active":                 {tenant.Tenant{Status: tenant.Active}, nil},
		"active, trial is past":  {tenant.Tenant{Status: tenant.Active, TrialEnds: now.Add(-time.Hour)}, nil},
		"trial without end":      {tenant.Tenant{Status: tenant.Trial}, nil},
		"trial for a moment yet": {tenant.Tenant{Status: tenant.Trial, TrialEnds: now.Add(1)}, nil},
		"trial is over":          {tenant.Tenant{Status: tenant.Trial, TrialEnds: now}, tenant.ErrTrialEnded},
		"suspended":              {tenant.Tenant{Status: tenant.Suspended}, tenant.ErrSuspended},
		"cancelled":              {tenant.Tenant{Status: tenant.Cancelled}, tenant.ErrSuspended},
		"nonsense":               {tenant.Tenant{}, tenant.ErrSuspended},
	} {
		if got := c.of.MayWork(now); got != c.want { //nolint:errorlint // which of our own it is
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
