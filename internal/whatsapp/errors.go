package whatsapp

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
)

// Action says what to do about an error of Meta's.
type Action uint8

// The actions, the mildest first.
const (
	NoAction        Action = iota // nothing to do
	RetryLater                    // try again with growing pauses
	WaitPair                      // too much for this guest at once: wait, other guests go on
	SlowDown                      // too much for this number: send slower, then try again
	NotNow                        // at least 24 hours later, and by a person's decision
	OfferTemplate                 // the 24-hour window is closed: only a template gets through
	GiveUpRecipient               // this guest cannot get it: mark, do not try again
	RefreshTemplate               // our picture of the template is old: read it again
	FixRequest                    // wrong content or a mistake of ours: the same request never works
	Reauthenticate                // token or permission: pause everything that uses the token, tell an administrator
	StopNumber                    // Meta stopped the number or account: pause it, tell an administrator
)

var actionNames = [...]string{
	"no_action", "retry_later", "wait_pair", "slow_down", "not_now", "offer_template", "give_up_recipient",
	"refresh_template", "fix_request", "reauthenticate", "stop_number",
}

// String returns a stable name for logs and metrics.
func (a Action) String() string {
	if int(a) < len(actionNames) {
		return actionNames[a]
	}
	return "unknown"
}

// PausesNumber reports whether nothing at all should be sent from the number until somebody or something mended
// the cause.
func (a Action) PausesNumber() bool { return a == Reauthenticate || a == StopNumber }

// NoCode stands for an error that came without a code of Meta's; 0 is one of Meta's codes.
const NoCode = -1

// Rule is what we know of one error code.
type Rule struct {
	Action Action
	Reason string // in Portuguese, for attendants: what happened and what helps
	// Tries is how often the same message may be sent in all after the refusal came as the answer to a request; 1
	// means never again. After a pause of the number or of the guest, the message may simply go on.
	Tries int
	// Resend reports whether a message may be sent again by itself when the code came later, in a failed status.
	Resend bool
	Wait   time.Duration // the least pause, when the code has one of its own
}

// RetryCanHelp reports whether the same request may work later without anybody changing it.
func (r Rule) RetryCanHelp() bool { return r.Tries > 1 }

// HelpsToSendAgain reports whether somebody who sends the same message anew, at once, later or after the cause was
// mended, may succeed.
func (r Rule) HelpsToSendAgain() bool {
	switch r.Action {
	case RetryLater, WaitPair, SlowDown, NotNow, Reauthenticate, StopNumber:
		return true
	default:
		return false
	}
}

// failure is what is stored with the message: what to tell people, in both languages, and Meta's own words.
func (r Rule) failure(code int, details string) message.Failure {
	return message.Failure{
		Code: max(code, 0), Message: r.Reason, MessageEN: reasonsInEnglish[r.Reason], Details: details, CanRetry: r.HelpsToSendAgain(),
	}
}

// RuleFor returns the rule of a code. It serves errors of answers and of statuses alike, since Meta uses the same
// codes in both. An unknown code counts as final.
func RuleFor(code int) Rule {
	for _, row := range errorCodes {
		if code >= row.from && code <= row.to {
			return row.Rule
		}
	}
	return Rule{Action: FixRequest, Reason: reasonUnknown, Tries: 1}
}

// APIError is a refusal by Meta: the message was not sent.
type APIError struct {
	HTTPStatus  int // unreliable with Meta; Code decides
	Code        int // NoCode when the answer had no error object
	Subcode     int
	Title       string // Meta's message, for logs and administrators
	Details     string
	UserMessage string        // Meta's words for users, of management calls
	TraceID     string        // what Meta's support asks for
	RetryAfter  time.Duration // what the answer asked for, 0 if nothing, at most 24 h
}

// Error returns the codes and Meta's words.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "whatsapp refused: http %d", e.HTTPStatus)
	if e.Code != NoCode {
		fmt.Fprintf(&b, ", code %d", e.Code)
	}
	if e.Subcode != 0 {
		fmt.Fprintf(&b, "/%d", e.Subcode)
	}
	for _, text := range []string{e.Title, e.Details} {
		if text != "" {
			b.WriteString(": " + text)
		}
	}
	return b.String()
}

// subcodeNoObject: the number's id or the token is wrong, Meta does not say which.
const subcodeNoObject = 33

// Rule returns what to do about the error.
func (e *APIError) Rule() Rule {
	switch {
	case e.Code == codeInvalidParameter && e.Subcode == subcodeNoObject:
		return Rule{Action: Reauthenticate, Reason: reasonNumberUnknown, Tries: unlimited}
	case isKnown(e.Code):
		return RuleFor(e.Code)
	default:
		return ruleForHTTP(e.HTTPStatus)
	}
}

// ConcernsAccount reports whether the refusal is about the whole business account: its other
// numbers would hear the same.
func (e *APIError) ConcernsAccount() bool {
	switch e.Code {
	case codeAccountRestricted, codeAccountRate, codeAccountPayment:
		return true
	default:
		return false
	}
}

// Codes of refusals that concern all numbers of an account.
const (
	codeAccountRestricted = 368
	codeAccountRate       = 80007
	codeAccountPayment    = 131042
)

// Codes of refusals that may be about a file.
const (
	codeParameterValue = 131009
	codeMediaUpload    = 131053
)

// IsAboutMedia reports whether the refusal may mean that Meta does not know a file by the id
// that it gave it.
func (e *APIError) IsAboutMedia() bool {
	switch e.Code {
	case codeInvalidParameter:
		return e.Subcode != subcodeNoObject
	case codeParameterValue, codeMediaLost, codeMediaUpload:
		return true
	default:
		return false
	}
}

// Action returns what to do about the error.
func (e *APIError) Action() Action { return e.Rule().Action }

// Reason says in Portuguese, for attendants, what happened and what helps.
func (e *APIError) Reason() string { return e.Rule().Reason }

// Failure is the form that is stored with the message.
func (e *APIError) Failure() message.Failure {
	details := e.Details
	if details == "" {
		details = e.Title
	}
	return e.Rule().failure(e.Code, details)
}

// ruleForHTTP serves answers whose code is missing or unknown. A server's error with an error object was almost
// certainly not sent; one without is an UnknownOutcomeError and never comes here.
func ruleForHTTP(status int) Rule {
	switch {
	case status >= http.StatusInternalServerError, status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		return Rule{Action: RetryLater, Reason: reasonTrouble, Tries: 3}
	case status == http.StatusTooManyRequests:
		return slower()
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return Rule{Action: Reauthenticate, Reason: reasonPermission, Tries: unlimited}
	default:
		return RuleFor(NoCode)
	}
}
