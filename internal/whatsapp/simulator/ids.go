package simulator

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"math/big"
	"sync/atomic"
)

// idSource makes every id of a simulator from one seed and a counter, so that a seeded run can be repeated.
type idSource struct {
	seed uint64
	n    atomic.Uint64
}

// next never repeats within one source: an odd stride visits every value and mix is a bijection.
func (s *idSource) next() uint64 {
	return mix(s.seed + s.n.Add(1)*0x9E3779B97F4A7C15)
}

// mix is the finaliser of splitmix64.
func mix(x uint64) uint64 {
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9
	x = (x ^ (x >> 27)) * 0x94D049BB133111EB
	return x ^ (x >> 31)
}

// wamid looks like Meta's: base64 of a short binary with the guest's digits and a hexadecimal id, padding included.
// Receivers must treat it as opaque.
func (s *idSource) wamid(subject string, fromGuest bool) string {
	kind, serial := byte(0x11), fmt.Sprintf("9F%016X", s.next())
	if fromGuest {
		n := s.next()
		kind, serial = 0x12, fmt.Sprintf("3A%016X%02X", n, byte(n>>7))
	}
	if len(subject) > 200 {
		subject = subject[:200]
	}
	raw := append([]byte{0x1c, 0x18, byte(len(subject))}, subject...)
	raw = append(raw, 0x15, 0x02, 0x00, kind, 0x18, byte(len(serial)))
	raw = append(raw, serial...)
	raw = append(raw, 0x00)
	return "wamid." + base64.StdEncoding.EncodeToString(raw)
}

// digits gives a 15-digit id as numbers, accounts and media have.
func (s *idSource) digits(lead byte) string {
	return fmt.Sprintf("%c%014d", lead, s.next()%100_000_000_000_000)
}

func (s *idSource) secret() string {
	var raw [16]byte
	for i, v := range [2]uint64{s.next(), s.next()} {
		for j := range 8 {
			raw[i*8+j] = byte(v >> (8 * j))
		}
	}
	return hex.EncodeToString(raw[:])
}

// trace has the 23 characters of an fbtrace_id.
func (s *idSource) trace() string {
	n := new(big.Int).SetUint64(s.next())
	n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(s.next()))
	return fmt.Sprintf("A%022s", n.Text(62))[:23]
}

// bsuidOf gives a guest the same business-scoped user id on every run: it depends on the phone and the WABA only,
// because Meta's is stable for one person and one business.
func bsuidOf(phone, waba string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(waba + "/" + phone))
	return fmt.Sprintf("%s.%017d", countryOf(phone), mix(h.Sum64())%100_000_000_000_000_000)
}
