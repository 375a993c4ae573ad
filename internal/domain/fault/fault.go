// Package fault names the few kinds of refusal that the product knows. A fault
// is a sentence for a person with a code that never changes; it says nothing
// of HTTP: httpapi/problem.go is the only place where a kind becomes a status.
package fault

import "errors"

// Kind is what sort of refusal a fault is.
type Kind uint8

// The kinds of refusal.
const (
	Internal      Kind = iota // our mistake; its text is never shown
	Invalid                   // the input is wrong
	Unauthorized              // we do not know who asks
	Forbidden                 // we know who asks, and they may not
	NotFound                  // missing, or belongs to another tenant
	Conflict                  // the state of things forbids it now
	Unprocessable             // understood and well formed, but cannot be done as asked
	TooMany                   // too often
	TooLarge                  // more bytes than allowed
	Unavailable               // a part we need is down; try again
	Accepted                  // taken on, the outcome is not known yet
)

// Fault is one refusal.
type Fault struct {
	Kind    Kind
	Code    string // stable, lower_snake_case; dashboards translate it
	Text    string // what was wrong and what to do, in English
	Details []Detail
	cause   error
}

// Detail points at one wrong part of the input.
type Detail struct {
	Path    string `json:"path"`
	Code    string `json:"code,omitempty"` // stable, lower_snake_case, where there is one
	Message string `json:"message"`
}

// New makes a fault that can be compared with errors.Is.
func New(kind Kind, code, text string) *Fault {
	return &Fault{Kind: kind, Code: code, Text: text}
}

// Error returns the text, and the cause when there is one.
func (f *Fault) Error() string {
	if f.cause != nil {
		return f.Text + ": " + f.cause.Error()
	}
	return f.Text
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.cause }

// Is reports whether target is a fault with the same code, so that a fault with
// details still matches its sentinel.
func (f *Fault) Is(target error) bool {
	var other *Fault
	return errors.As(target, &other) && other.Code == f.Code
}

// With returns a copy that points at the wrong parts of the input.
func (f *Fault) With(details ...Detail) *Fault {
	c := *f
	c.Details = append(append([]Detail(nil), f.Details...), details...)
	return &c
}

// Because returns a copy that wraps cause, which is logged and never shown.
func (f *Fault) Because(cause error) *Fault {
	c := *f
	c.cause = cause
	return &c
}

// Saying returns a copy with another text and the same code.
func (f *Fault) Saying(text string) *Fault {
	c := *f
	c.Text = text
	return &c
}

// Refusals that belong to no single noun.
var (
	ErrNotFound     = New(NotFound, "not_found", "There is no such thing here.")
	ErrUnauthorized = New(Unauthorized, "unauthorized", "Log in first: the access token is missing, expired or not ours.")
	ErrInvalid      = New(Invalid, "validation_error", "Some fields are wrong; see details.")
	ErrUnavailable  = New(Unavailable, "unavailable", "A part of the system is not answering. Try again in a moment.")
)

// Of finds the fault inside err; an error that is none is Internal.
func Of(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return New(Internal, "internal", "Something went wrong on our side.").Because(err)
}
