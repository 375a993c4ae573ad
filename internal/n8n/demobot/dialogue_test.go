package demobot

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// line is one message of the guest and what must come back: a part of the text, and the reason when a person is called.
type line struct {
	says, kind   string
	want, reason string
	not          string
}

func TestDialogue(t *testing.T) {
	t.Parallel()
	for name, story := range map[string][]line{
		"greeting and menu": {
			{says: "oi", want: "Olá, Ana! 👋"}, {says: "oi", want: "*4* – Falar com um atendente", not: "Olá, Ana"},
		},
		"every choice of the menu": {
			{says: "bom dia", want: "*1* – Tarifas"},
			{says: "1", want: "R$ 420"},
			{says: "2", want: "7h às 10h30"},
			{says: "3", want: "datas de entrada"},
			{says: "menu", want: "*3* – Fazer uma reserva"},
			{says: "4", want: "chamar alguém", reason: userRequested},
		},
		"the first message is already a question": {
			{says: "tem piscina e aceita cachorro?", want: "piscina aquecida"},
			{says: "e estacionamento?", want: "uma vaga por quarto"},
			{says: "que horas é o check-in?", want: "14h"},
			{says: "Wi-Fi?", want: "gratuito em todo"},
		},
		"two questions in one": {
			{says: "oi"}, {says: "aceitam pet? tem garagem?", want: "Pets de até"}, {says: "aceitam pet? tem garagem?", want: "estacionamento gratuito"},
		},
		"a booking, step by step": {
			{says: "oi"},
			{says: "quero fazer uma reserva", want: "datas de entrada"},
			{says: "10 a 12 de dezembro", want: "quantas pessoas"},
			{says: "2", want: "👥 2", reason: salesOpportunity},
		},
		"a booking in one sentence": {
			{says: "Quero reservar de 10 a 12 de dezembro para 2 pessoas", want: "10 a 12 de dezembro", reason: salesOpportunity},
		},
		"a booking with the people first": {
			{says: "tem disponibilidade para um casal?", want: "datas de entrada"},
			{says: "de 3/1 a 8/1", want: "👥 casal", reason: salesOpportunity},
		},
		"a question in the middle of a booking": {
			{says: "3"},
			{says: "3", want: "datas"},
			{says: "a piscina é aquecida?", want: "piscina aquecida"},
			{says: "e o estacionamento?", want: "datas"},
			{says: "sexta a domingo", want: "quantas pessoas"},
			{says: "quanto custa?", want: "R$ 420"},
			{says: "eu e minha família", want: "Perfeito", reason: salesOpportunity},
		},
		"a booking that is not understood": {
			{says: "reserva"},
			{says: "então, não sei bem", want: "Não consegui entender as datas"},
			{says: "quando for mais em conta", want: "quantas pessoas"},
			{says: "depende", want: "só com o número"},
			{says: "depende mesmo", want: "👥 depende mesmo", reason: salesOpportunity},
		},
		"leaving a booking": {
			{says: "reserva"}, {says: "cancela", want: "Como posso ajudar"}, {says: "2", want: "7h às 10h30"},
		},
		"a person, out of a booking": {
			{says: "reserva"}, {says: "prefiro falar com um atendente", want: "chamar alguém", reason: userRequested},
		},
		"people who are no wish for a person": {
			{says: "oi"}, {says: "quanto fica para 1 pessoa?", want: "R$ 420"},
		},
		"a complaint": {
			{says: "o quarto estava sujo e o atendente foi grosso", want: "Sinto muito", reason: complaint},
		},
		"moving a booking": {
			{says: "preciso cancelar minha reserva", want: "Alterações de reserva", reason: complexQuery},
		},
		"what a bot can neither see nor hear": {
			{says: "oi"},
			{kind: "sticker", want: "Adorei"},
			{kind: "location", want: "localização"},
			{kind: "audio", want: "vai ouvir", reason: aiUnable},
		},
		"a photo": {{kind: "image", want: "vai olhar", reason: aiUnable}},
		"never understood": {
			{says: "oi"},
			{says: "xyz", want: "não entendi"},
			{says: "abc", want: "não entendi"},
			{says: "qwe", want: "não estou conseguindo", reason: aiUnable},
		},
		"understood in between": {
			{says: "oi"},
			{says: "xyz", want: "não entendi"},
			{says: "piscina", want: "aquecida"},
			{says: "xyz", want: "não entendi"},
			{says: "", want: "não entendi"},
		},
		"thanks and good-bye": {
			{says: "oi"}, {says: "muito obrigada!", want: "Por nada"}, {says: "obrigada, tchau", want: "Até logo"},
		},
		"a tap on a button": {{says: "oi"}, {kind: "button_reply", says: "Falar com atendente", want: "chamar alguém", reason: userRequested}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var now talk
			for i, l := range story {
				if l.kind == "" {
					l.kind = "text"
				}
				got := now.hear(heard{kind: l.kind, text: l.says, name: "Ana Souza"})
				checkLine(t, i, l, got)
				now = got.next
			}
		})
	}
}

