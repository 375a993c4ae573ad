package whatsapp

import (
	"encoding/json"

	"github.com/botreserva/botreserva/internal/domain/contact"
)

// wireContact is an element of value.contacts[]. Meta leaves out what it may not show.
type wireContact struct {
	WAID         loose `json:"wa_id"`
	UserID       loose `json:"user_id"`
	ParentUserID loose `json:"parent_user_id"`
	Profile      struct {
		Name     loose `json:"name"`
		Username loose `json:"username"`
	} `json:"profile"`
}

// person is how a message or a status names the guest: by number, by business-scoped user ids, or both.
type person struct {
	waID, bsuid, parent loose
}

// identity puts together what the item and its contact say. The item comes first: it is the address to reply to.
// A contact's names are read too.
func (p person) identity(c wireContact) contact.Identity {
	i := contact.Identity{
		WAID:     first(p.waID, c.WAID),
		BSUID:    first(p.bsuid, c.UserID),
		Parent:   first(p.parent, c.ParentUserID),
		Username: string(c.Profile.Username),
		Name:     string(c.Profile.Name),
	}.Tidy()
	if contact.Canonical(i.WAID) == "" {
		i.WAID = "" // digits, but too few or too many for a number
	}
	return i
}

// laneKey is the key under which the guest's items are put in order, or "unknown".
func (p person) laneKey(c wireContact) string {
	c.Profile.Name, c.Profile.Username = "", "" // tidying names is work, and a lane needs none
	return p.identity(c).LaneKey()
}

// maxContact bounds a contact that is copied to each of its messages; an ordinary one has 150 bytes.
const maxContact = 8 << 10

// contactBook finds the contact of a message by its ids. The order of contacts[] means nothing, and the number of
// the contact may differ from the sender's by Brazil's ninth digit.
type contactBook struct {
	raw  []json.RawMessage
	read []wireContact
	byID map[string]int
}

func newContactBook(list rawList) contactBook {
	book := contactBook{byID: make(map[string]int, 3*min(len(list), 1000))}
	for _, raw := range list {
		var c wireContact
		if len(raw) > maxContact || readLoosely(raw, &c) != nil {
			continue
		}
		book.raw, book.read = append(book.raw, raw), append(book.read, c)
		for _, key := range []string{string(c.WAID), phoneKey(c.WAID), string(c.UserID)} {
			if _, taken := book.byID[key]; !taken && key != "" {
				book.byID[key] = len(book.raw) - 1
			}
		}
	}
	return book
}

func (b contactBook) find(p person) (json.RawMessage, wireContact) {
	for _, key := range []string{string(p.waID), string(p.bsuid), phoneKey(p.waID)} {
		if at, found := b.byID[key]; found {
			return b.raw[at], b.read[at]
		}
	}
	return nil, wireContact{}
}

func phoneKey(waID loose) string {
	if phone := contact.Canonical(string(waID)); phone != "" {
		return "+" + string(phone)
	}
	return ""
}
