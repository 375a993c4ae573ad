package n8n

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/tenant"
)

const (
	secretPrefix = "br_" // tells secret scanners, and people, whose it is
	secretBytes  = 32
	maxSecret    = 200
)

// NewSecret makes the secret part of an API key: "br_" and 43 characters that need no escaping in a URL or header.
// It is shown once; only its Hash is stored.
func NewSecret() string {
	raw := make([]byte, secretBytes)
	_, _ = rand.Read(raw) // never fails: crypto/rand aborts the program instead
	return secretPrefix + base64.RawURLEncoding.EncodeToString(raw)
}

// Key joins what a flow sends as X-API-Key.
func Key(slug, secret string) string { return slug + ":" + secret }

// ParseKey cuts an X-API-Key into the hotel's slug and the secret. ok is false unless both have the form that they can
// have; whether they are right is for the caller to find out. The secret may be one that was not made by NewSecret: a
// tenant may allow its phone number id.
func ParseKey(text string) (slug, secret string, ok bool) {
	slug, secret, found := strings.Cut(strings.TrimSpace(text), ":")
	if !found || secret == "" || len(secret) > maxSecret || strings.ContainsFunc(secret, isNotOfSecret) {
		return "", "", false
	}
	if _, err := tenant.ParseSlug(slug); err != nil {
		return "", "", false
	}
	return slug, secret, true
}

func isNotOfSecret(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
}

// Hash is the form in which a secret is stored. A plain SHA-256 is enough: unlike a password, the secret has 256
// random bits, so that guessing from the hash is hopeless.
func Hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Matches reports whether the secret is the one whose hash is stored, in a time that tells nothing about either.
func Matches(secret string, hash []byte) bool {
	return subtle.ConstantTimeCompare(Hash(secret), hash) == 1
}

// Same compares two texts of which one is secret, in a time that tells nothing of it. An empty text equals nothing:
// a tenant without a phone number id is not opened by an empty one.
func Same(a, b string) bool {
	return a != "" && Matches(a, Hash(b))
}
