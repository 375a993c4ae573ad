package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Limit is a rate limit: Count events in each Window, or none when Count is 0 ("off").
type Limit struct {
	Count  int
	Window time.Duration
}

const (
	mostEvents    = 1_000_000
	longestWindow = 24 * time.Hour
)

// Off reports whether there is no limit.
func (l Limit) Off() bool { return l.Count == 0 }

// String writes the limit as it is set: 5/15m, or off.
func (l Limit) String() string {
	if l.Off() {
		return "off"
	}
	window := l.Window.String() // 15m0s, 1h0m0s
	if strings.HasSuffix(window, "m0s") {
		window = strings.TrimSuffix(window, "0s")
	}
	if strings.HasSuffix(window, "h0m") {
		window = strings.TrimSuffix(window, "0m")
	}
	return fmt.Sprintf("%d/%s", l.Count, window)
}

// MarshalText writes the limit as it is set.
func (l Limit) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads "count/window" with 1 to a million events in 1 s to 24 h, or "off". 0 events are refused: whether
// that means everything or nothing is anybody's guess.
func (l *Limit) UnmarshalText(text []byte) error {
	value := string(text)
	if strings.EqualFold(value, "off") {
		*l = Limit{}
		return nil
	}
	count, window, found := strings.Cut(value, "/")
	if !found {
		return wrongf("%s is not count/window", quote(value))
	}
	n, err := strconv.Atoi(strings.TrimSpace(count))
	if err != nil || n < 1 || n > mostEvents {
		return wrongf("%s does not begin with a count from 1 to %d", quote(value), mostEvents)
	}
	d, err := time.ParseDuration(strings.TrimSpace(window))
	if err != nil || d < time.Second || d > longestWindow {
		return wrongf("%s does not end with a window from 1s to 24h", quote(value))
	}
	*l = Limit{Count: n, Window: d}
	return nil
}
