package user

import (
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/tenant"
)

// Refusals of what is said about a user.
var (
	ErrEmail        = fault.New(fault.Invalid, "email_invalid", "This is no e-mail address.")
	ErrName         = fault.New(fault.Invalid, "name_missing", "A name has 1 to 100 characters.")
	ErrAvatar       = fault.New(fault.Invalid, "avatar_invalid", "A picture is given by its address, which begins with https:// or http://.")
	ErrUnit         = tenant.ErrUnitUnknown
	ErrUnitRequired = fault.New(fault.Invalid, "unit_required",
		"An attendant works in one of the hotel's units: say in which (hotelUnit). A hotel without units needs one first.")
)

// ParseName checks how colleagues call somebody.
func ParseName(text string) (string, error) {
	name := strings.TrimSpace(text)
	if name == "" || len([]rune(name)) > 100 || strings.ContainsFunc(name, unicode.IsControl) {
		return "", ErrName
	}
	return name, nil
}

// ParseEmail checks with what somebody logs in.
func ParseEmail(text string) (string, error) {
	email := strings.TrimSpace(text)
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > 254 {
		return "", ErrEmail
	}
	return email, nil
}

// ParseAvatar checks the address of somebody's picture; the empty text is none.
func ParseAvatar(text string) (string, error) {
	u, err := url.Parse(text)
	if text != "" && (err != nil || !slices.Contains([]string{"http", "https"}, u.Scheme) || u.Host == "" || len(text) > 2000) {
		return "", ErrAvatar
	}
	return text, nil
}

// Place returns the unit in which somebody with a role works, as the hotel writes it.
// Attendants see the guests of their unit, so without one they would see nobody.
func Place(hotel tenant.Tenant, role Role, unit string) (string, error) {
	if strings.TrimSpace(unit) == "" {
		if role == Attendant {
			return "", ErrUnitRequired
		}
		return "", nil
	}
	known, ok := hotel.Unit(unit)
	if !ok {
		return "", ErrUnit
	}
	return known, nil
}
