package filing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/sealed"
)

// Refusals of addresses.
var (
	ErrLinkExpired = fault.New(fault.Forbidden, "link_expired", "This address of a file has expired. Load the conversation again to get a new one.")
	ErrLink        = media.ErrNotFound // a wrong signature is told no more than a wrong name
)

// An address holds for a day at least. Its end is on a grid, so that a file has the same
// address for hours and browsers need not fetch it again with every list.
const (
	linkLife = 24 * time.Hour
	linkGrid = 12 * time.Hour
)

// signatureSize is half of an HMAC-SHA256: nobody guesses 128 bits.
const signatureSize = 16

// Links makes and checks addresses of files: <base>/<tenant>/<file>?e=<end>&s=<signature>.
// Whoever has one can fetch that file until it ends, and nothing else: <img> and flows
// can send no token.
type Links struct {
	base  string // without a slash at its end
	keys  [][]byte
	clock clock.Clock
}

// NewLinks makes addresses that begin with base. The keys are those of ENCRYPTION_KEY, of
// which keys of our own are derived: the first signs, all are believed.
func NewLinks(base string, c clock.Clock, hexKeys ...string) (*Links, error) {
	keys, err := sealed.Derive("botreserva media links v1", hexKeys...)
	if err != nil {
		return nil, err
	}
	return &Links{base: strings.TrimRight(base, "/"), keys: keys, clock: c}, nil
}

// To returns the address of a hotel's file.
func (l *Links) To(tenantID id.Tenant, name string) string {
	end := l.clock.Now().Add(linkLife + linkGrid).Truncate(linkGrid).Unix()
	query := url.Values{"e": {strconv.FormatInt(end, 10)}, "s": {signature(l.keys[0], tenantID, name, end)}}
	return l.base + "/" + tenantID.String() + "/" + name + "?" + query.Encode()
}

// Of turns the address that a message was stored with into one that can be fetched. What
// is no file of this hotel's is left as it is: flows send pictures from anywhere.
func (l *Links) Of(tenantID id.Tenant, stored string) string {
	before, name, ours := strings.Cut(stored, "/api/media/"+tenantID.String()+"/")
	if !ours || strings.ContainsAny(before, "?#") || !media.IsName(name) {
		return stored
	}
	return l.To(tenantID, name)
}

// NameIn returns the name of a hotel's file out of an address of it, signed or not, however
// old; false for what is no such address.
func (l *Links) NameIn(tenantID id.Tenant, address string) (string, bool) {
	address, _, _ = strings.Cut(address, "?")
	for _, before := range []string{l.base + "/" + tenantID.String() + "/", media.Address(tenantID, "")} {
		if name, ours := strings.CutPrefix(address, before); ours && media.IsName(name) {
			return name, true
		}
	}
	return "", false
}

// Stored returns how a message is stored that shows a file: an address without an end,
// which Of knows.
func Stored(tenantID id.Tenant, name string) string {
	return media.Address(tenantID, name)
}

// Check returns until when an address holds, ErrLink when it is not ours, or
// ErrLinkExpired.
func (l *Links) Check(tenantID id.Tenant, name, end, given string) (time.Time, error) {
	seconds, err := strconv.ParseInt(end, 10, 64)
	if err != nil || strconv.FormatInt(seconds, 10) != end {
		return time.Time{}, ErrLink
	}
	known := false
	for _, key := range l.keys {
		if hmac.Equal([]byte(signature(key, tenantID, name, seconds)), []byte(given)) {
			known = true
		}
	}
	until := time.Unix(seconds, 0)
	switch {
	case !known:
		return time.Time{}, ErrLink
	case !l.clock.Now().Before(until):
		return time.Time{}, ErrLinkExpired
	default:
		return until, nil
	}
}

func signature(key []byte, tenantID id.Tenant, name string, end int64) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s\n%s\n%d", tenantID, name, end)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:signatureSize])
}
