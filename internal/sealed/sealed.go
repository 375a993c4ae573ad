// Package sealed keeps secrets at rest: AES-256-GCM, with the id of the key in
// the value so that keys can be rotated. It knows nothing of who owns a secret;
// callers pass a context (such as the tenant's id) that binds a value to its
// place, so that a ciphertext copied to another row does not open. legacy.go reads
// what the system before us sealed.
package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// ErrOpen is returned for a value that was damaged, moved, or sealed with a key
// that is not known here. It says no more, on purpose.
var ErrOpen = errors.New("sealed value does not open with the keys at hand")

// Box seals and opens values. The first key seals; all keys open.
type Box struct {
	current string
	keys    map[string]cipher.AEAD
}

// NewBox makes a box from keys of 32 bytes given as 64 hexadecimal digits. The
// first is used for new values, the others only to read older ones.
func NewBox(hexKeys ...string) (*Box, error) {
	if len(hexKeys) == 0 {
		return nil, errors.New("no encryption key given")
	}
	b := &Box{keys: make(map[string]cipher.AEAD, len(hexKeys))}
	for i, h := range hexKeys {
		keyID, aead, err := parseKey(h)
		if err != nil {
			return nil, fmt.Errorf("encryption key %d: %w", i+1, err)
		}
		b.keys[keyID] = aead
		if i == 0 {
			b.current = keyID
		}
	}
	return b, nil
}

func parseKey(h string) (string, cipher.AEAD, error) {
	raw, err := hex.DecodeString(strings.TrimSpace(h))
	if err != nil || len(raw) != 32 {
		return "", nil, errors.New("want 64 hexadecimal digits")
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return "", nil, fmt.Errorf("make cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return "", nil, fmt.Errorf("make gcm: %w", err)
	}
	sum := sha256.Sum256(append([]byte("botreserva key id:"), raw...))
	return hex.EncodeToString(sum[:4]), aead, nil
}

// Current returns the id of the key that seals new values. It tells nothing of the key.
func (b *Box) Current() string { return b.current }

// Knows reports whether values of the key with this id open.
func (b *Box) Knows(keyID string) bool { return b.keys[keyID] != nil }

// KeyOf returns the id of the key with which a value was sealed.
func KeyOf(value string) (string, bool) {
	parts := strings.Split(value, ".")
	if len(parts) != 3 || parts[0] != "v1" {
		return "", false
	}
	return parts[1], true
}

// Seal encrypts plain for the given context. The empty text stays empty: it
// means "not set".
func (b *Box) Seal(plain, context string) string {
	if plain == "" {
		return ""
	}
	aead := b.keys[b.current]
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails: crypto/rand aborts the program instead
	body := aead.Seal(nonce, nonce, []byte(plain), []byte(context))
	return "v1." + b.current + "." + base64.RawURLEncoding.EncodeToString(body)
}

// Open decrypts a value made by Seal with the same context. The empty text opens
// to the empty text. It returns ErrOpen for everything else that it cannot read.
func (b *Box) Open(value, context string) (string, error) {
	if value == "" {
		return "", nil
	}
	keyID, ok := KeyOf(value)
	if !ok {
		return "", ErrOpen
	}
	aead, known := b.keys[keyID]
	body, err := base64.RawURLEncoding.DecodeString(value[strings.LastIndexByte(value, '.')+1:])
	if !known || err != nil || len(body) < aead.NonceSize() {
		return "", ErrOpen
	}
	n := aead.NonceSize()
	plain, err := aead.Open(nil, body[:n], body[n:], []byte(context))
	if err != nil {
		return "", ErrOpen
	}
	return string(plain), nil
}
