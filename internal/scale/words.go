package scale

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

var (
	unitNames = []string{"Ilhabela", "Camburi", "Campos do Jordão", "Santo Antônio do Pinhal", "São Sebastião", "Praia do Forte", "Búzios", "Paraty", "Maceió", "Jericoacoara"}
	tagNames  = []string{"VIP", "Lua de mel", "Grupo", "Reclamação", "Orçamento enviado", "Retornar ligação", "Família", "Corporativo"}
	tagColors = []string{"#F59E0B", "#EC4899", "#10B981", "#EF4444", "#3B82F6", "#8B5CF6", "#14B8A6", "#6B7280"}

	firstNames = strings.Fields(`Ana João Maria José Antônio Luísa Caio Zoë Conceição Inês Mônica Sérgio Flávia Márcia André Letícia Patrícia
		Vinícius Otávio Lívia Helena Miguel Arthur Alice Sofia Davi Valentina Heitor Laura Lucas Beatriz Mateus Júlia Rafael Fernanda Bruno
		Camila Thiago Larissa Gustavo Rodrigo Tânia Cláudio Verônica Estêvão Íris Érica Raul Ângela Noemi`)
	lastNames = strings.Fields(`Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Ribeiro Carvalho Araújo Fernandes
		Martins Barbosa Rocha Almeida Nogueira Assunção Guimarães Simões Magalhães Bragança Falcão Conceição Brandão Leitão Galvão Corrêa
		Antunes Peçanha Gonçalves Müller Yamamoto D'Ávila Quirino Sampaio Teixeira Vasconcelos Xavier Zanetti`)
	companies = []string{"Viagens Atlântico", "Construtora Horizonte", "Clínica São Lucas", "Eventos Maré Alta", "Associação Médica Paulista"}
	dishes    = strings.Fields(`moqueca feijoada tapioca risoto salmão camarão vegetariano vegano lasanha picanha nhoque sushi`)
	rooms     = []string{"suíte master", "quarto duplo", "chalé", "bangalô com vista para o mar", "apartamento família", "quarto standard", "suíte com hidromassagem"}
	months    = strings.Fields(`janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro`)
)

func fullName(r *rand.Rand) string { return oneOf(r, firstNames) + " " + oneOf(r, lastNames) }

