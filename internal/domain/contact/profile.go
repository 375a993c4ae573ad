package contact

import (
	"net/mail"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// Changes is what people write about a guest. A nil field stays as it is; an empty one
// is cleared. The phone number is not among them: it says who the guest is.
type Changes struct {
	Name        *string
	FirstName   *string
	LastName    *string
	CompanyName *string
	Designation *string
	Email       *string
	AvatarURL   *string
	Metadata    *string // a JSON object
}

// Sizes that a hotel's notes about a guest may have, in characters.
const (
	MaxNote     = 100
	MaxCompany  = 200
	MaxEmail    = 254
	MaxURL      = 2000
	MaxMetadata = 10_000
)

// Refusals of this noun.
var (
	ErrNotFound = fault.New(fault.NotFound, "contact_not_found", "There is no such contact.")
	ErrPhone    = fault.New(fault.Invalid, "phone_invalid",
		"This is no phone number. Write it with country and area code, for example 5511987654321.")
	ErrTaken = fault.New(fault.Conflict, "contact_exists", "There is a contact with this phone number already: see existingContactId.")
	ErrInUse = fault.New(fault.Invalid, "contact_in_use",
		"This contact has conversations. Delete them first, or have the contact's data erased.")
	ErrNotYours = fault.New(fault.Forbidden, "contact_forbidden",
		"You may change the names, e-mail and notes of guests whose conversations you see. Ask an administrator of the hotel.")
)

// TakenError is ErrTaken with the contact that has the number.
type TakenError struct{ Existing id.Contact }

// Error implements error.
func (e *TakenError) Error() string { return ErrTaken.Text }

// Unwrap makes it ErrTaken.
func (e *TakenError) Unwrap() error { return ErrTaken }

// NumberOf reads a phone number as people write it, or returns ErrPhone. It must be
// complete: at least ten digits, and twelve in Brazil.
func NumberOf(text string) (Phone, error) {
	p := FromForm(text)
	if len(p) < 10 || strings.HasPrefix(string(p), brazil) && len(p) < 12 {
		return "", ErrPhone
	}
	return p, nil
}

// IsEmpty reports whether nothing is to be changed.
func (c Changes) IsEmpty() bool { return c == Changes{} }

// AreEveryday reports whether the changes are those that everybody at the desk makes:
// names, e-mail and notes.
func (c Changes) AreEveryday() bool {
	c.Name, c.FirstName, c.LastName, c.Email, c.Metadata = nil, nil, nil, nil, nil
	return c.IsEmpty()
}

// Tidy cleans the texts and returns what is wrong with them.
func (c Changes) Tidy() (Changes, []fault.Detail) {
	var wrong []fault.Detail
	for _, f := range []struct {
		name  string
		text  **string
		limit int
	}{
		{"name", &c.Name, MaxNote},
		{"firstName", &c.FirstName, MaxNote},
		{"lastName", &c.LastName, MaxNote},
		{"companyName", &c.CompanyName, MaxCompany},
		{"designation", &c.Designation, MaxNote},
		{"email", &c.Email, MaxEmail},
		{"profilePictureUrl", &c.AvatarURL, MaxURL},
	} {
		if *f.text == nil {
			continue
		}
		if clean := CleanLine(**f.text); utf8.RuneCountInString(clean) > f.limit {
			wrong = append(wrong, fault.Detail{Path: f.name, Message: "This is too long."})
		} else {
			*f.text = &clean
		}
	}
	if c.Email != nil && *c.Email != "" && !isAddress(*c.Email) {
		wrong = append(wrong, fault.Detail{Path: "email", Message: "This is no e-mail address."})
	}
	if c.AvatarURL != nil && *c.AvatarURL != "" && !isWebAddress(*c.AvatarURL) {
		wrong = append(wrong, fault.Detail{Path: "profilePictureUrl", Message: "Use an address that begins with https:// or http://."})
	}
	if c.Metadata != nil && utf8.RuneCountInString(*c.Metadata) > MaxMetadata {
		wrong = append(wrong, fault.Detail{Path: "metadata", Message: "This is too long."})
	}
	return c, wrong
}

func isAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text {
		return false
	}
	_, domain, _ := strings.Cut(text, "@")
	return strings.Contains(domain, ".")
}

func isWebAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// Apply returns the contact with the changes made. A name that a person wrote is kept
// when the guest shows another on WhatsApp; a cleared one is not.
func (c Changes) Apply(to Contact) Contact {
	for _, f := range []struct{ from, into *string }{
		{c.Name, &to.Name},
		{c.FirstName, &to.FirstName},
		{c.LastName, &to.LastName},
		{c.CompanyName, &to.CompanyName},
		{c.Designation, &to.Designation},
		{c.Email, &to.Email},
		{c.AvatarURL, &to.AvatarURL},
		{c.Metadata, &to.Metadata},
	} {
		if f.from != nil {
			*f.into = *f.from
		}
	}
	if c.Name != nil {
		to.NameKept = *c.Name != ""
	}
	return to
}
