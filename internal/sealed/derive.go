package sealed

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Derive makes of each of ENCRYPTION_KEY's keys, hexadecimal digits, one of 32 bytes for a
// purpose: keys of different purposes tell nothing of each other. Without any key it returns an
// error.
func Derive(purpose string, hexKeys ...string) ([][]byte, error) {
	if len(hexKeys) == 0 {
		return nil, fmt.Errorf("no key given for %s", purpose)
	}
	out := make([][]byte, 0, len(hexKeys))
	for _, h := range hexKeys {
		secret, err := hex.DecodeString(strings.TrimSpace(h))
		if err != nil {
			return nil, errors.New("read a key for " + purpose + ": want hexadecimal digits") // never the key
		}
		key, err := hkdf.Key(sha256.New, secret, nil, purpose, sha256.Size)
		if err != nil {
			return nil, fmt.Errorf("derive the key for %s: %w", purpose, err)
		}
		out = append(out, key)
	}
	return out, nil
}
