package whatsapp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
)

// Delivery is one webhook call of Meta's, cut into pieces that can be stored and worked on one by one.
type Delivery struct {
	Object string // "whatsapp_business_account"; a delivery about another object has no parts
	Parts  []Part // one for each change of each entry, in order; parts may belong to different hotels
}

// Part is one change: what happened to one number or account.
type Part struct {
	WABAID        string            // may be empty
	PhoneNumberID string            // empty in news about an account or its templates
	Field         string            // "messages", or another field name of lower-case letters, digits and "_"; else "unknown"
	Items         []Item            // in the order of the payload, messages before statuses
	Errors        []message.Failure // problems of the account itself, at most 20
	time          json.RawMessage
	change        json.RawMessage
}

// ItemKind is what an item is about.
type ItemKind string

// The kinds of items.
const (
	ItemMessage    ItemKind = "message"    // for ParseMessage
	ItemStatus     ItemKind = "status"     // for ParseStatus
	ItemEcho       ItemKind = "echo"       // for ParseEcho: the hotel wrote it on its phone
	ItemHistory    ItemKind = "history"    // for ParseHistory: what was said before the number came to us
	ItemCall       ItemKind = "call"       // for ParseCall
	ItemEntry      ItemKind = "entry"      // for ParseEntry: of the address book of the hotel's phone
	ItemPreference ItemKind = "preference" // for ParsePreference: what a guest wants to be sent
	ItemAccount    ItemKind = "account"    // for ParseAccount: news about an account, a number or a template
	ItemOther      ItemKind = "other"      // kept and not read; Payload is {"wabaId", "time", "change"}
)

// Item is one message, one status, or one change of another kind.
type Item struct {
	Kind    ItemKind
	LaneKey string          // items of one guest share it: "phone:…", "bsuid:…", "unknown"; else "account", "other:<field>"
	WAMID   string          // may be empty: parsing then refuses the item
	At      time.Time       // as Meta says, unchecked; zero when it cannot be read
	Payload json.RawMessage // needs nothing from outside itself
}

const (
	whatsAppObject = "whatsapp_business_account"
	messagesField  = "messages"
	unknownField   = "unknown"
)

type wireDelivery struct {
	Object loose       `json:"object"`
	Entry  []wireEntry `json:"entry"`
}

type wireEntry struct {
	ID      loose           `json:"id"`
	Time    json.RawMessage `json:"time"`
	Changes []wireChange    `json:"changes"`
}

type wireChange struct {
	Field loose     `json:"field"`
	Value wireValue `json:"value"`
	raw   json.RawMessage
}

type wireValue struct {
	Metadata struct {
		PhoneNumberID loose `json:"phone_number_id"`
	} `json:"metadata"`
	Contacts rawList `json:"contacts"`
	Messages rawList `json:"messages"`
	Statuses rawList `json:"statuses"`
	Errors   rawList `json:"errors"`
	Field    loose   `json:"field"` // misplaced in some of Meta's own samples

	Echoes      rawList         `json:"message_echoes"`
	History     rawList         `json:"history"`
	StateSync   rawList         `json:"state_sync"`
	Preferences rawList         `json:"user_preferences"`
	Calls       rawList         `json:"calls"`
	Standby     json.RawMessage `json:"standby"`
	NewQuality  json.RawMessage `json:"new_quality_score"` // by it a change is known whose name Meta's page has wrong
}

// UnmarshalJSON never fails for valid JSON.
func (c *wireChange) UnmarshalJSON(data []byte) error {
	type plain wireChange
	*c = wireChange{raw: bytes.Clone(data)}
	return readLoosely(data, (*plain)(c))
}

