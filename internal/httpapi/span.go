package httpapi

import (
	"time"
)

// spanOf reads the beginning and the end of a list: days, of which the last is
// included, or times. What is not given is the zero time.
func spanOf(start, end string, zone *time.Location) (from, until time.Time, err error) {
	if from, err = momentOf("startDate", start, zone, 0); err != nil {
		return from, until, err
	}
	if until, err = momentOf("endDate", end, zone, 1); err != nil {
		return from, until, err
	}
	if !from.IsZero() && !until.IsZero() && until.Before(from) {
		return from, until, wrongField("endDate", "The end is before the beginning.")
	}
	return from, until, nil
}

// momentOf reads a time, or a day as its beginning so many days later.
func momentOf(field, text string, zone *time.Location, days int) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return day.AddDate(0, 0, days), inCalendar(field, day)
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, wrongField(field, "Use a day as 2026-01-31, or a time as 2026-01-31T12:00:00Z.")
	}
	return at, inCalendar(field, at)
}

// inCalendar refuses what the database cannot keep.
func inCalendar(field string, at time.Time) error {
	if at.Year() < 1970 || at.Year() > 9998 {
		return wrongField(field, "The year is far from any that we know of.")
	}
	return nil
}
