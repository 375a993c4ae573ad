package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
)

// sendRequest is a validated body of POST …/messages.
type sendRequest struct {
	raw       []byte
	to        string // phone, as given
	recipient string // business-scoped user id
	msgType   string
	opaque    string
	identity  string // recipient_identity_key_hash
	replyTo   string
	content   json.RawMessage

	read      bool // a read mark instead of a message
	typing    bool
	messageID string

	text     string // readable form
	choices  []Choice
	links    []linkedFile // files that Meta would fetch
	late     *StatusError // accepted, then failed with it
	template *template    // what a template message was made of; nil when the account has none
	mediaID  string
	mediaURL string
	category string
	reaction reactionJSON
}

// linkedFile is a file that the business gave by address.
type linkedFile struct{ address, kind string }

// kindRead stands for read marks where message types are told apart.
const kindRead = "read"

// kind is what faults match on: the message type, or kindRead.
func (r *sendRequest) kind() string {
	if r.read {
		return kindRead
	}
	return r.msgType
}

func (r *sendRequest) entry(wamid string, now time.Time) *Entry {
	return &Entry{
		ID: wamid, From: FromHotel, Type: r.msgType, Text: r.text, At: now, Status: StatusAccepted, Content: r.content,
		ReplyTo: r.replyTo, Opaque: r.opaque, Choices: r.choices, MediaID: r.mediaID, MediaURL: r.mediaURL,
		category: r.category, ttl: r.ttl(),
	}
}

// ttl is how long a message may wait for the phone.
func (r *sendRequest) ttl() time.Duration {
	switch {
	case r.template == nil:
		return 0
	case r.template.TTL > 0:
		return time.Duration(r.template.TTL) * time.Second
	case r.template.TTL == 0 && r.template.Category == "AUTHENTICATION":
		return codeTTL
	}
	return 0
}

// object is a JSON object whose keys are checked one by one.
type object map[string]json.RawMessage

// checker collects the first thing that is wrong with a send. Lengths are counted in UTF-16 units: Meta does not say
// how it counts, and this is the strictest plausible way.
type checker struct {
	sim *Simulator
	err *graphError
}

// invalid is the error for a bad send; a knob turns every code into 100.
func (s *Simulator) invalid(code int, details string) *graphError {
	if s.knobs.Load().ValidationAs100 {
		code = 100
	}
	return refusal(code, details)
}

func (c *checker) fail(code int, format string, args ...any) {
	if c.err == nil {
		c.err = c.sim.invalid(code, fmt.Sprintf(format, args...))
	}
}

func (c *checker) missing(path string)        { c.fail(131008, "Parameter %s is required.", path) }
func (c *checker) bad(path, why string)       { c.fail(131009, "Parameter %s %s.", path, why) }
func (c *checker) unexpected(key, on string)  { c.fail(100, "Unexpected key %q on param %q.", key, on) }
func (c *checker) wrongType(path, isA string) { c.fail(100, "Param %s must be %s.", path, isA) }

// only refuses keys that are not in the list.
func (c *checker) only(path string, o object, keys ...string) {
	for key := range o {
		if !slices.Contains(keys, key) {
			c.unexpected(key, path)
		}
	}
}

func (c *checker) object(path string, raw json.RawMessage) object {
	if raw == nil {
		c.missing(path)
		return object{}
	}
	var o object
	if err := json.Unmarshal(raw, &o); err != nil || o == nil {
		c.wrongType(path, "an object")
		return object{}
	}
	return o
}

func (c *checker) list(path string, raw json.RawMessage, least, most int) []json.RawMessage {
	if raw == nil {
		c.missing(path)
		return nil
	}
	var l []json.RawMessage
	if err := json.Unmarshal(raw, &l); err != nil {
		c.wrongType(path, "an array")
		return nil
	}
	if len(l) < least || len(l) > most {
		c.bad(path, fmt.Sprintf("must have %d to %d elements", least, most))
	}
	return l
}

// optional reads a string of at most limit units; absent gives "".
func (c *checker) optional(path string, o object, key string, limit int) string {
	raw, ok := o[key]
	if !ok {
		return ""
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		c.wrongType(join(path, key), "a string")
		return ""
	}
	if len(s) > limit && len(utf16.Encode([]rune(s))) > limit {
		c.bad(join(path, key), fmt.Sprintf("must be at most %d characters long", limit))
	}
	return s
}

// required is optional that must be there and not be blank.
func (c *checker) required(path string, o object, key string, limit int) string {
	s := c.optional(path, o, key, limit)
	if strings.TrimSpace(s) == "" {
		c.missing(join(path, key))
	}
	return s
}

