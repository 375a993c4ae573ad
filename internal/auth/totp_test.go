package auth

import (
	"strings"
	"testing"
	"time"
)

// TestCodes holds the vectors of RFC 6238, appendix B, in their last six digits.
func TestCodes(t *testing.T) {
	t.Parallel()
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // 12345678901234567890
	for at, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		now := time.Unix(at, 0)
		step, ok := stepOf(secret, want, now)
		if !ok || step != at/30 {
			t.Errorf("at %d: %s is of step %d, %v", at, want, step, ok)
		}
		for _, off := range []time.Duration{-30 * time.Second, 30 * time.Second} {
			if _, ok := stepOf(secret, want, now.Add(off)); !ok {
				t.Errorf("at %d: a clock that is %s off is refused", at, off)
			}
		}
		for _, off := range []time.Duration{-60 * time.Second, 60 * time.Second} {
			if _, ok := stepOf(secret, want, now.Add(off)); ok && now.Add(off).Unix() > 0 {
				t.Errorf("at %d: a clock that is %s off is believed", at, off)
			}
		}
	}
	for _, bad := range []string{"", "28708", "2870822", "28708x", "٢٨٧٠٨٢", "      "} {
		if _, ok := stepOf(secret, bad, time.Unix(59, 0)); ok {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestEnrolmentAddress(t *testing.T) {
	t.Parallel()
	secret := newSecret()
	if len(secret) != 32 || secret == newSecret() {
		t.Errorf("secret %q", secret)
	}
	got := otpauthURL("ABC", "ana+x@example.com")
	want := "otpauth://totp/Bot%20Reserva:ana+x@example.com?algorithm=SHA1&digits=6&issuer=Bot%20Reserva&period=30&secret=ABC"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	shown, hashes := newRecoveryCodes()
	seen := map[string]bool{}
	for i, code := range shown {
		if len(code) != 19 || seen[code] || string(hashOf(plainCode(strings.ToLower(code)))) != string(hashes[i]) {
			t.Errorf("code %q", code)
		}
		seen[code] = true
	}
	if len(shown) != 10 {
		t.Errorf("%d codes, want 10", len(shown))
	}
}
