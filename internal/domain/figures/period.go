package figures

import (
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Period is a stretch that ends now; the names are the contract's.
type Period string

// The periods. Custom is none of them: somebody named the days.
const (
	Week    Period = "7d"
	Month   Period = "30d"
	Quarter Period = "90d"
	Year    Period = "1y"
	Custom  Period = "custom"
)

// longest is how much a report looks at, at most: two years and what leap days and
// clocks may add.
const longest = 2*366*24*time.Hour + 2*time.Hour

// Window returns the stretch of time that somebody asks about. Days are those of the
// hotel's calendar, and the last one counts whole. Without days it is the period that
// ends now; with one of the two, the period begins or ends there.
func Window(p Period, start, end string, now time.Time, zone *time.Location) (Frame, error) {
	f := Frame{Period: p, To: now, Zone: zone}
	if start != "" || end != "" {
		f.Period = Custom
	}
	if end != "" {
		at, isDay, err := parse(end, zone)
		if err != nil {
			return f, wrong("endDate", "Use a date such as 2026-01-31, or a time such as 2026-01-31T18:00:00Z.")
		}
		if f.To = at; isDay {
			f.To = at.AddDate(0, 0, 1)
		}
	}
	f.From = p.before(f.To)
	if start != "" {
		at, _, err := parse(start, zone)
		if err != nil {
			return f, wrong("startDate", "Use a date such as 2026-01-31, or a time such as 2026-01-31T18:00:00Z.")
		}
		f.From = at
	}
	switch {
	case !f.From.Before(f.To):
		return f, wrong("startDate", "The beginning must lie before the end.")
	case f.To.Sub(f.From) > longest:
		return f, wrong("startDate", "A report looks at two years at most. Choose a later beginning.")
	}
	return f, nil
}

func wrong(path, message string) error {
	return fault.ErrInvalid.With(fault.Detail{Path: path, Message: message})
}

// before is where a period begins that ends at a moment.
func (p Period) before(end time.Time) time.Time {
	switch p {
	case Week:
		return end.AddDate(0, 0, -7)
	case Quarter:
		return end.AddDate(0, 0, -90)
	case Year:
		return end.AddDate(-1, 0, 0)
	default:
		return end.AddDate(0, 0, -30)
	}
}

// layouts are the forms of a moment: with its offset, or by the hotel's clock. Spaces
// stand for a plus sign that nobody escaped.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04"}

func parse(text string, zone *time.Location) (at time.Time, isDay bool, err error) {
	text = strings.Replace(text, " ", "+", 1)
	for _, layout := range layouts {
		if at, err = time.ParseInLocation(layout, text, zone); err == nil {
			return within(at, false)
		}
	}
	if at, err = time.ParseInLocation(time.DateOnly, text, zone); err != nil {
		return at, false, err
	}
	return within(at, true)
}

// within keeps out years that no calendar of a database can hold.
func within(at time.Time, isDay bool) (time.Time, bool, error) {
	if y := at.Year(); y < 2000 || y > 2200 {
		return at, isDay, fault.ErrInvalid
	}
	return at, isDay, nil
}

// Dates lists the days of the hotel's calendar that a frame touches, the first one
// first.
func (f Frame) Dates() []string {
	var out []string
	last := f.To.Add(-time.Nanosecond).In(f.Zone).Format(time.DateOnly)
	from := f.From.In(f.Zone)
	for day := time.Date(from.Year(), from.Month(), from.Day(), 12, 0, 0, 0, time.UTC); ; day = day.AddDate(0, 0, 1) {
		text := day.Format(time.DateOnly)
		out = append(out, text)
		if text >= last {
			return out
		}
	}
}
