package demobot

import "testing"

func TestPlain(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Olá, TUDO bem?":            "ola tudo bem",
		"  Café da  manhã!\n":       "cafe da manha",
		"Cafe\u0301 da manha\u0303": "cafe da manha",
		"1️⃣":                       "1",
		"check-in às 14h":           "check in as 14h",
		"10/12–12/12":               "10 12 12 12",
		"🙂":                         "",
		"PREÇO":                     "preco",
	} {
		if got := plain(text); got != want {
			t.Errorf("plain(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestWantsPerson(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"quero falar com um atendente":     true,
		"ATENDENTE":                        true,
		"tem algum humano aí?":             true,
		"quero falar com uma pessoa":       true,
		"pessoa":                           true,
		"posso falar com alguém?":          true,
		"Me transfira por favor":           true,
		"quero falar com outra pessoa":     true,
		"somos 2 pessoas":                  false,
		"quanto fica para 1 pessoa?":       false,
		"é para uma pessoa":                false,
		"reserva para uma pessoa só":       false,
		"qual o valor por pessoa?":         false,
		"1 pessoa":                         false,
		"gosto de viajar":                  false,
		"humanos são estranhos":            false,
		"para 2 pessoas, com um atendente": true,
	} {
		if got := wantsPerson(plain(text)); got != want {
			t.Errorf("wantsPerson(%q) = %v", text, got)
		}
	}
}

func TestComplains(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Quero fazer uma reclamação":            true,
		"o quarto está sujo":                    true,
		"péssimo atendimento":                   true,
		"o ar não funciona":                     true,
		"quero meu reembolso":                   true,
		"o preço está sujeito a alteração?":     false,
		"qual a diária mais barata?":            false,
		"que horas é o café?":                   false,
		"a suíte com vista é maravilhosa mesmo": false,
	} {
		if got := complains(plain(text)); got != want {
			t.Errorf("complains(%q) = %v", text, got)
		}
	}
}

func TestChoiceOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"1": 1, " 2. ": 2, "3️⃣": 3, "opção 4": 4, "número 1": 1, "a 2": 2,
		"0": 0, "5": 0, "12": 0, "1 2": 0, "": 0, "10 a 12": 0, "tarifas": 0,
	} {
		if got := choiceOf(plain(text)); got != want {
			t.Errorf("choiceOf(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestHasDates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"10 a 12 de dezembro":         true,
		"de 10/12 até 12/12":          true,
		"10 ao 15":                    true,
		"10-12":                       true,
		"do dia 5 ao dia 9":           true,
		"amanhã":                      true,
		"no próximo fim de semana":    true,
		"Réveillon":                   true,
		"chego sexta e saio domingo":  true,
		"2 adultos":                   false,
		"para 2 pessoas":              false,
		"não sei ainda":               false,
		"quero reservar":              false,
		"2":                           false,
		"2 adultos e 1 criança":       false,
		"tem quarto para a família?":  false,
		"aceita cachorro de 3 quilos": false,
	} {
		if got := hasDates(plain(text)); got != want {
			t.Errorf("hasDates(%q) = %v", text, got)
		}
	}
}

func TestPeopleIn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"somos 4 pessoas":             "4 pessoas",
		"dois adultos e uma criança":  "dois adultos e uma crianca",
		"um casal e 2 crianças":       "casal e 2 criancas",
		"1 pessoa":                    "1 pessoa",
		"10 a 12 de dezembro":         "",
		"as pessoas gostam do hotel?": "",
	} {
		if got := peopleIn(plain(text)); got != want {
			t.Errorf("peopleIn(%q) = %q, want %q", text, got, want)
		}
	}
}
