package privacy

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/sealed"
)

// ErrForged is returned for a report that was not signed as it is, or not by a key that
// is known.
var ErrForged = errors.New("the signature does not belong to this report and the keys at hand")

// Signer signs reports of erasures, and makes of what names a guest a mark that only we
// can make again. Its keys are derived from those of ENCRYPTION_KEY: the first signs,
// all are known.
type Signer struct {
	keys  []ed25519.PrivateKey
	marks [][]byte
}

// NewSigner derives the keys.
func NewSigner(hexKeys ...string) (*Signer, error) {
	seeds, err := sealed.Derive("botreserva erasure reports v1", hexKeys...)
	if err != nil {
		return nil, err
	}
	marks, err := sealed.Derive("botreserva erased guests v1", hexKeys...)
	if err != nil {
		return nil, err
	}
	s := &Signer{marks: marks}
	for _, seed := range seeds {
		s.keys = append(s.keys, ed25519.NewKeyFromSeed(seed))
	}
	return s, nil
}

// PublicKeys are those that signed reports, the one in use first.
func (s *Signer) PublicKeys() []ed25519.PublicKey {
	out := make([]ed25519.PublicKey, 0, len(s.keys))
	for _, k := range s.keys {
		out = append(out, publicOf(k))
	}
	return out
}

func publicOf(k ed25519.PrivateKey) ed25519.PublicKey { return ed25519.PublicKey(k[ed25519.SeedSize:]) }

// Signature is how a report is signed: over its JSON without white space.
type Signature struct {
	Algorithm string `json:"algorithm"`
	PublicKey []byte `json:"publicKey"`
	Value     []byte `json:"value"`
}

// Signed is a report as it is given away.
type Signed struct {
	Report    json.RawMessage `json:"report"`
	Signature Signature       `json:"signature"`
}

// Verify checks a report that somebody shows. It returns ErrForged.
func Verify(shown []byte, known ...ed25519.PublicKey) (Report, error) {
	var (
		s       Signed
		r       Report
		compact bytes.Buffer
	)
	if err := json.Unmarshal(shown, &s); err != nil {
		return r, fmt.Errorf("read the report: %w", err)
	}
	if err := json.Compact(&compact, s.Report); err != nil {
		return r, fmt.Errorf("read the report: %w", err)
	}
	isKnown := slices.ContainsFunc(known, func(k ed25519.PublicKey) bool { return bytes.Equal(k, s.Signature.PublicKey) })
	if !isKnown || s.Signature.Algorithm != Algorithm || !ed25519.Verify(s.Signature.PublicKey, compact.Bytes(), s.Signature.Value) {
		return r, ErrForged
	}
	if err := json.Unmarshal(s.Report, &r); err != nil {
		return r, fmt.Errorf("read the report: %w", err)
	}
	return r, nil
}

// Algorithm is what signs.
const Algorithm = "Ed25519"

func (s *Signer) sign(report []byte) (signature []byte, by ed25519.PublicKey) {
	return ed25519.Sign(s.keys[0], report), publicOf(s.keys[0])
}

// mark makes of an alias what a report may hold for ever: nobody without the key can try
// numbers against it.
func (s *Signer) mark(tenant id.Tenant, a contact.Alias) string {
	mac := hmac.New(sha256.New, s.marks[0])
	fmt.Fprintf(mac, "%s\n%s\n%s", tenant, a.Kind, a.Value)
	return "hmac-sha256:" + hex.EncodeToString(mac.Sum(nil))
}
