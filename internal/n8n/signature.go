package n8n

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
)

// Why a signature is refused. All three are answered with the same status; the difference is for logs.
var (
	ErrSignatureForm  = errors.New("the signature is missing or not of the form t=<unix>,v1=<hex>")
	ErrSignatureStale = errors.New("the signature's time is too far from now")
	ErrSignatureWrong = errors.New("the signature does not belong to this body")
)

// maxSignatureHeader is far above what Signature writes, and small enough to parse for anybody.
const maxSignatureHeader = 1024

// Signature proves to a flow that a request is ours: "t=<unix seconds>,v1=<hex>", where v1 is the HMAC-SHA-256 of
// "<t>.<body>" under the secret that the hotel was shown. The time is inside, so that a recorded request grows old;
// each attempt is signed anew.
func Signature(secret string, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	return "t=" + t + ",v1=" + hex.EncodeToString(signatureOf(secret, t, body))
}

// secondSignature is the v1 part of another secret, to be put behind a Signature of the same time and body.
func secondSignature(secret string, at time.Time, body []byte) string {
	return "v1=" + hex.EncodeToString(signatureOf(secret, strconv.FormatInt(at.Unix(), 10), body))
}

func signatureOf(secret, t string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(t))
	mac.Write([]byte("."))
	mac.Write(body)
	return mac.Sum(nil)
}

// VerifySignature checks a header made by Signature. now may be off by tolerance in either direction. Several v1 parts
// are accepted, any one of which may fit (a secret is being changed); unknown parts are passed over. It returns one of
// the ErrSignature… values. An empty secret verifies nothing.
func VerifySignature(secret, header string, body []byte, now time.Time, tolerance time.Duration) error {
	t, sums, ok := parseSignature(header)
	if !ok {
		return ErrSignatureForm
	}
	seconds, err := strconv.ParseInt(t, 10, 64)
	if err != nil || seconds < 0 {
		return ErrSignatureForm
	}
	fits := false
	want := signatureOf(secret, t, body)
	for _, sum := range sums {
		fits = hmac.Equal(sum, want) || fits
	}
	if !fits || secret == "" {
		return ErrSignatureWrong
	}
	if now.Sub(time.Unix(seconds, 0)).Abs() > tolerance {
		return ErrSignatureStale
	}
	return nil
}

// parseSignature reads exactly one t and at least one v1.
func parseSignature(header string) (t string, sums [][]byte, ok bool) {
	if len(header) > maxSignatureHeader {
		return "", nil, false
	}
	for part := range strings.SplitSeq(header, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch key {
		case "t":
			if t != "" {
				return "", nil, false
			}
			t = value
		case "v1":
			if sum, err := hex.DecodeString(value); err == nil && len(sum) == sha256.Size {
				sums = append(sums, sum)
			}
		}
	}
	return t, sums, t != "" && len(sums) > 0
}