// Sentences with places for what differs. Among them are words that searches look for:
// "reserva" is in every tenth message, "violoncelo" in one of some twenty thousand,
// "inauguração" only in the first two months.
var (
	greetings = sentences(
		"Oi, bom dia! Gostaria de informações sobre hospedagem em {unit}",
		"Boa tarde, vocês têm disponibilidade para {day} de {month}?",
		"Olá! Quero fazer uma reserva para {count} pessoas",
		"Bom dia, qual o valor da diária da {room}?",
		"Boa noite. Sou {name}, fiz a reserva {code} e preciso alterar a data",
		"Oi! Vi o anúncio no Instagram, ainda tem vaga no feriado?",
		"Olá, aceitam cachorro de pequeno porte?",
		"Bom dia! O café da manhã está incluso?",
	)
	guestLines = sentences(
		"Seria de {day} a {day} de {month}, {count} adultos e uma criança de 4 anos",
		"Perfeito, muito obrigado!",
		"Qual o horário do check-in?",
		"Tem estacionamento no local?",
		"O quarto tem ar-condicionado e frigobar?",
		"Pode ser a {room}",
		"Consegue um desconto à vista no pix?",
		"Minha esposa é alérgica a camarão, vocês têm {dish}?",
		"A piscina é aquecida? Meus filhos vão querer usar",
		"Já fiz o pagamento, segue o comprovante",
		"Não recebi a confirmação por e-mail ainda",
		"Vamos chegar por volta das {hour}h, tudo bem?",
		"Preciso de nota fiscal em nome da empresa {company}",
		"Estou muito insatisfeito com o atendimento, quero falar com uma pessoa",
		"O chuveiro do quarto {room} não está esquentando",
		"Vocês fazem transfer do aeroporto?",
		"Ok", "Sim, por favor", "Não, obrigada", "Entendi 👍", "😍😍",
		"E se eu precisar cancelar, tem alguma multa?",
		"Queria comemorar o aniversário da minha mãe, dá para decorar o quarto?",
		"O wi-fi funciona bem para trabalhar? Tenho reunião às {hour}h",
	)
	botLines = sentences(
		"Olá! Eu sou a assistente virtual da pousada em {unit}. Como posso ajudar?",
		"Temos disponibilidade de {day} a {day} de {month}. A diária da {room} é R$ {price},00 com café da manhã.",
		"O check-in é a partir das 14h e o check-out até as 12h.",
		"Sim, aceitamos animais de até 10 kg mediante taxa de R$ {price},00.",
		"Posso ajudar em algo mais?",
		"Sua reserva {code} foi localizada. O que gostaria de alterar?",
		"O café da manhã é servido das 7h às 10h30 no salão principal.",
		"Nosso estacionamento é gratuito e coberto, com monitoramento 24 horas.",
		"Vou chamar alguém da nossa equipe para continuar o atendimento, um momento.",
		"Para crianças de até 5 anos a hospedagem é cortesia, dormindo na cama dos pais.",
		"Aceitamos pix, cartão em até 6 vezes e transferência bancária.",
	)
	personLines = sentences(
		"Olá, {name}! Aqui é da recepção, tudo bem?",
		"Consegui a {room} por R$ {price},00 a diária, posso confirmar?",
		"Reserva confirmada! O código é {code}.",
		"Acabei de enviar o orçamento por e-mail, pode conferir?",
		"Peço desculpas pelo transtorno, já pedi à manutenção que vá até o quarto.",
		"Sim, temos transfer. Sai por R$ {price},00 por trecho.",
		"Combinado! Deixamos a decoração de aniversário pronta para as {hour}h.",
		"Pode fazer o pix de 50% para garantir e o restante no check-in.",
		"Vou verificar com a gerência e já retorno.",
		"Claro, a nota fiscal sai em nome da {company} no check-out.",
		"Nosso chef prepara {dish} sob encomenda, é só avisar com um dia de antecedência.",
		"Boa viagem, esperamos vocês em {unit}!",
		"O cancelamento é gratuito até 7 dias antes da chegada.",
		"De nada! Qualquer coisa estamos à disposição.",
	)
	rareLines = sentences(
		"Cabe um violoncelo no porta-malas do transfer?",
		"Tem tomada para carregar cadeira de rodas elétrica na varanda?",
		"Vocês permitem observação de baleias com telescópio próprio?",
	)
	openingLines = sentences("Parabéns pela inauguração! Ainda vale o preço promocional?")
)

// sentence is a text with places: odd parts name what goes there.
type sentence []string

func sentences(texts ...string) []sentence {
	out := make([]sentence, len(texts))
	for i, text := range texts {
		out[i] = strings.FieldsFunc(text, func(r rune) bool { return r == '{' || r == '}' })
		if strings.HasPrefix(text, "{") {
			out[i] = append(sentence{""}, out[i]...)
		}
	}
	return out
}

// say writes a sentence of a conversation.
func (t *talk) say(r *rand.Rand, s sentence) string {
	if len(s) == 1 {
		return s[0]
	}
	var b strings.Builder
	for i, part := range s {
		if i%2 == 0 {
			b.WriteString(part)
		} else {
			b.WriteString(t.fill(r, part))
		}
	}
	return b.String()
}

func (t *talk) fill(r *rand.Rand, place string) string {
	switch place {
	case "unit":
		return t.unitOrHotel()
	case "name":
		return t.guestName
	case "code":
		return t.code
	case "day":
		return strconv.Itoa(1 + r.IntN(28))
	case "month":
		return oneOf(r, months)
	case "count":
		return strconv.Itoa(2 + r.IntN(4))
	case "hour":
		return strconv.Itoa(8 + r.IntN(14))
	case "price":
		return strconv.Itoa(80 + 10*r.IntN(120))
	case "room":
		return oneOf(r, rooms)
	case "dish":
		return oneOf(r, dishes)
	case "company":
		return oneOf(r, companies)
	default:
		panic("nothing goes into {" + place + "}")
	}
}
