package contact

import (
	"slices"
	"strings"
)

// Search is what somebody typed to find a guest: words, and perhaps a phone number or a
// part of one. Each word must begin a word of the guest; the number must stand in the
// guest's, or its digits begin words.
type Search struct {
	Words  string
	Number string   // as it was typed; empty if there is none
	Phones []string // digits, in each way in which they may be meant
}

// SearchFor reads what was typed. Blanks and punctuation inside a number do not matter,
// nor do the country code, the trunk zero and the ninth digit.
func SearchFor(typed string) Search {
	var s Search
	var words, number []string
	for _, field := range strings.Fields(typed) {
		if isOfNumber(field) {
			number = append(number, field)
		} else {
			words = append(words, field)
		}
	}
	s.Words, s.Number = strings.Join(words, " "), strings.Join(number, " ")
	s.Phones = meantBy(s.Number)
	return s
}

// IsEmpty reports whether nothing was typed.
func (s Search) IsEmpty() bool { return s.Words == "" && s.Number == "" }

// isOfNumber reports whether a field is digits with a phone number's punctuation.
func isOfNumber(field string) bool {
	return strings.Trim(field, "+-().0123456789０１２３４５６７８９") == "" && digits(field) != ""
}

// meantBy lists the digits that a number may stand for in canonical numbers: as they
// are, without zeros in front, and with the ninth digit that was left out.
func meantBy(typed string) []string {
	d := digits(typed)
	if d == "" || len(d) > 2*maxPhoneDigits {
		return nil
	}
	out := []string{d}
	add := func(text string) {
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	bare := strings.TrimLeft(d, "0")
	add(bare)
	add(withNine(bare))
	if rest, ok := strings.CutPrefix(bare, brazil); ok {
		if nine := withNine(rest); nine != "" {
			add(brazil + nine)
		}
	}
	return out
}

// withNine puts the ninth digit behind an area code where the beginning of an old
// mobile number follows; empty where none does.
func withNine(d string) string {
	if len(d) < 3 || len(d) > 10 || !isAreaCode(d[:2]) || d[2] < '6' {
		return ""
	}
	return d[:2] + "9" + d[2:]
}
