package content

import (
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
)

// Contacts are cards out of an address book.
type Contacts struct {
	Cards []ContactCard `json:"cards"`
}

// ContactCard is somebody in an address book. A telephone without a WhatsApp id offers to
// invite instead of to write.
type ContactCard struct {
	Name         ContactName    `json:"name"`
	Birthday     string         `json:"birthday,omitempty"` // 2006-01-02
	Phones       []ContactPhone `json:"phones,omitempty"`
	Emails       []ContactEntry `json:"emails,omitempty"`
	URLs         []ContactEntry `json:"urls,omitempty"`
	Addresses    []PostAddress  `json:"addresses,omitempty"`
	Organization *Organization  `json:"organization,omitempty"`
}

// ContactName is a name, as it is written and in parts.
type ContactName struct {
	Formatted string `json:"formatted"`
	First     string `json:"first,omitempty"`
	Middle    string `json:"middle,omitempty"`
	Last      string `json:"last,omitempty"`
	Prefix    string `json:"prefix,omitempty"`
	Suffix    string `json:"suffix,omitempty"`
}

// ContactPhone is a telephone.
type ContactPhone struct {
	Phone string `json:"phone"`
	WAID  string `json:"waId,omitempty"`
	Type  string `json:"type,omitempty"` // CELL, WORK, HOME …
}

// ContactEntry is a mail or web address.
type ContactEntry struct {
	Value string `json:"value"`
	Type  string `json:"type,omitempty"` // WORK, HOME
}

// PostAddress is where letters go.
type PostAddress struct {
	Street      string `json:"street,omitempty"`
	City        string `json:"city,omitempty"`
	State       string `json:"state,omitempty"`
	Zip         string `json:"zip,omitempty"`
	Country     string `json:"country,omitempty"`
	CountryCode string `json:"countryCode,omitempty"`
	Type        string `json:"type,omitempty"`
}

// Organization is where somebody works.
type Organization struct {
	Company    string `json:"company,omitempty"`
	Department string `json:"department,omitempty"`
	Title      string `json:"title,omitempty"`
}

// Kind implements Content.
func (Contacts) Kind() message.Kind { return message.SharedContacts }

// Shown implements Content.
func (s Contacts) Shown() string {
	names := make([]string, len(s.Cards))
	for i, card := range s.Cards {
		names[i] = card.Name.Formatted
	}
	return strings.Join(names, ", ")
}

func (Contacts) name() string                 { return "contacts" }
func (Contacts) describe(_ *message.Metadata) {}

func (s Contacts) check(c *checker) {
	c.size("cards", len(s.Cards), 1, maxContacts)
	for i, card := range s.Cards {
		card.check(c, at("cards", i, ""))
	}
}

func (s ContactCard) check(c *checker, path string) {
	n := s.Name
	c.required(path+".name.formatted", n.Formatted, maxField)
	c.fields(path+".name", "first", n.First, "middle", n.Middle, "last", n.Last, "prefix", n.Prefix, "suffix", n.Suffix)
	if _, err := time.Parse(time.DateOnly, s.Birthday); s.Birthday != "" && err != nil {
		c.add(path+".birthday", "wrong_form", "Write the birthday as year-month-day, 1990-12-31.")
	}
	c.size(path+".phones", len(s.Phones), 0, maxEntries)
	for i, p := range s.Phones {
		c.required(at(path+".phones", i, "phone"), p.Phone, maxField)
		c.fields(at(path+".phones", i, ""), "waId", p.WAID, "type", p.Type)
	}
	c.entries(path+".emails", s.Emails)
	c.entries(path+".urls", s.URLs)
	c.size(path+".addresses", len(s.Addresses), 0, maxEntries)
	for i, a := range s.Addresses {
		c.fields(at(path+".addresses", i, ""), "street", a.Street, "city", a.City, "state", a.State, "zip", a.Zip,
			"country", a.Country, "countryCode", a.CountryCode, "type", a.Type)
	}
	if o := s.Organization; o != nil {
		c.fields(path+".organization", "company", o.Company, "department", o.Department, "title", o.Title)
	}
}

func (c *checker) entries(path string, entries []ContactEntry) {
	c.size(path, len(entries), 0, maxEntries)
	for i, e := range entries {
		c.required(at(path, i, "value"), e.Value, maxField)
		c.text(at(path, i, "type"), e.Type, maxField)
	}
}

// fields checks names and values in turn.
func (c *checker) fields(path string, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		c.text(under(path, pairs[i]), pairs[i+1], maxField)
	}
}