func checkLine(t *testing.T, i int, l line, got reply) {
	t.Helper()
	if !strings.Contains(got.says, l.want) {
		t.Errorf("%d: to %q the bot says %q, want %q in it", i, l.says, got.says, l.want)
	}
	if l.not != "" && strings.Contains(got.says, l.not) {
		t.Errorf("%d: to %q the bot says %q", i, l.says, got.says)
	}
	reason := ""
	if got.call != nil {
		reason = got.call.reason
	}
	if reason != l.reason {
		t.Errorf("%d: to %q the bot calls a person for %q, want %q", i, l.says, reason, l.reason)
	}
}

func TestDialogueBeginsAnew(t *testing.T) {
	t.Parallel()
	old := talk{step: peopleNext, met: true, dates: "10 a 12"}
	got := old.hear(heard{kind: "text", text: "2", name: "Ana", isNew: true})
	if got.call != nil || !strings.Contains(got.says, "Olá, Ana") || !strings.Contains(got.says, "café da manhã") {
		t.Errorf("a new conversation goes on with an old booking: %q", got.says)
	}
}

func TestHello(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Ana Souza":              "Olá, Ana! 👋 Sou a assistente virtual do(a) Pousada do Mar.",
		"":                       "Olá! 👋 Sou a assistente virtual do(a) Pousada do Mar.",
		strings.Repeat("a", 300): "Olá! 👋 Sou a assistente virtual do(a) Pousada do Mar.",
	} {
		if got := hello(name, "Pousada do Mar"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := hello("Ana", ""); got != "Olá, Ana! 👋 Sou a assistente virtual do nosso hotel." {
		t.Errorf("got %q", got)
	}
}

// Whatever a guest writes: there is an answer, it fits into a WhatsApp message, and nothing is invalid text.
func TestDialogueAlwaysAnswers(t *testing.T) {
	t.Parallel()
	kinds := []string{"text", "text", "text", "audio", "image", "sticker", "location", "list", "whatever"}
	words := rapid.SampledFrom([]string{"oi", "1", "3", "4", "reserva", "10 a 12", "2 pessoas", "piscina", "menu", "xyz", "cancelar", "tchau", "", "é"})
	rapid.Check(t, func(t *rapid.T) {
		var now talk
		for range rapid.IntRange(1, 12).Draw(t, "messages") {
			text := rapid.OneOf(words, rapid.String()).Draw(t, "text")
			got := now.hear(heard{kind: rapid.SampledFrom(kinds).Draw(t, "kind"), text: text, name: rapid.String().Draw(t, "name")})
			if n := utf8.RuneCountInString(got.says); n == 0 || n > 4096 || !utf8.ValidString(got.says) {
				t.Fatalf("to %q the bot says %q", text, got.says)
			}
			if got.call != nil && (utf8.RuneCountInString(got.call.detail) > 500 || got.call.reason == "") {
				t.Fatalf("to %q the bot calls with %+v", text, got.call)
			}
			now = got.next
		}
	})
}
