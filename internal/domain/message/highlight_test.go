package message_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/domain/message"
)

func TestHighlight(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a palavra ", 40)
	for name, c := range map[string]struct {
		text, typed string
		stems       []string
		want        string // marked words in brackets
	}{
		"forms of a word":      {"Quero a Reservação, as reservas.", "reserva", []string{"reserv"}, "Quero a [Reservação], as [reservas]."},
		"accents in the stem":  {"avião AVIÕES", "x", []string{"avi"}, "[avião] [AVIÕES]"},
		"combined accents":     {"cafe\u0301!", "cafe", nil, "[cafe\u0301]!"},
		"the beginning":        {"piscina", "pisc", nil, "[piscina]"},
		"too short a word":     {"piscina", "pi", nil, "piscina"},
		"emoji before it":      {"🏖️ praia", "praia", nil, "🏖️ [praia]"},
		"nothing found":        {"Bom dia", "noite", nil, "Bom dia"},
		"nothing at all":       {"", "noite", nil, ""},
		"late in a long text":  {long + "piscina " + long, "piscina", nil, "…a palavra a palavra a palavra a palavra [piscina] " + long[:112] + "…"},
		"early in a long text": {"piscina " + long, "piscina", nil, "[piscina] " + long[:152] + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			snippet, marks := message.NewHighlighter(c.stems, c.typed).Show(c.text)
			if got := bracketed(snippet, marks); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func bracketed(text string, marks []message.Mark) string {
	units, at := utf16.Encode([]rune(text)), 0
	var b strings.Builder
	for _, m := range marks {
		b.WriteString(string(utf16.Decode(units[at:m.Start])))
		at = m.Start + m.Length
		b.WriteString("[" + string(utf16.Decode(units[m.Start:at])) + "]")
	}
	return b.String() + string(utf16.Decode(units[at:]))
}

// TestHighlightStaysInside: whatever people write, marks are inside what is shown, in
// order, and never empty.
func TestHighlightStaysInside(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		text, typed := rapid.String().Draw(r, "text"), rapid.String().Draw(r, "typed")
		if rapid.Bool().Draw(r, "long") {
			text = strings.Repeat(text, 50)
		}
		snippet, marks := message.NewHighlighter(strings.Fields(typed), typed).Show(text)
		end, length := 0, len(utf16.Encode([]rune(snippet)))
		for _, m := range marks {
			if m.Start < end || m.Length < 1 || m.Start+m.Length > length {
				r.Fatalf("mark %v in %q of %d", m, snippet, length)
			}
			end = m.Start + m.Length
		}
		if len([]rune(snippet)) > 162 {
			r.Fatalf("%d characters are shown", len([]rune(snippet)))
		}
	})
}
