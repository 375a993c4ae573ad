package content_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/domain/content"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"nothing":               {" \n\n ", nil},
		"one paragraph":         {"Olá!\nTudo bem?", []string{"Olá!\nTudo bem?"}},
		"paragraphs":            {"Olá, Ana!\r\n\r\nTemos quartos. \n \n\n Quer ver?", []string{"Olá, Ana!", "Temos quartos.", "Quer ver?"}},
		"a link stays whole":    {"Veja:\n\nhttps://hotel.example/a-b?c=d.e\n\nAté logo", []string{"Veja:", "https://hotel.example/a-b?c=d.e", "Até logo"}},
		"a list stays whole":    {"Temos:\n\n- Luxo\n\n- Família\n- Solteiro\n\nQual?", []string{"Temos:\n\n- Luxo\n\n- Família\n- Solteiro", "Qual?"}},
		"numbers are a list":    {"Escolha\n1. Sim\n\n2. Não\n\nObrigado", []string{"Escolha\n1. Sim\n\n2. Não", "Obrigado"}},
		"an address is no list": {"Estamos na rua:\n\n1200 metros da praia", []string{"Estamos na rua:", "1200 metros da praia"}},
		"the shortest are put together": {
			"um\n\ndois dois dois\n\ntrês três três\n\n4\n\n5\n\nseis seis seis",
			[]string{"um", "dois dois dois", "três três três", "4\n\n5", "seis seis seis"},
		},
	} {
		if got := content.Split(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Whatever is written, nothing but white space gets lost, no message is empty, and there are
// at most five.
func TestSplitLosesNothing(t *testing.T) {
	t.Parallel()
	squeezed := func(text string) string { return strings.Join(strings.Fields(text), "") }
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "- b", "1. c", "https://d.example/e", "\n", "\n\n", " \n\t\n", ":", "é"})).Draw(t, "text"), "")
		bubbles := content.Split(text)
		if len(bubbles) > content.MaxBubbles || squeezed(strings.Join(bubbles, "")) != squeezed(text) {
			t.Fatalf("%q became %q", text, bubbles)
		}
		for _, b := range bubbles {
			if strings.TrimSpace(b) == "" {
				t.Fatalf("%q has an empty one: %q", text, bubbles)
			}
		}
	})
}

func TestTypingTime(t *testing.T) {
	t.Parallel()
	for length, want := range map[int]time.Duration{0: time.Second, 20: time.Second, 50: 2 * time.Second, 150: 6 * time.Second, 4096: 6 * time.Second} {
		if got := content.TypingTime(strings.Repeat("ã", length)); got != want {
			t.Errorf("%d characters: %s, want %s", length, got, want)
		}
	}
}
