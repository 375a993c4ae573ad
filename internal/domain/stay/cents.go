package stay

import (
	"fmt"
	"strconv"
	"strings"
)

// Cents is a sum of money in hundredths.
type Cents int64

// maxCents keeps sums of stays far from where they would not fit.
const maxCents = 1_000_000_000_00

// MarshalJSON implements json.Marshaler: 450.50.
func (c Cents) MarshalJSON() ([]byte, error) {
	return []byte(c.String()), nil
}

// String writes the sum with a point.
func (c Cents) String() string { return fmt.Sprintf("%d.%02d", int64(c)/100, int64(c)%100) }

// UnmarshalJSON implements json.Unmarshaler: a number, or a text as people write it.
func (c *Cents) UnmarshalJSON(data []byte) error {
	parsed, ok := ParseCents(strings.Trim(string(data), `"`))
	if !ok {
		return fmt.Errorf("%.20q is no sum of money", data)
	}
	*c = parsed
	return nil
}

// ParseCents reads a sum: 450, 450.5, 450,50, 1.234,56, 1,234.56, R$ 450.
func ParseCents(text string) (Cents, bool) {
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "R$"))
	whole, part := text, ""
	if at := strings.LastIndexAny(text, ".,"); at >= 0 && len(text)-at-1 <= 2 {
		whole, part = text[:at], text[at+1:]
	}
	whole = strings.NewReplacer(".", "", ",", "", " ", "", "\u00a0", "").Replace(whole)
	part = (part + "00")[:2]
	n, err := strconv.ParseUint(whole+part, 10, 63)
	if err != nil || whole == "" || n > maxCents {
		return 0, false
	}
	return Cents(n), true
}
