// Package click makes and checks links that note a guest's click and lead elsewhere: to a
// room on the hotel's website, say. A link is signed as a whole, so that ours lead nowhere
// but to where a hotel's flow wanted: nobody can borrow the hotel's name for a page of their
// own. What a click means is not known here.
package click

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/sealed"
)

// Refusals of links.
var (
	ErrUnsigned = fault.New(fault.Forbidden, "link_unsigned",
		"This link is not one of ours, or was changed. Flows get links from POST /api/n8n/track-link.")
	ErrExpired = fault.New(fault.Forbidden, "link_expired", "This link has expired. Ask the hotel for a new one.")
)

// life is for how long a link holds: guests open old messages.
const life = 90 * 24 * time.Hour

// Link is where a link leads, and what a click on it says.
type Link struct {
	Tenant       id.Tenant
	Conversation id.Conversation
	Unit, Room   string
	Redirect     string
}

// Links makes and checks links.
type Links struct {
	base  string
	keys  [][]byte
	clock clock.Clock
}

// New makes links that begin with base. The keys are those of ENCRYPTION_KEY, of which keys
// of our own are derived: the first signs, all are believed.
func New(base string, c clock.Clock, hexKeys ...string) (*Links, error) {
	keys, err := sealed.Derive("botreserva click links v1", hexKeys...)
	if err != nil {
		return nil, err
	}
	return &Links{base: base, keys: keys, clock: c}, nil
}

// To returns the address of a link.
func (l *Links) To(k Link) string {
	q := url.Values{
		"t": {k.Tenant.String()}, "c": {k.Conversation.String()}, "redirect": {k.Redirect},
		"e": {strconv.FormatInt(l.clock.Now().Add(life).Unix(), 10)},
	}
	if k.Unit != "" {
		q.Set("unidade", k.Unit)
	}
	if k.Room != "" {
		q.Set("quarto", k.Room)
	}
	q.Set("s", signature(l.keys[0], q))
	return l.base + "?" + q.Encode()
}

// Read checks the parameters of a link, all of which are signed: ErrUnsigned, ErrExpired.
func (l *Links) Read(q url.Values) (Link, error) {
	given, known := q.Get("s"), false
	for _, key := range l.keys {
		known = hmac.Equal([]byte(signature(key, q)), []byte(given)) || known
	}
	if !known {
		return Link{}, ErrUnsigned
	}
	tenant, err := id.ParseTenant(q.Get("t"))
	conversation, errConversation := id.ParseConversation(q.Get("c"))
	end, errEnd := strconv.ParseInt(q.Get("e"), 10, 64)
	if errors.Join(err, errConversation, errEnd) != nil {
		return Link{}, ErrUnsigned
	}
	if !l.clock.Now().Before(time.Unix(end, 0)) {
		return Link{}, ErrExpired
	}
	return Link{tenant, conversation, q.Get("unidade"), q.Get("quarto"), q.Get("redirect")}, nil
}

// signed are the parameters that make a link. What others add, such as mail programs, is no
// part of it.
var signed = []string{"t", "c", "unidade", "quarto", "redirect", "e"}

func signature(key []byte, q url.Values) string {
	mac := hmac.New(sha256.New, key)
	for _, name := range signed {
		value := q.Get(name)
		fmt.Fprintf(mac, "%s=%d:%s\n", name, len(value), value)
	}
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}
