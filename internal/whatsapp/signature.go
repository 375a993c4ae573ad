package whatsapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

const (
	signatureHeader = "X-Hub-Signature-256"
	signaturePrefix = "sha256="
)

// Sign returns the value of X-Hub-Signature-256 for a body: "sha256=" and the HMAC-SHA256 of the raw bytes in
// lower-case hex, keyed with the app secret (Meta, webhooks overview, September 2026).
func Sign(secret string, body []byte) string {
	return signaturePrefix + hex.EncodeToString(digest(secret, body))
}

// HasValidSignature reports whether a webhook call was signed with one of the secrets; there are several while a
// secret is being replaced. The body must be the bytes as they came: Meta signs its own escaping of non-ASCII
// characters, which no re-serialisation reproduces. The header must be there exactly once, in either case of hex.
// An empty secret never matches.
func HasValidSignature(h http.Header, body []byte, secrets ...string) bool {
	values := h.Values(signatureHeader)
	if len(values) != 1 {
		return false
	}
	text, found := strings.CutPrefix(values[0], signaturePrefix)
	if !found {
		return false
	}
	given, err := hex.DecodeString(text)
	if err != nil || len(given) != sha256.Size {
		return false
	}
	valid := false
	for _, secret := range secrets {
		if secret != "" && hmac.Equal(given, digest(secret, body)) {
			valid = true
		}
	}
	return valid
}

func digest(secret string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return mac.Sum(nil)
}