// Split cuts the body of one POST into its parts and items. It never panics, whatever the bytes, and one odd
// element never costs another: what cannot be read becomes an item that parsing refuses. It takes time and memory
// in proportion to the body, which the caller must have capped (Meta's limit is 3 MB). The errors are ErrEmpty,
// ErrNotJSON, ErrTooDeep and ErrTooMany; a body that gets one is to be kept and answered as received, except that
// an empty one is no delivery at all.
func Split(body []byte) (Delivery, error) {
	body, err := trimBody(body)
	if err != nil {
		return Delivery{}, err
	}
	var wire wireDelivery
	if err := readLoosely(body, &wire); err != nil {
		return Delivery{}, fmt.Errorf("%w: %w", ErrNotJSON, err)
	}
	d := Delivery{Object: string(wire.Object)}
	if wire.Object != "" && wire.Object != whatsAppObject {
		return d, nil
	}
	for _, entry := range wire.Entry {
		for i := range entry.Changes {
			d.Parts = append(d.Parts, entry.Changes[i].part(entry))
		}
	}
	return d, nil
}

func (c *wireChange) part(entry wireEntry) Part {
	p := Part{
		WABAID:        string(entry.ID),
		PhoneNumberID: string(c.Value.Metadata.PhoneNumberID),
		Field:         c.field(),
		Errors:        failures(c.Value.Errors),
		time:          entry.Time,
		change:        c.raw,
	}
	switch p.Field {
	case messagesField:
		p.Items = c.Value.items()
		if len(c.Value.Errors) > 0 && len(p.Items) == 0 {
			p.Items = []Item{p.accountItem(entry)}
		}
	case unknownField: // nothing in it that we know how to name
	default:
		p.Items = c.otherItems(p, entry)
	}
	return p
}

// field names the change; where the name is missing, the content tells.
func (c *wireChange) field() string {
	name := first(c.Field, c.Value.Field)
	if name == "" {
		name = string(c.Value.fieldByKeys())
	}
	if len(c.Value.NewQuality) > 0 {
		name = "message_template_quality_update" // Meta's own page names the field wrongly
	}
	if !isFieldName(name) {
		return unknownField
	}
	return name
}

// isFieldName reports whether text can be a field of Meta's: it becomes part of keys and labels.
func isFieldName(text string) bool {
	for _, r := range text {
		if r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return false
		}
	}
	return text != "" && len(text) <= 64
}

func (v *wireValue) items() []Item {
	count := len(v.Messages) + len(v.Statuses)
	if count == 0 {
		return nil
	}
	items := make([]Item, 0, count)
	book := newContactBook(v.Contacts)
	for _, raw := range v.Messages {
		items = append(items, messageItem(raw, book))
	}
	for _, raw := range v.Statuses {
		items = append(items, statusItem(raw, book))
	}
	return items
}

func messageItem(raw json.RawMessage, book contactBook) Item {
	var m messageHead
	_ = readLoosely(raw, &m) // what is no message has no id and is refused by ParseMessage
	at, _ := readTime(m.Timestamp)
	who, known := book.find(m.sender())
	return Item{ItemMessage, m.sender().laneKey(known), wamid(m.ID), at, wrap("message", raw, who)}
}

func statusItem(raw json.RawMessage, book contactBook) Item {
	var s wireStatus
	_ = readLoosely(raw, &s) // what is no status has no id and is refused by ParseStatus
	at, _ := readTime(s.Timestamp)
	who, known := book.find(s.recipient())
	return Item{ItemStatus, s.recipient().laneKey(known), wamid(s.ID), at, wrap("status", raw, who)}
}

// wrap makes {"<kind>":<element>,"contact":<contact>}, the contact only when there is one.
func wrap(kind string, element, contact json.RawMessage) json.RawMessage {
	out := make([]byte, 0, len(kind)+len(element)+len(contact)+len(`{"":,"contact":}`))
	out = append(out, `{"`...)
	out = append(out, kind...)
	out = append(out, `":`...)
	out = append(out, element...)
	if contact != nil {
		out = append(out, `,"contact":`...)
		out = append(out, contact...)
	}
	return append(out, '}')
}
