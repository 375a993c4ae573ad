package whatsapp

import (
	"strconv"

	"github.com/botreserva/botreserva/internal/domain/message"
)

// failure is an error object of Meta's, from a webhook or an HTTP answer.
type failure struct {
	code    int
	title   string
	details string
}

// maxFailures is how many errors of one list are read. Meta sends one.
const maxFailures = 20

type wireFailure struct {
	Code      loose       `json:"code"`
	Title     loose       `json:"title"`
	Message   loose       `json:"message"`
	ErrorData wireDetails `json:"error_data"`
}

// wireDetails is an object with details, or a text in some general errors of the Graph API.
type wireDetails loose

// UnmarshalJSON never fails for valid JSON.
func (d *wireDetails) UnmarshalJSON(data []byte) error {
	if data[0] != '{' {
		return (*loose)(d).UnmarshalJSON(data)
	}
	var object struct {
		Details loose `json:"details"`
	}
	err := readLoosely(data, &object)
	*d = wireDetails(object.Details)
	return err
}

func readFailures(list rawList) []failure {
	var out []failure
	for _, raw := range list[:min(len(list), maxFailures)] {
		var w wireFailure
		if readObject(raw, &w) == nil {
			out = append(out, w.failure())
		}
	}
	return out
}

func (w wireFailure) failure() failure {
	return failure{
		code:    codeOf(w.Code),
		title:   cut(first(w.Title, w.Message), maxLabel),
		details: cut(string(w.ErrorData), maxLabel),
	}
}

// codeOf reads a code, which is a numeric text in old payloads.
func codeOf(text loose) int {
	code, err := strconv.Atoi(string(text))
	if err != nil {
		return NoCode
	}
	return code
}

// failures reads a list of errors into the form that is stored: what to tell people first, Meta's own words as
// details.
func failures(list rawList) []message.Failure {
	var out []message.Failure
	for _, f := range readFailures(list) {
		out = append(out, f.stored())
	}
	return out
}

func (f failure) stored() message.Failure {
	details := f.details
	if details == "" {
		details = f.title
	}
	return RuleFor(f.code).failure(f.code, details)
}

// firstFailure is what a failed status tells; a status without a readable error still failed.
func firstFailure(list rawList) *message.Failure {
	all := failures(list)
	if len(all) == 0 {
		none := RuleFor(NoCode).failure(NoCode, "")
		return &none
	}
	return &all[0]
}
