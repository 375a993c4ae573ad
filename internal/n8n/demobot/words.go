package demobot

import (
	"regexp"
	"strings"
	"unicode"
)

// plain makes text comparable: lower case, no accents, everything but letters and digits is one space. "1️⃣" is "1".
func plain(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r): // an accent written apart from its letter
		default:
			b.WriteRune(withoutAccent(r))
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func withoutAccent(r rune) rune {
	const accented, bare = "áàâãäéèêëíìîïóòôõöúùûüçñ", "aaaaaeeeeiiiiooooouuuucn"
	at := 0
	for _, a := range accented {
		if a == r {
			return rune(bare[at])
		}
		at++
	}
	return ' '
}

// has reports whether the plain text holds one of the phrases as whole words; "reclam*" stands for every word that
// begins so.
func has(text string, phrases ...string) bool {
	padded := " " + text + " "
	for _, phrase := range phrases {
		stem, isStem := strings.CutSuffix(phrase, "*")
		if !isStem {
			stem += " "
		}
		if strings.Contains(padded, " "+stem) {
			return true
		}
	}
	return false
}

var (
	complaintWords = []string{
		"reclam*", "pessim*", "horrivel", "horriveis", "absurd*", "decepcion*", "insatisfeit*", "barulho", "barulheira",
		"sujo", "suja", "sujos", "sujas", "sujeira", "quebrado", "quebrada", "nao funciona", "reembols*", "estorn*",
		"procon", "vergonha", "mal atendid*", "nunca mais", "cobrado errado", "cobranca indevida", "que descaso",
	}
	personWords = []string{
		"atendente*", "humano", "humana", "recepcionista", "gerente", "pessoa", "falar com alguem", "falar com gente",
		"falar com a recepcao", "me transf*", "transferir", "me liga*",
	}
	changeWords = []string{"cancel*", "alterar", "alteracao", "remarc*", "mudar", "trocar", "adiar", "antecipar"}
	bookWords   = []string{
		"reserv*", "disponib*", "disponivel", "disponiveis", "hosped*", "tem quarto", "tem quartos", "quarto livre",
		"tem vaga para o dia", "tem vagas para o dia",
	}
	menuWords  = []string{"menu", "inicio", "voltar", "opcoes", "ajuda", "desistir", "deixa pra la"}
	greetWords = []string{"oi", "oie", "oii", "ola", "bom dia", "boa tarde", "boa noite", "opa", "e ai", "hello", "hi"}
	thankWords = []string{"obrigad*", "brigad*", "valeu", "agradec*", "grat*"}
	byeWords   = []string{"tchau", "ate logo", "ate mais", "ate breve"}
)

// countsHeads finds "pessoa" where it counts guests ("para 1 pessoa", "por pessoa") and asks for none.
var countsHeads = regexp.MustCompile(`\b(?:\d+|so|somente|apenas|por|cada|(?:para|pra|pras|p|so|somente|apenas) uma) pessoa\b|\buma pessoa so\b`)

func wantsPerson(text string) bool {
	return has(countsHeads.ReplaceAllString(text, " "), personWords...)
}

func complains(text string) bool { return has(text, complaintWords...) }

// changesBooking reports whether a guest wants to cancel or move what is booked: nothing for a bot.
func changesBooking(text string) bool {
	return has(text, changeWords...) && has(text, "reserv*", "hospedagem", "estadia", "data", "datas")
}

var choiceForm = regexp.MustCompile(`^(?:opcao |numero |a |o )?([1-4])$`)

// choiceOf reads a choice of the menu; 0 is none.
func choiceOf(text string) int {
	m := choiceForm.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	return int(m[1][0] - '0')
}

var dateWords = regexp.MustCompile(`\b\d{1,2} (?:(?:a|ao|ate|e) (?:o )?(?:dia )?)?\d|\bdia \d|\b(?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|` +
	`setembro|outubro|novembro|dezembro|hoje|amanha|semana|feriado|feriadao|natal|reveillon|ano novo|carnaval|pascoa|` +
	`ferias|segunda|terca|quarta|quinta|sexta|sabado|domingo)\b`)

func hasDates(text string) bool { return dateWords.MatchString(text) }

const numberWords = `\d{1,2}|um|uma|dois|duas|tres|quatro|cinco|seis|sete|oito|nove|dez`

var (
	people      = regexp.MustCompile(`\b(?:` + numberWords + `) (?:pessoas?|adultos?|adultas?|hospedes?)(?: e (?:` + numberWords + `) criancas?)?|\bcasal(?: e (?:` + numberWords + `) criancas?)?`)
	numberAlone = regexp.MustCompile(`\b(?:` + numberWords + `|so eu|eu|sozinh[oa]|familia)\b`)
)

// peopleIn finds how many people a text speaks of, as the guest put it; empty when it does not.
func peopleIn(text string) string { return people.FindString(text) }
