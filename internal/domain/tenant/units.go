package tenant

import (
	"strings"
	"unicode/utf8"

	"github.com/botreserva/botreserva/internal/domain/fault"
)

const (
	maxUnits    = 100
	maxUnitName = 100
)

// Refusals of units.
var (
	ErrBadUnits    = fault.New(fault.Invalid, "units_invalid", "A hotel has at most 100 units, each with a name of its own of 1 to 100 characters. Accents, case and spaces do not tell names apart.")
	ErrUnitUnknown = fault.New(fault.Invalid, "unit_unknown", "The hotel has no such unit. Add it to the hotel first.")
	ErrUnitUsed    = fault.New(fault.Conflict, "unit_in_use", "Users or conversations that go on belong to this unit. Move them to another first, or rename the unit.")
)

// CleanUnits trims the names of units and refuses lists in which one is no name, or
// the same as another.
func CleanUnits(names []string) ([]string, error) {
	if len(names) > maxUnits {
		return nil, ErrBadUnits
	}
	clean, seen := make([]string, 0, len(names)), map[string]bool{}
	for _, name := range names {
		name = strings.TrimSpace(name)
		folded := Fold(name)
		if folded == "" || seen[folded] || utf8.RuneCountInString(name) > maxUnitName || strings.ContainsFunc(name, isControl) {
			return nil, ErrBadUnits
		}
		seen[folded] = true
		clean = append(clean, name)
	}
	return clean, nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }
