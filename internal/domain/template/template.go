// Package template says what messages that Meta approves beforehand are: of what they are
// made (Form), what has to be filled in (Needs), how they read when it is (Fill), which of
// their languages is sent (Pick) and what Meta would refuse (Draft). What Meta calls all
// this is package whatsapp; what is sent with one is content.Template. Start with Template.
package template

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Template is one language of a template. Status, category and quality are open lists of
// Meta's.
type Template struct {
	ID       string // Meta's
	WABAID   string // the account that it belongs to
	Name     string
	Language string
	Category string
	Previous string // the category that it had, if Meta changed it
	Correct  string // the category that Meta is about to give it
	Status   string
	Reason   string // why it was rejected or paused
	Quality  string // GREEN, YELLOW, RED, UNKNOWN
	IsNamed  bool   // its gaps have names, not numbers
	Form     *Form  // nil until it was read from Meta
	// ChangedAt is when Meta last told of a change, SyncedAt when all of it was last read.
	ChangedAt, SyncedAt time.Time
}

// What is decided by; Meta may invent others.
const (
	Approved       = "APPROVED"
	Reinstated     = "REINSTATED" // approved after an appeal
	Pending        = "PENDING"
	Rejected       = "REJECTED"
	Paused         = "PAUSED"
	Disabled       = "DISABLED"
	Marketing      = "MARKETING"
	Utility        = "UTILITY"
	Authentication = "AUTHENTICATION"
)

// IsSendable reports whether Meta takes messages made of it.
func (t Template) IsSendable() bool { return t.Status == Approved || t.Status == Reinstated }

// Refusals of this noun.
var (
	ErrNotFound = fault.New(fault.NotFound, "template_not_found", "There is no such template. Fetch the templates from WhatsApp anew if it is a new one.")
	ErrUnknown  = fault.New(fault.Unprocessable, "template_unknown", "The hotel has no template of this name.")
	ErrNotReady = fault.New(fault.Unprocessable, "template_not_approved", "WhatsApp has not approved this template, or has taken the approval back.")
	ErrLanguage = fault.New(fault.Unprocessable, "template_language_missing", "The template is not approved in this language.")
	ErrOptedOut = fault.New(fault.Conflict, "marketing_opt_out", "The guest asked WhatsApp to get no offers of the hotel's. Send a template of category UTILITY if it concerns a booking, or wait until they write.")
)

// Pick chooses among the languages of one template: the one that was asked for, else one of
// the same language for another country (pt_BR, pt_PT, pt), in the order of their codes.
// Never another language: the guest would not understand it. A refusal says why, and what
// is approved.
func Pick(variants []Template, name, language string) (Template, error) {
	if len(variants) == 0 {
		return Template{}, detail(ErrUnknown, "name", "There is no template "+name+". Choose another, or fetch the templates from WhatsApp anew if it is a new one.")
	}
	var near []Template
	for _, t := range variants {
		if Base(t.Language) == Base(language) {
			near = append(near, t)
		}
	}
	slices.SortFunc(near, func(a, b Template) int {
		return cmp.Or(order(a.Language == language, b.Language == language), strings.Compare(a.Language, b.Language))
	})
	for _, t := range near {
		if t.IsSendable() {
			return t, nil
		}
	}
	if len(near) > 0 {
		return Template{}, detail(ErrNotReady, "name", near[0].why()+listed(variants))
	}
	return Template{}, detail(ErrLanguage, "language", "There is no "+language+" of "+name+"."+listed(variants))
}

// Base is the language without the country.
func Base(code string) string {
	base, _, _ := strings.Cut(code, "_")
	return strings.ToLower(base)
}

func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// why says why a template is not sent, and what helps.
func (t Template) why() string {
	text := map[string]string{
		Pending:  "WhatsApp is still looking at it. That takes minutes, at most a day.",
		Rejected: "WhatsApp rejected it. Correct it and hand it in again.",
		Paused:   "WhatsApp paused it because guests complained. It is free again by itself in some hours.",
		Disabled: "WhatsApp switched it off because guests complained again and again. Make another.",
	}[t.Status]
	if text == "" {
		text = "WhatsApp says that it is " + cmp.Or(t.Status, "UNKNOWN") + "."
	}
	if t.Reason != "" && t.Reason != "NONE" {
		text += " Reason: " + t.Reason + "."
	}
	return t.Name + " (" + t.Language + "): " + text
}

func listed(variants []Template) string {
	var codes []string
	for _, t := range variants {
		if t.IsSendable() {
			codes = append(codes, t.Language)
		}
	}
	if len(codes) == 0 {
		return " No language of it is approved."
	}
	slices.Sort(codes)
	return " Approved: " + strings.Join(codes, ", ") + "."
}

// Suggest lets a refusal list templates that may be sent instead, at most twenty.
func Suggest(err error, approved []Template) error {
	f := fault.Of(err)
	if len(approved) == 0 {
		return err
	}
	const most = 20
	var names []string
	for _, t := range approved[:min(len(approved), most)] {
		names = append(names, fmt.Sprintf("%s (%s)", t.Name, t.Language))
	}
	return f.With(fault.Detail{Path: "approved", Code: "approved", Message: strings.Join(names, ", ")})
}

func detail(f *fault.Fault, path, text string) error {
	return f.Saying(text).With(fault.Detail{Path: path, Code: f.Code, Message: text})
}
