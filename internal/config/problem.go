package config

import (
	"errors"
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a setting. It never holds the value of a secret.
type Problem struct {
	Variable string // JWT_SECRET
	Wrong    string // is 7 characters long
	Fix      string // at least 32 random characters
}

func (p Problem) String() string {
	return fmt.Sprintf("%s %s; set %s", p.Variable, p.Wrong, p.Fix)
}

// Error is the error that Load returns: everything that is wrong, in the order of the settings.
type Error []Problem

func (e Error) Error() string {
	var text strings.Builder
	text.WriteString("the settings are not right:")
	for _, problem := range e {
		text.WriteString("\n  " + problem.String())
	}
	return text.String()
}

// A fault is the middle of a problem's sentence, as a parser of a value finds it: "has a wrong value: … is not a port".
// The loader adds the variable and the fix.
type fault string

func (f fault) Error() string { return string(f) }

func wrongf(format string, args ...any) error {
	return fault("has a wrong value: " + fmt.Sprintf(format, args...))
}

// quote shows a value that is no secret, shortened, because anything may have been pasted by mistake.
func quote(value string) string {
	const most = 60
	if runes := []rune(value); len(runes) > most {
		value = string(runes[:most]) + "…"
	}
	return fmt.Sprintf("%q", value)
}

// each takes a joined error apart, so that every bad item of a list is its own problem.
func each(err error) []error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		return joined.Unwrap()
	}
	return []error{err}
}

// splitList cuts a comma list into its items, without blanks around them and without empty ones.
func splitList(text string) []string {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
