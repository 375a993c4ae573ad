package demobot

import (
	"fmt"
	"strings"
)

// topic is something that the bot can tell about the hotel.
type topic struct {
	words []string
	text  string
}

// The topics, in the order in which they are answered when a guest asks for several at once.
var (
	rates = topic{
		[]string{"tarif*", "preco*", "valor", "valores", "diaria*", "quanto custa", "quanto fica", "quanto sai", "quanto esta", "orcamento*"},
		"💰 Nossas diárias para casal, com café da manhã:\n" +
			"• Standard: a partir de R$ 420\n• Vista para o mar: a partir de R$ 560\n• Suíte família (4 pessoas): a partir de R$ 740\n" +
			"Em feriados e alta temporada os valores mudam.",
	}
	breakfast = topic{
		[]string{"cafe", "desjejum"},
		"☕ O café da manhã está incluído e é servido das 7h às 10h30 (até as 11h nos fins de semana).",
	}
	hours = topic{
		[]string{"check in", "checkin", "check out", "checkout", "horario*", "que horas", "hora de entrada", "hora de saida"},
		"🕑 O check-in é a partir das 14h e o check-out até as 12h. Chegou antes? Guardamos suas malas.",
	}
	pets = topic{
		[]string{"pet", "pets", "cachorr*", "gato", "gatos", "gata", "animal", "animais", "bicho*"},
		"🐶 Pets de até 15 kg são bem-vindos, com taxa de R$ 60 por estadia. Avise na reserva, por favor.",
	}
	parking = topic{
		[]string{"estacion*", "garagem", "carro", "carros", "vaga de carro", "manobrista"},
		"🚗 Temos estacionamento gratuito no local, com uma vaga por quarto.",
	}
	pool = topic{
		[]string{"piscina*", "sauna", "jacuzzi"},
		"🏊 A piscina aquecida funciona das 8h às 22h, e a sauna das 16h às 21h.",
	}
	wifi = topic{
		[]string{"wifi", "wi fi", "internet"},
		"📶 O Wi-Fi é gratuito em todo o hotel. A senha está no cartão do seu quarto.",
	}
	topics = []topic{rates, breakfast, hours, pets, parking, pool, wifi}
)

// told returns the answers to everything that the text asks for.
func told(text string) []string {
	var out []string
	for _, t := range topics {
		if has(text, t.words...) {
			out = append(out, t.text)
		}
	}
	return out
}

const (
	menu = "*1* – Tarifas\n*2* – Café da manhã e horários\n*3* – Fazer uma reserva\n*4* – Falar com um atendente\n\n" +
		"Responda com o número, ou escreva a sua dúvida."
	moreHelp    = "Posso ajudar em algo mais? Digite *menu* para ver as opções."
	notClear    = "Desculpe, não entendi. 🤔 Posso ajudar com:\n\n" + menu
	askDates    = "Que bom que você quer se hospedar conosco! 🎉\nQuais são as datas de entrada e saída? (por exemplo, 10 a 12 de dezembro)"
	againDates  = "Não consegui entender as datas. 📅 Pode escrever, por exemplo, \"10 a 12 de dezembro\"?"
	askPeople   = "Anotado! 📝 Para quantas pessoas?"
	againPeople = "Quantas pessoas vão se hospedar? Pode responder só com o número."
	goingPerson = "Claro! Vou chamar alguém da nossa equipe para continuar com você. 🙋 Só um instante, por favor."
	goingSorry  = "Sinto muito por isso. 😔 Vou chamar agora mesmo uma pessoa da nossa equipe para resolver com você."
	goingChange = "Alterações de reserva são feitas pela nossa equipe. Vou chamar alguém para cuidar disso com você. 🙋"
	goingLost   = "Acho que não estou conseguindo ajudar. Vou chamar uma pessoa da nossa equipe para continuar. 🙋"
	welcome     = "Por nada! 😊 " + moreHelp
	goodbye     = "Até logo! 👋 Quando precisar, é só chamar por aqui."
	niceSticker = "Adorei! 😄 " + moreHelp
	gotPlace    = "📍 Recebi a sua localização, obrigada! Quer falar com um atendente sobre como chegar? Digite *4*."
)

// looking is what the bot says about what it can neither see nor hear, and notes for whoever looks.
var looking = map[string][2]string{
	"audio":    {"🎧 Recebi o seu áudio! Uma pessoa da nossa equipe vai ouvir e responder por aqui.", "O hóspede enviou um áudio."},
	"image":    {"📷 Recebi a sua foto! Uma pessoa da nossa equipe vai olhar e responder por aqui.", "O hóspede enviou uma foto."},
	"video":    {"🎬 Recebi o seu vídeo! Uma pessoa da nossa equipe vai assistir e responder por aqui.", "O hóspede enviou um vídeo."},
	"document": {"📄 Recebi o seu documento! Uma pessoa da nossa equipe vai olhar e responder por aqui.", "O hóspede enviou um documento."},
}

func hello(name, hotel string) string {
	if name = firstName(name); name != "" {
		name = ", " + name
	}
	if hotel == "" {
		hotel = "do nosso hotel"
	} else {
		hotel = "do(a) " + hotel
	}
	return fmt.Sprintf("Olá%s! 👋 Sou a assistente virtual %s.", name, hotel)
}

func firstName(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 || len(words[0]) > 40 {
		return ""
	}
	return words[0]
}

func booked(dates, people string) string {
	return fmt.Sprintf("Perfeito! Anotei:\n📅 %s\n👥 %s\n\nVou passar o seu pedido para a nossa equipe de reservas, que já responde por aqui. 🙋", dates, people)
}
