package content

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Units counts a text as Meta's limits are counted here: in UTF-16 units.
func Units(text string) int {
	n := 0
	for _, r := range text {
		if n++; r > 0xFFFF {
			n++
		}
	}
	return n
}

// checker collects what is wrong. Codes are stable; sentences say what to do.
type checker struct{ wrong []fault.Detail }

func (c *checker) add(path, code, format string, args ...any) {
	if len(c.wrong) < maxViolations {
		c.wrong = append(c.wrong, fault.Detail{Path: path, Code: code, Message: fmt.Sprintf(format, args...)})
	}
}

func (c *checker) verdict() error {
	if len(c.wrong) == 0 {
		return nil
	}
	return ErrInvalid.With(c.wrong...)
}

// text checks a text that may be left out.
func (c *checker) text(path, text string, limit int) {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		c.add(path, "text_invalid", "This is no text: take the zero characters and broken bytes out.")
		return
	}
	if len(text) > limit && Units(text) > limit {
		c.add(path, "too_long", "WhatsApp allows %d characters here, these are %d. Shorten it.", limit, Units(text))
	}
}

// required checks a text that must be there.
func (c *checker) required(path, text string, limit int) {
	if strings.TrimSpace(text) == "" {
		c.add(path, "required", "Fill this in: WhatsApp takes no message without it.")
		return
	}
	c.text(path, text, limit)
}

// size checks how many there are of something.
func (c *checker) size(path string, n, least, most int) {
	switch {
	case n < least:
		c.add(path, "too_few", "WhatsApp wants at least %d here, these are %d.", least, n)
	case n > most:
		c.add(path, "too_many", "WhatsApp allows at most %d here, these are %d. Take some out.", most, n)
	}
}

// one checks that exactly one of some fields is filled in.
func (c *checker) one(path, names string, filled ...bool) bool {
	n := 0
	for _, f := range filled {
		if f {
			n++
		}
	}
	switch {
	case n == 0:
		c.add(path, "required", "Give one of %s.", names)
	case n > 1:
		c.add(path, "only_one", "Give only one of %s.", names)
	}
	return n == 1
}

// absent refuses what cannot be here.
func (c *checker) absent(path string, there bool, why string) {
	if there {
		c.add(path, "not_allowed", "%s", why)
	}
}

// once refuses a value that was there before. Empty ones are somebody else's complaint.
func (c *checker) once(path, value string, seen map[string]bool) {
	if value != "" && seen[value] {
		c.add(path, "repeated", "There is another with this value: WhatsApp could not tell them apart.")
	}
	seen[value] = true
}

// link checks an address that a guest's phone opens.
func (c *checker) link(path, address string) {
	c.address(path, address, "http", "https")
}

// fetched checks an address from which Meta fetches a file: public and HTTPS.
func (c *checker) fetched(path, address string) {
	c.address(path, address, "https")
}

func (c *checker) address(path, address string, schemes ...string) {
	before := len(c.wrong)
	if c.required(path, address, maxURL); len(c.wrong) > before {
		return
	}
	u, err := url.Parse(address)
	fine := err == nil && u.Hostname() != "" && !strings.ContainsAny(address, " \t\r\n")
	for _, scheme := range schemes {
		if fine && u.Scheme == scheme {
			return
		}
	}
	c.add(path, "not_a_url", "This is no address that WhatsApp takes: it must be whole and begin with %s://.", strings.Join(schemes, ":// or "))
}

// object checks JSON of the sender's own.
func (c *checker) object(path string, data json.RawMessage) {
	if data == nil {
		return
	}
	var o map[string]any
	switch {
	case len(data) > maxData:
		c.add(path, "too_long", "This may have %d KB of JSON at most.", maxData>>10)
	case json.Unmarshal(data, &o) != nil || len(o) == 0:
		c.add(path, "wrong_form", "This must be a JSON object that is not empty.")
	case !utf8.Valid(data) || bytes.Contains(data, []byte(`\u0000`)):
		c.add(path, "text_invalid", "This is no text: take the zero characters and broken bytes out.")
	}
}

// at names the field of the n-th of some things.
func at(list string, n int, field string) string {
	path := fmt.Sprintf("%s[%d]", list, n)
	return under(path, field)
}

func under(path, field string) string {
	if path == "" || field == "" {
		return path + field
	}
	return path + "." + field
}
