package whatsapp

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/message"
)

const formAnswered = "[Formulário respondido]"

// readForm reads the answer to a form. The answers are JSON in a string, by the hotel's own design: an object if
// all is well. Anything else is kept as it came, and the form has failed.
func readForm(raw json.RawMessage, in *Inbound) bool {
	var w struct {
		Name     loose `json:"name"`
		Body     loose `json:"body"`
		Response loose `json:"response_json"`
	}
	if readObject(raw, &w) != nil {
		return false
	}
	form := message.Form{Name: cleanLabel(string(w.Name))}
	var token struct {
		Token loose `json:"flow_token"`
	}
	in.Kind, in.Content, in.Metadata.Form = message.Text, formAnswered, &form
	if answers := json.RawMessage(w.Response); readObject(answers, &token) == nil {
		form.Answers, form.Token = storable(answers), cut(string(token.Token), maxLabel)
		in.Content = strings.Join(append([]string{formAnswered}, answerLines(answers)...), "\n")
	}
	if form.Failed = form.Answers == nil; form.Failed && w.Response != "" {
		form.Answers = storable(mustMarshal(string(w.Response)))
	}
	return true
}

// What people see of a form. All of it stays in the metadata.
const (
	maxAnswers    = 40
	maxAnswerText = 500 // code points
)

// notForPeople are answers that are about the form, not by the guest.
var notForPeople = map[string]bool{"flow_token": true, "wa_flow_response_params": true}

// answerLines returns what a guest answered, for people, in the order of the form.
func answerLines(answers json.RawMessage) []string {
	var lines []string
	for _, field := range fieldsOf(answers) {
		said := spoken(field.value, isGenerated(field.name))
		if notForPeople[field.name] || said == "" {
			continue
		}
		if len(lines) == maxAnswers {
			return append(lines, "…")
		}
		lines = append(lines, label(field.name)+": "+cut(said, maxAnswerText))
	}
	return lines
}

type formField struct {
	name  string
	value json.RawMessage
}

// fieldsOf lists the fields of an object as they are written. The object was decoded before.
func fieldsOf(object json.RawMessage) []formField {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil {
		return nil
	}
	var fields []formField
	for decoder.More() {
		name, err := decoder.Token()
		var value json.RawMessage
		if err != nil || decoder.Decode(&value) != nil {
			return fields
		}
		text, _ := name.(string)
		fields = append(fields, formField{text, value})
	}
	return fields
}

// generated is how Meta's own editor names the fields of forms ("screen_0_Nome_1"), and begins what is chosen in
// them ("0_Sim").
var (
	generated = regexp.MustCompile(`^screen_\d+_(.+)_\d+$`)
	numbered  = regexp.MustCompile(`^\d+_(.+)$`)
)

func isGenerated(name string) bool { return generated.MatchString(name) }

// label makes a field's name readable: "hora_chegada" is "Hora chegada".
func label(name string) string {
	if parts := generated.FindStringSubmatch(name); parts != nil {
		name = parts[1]
	}
	words := contact.CleanLine(strings.Join(strings.Fields(strings.ReplaceAll(cut(name, maxLabel), "_", " ")), " "))
	first, size := utf8.DecodeRuneInString(words)
	if size == 0 {
		return "?"
	}
	return string(unicode.ToUpper(first)) + words[size:]
}

// spoken is an answer in words; empty for none.
func spoken(value json.RawMessage, isGenerated bool) string {
	switch value[0] {
	case '"':
		var text loose
		_ = json.Unmarshal(value, &text) // a string cannot fail
		if parts := numbered.FindStringSubmatch(string(text)); parts != nil && isGenerated {
			text = loose(parts[1])
		}
		return contact.CleanLine(strings.Join(strings.Fields(string(text)), " "))
	case 't':
		return "sim"
	case 'f':
		return "não"
	case 'n': // null
		return ""
	case '[':
		return spokenList(value, isGenerated)
	case '{':
		return contact.CleanLine(cut(string(storable(value)), maxAnswerText))
	default:
		return contact.CleanLine(cut(string(value), maxNumber))
	}
}

func spokenList(value json.RawMessage, isGenerated bool) string {
	var list rawList
	if json.Unmarshal(value, &list) != nil {
		return ""
	}
	var all []string
	for _, element := range list[:min(len(list), maxAnswers)] {
		if element[0] == '[' { // a list of lists is shown as it is
			element = mustMarshal(string(element))
		}
		if said := spoken(element, isGenerated); said != "" {
			all = append(all, said)
		}
	}
	return strings.Join(all, ", ")
}
