package tenant

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // hotels name time zones that the machine may not know

	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Hours is when a hotel's people answer, for each day of the week, Sunday first.
type Hours [7]Span

// Span is a part of a day, in minutes from midnight; one that ends where it begins is
// empty. Midnight at the end of the day is 1440.
type Span struct{ From, To int }

// DayLength is how many minutes a day has.
const DayLength = 24 * 60

// Refusals of times.
var (
	ErrBadHours    = fault.New(fault.Invalid, "business_hours_invalid", "Business hours are from and to of each day, such as 08:00 and 18:00; the end is after the beginning, and 24:00 at the latest.")
	ErrBadTimeZone = fault.New(fault.Invalid, "time_zone_invalid", "Use the name of a time zone, such as America/Sao_Paulo.")
)

// DefaultHours are those of hotels that did not say: eight to six, every day.
func DefaultHours() Hours {
	var h Hours
	for i := range h {
		h[i] = Span{8 * 60, 18 * 60}
	}
	return h
}

// Open reports whether the hotel's people answer at a moment, which is in the hotel's
// time zone.
func (h Hours) Open(local time.Time) bool {
	minute := local.Hour()*60 + local.Minute()
	day := h[local.Weekday()]
	return minute >= day.From && minute < day.To
}

// ParseSpan reads a part of a day as people write it: "08:00", "18:00".
func ParseSpan(from, to string) (Span, error) {
	begin, okBegin := minutes(from)
	end, okEnd := minutes(to)
	if !okBegin || !okEnd || end <= begin {
		return Span{}, ErrBadHours
	}
	return Span{begin, end}, nil
}

// minutes reads "HH:MM"; "24:00" is the end of the day.
func minutes(text string) (int, bool) {
	hours, rest, ok := strings.Cut(text, ":")
	if !ok || len(hours) != 2 || len(rest) != 2 {
		return 0, false
	}
	h, errH := strconv.ParseUint(hours, 10, 8)
	m, errM := strconv.ParseUint(rest, 10, 8)
	total := int(h)*60 + int(m)
	return total, errH == nil && errM == nil && m < 60 && total <= DayLength
}

// IsEmpty reports whether the day is closed.
func (s Span) IsEmpty() bool { return s.To <= s.From }

// Texts writes a span as people do.
func (s Span) Texts() (from, to string) { return clockTime(s.From), clockTime(s.To) }

func clockTime(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// CheckTimeZone refuses names of time zones that there are not. "Local" would be the
// server's.
func CheckTimeZone(name string) error {
	if name == "" || name == "Local" || len(name) > 64 {
		return ErrBadTimeZone
	}
	if _, err := time.LoadLocation(name); err != nil {
		return ErrBadTimeZone
	}
	return nil
}

// Location returns the hotel's time zone; UTC if it has none that is known here.
func (t Tenant) Location() *time.Location {
	l, err := time.LoadLocation(t.TimeZone)
	if err != nil || t.TimeZone == "Local" {
		return time.UTC
	}
	return l
}