func (c *checker) boolean(path string, o object, key string) {
	var b bool
	if raw, ok := o[key]; ok && json.Unmarshal(raw, &b) != nil {
		c.wrongType(join(path, key), "a boolean")
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// bsuid is Meta's form of business-scoped and parent user ids.
var bsuid = regexp.MustCompile(`^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$`)

var envelopeKeys = []string{
	"messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data",
	"recipient_identity_key_hash", "status", "message_id", "typing_indicator",
}

// parseSend validates a request the way Meta does: strictly, with codes 100, 131008 and 131009.
func (s *Simulator) parseSend(a *account, body []byte) (*sendRequest, *graphError) {
	var o object
	if err := json.Unmarshal(body, &o); err != nil || o == nil {
		return nil, refusal(100, "The request body is not a JSON object.")
	}
	c := &checker{sim: s}
	req := &sendRequest{raw: body}
	if product := c.optional("", o, "messaging_product", 20); product != "whatsapp" {
		e := refusal(100, "")
		e.message = "(#100) The parameter messaging_product is required."
		return nil, e
	}
	if _, ok := o["status"]; ok {
		c.readMark(o, req)
	} else {
		c.recipient(o, req)
		c.message(a, o, req)
	}
	if c.err != nil {
		return nil, c.err
	}
	return req, nil
}

func (c *checker) readMark(o object, req *sendRequest) {
	c.only("", o, "messaging_product", "status", "message_id", "typing_indicator")
	if status := c.required("", o, "status", 20); status != "read" {
		c.bad("status", "must be read")
	}
	req.read = true
	req.messageID = c.required("", o, "message_id", 512)
	if raw, ok := o["typing_indicator"]; ok {
		indicator := c.object("typing_indicator", raw)
		if kind := c.required("typing_indicator", indicator, "type", 20); kind != "text" {
			c.bad("typing_indicator.type", "must be text")
		}
		req.typing = true
	}
}

func (c *checker) recipient(o object, req *sendRequest) {
	if kind := c.optional("", o, "recipient_type", 20); kind != "" && kind != "individual" {
		c.bad("recipient_type", "must be individual: groups need a messaging limit that hardly any business has")
	}
	req.to = c.optional("", o, "to", 64)
	req.recipient = c.optional("", o, "recipient", 140)
	if req.to != "" {
		req.recipient = "" // with both, to wins
	}
	switch {
	case req.recipient != "" && !bsuid.MatchString(req.recipient):
		c.bad("recipient", "is not a business-scoped user ID")
	case req.to == "" && req.recipient == "":
		c.missing("to")
	case req.to != "" && !isPhone(req.to):
		c.bad("to", "is not a valid phone number")
	}
	req.opaque = c.optional("", o, "biz_opaque_callback_data", 512)
	req.identity = c.optional("", o, "recipient_identity_key_hash", 128)
	if raw, ok := o["context"]; ok {
		context := c.object("context", raw)
		c.only("context", context, "message_id")
		req.replyTo = c.required("context", context, "message_id", 512)
	}
}

// message checks the type and its object.
func (c *checker) message(a *account, o object, req *sendRequest) {
	req.msgType = c.optional("", o, "type", 40)
	if req.msgType == "" {
		req.msgType = "text" // Meta's default
	}
	check, known := contentChecks[req.msgType]
	if !known {
		c.fail(100, "Param type must be one of the supported message types, got %q.", req.msgType)
		return
	}
	c.only("", o, append([]string{req.msgType}, envelopeKeys...)...)
	req.content = o[req.msgType]
	if req.content == nil {
		c.missing(req.msgType)
		return
	}
	check(c, a, req)
}

type contentCheck func(c *checker, a *account, req *sendRequest)

// contentChecks holds a check for every type that can be sent.
var contentChecks = map[string]contentCheck{
	"text":        checkText,
	"image":       checkMedia,
	"video":       checkMedia,
	"audio":       checkMedia,
	"document":    checkMedia,
	"sticker":     checkMedia,
	"location":    checkLocation,
	"contacts":    checkContacts,
	"reaction":    checkReaction,
	"interactive": checkInteractive,
	"template":    checkTemplate,
}

// strictJSON decodes and refuses unknown keys and anything after the value.
func strictJSON(b []byte, v any) error {
	dec := json.NewDecoder(strings.NewReader(string(b)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("decode JSON: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("decode JSON: something follows the value")
	}
	return nil
}
