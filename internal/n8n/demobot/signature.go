package demobot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// signatureAge is how old a post may be, and how far the two clocks may differ.
const signatureAge = 5 * time.Minute

// isSigned checks the header "t=<unix>,v1=<hex>" as the product's documentation tells flow authors to: v1 is the
// HMAC-SHA-256 of "<t>.<body>".
func isSigned(secret, header string, body []byte, now time.Time) bool {
	if secret == "" {
		return false
	}
	var t, sum string
	for part := range strings.SplitSeq(header, ",") {
		switch key, value, _ := strings.Cut(part, "="); key {
		case "t":
			t = value
		case "v1":
			sum = value
		}
	}
	seconds, err := strconv.ParseInt(t, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > signatureAge {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(t + "."))
	mac.Write(body)
	got, err := hex.DecodeString(sum)
	return err == nil && hmac.Equal(got, mac.Sum(nil))
}
