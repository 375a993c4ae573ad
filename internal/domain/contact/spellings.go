package contact

import "strings"

// Spellings lists how WhatsApp may write the number: a Brazilian mobile also without its
// ninth digit.
func (p Phone) Spellings() []string {
	d := string(p)
	if d == "" {
		return nil
	}
	if rest, isBrazil := strings.CutPrefix(d, "55"); isBrazil && len(rest) == 11 && rest[2] == '9' {
		return []string{d, "55" + rest[:2] + rest[3:]}
	}
	return []string{d}
}
