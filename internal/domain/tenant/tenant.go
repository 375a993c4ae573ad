// Package tenant is the hotel as our customer: its settings, its WhatsApp
// numbers and its units. Units are data of the tenant, never of the code.
package tenant

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// Status says whether a tenant may use the product.
type Status string

// The statuses.
const (
	Trial     Status = "TRIAL"
	Active    Status = "ACTIVE"
	Suspended Status = "SUSPENDED"
	Cancelled Status = "CANCELLED"
)

// Tenant is one hotel, or a group of hotels under one account.
type Tenant struct {
	ID        id.Tenant
	Slug      string
	Name      string
	Email     string
	Status    Status
	Plan      Plan
	Limits    Limits
	TrialEnds time.Time // counts while Status is Trial; zero: never
	Units     []string
	TimeZone  string
	Hours     Hours
	Bot       Bot
	Keep      Retention
	// WindowReminder is how long before Meta's 24-hour window closes on a guest who waits
	// people are reminded; 0: never. Whole minutes, at most 23 hours.
	WindowReminder time.Duration
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// Number is one WhatsApp number of a tenant.
type Number struct {
	ID            id.Number
	PhoneNumberID string // Meta's id of the number, unique on the platform
	WABAID        string // Meta's id of the business account; may be unknown
	Display       string
	IsDefault     bool // the hotel writes first through it; without one, through its oldest
	Standing      Standing
}

// Standing is what Meta last told of a number. Texts are Meta's and open lists; empty means
// that it did not tell.
type Standing struct {
	Status       string // CONNECTED is the working one
	Quality      string // GREEN, YELLOW, RED, UNKNOWN
	VerifiedName string // that guests see
	NameState    string // whether Meta approved it
	Account      string // ACTIVE, RESTRICTED, DISABLED
	DailyLimit   *int   // guests that may be written to first in 24 hours; -1: any number; nil: not known
	Throughput   int    // messages per second, in and out together; 0: not known
	ReadAt       time.Time
	Pause        Pause
}

// Pause is why nothing is sent through a number; the zero Pause: it sends.
type Pause struct {
	Since            time.Time
	Reason, ReasonEN string // for people, in Portuguese and English
}

// Refusals of this noun.
var (
	ErrUnknown    = fault.New(fault.NotFound, "tenant_not_found", "There is no hotel with this name.")
	ErrSuspended  = fault.New(fault.Forbidden, "tenant_suspended", "This hotel's account is suspended. Ask whoever runs the platform.")
	ErrTrialEnded = fault.New(fault.Forbidden, "trial_ended", "This hotel's trial has ended. What guests write is kept; ask whoever runs the platform to go on.")
	ErrForeign    = fault.New(fault.Forbidden, "tenant_forbidden", "Your user belongs to another hotel.")
	ErrSlugTaken  = fault.New(fault.Conflict, "slug_taken", "This slug is taken. Choose another.")
	ErrBadSlug    = fault.New(fault.Invalid, "slug_invalid", "A slug has 3 to 60 characters: lower-case letters, digits and hyphens.")
	ErrNumber     = fault.New(fault.Conflict, "number_taken", "This phone_number_id already belongs to a hotel.")
	ErrNumberUsed = fault.New(fault.Conflict, "number_in_use", "Conversations go on through this number. Close them first.")
	ErrNoNumber   = fault.New(fault.Unprocessable, "number_missing", "This hotel has no WhatsApp number yet. Connect one in the settings.")
)

// IsKnown reports whether s is a status at all.
func (s Status) IsKnown() bool {
	return s == Trial || s == Active || s == Suspended || s == Cancelled
}

// MayWork returns why the tenant's people and flows may not use the product, or nil.
// A trial that has ended is as good as a suspension. What guests write is taken and
// kept in any case.
func (t Tenant) MayWork(now time.Time) error {
	switch {
	case t.Status == Active, t.Status == Trial && !t.TrialEnded(now):
		return nil
	case t.Status == Trial:
		return ErrTrialEnded
	default:
		return ErrSuspended
	}
}

// TrialEnded reports whether the tenant's trial had an end that has come.
func (t Tenant) TrialEnded(now time.Time) bool {
	return t.Status == Trial && !t.TrialEnds.IsZero() && !now.Before(t.TrialEnds)
}

// ParseSlug checks the short name under which a tenant is addressed.
func ParseSlug(text string) (string, error) {
	if len(text) < 3 || len(text) > 60 {
		return "", ErrBadSlug
	}
	for _, r := range text {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return "", ErrBadSlug
		}
	}
	return text, nil
}

// Unit finds a unit by any spelling that a flow or an older dashboard may use:
// accents, case, spaces and hyphens do not matter, so "Ilha Bela" finds
// "Ilhabela". It reports whether there is one.
func (t Tenant) Unit(text string) (string, bool) {
	want := Fold(text)
	if want == "" {
		return "", false
	}
	for _, u := range t.Units {
		if Fold(u) == want {
			return u, true
		}
	}
	return "", false
}

// Fold keeps letters and digits, lower-case and without accents.
func Fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(text))
}
