package egress

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// What can be wrong with a URL that somebody types. The texts are for that person.
var (
	ErrURLEmpty   = errors.New("type the address, beginning with https://")
	ErrURLLong    = errors.New("the address is longer than 2,048 characters")
	ErrURLForm    = errors.New("this is not a complete web address: it should look like https://n8n.example.com/webhook/hotel")
	ErrURLScheme  = errors.New("the address must begin with https:// or http://")
	ErrURLUser    = errors.New("leave the user name and password out of the address: use the signature or a secret path instead")
	ErrURLPort    = errors.New("the port must be a number from 1 to 65535")
	ErrURLNumber  = errors.New("write an IP address as four decimal numbers, such as 198.51.100.7, or use a name")
	ErrURLPrivate = errors.New("the address points at a private or reserved network, which cannot be reached from here")
)

const maxURL = 2048

// CheckURL says what is wrong with a URL to which we shall post, in a sentence for the person who typed it: only http
// and https, a host, no user name; an address written as numbers must be public unless allowPrivate. It looks no name
// up: where a name leads is judged when it is dialled. The error is one of this package's ErrURL… values.
func CheckURL(text string, allowPrivate bool) error {
	if text == "" {
		return ErrURLEmpty
	}
	if len(text) > maxURL {
		return ErrURLLong
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return ErrURLForm
	case u.Scheme != "http" && u.Scheme != "https":
		return ErrURLScheme
	case u.User != nil:
		return ErrURLUser
	case u.Opaque != "" || u.Hostname() == "":
		return ErrURLForm
	case !isPort(u.Port()) || strings.HasSuffix(u.Host, ":"):
		return ErrURLPort
	}
	return checkHost(u.Hostname(), allowPrivate)
}

func isPort(text string) bool {
	n, err := strconv.Atoi(text)
	return text == "" || err == nil && n >= 1 && n <= 65535
}

func checkHost(host string, allowPrivate bool) error {
	if a, err := netip.ParseAddr(host); err == nil {
		if !permitted(a, allowPrivate) {
			return ErrURLPrivate
		}
		return nil
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	switch {
	case strings.ContainsFunc(name, isOdd), name == "", strings.Contains(name, ".."), strings.HasPrefix(name, "."):
		return ErrURLForm
	case endsInNumber(name):
		return ErrURLNumber
	case isLocalhost(name) && !allowPrivate:
		return ErrURLPrivate
	}
	return nil
}

func isLocalhost(name string) bool {
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// isOdd refuses what no host name holds, and the look-alikes of digits and dots that some clients read as such:
// "１２７。０。０。１" is loopback to them.
func isOdd(r rune) bool {
	switch r {
	case '-', '_', '.':
		return false
	}
	if r < unicode.MaxASCII {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}
	return !unicode.IsLetter(r) && !unicode.IsMark(r)
}

// endsInNumber reports whether a client may take the name for an IPv4 address in one of its old spellings: decimal
// (2130706433), octal (0177.0.0.1), hexadecimal (0x7f.1) or short (127.1). No name of the public DNS ends so (WHATWG
// URL Standard, "ends in a number checker").
func endsInNumber(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		last = strings.TrimLeft(hex, "abcdef0123456789")
		return last == ""
	}
	return strings.Trim(last, "0123456789") == ""
}
