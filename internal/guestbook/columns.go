package guestbook

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/fault"
)

// The fields that a column of a file may hold, named as in the API.
const (
	phoneField       = "phoneNumber"
	nameField        = "name"
	firstNameField   = "firstName"
	lastNameField    = "lastName"
	companyField     = "companyName"
	designationField = "designation"
	emailField       = "email"
)

// headings says what columns are called: folded, without what is no letter.
var headings = map[string]string{
	"telefone": phoneField, "celular": phoneField, "whatsapp": phoneField, "fone": phoneField, "numero": phoneField,
	"telefonecelular": phoneField, "phone": phoneField, "phonenumber": phoneField, "mobile": phoneField, "mobilephone": phoneField,
	"nome": nameField, "nomecompleto": nameField, "hospede": nameField, "contato": nameField, "cliente": nameField,
	"name": nameField, "fullname": nameField, "guest": nameField, "contact": nameField,
	"primeironome": firstNameField, "firstname": firstNameField,
	"sobrenome": lastNameField, "ultimonome": lastNameField, "lastname": lastNameField, "surname": lastNameField,
	"empresa": companyField, "company": companyField, "companyname": companyField,
	"cargo": designationField, "designation": designationField, "jobtitle": designationField, "position": designationField,
	"email": emailField, "correio": emailField, "correioeletronico": emailField, "mail": emailField, "emailaddress": emailField,
}

// Refusals of a file.
var (
	ErrFile = fault.New(fault.Invalid, "import_file_invalid",
		"This is no CSV file. Save the table as CSV (UTF-8) and send it again.")
	ErrEmpty     = fault.New(fault.Invalid, "import_empty", "The file has no rows. Its first line must name the columns.")
	ErrTooLong   = fault.New(fault.TooLarge, "import_too_long", "The file has more than 10,000 rows. Send it in parts.")
	ErrNoNumbers = fault.New(fault.Invalid, "import_no_phone_column",
		"No column holds phone numbers. Call one of them Telefone, or say in mapping which it is.")
	ErrMapping = fault.New(fault.Invalid, "import_mapping_invalid",
		"The mapping must give columns of the file one of: phoneNumber, name, firstName, lastName, companyName, designation, email, or nothing.")
)

// Column is a column of a file and the field it goes to; none when Field is empty.
type Column struct{ Heading, Field string }

// columnsOf finds out which field each column holds: as the mapping says, else by its
// heading. The first column of a field counts.
func columnsOf(header []string, mapping map[string]string) ([]Column, error) {
	mapped := map[string]string{}
	for heading, field := range mapping {
		if field != "" && !isField(field) {
			return nil, ErrMapping
		}
		mapped[plain(heading)] = field
	}
	columns := make([]Column, len(header))
	taken := map[string]bool{}
	known := 0
	for i, heading := range header {
		columns[i].Heading = cut(contact.CleanLine(heading))
		field, said := mapped[plain(heading)]
		if said {
			known++
		} else {
			field = headings[plain(heading)]
		}
		if field != "" && !taken[field] {
			columns[i].Field, taken[field] = field, true
		}
	}
	if known < len(mapped) {
		return nil, ErrMapping
	}
	if !taken[phoneField] {
		return nil, ErrNoNumbers
	}
	return columns, nil
}

func isField(name string) bool {
	for _, field := range headings {
		if field == name {
			return true
		}
	}
	return false
}

// plain folds a heading to its letters.
func plain(heading string) string {
	letters, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.Predicate(func(r rune) bool { return !unicode.IsLetter(r) }))), heading)
	if err != nil {
		return ""
	}
	return strings.ToLower(letters)
}

// cut keeps what is shown of a heading short.
func cut(text string) string {
	if r := []rune(text); len(r) > contact.MaxNote {
		return string(r[:contact.MaxNote])
	}
	return text
}
