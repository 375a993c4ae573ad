package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238 as authenticator apps have it; HMAC does not need collision resistance
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Codes of second factors as RFC 6238 has them, with the parameters that every
// authenticator app knows: SHA-1, six digits, thirty seconds.

const (
	codeDigits = 6
	codePeriod = 30 * time.Second
	// codeSkew is how many steps a telephone's clock may be off.
	codeSkew = 1
	// secretBytes is the length that RFC 4226 recommends.
	secretBytes = 20
	// recoveryLetters is the length of a recovery code: 80 bits of chance.
	recoveryLetters = 16
	recoveryCodes   = 10
)

var base32Text = base32.StdEncoding.WithPadding(base32.NoPadding)

// newSecret returns a secret as apps take it.
func newSecret() string {
	raw := make([]byte, secretBytes)
	_, _ = rand.Read(raw) // never fails: crypto/rand aborts the program instead
	return base32Text.EncodeToString(raw)
}

// codeAt is the code of a step in time.
func codeAt(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	_, _ = mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:at+4])&0x7fffffff%1_000_000)
}

func stepAt(t time.Time) int64 { return t.Unix() / int64(codePeriod/time.Second) }

// stepOf returns the step in time whose code it is, near now.
func stepOf(secret, code string, now time.Time) (int64, bool) {
	raw, err := base32Text.DecodeString(secret)
	if err != nil || len(code) != codeDigits {
		return 0, false
	}
	found, ok := int64(0), false
	for step := stepAt(now) - codeSkew; step <= stepAt(now)+codeSkew; step++ {
		if subtle.ConstantTimeCompare([]byte(codeAt(raw, step)), []byte(code)) == 1 {
			found, ok = step, true
		}
	}
	return found, ok
}

// otpauthURL is what an app reads from the square on the screen.
func otpauthURL(secret, email string) string {
	const issuer = "Bot Reserva"
	q := url.Values{"secret": {secret}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	return "otpauth://totp/" + url.PathEscape(issuer) + ":" + url.PathEscape(email) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// newRecoveryCodes returns codes to print, ABCD-EFGH-IJKL-MNOP, and what to store.
func newRecoveryCodes() (shown []string, hashes [][]byte) {
	for range recoveryCodes {
		code := rand.Text()[:recoveryLetters]
		shown = append(shown, code[:4]+"-"+code[4:8]+"-"+code[8:12]+"-"+code[12:])
		hashes = append(hashes, hashOf(code))
	}
	return shown, hashes
}

// plainCode is a code as people type it, without blanks and hyphens.
func plainCode(text string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(text))
}
