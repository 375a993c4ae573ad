package demobot

import (
	"fmt"
	"strings"
)

// talk is what the bot remembers of a conversation.
//
//	idle ──reserva──► datesNext ──datas──► peopleNext ──número──► a person takes over
//	  ▲                   │                    │
//	  └─────── menu ──────┴────────────────────┘      a complaint or the wish for a person leaves from anywhere
type talk struct {
	step   step
	met    bool // the guest was greeted
	misses int  // times in a row that the guest was not understood
	dates  string
	people string
}

type step uint8

const (
	idle step = iota
	datesNext
	peopleNext
)

// heard is a message as the dialogue sees it.
type heard struct {
	kind, text, name, hotel string
	isNew                   bool // the conversation begins with it
}

// reply is what the bot does about a message: says something, and may then call a person.
type reply struct {
	says string
	call *escalation
	next talk
}

// escalation calls a person. The reason is one of the API's.
type escalation struct{ reason, detail string }

const (
	userRequested    = "USER_REQUESTED"
	aiUnable         = "AI_UNABLE"
	complexQuery     = "COMPLEX_QUERY"
	complaint        = "COMPLAINT"
	salesOpportunity = "SALES_OPPORTUNITY"
)

const (
	maxMisses = 3
	maxQuoted = 120 // characters of a guest's answer that are repeated
)

// hear decides what to do about a message. It only computes: the same talk and message always give the same reply.
func (t talk) hear(h heard) reply {
	if h.isNew {
		t = talk{}
	}
	r := t.react(h)
	if !t.met {
		r.says = hello(h.name, h.hotel) + "\n\n" + r.says
	}
	r.next.met = true
	return r
}

func (t talk) react(h heard) reply {
	if note, ok := looking[h.kind]; ok {
		return callPerson(note[0], aiUnable, note[1])
	}
	switch h.kind {
	case "sticker":
		return t.say(niceSticker)
	case "location":
		return t.say(gotPlace)
	}
	text := plain(h.text)
	switch {
	case complains(text):
		return callPerson(goingSorry, complaint, "O hóspede fez uma reclamação.")
	case changesBooking(text):
		return callPerson(goingChange, complexQuery, "O hóspede quer alterar ou cancelar uma reserva.")
	case wantsPerson(text):
		return callPerson(goingPerson, userRequested, "O hóspede pediu para falar com uma pessoa.")
	case t.step != idle && !has(text, menuWords...) && !has(text, "cancel*"):
		return t.book(text, h.text)
	default:
		return talk{met: t.met, misses: t.misses}.chat(text, h.text)
	}
}

// chat answers outside of a booking.
func (t talk) chat(text, raw string) reply {
	switch choiceOf(text) {
	case 1:
		return t.say(rates.text, moreHelp)
	case 2:
		return t.say(breakfast.text, hours.text, moreHelp)
	case 3:
		return startBooking("", "", nil)
	case 4:
		return callPerson(goingPerson, userRequested, "O hóspede escolheu falar com um atendente.")
	}
	answers := told(text)
	switch {
	case has(text, bookWords...):
		return startBooking(text, raw, answers)
	case len(answers) > 0:
		return t.say(append(answers, moreHelp)...)
	case has(text, byeWords...):
		return t.say(goodbye)
	case has(text, thankWords...):
		return t.say(welcome)
	case !t.met, has(text, menuWords...), has(text, greetWords...), has(text, "cancel*"):
		return t.say("Como posso ajudar?\n\n" + menu)
	}
	t.misses++
	if t.misses >= maxMisses {
		return callPerson(goingLost, aiUnable, "O assistente não entendeu o hóspede.")
	}
	return reply{says: notClear, next: talk{misses: t.misses}}
}

// startBooking takes what the first sentence already tells ("de 10 a 12 de dezembro para 2 pessoas") and asks for the
// rest.
func startBooking(text, raw string, answers []string) reply {
	if !hasDates(text) {
		return reply{says: paragraphs(append(answers, askDates)), next: talk{step: datesNext, people: peopleIn(text)}}
	}
	return talk{step: datesNext}.book(text, raw)
}

// book goes on with a booking. A question in between is answered; what is not understood is asked once more, then taken
// as it is: a person reads it anyway.
func (t talk) book(text, raw string) reply {
	answers := told(text)
	if t.step == datesNext {
		if !hasDates(text) && (t.misses == 0 || len(answers) > 0) {
			return t.askAgain(againDates, answers)
		}
		t = talk{step: peopleNext, dates: quote(raw), people: firstOf(peopleIn(text), t.people)}
		if t.people == "" {
			return reply{says: paragraphs(append(answers, askPeople)), next: t}
		}
		return t.handOver(answers)
	}
	t.people = firstOf(peopleIn(text), numberAlone.FindString(text))
	if t.people == "" && (t.misses == 0 || len(answers) > 0) {
		return t.askAgain(againPeople, answers)
	}
	t.people = firstOf(t.people, quote(raw))
	return t.handOver(answers)
}

func (t talk) askAgain(question string, answers []string) reply {
	if len(answers) == 0 {
		t.misses++
	}
	return reply{says: paragraphs(append(answers, question)), next: t}
}

func (t talk) handOver(answers []string) reply {
	detail := fmt.Sprintf("Pedido de reserva. Datas: %s. Pessoas: %s.", t.dates, t.people)
	return callPerson(paragraphs(append(answers, booked(t.dates, t.people))), salesOpportunity, detail)
}

// say answers. A booking that waits for an answer goes on waiting.
func (t talk) say(parts ...string) reply {
	if t.step == idle {
		t = talk{}
	}
	return reply{says: paragraphs(parts), next: t}
}

func callPerson(says, reason, detail string) reply {
	return reply{says: says, call: &escalation{reason, detail}}
}

func paragraphs(parts []string) string { return strings.Join(parts, "\n\n") }

// quote shortens a guest's words to one line that can be repeated.
func quote(raw string) string {
	line := []rune(strings.Join(strings.Fields(raw), " "))
	if len(line) > maxQuoted {
		return string(line[:maxQuoted-1]) + "…"
	}
	return string(line)
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
