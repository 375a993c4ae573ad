package app

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"os"

	"github.com/botreserva/botreserva/internal/privacy"
)

type privacyCommand struct {
	Verify privacyVerify `cmd:"" help:"Check the signature of a report that a guest's data was erased. Needs no database."`
}

type privacyVerify struct {
	Report string   `arg:"" type:"existingfile" help:"The report, as GET /api/privacy/erasures/{id} gives it."`
	Key    []string `help:"A public key in Base64, as GET /api/privacy/key gives it. Without one, those of ENCRYPTION_KEY."`
}

var errNoPublicKey = errors.New("a key is 32 bytes in Base64, as GET /api/privacy/key gives it")

// Run prints the report if it is genuine, and fails if not.
func (v *privacyVerify) Run(c *console) error {
	keys, err := v.keys(c)
	if err != nil {
		return err
	}
	shown, err := os.ReadFile(v.Report)
	if err != nil {
		return fmt.Errorf("read the report: %w", err)
	}
	r, err := privacy.Verify(shown, keys...)
	if err != nil {
		return err
	}
	return c.print(r)
}

func (v *privacyVerify) keys(c *console) ([]ed25519.PublicKey, error) {
	if len(v.Key) == 0 {
		cfg, _, err := c.settings()
		if err != nil {
			return nil, err
		}
		signer, err := privacy.NewSigner(cfg.EncryptionKeys()...)
		if err != nil {
			return nil, err
		}
		return signer.PublicKeys(), nil
	}
	keys := make([]ed25519.PublicKey, 0, len(v.Key))
	for _, text := range v.Key {
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(key) != ed25519.PublicKeySize {
			return nil, errNoPublicKey
		}
		keys = append(keys, key)
	}
	return keys, nil
}
