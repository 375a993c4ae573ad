// Package contact says who a guest is and how guests are told apart: by phone
// number in one canonical form, or by Meta's business-scoped user id (BSUID).
// Start with Identity; phone.go has the rules of Brazil's ninth digit, profile.go what
// people may write about a guest, search.go how they look one up.
package contact

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/botreserva/botreserva/internal/domain/id"
)

// Contact is a guest of one hotel.
type Contact struct {
	ID        id.Contact
	Phone     Phone  // canonical; empty while only a BSUID is known
	WAID      string // the raw id to which replies go, exactly as Meta gave it
	BSUID     string
	Username  string
	Name      string
	NameKept  bool // a person wrote the name: what the guest shows does not replace it
	Email     string
	AvatarURL string

	FirstName   string // what the hotel notes, besides the name that the guest shows
	LastName    string
	CompanyName string
	Designation string // the guest's position in the company
	Metadata    string // free notes of the dashboards: a JSON object, or empty

	CreatedAt time.Time
	UpdatedAt time.Time

	Learned Learned

	// NoOffers: the guest told WhatsApp to get none of this hotel's. Cards do not carry it.
	NoOffers bool
}

// Learned says when WhatsApp told what is known of a guest, in seconds since 1970: what
// arrives late replaces nothing newer.
type Learned struct {
	Name     int64 `json:"name,omitempty"`
	Username int64 `json:"username,omitempty"`
	Address  int64 `json:"address,omitempty"`
	Book     int64 `json:"book,omitempty"` // the name is from the address book of the hotel's phone
}

// Identity is what Meta tells about the sender of a message. Every part may be
// missing, but not all of WAID and BSUID.
type Identity struct {
	WAID     string
	BSUID    string
	Parent   string // BSUID of the business group, if it is enrolled
	Username string
	Name     string
}

var bsuid = regexp.MustCompile(`^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$`)

// IsBSUID reports whether text is a business-scoped user id (Meta, June 2026).
// It may turn up where a phone number is expected.
func IsBSUID(text string) bool { return bsuid.MatchString(text) }

// Tidy moves a BSUID that came in the place of a phone number to where it
// belongs, drops ids that are neither, and cleans the names.
func (i Identity) Tidy() Identity {
	if IsBSUID(i.WAID) {
		if i.BSUID == "" {
			i.BSUID = i.WAID
		}
		i.WAID = ""
	}
	if !isDigits(i.WAID) || Canonical(i.WAID) == "" {
		i.WAID = ""
	}
	if !IsBSUID(i.BSUID) {
		i.BSUID = ""
	}
	if !IsBSUID(i.Parent) {
		i.Parent = ""
	}
	i.Name = CleanName(i.Name)
	i.Username = CleanName(i.Username)
	return i
}

// IsKnown reports whether the identity says who the guest is at all.
func (i Identity) IsKnown() bool { return i.WAID != "" || i.BSUID != "" }

// Alias is one way by which a contact is recognised: unique within a tenant.
type Alias struct {
	Kind  AliasKind
	Value string
}

// AliasKind is the sort of an alias.
type AliasKind string

// The kinds of aliases. Phone is the canonical form, so that 55 81 8765-4321 and
// 55 81 98765-4321 are one guest.
const (
	ByPhone AliasKind = "phone"
	ByBSUID AliasKind = "bsuid"
)

// Aliases lists the ways to recognise the guest, the strongest first.
func (i Identity) Aliases() []Alias {
	var out []Alias
	if i.WAID != "" {
		out = append(out, Alias{ByPhone, string(Canonical(i.WAID))})
	}
	if i.BSUID != "" {
		out = append(out, Alias{ByBSUID, i.BSUID})
	}
	if i.Parent != "" {
		out = append(out, Alias{ByBSUID, i.Parent})
	}
	return out
}

// LaneKey is the key under which everything of this guest is put in order. It is
// the same for both spellings of a Brazilian mobile number.
func (i Identity) LaneKey() string {
	if a := i.Aliases(); len(a) > 0 {
		return string(a[0].Kind) + ":" + a[0].Value
	}
	return "unknown"
}

const maxName = 200

// CleanName removes control and bidirectional-override characters from a name
// that a guest chose, and cuts it to 200 characters.
func CleanName(name string) string {
	clean := CleanLine(name)
	if runes := []rune(clean); len(runes) > maxName {
		clean = string(runes[:maxName])
	}
	return clean
}

// CleanLine removes control and bidirectional-override characters, and blanks around.
func CleanLine(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200d' || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, text))
}

// DisplayName is what people see: the name, else the username, else the phone
// number, else the end of the BSUID.
func (c Contact) DisplayName() string {
	switch {
	case c.Name != "":
		return c.Name
	case c.Username != "":
		return c.Username
	case c.Phone != "":
		return "+" + string(c.Phone)
	case len(c.BSUID) >= 6:
		return "Hóspede · " + c.BSUID[len(c.BSUID)-6:]
	default:
		return "Hóspede"
	}
}

// Learn returns the contact with what something told at a time taught about the guest.
// Nothing known is forgotten because a message leaves it out, and nothing is replaced by
// what is older than it; the address to reply to is always the one last used.
func (c Contact) Learn(who Identity, at time.Time) Contact {
	told := at.Unix()
	if told >= c.Learned.Address {
		c = c.at(who, told)
	}
	if c.BSUID == "" {
		c.BSUID = who.BSUID
	}
	if c.WAID == "" && who.WAID != "" {
		c.WAID, c.Learned.Address = who.WAID, told
	}
	if c.Phone == "" {
		c.Phone = Canonical(c.WAID)
	}
	if isNews(c.Username, who.Username, c.Learned.Username, told) {
		c.Username, c.Learned.Username = who.Username, told
	}
	if !c.NameKept && isNews(c.Name, who.Name, c.Learned.Name, told) {
		c.Name, c.Learned.Name = who.Name, told
	}
	return c
}

func isNews(known, told string, knownAt, at int64) bool {
	return told != "" && told != known && (known == "" || at > knownAt || at == knownAt && told > known)
}

// at returns the contact reached where a message came from.
func (c Contact) at(who Identity, told int64) Contact {
	before := c
	if who.WAID != "" {
		c.WAID = who.WAID
	}
	if who.BSUID != "" {
		c.BSUID = who.BSUID
	}
	if c != before {
		c.Learned.Address = told
	}
	return c
}

// Became returns the contact after WhatsApp gave the guest another number or id at a time.
func (c Contact) Became(who Identity, at time.Time) Contact {
	told := at.Unix()
	if told < c.Learned.Address {
		return c
	}
	c = c.at(who, told)
	if who.WAID != "" {
		c.Phone = Canonical(who.WAID)
	}
	c.Learned.Address = told
	return c
}
