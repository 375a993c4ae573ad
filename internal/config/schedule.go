package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// TimeOfDay is when something is done every day, or never ("off").
type TimeOfDay struct {
	After time.Duration // midnight
	Off   bool
}

// String writes the time as it is set: 03:30, or off.
func (t TimeOfDay) String() string {
	if t.Off {
		return "off"
	}
	return fmt.Sprintf("%02d:%02d", int(t.After.Hours()), int(t.After.Minutes())%60)
}

// MarshalText writes the time as it is set.
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads 03:30, or off.
func (t *TimeOfDay) UnmarshalText(text []byte) error {
	if strings.EqualFold(string(text), "off") {
		*t = TimeOfDay{Off: true}
		return nil
	}
	at, err := time.Parse("15:04", string(text))
	if err != nil {
		return wrongf("%s is not a time of day", quote(string(text)))
	}
	*t = TimeOfDay{After: time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute}
	return nil
}

// Kept says of how many days, weeks and months one backup each is kept.
type Kept struct{ Days, Weeks, Months int }

// String writes the numbers as they are set: 7d4w6m.
func (k Kept) String() string { return fmt.Sprintf("%dd%dw%dm", k.Days, k.Weeks, k.Months) }

// MarshalText writes the numbers as they are set.
func (k Kept) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

var keptText = regexp.MustCompile(`^([1-9]\d{0,3})d(?:(\d{1,3})w)?(?:(\d{1,3})m)?$`)

// UnmarshalText reads 7d4w6m. Days cannot be left out: nobody keeps a monthly backup alone.
func (k *Kept) UnmarshalText(text []byte) error {
	parts := keptText.FindStringSubmatch(string(text))
	if parts == nil {
		return wrongf("%s does not say days, weeks and months", quote(string(text)))
	}
	for i, into := range []*int{&k.Days, &k.Weeks, &k.Months} {
		*into, _ = strconv.Atoi(parts[i+1]) // left out: 0
	}
	return nil
}
