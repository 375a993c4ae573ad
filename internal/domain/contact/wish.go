package contact

import "strings"

// Wish is what a guest asks about being sent offers.
type Wish int

// The wishes.
const (
	NoWish Wish = iota
	StopOffers
	ResumeOffers
)

// wishes are whole messages: a word inside a sentence means something else. "Cancelar" is not
// among them, since at a hotel it is a booking that is cancelled.
var wishes = map[string]Wish{
	"sair": StopOffers, "parar": StopOffers, "pare": StopOffers, "descadastrar": StopOffers, "remover": StopOffers,
	"parar ofertas": StopOffers, "parar promoções": StopOffers, "parar promocoes": StopOffers, "parar mensagens": StopOffers,
	"não quero ofertas": StopOffers, "nao quero ofertas": StopOffers, "sair da lista": StopOffers,
	"stop": StopOffers, "unsubscribe": StopOffers, "stop promotions": StopOffers, "opt out": StopOffers,
	"receber ofertas": ResumeOffers, "voltar a receber": ResumeOffers, "receive offers": ResumeOffers, "start promotions": ResumeOffers,
}

// longestWish is longer than any of them with what may stand around it.
const longestWish = 60

// WishOf reads a message that is nothing but a wish about offers, in any case and with any
// punctuation around it.
func WishOf(text string) Wish {
	if len(text) > longestWish {
		return NoWish
	}
	words := strings.Join(strings.Fields(strings.ToLower(text)), " ")
	return wishes[strings.Trim(words, ` .,!?;:"'*_~-`)]
}
