package sealed_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/sealed"
)

// The values were made with openssl enc -aes-256-cbc, and with crypto.createCipheriv of
// Node, which the original used.
func TestOpenLegacy(t *testing.T) {
	t.Parallel()
	const iv = "0f0e0d0c0b0a09080706050403020100"
	for name, c := range map[string]struct{ value, want string }{
		"a token":       {iv + ":40726a9c57f1f5deeec221ab79239cfa", "EAAG-token"},
		"a whole block": {iv + ":7862a071da19f3286dcd4ca7ca9c6e3eefc10d3fa3d646e6872b69bda7350a19", "0123456789abcdef"},
		"not ASCII":     {iv + ":05c76d185969a59a25aaf478684c743b", "ção 🏨"},
		"in capitals":   {strings.ToUpper(iv + ":40726a9c57f1f5deeec221ab79239cfa"), "EAAG-token"},
		"nothing":       {"", ""},
	} {
		if got, err := sealed.OpenLegacy(oldKey, c.value); err != nil || got != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for name, value := range map[string]string{
		"plain text":         "EAAG-token",
		"no ciphertext":      iv + ":",
		"half a block":       iv + ":40726a9c57f1f5de",
		"short iv":           iv[2:] + ":40726a9c57f1f5deeec221ab79239cfa",
		"no hexadecimal":     iv + ":zz726a9c57f1f5deeec221ab79239cfa",
		"another's":          "1f0e0d0c0b0a09080706050403020100:00726a9c57f1f5deeec221ab79239cfa",
		"a value of ours":    box(t, oldKey).Seal("x", "y"),
		"three parts":        iv + ":40726a9c57f1f5deeec221ab79239cfa:00",
		"padding cut off":    iv + ":7862a071da19f3286dcd4ca7ca9c6e3e",
		"a colon and no key": ":",
	} {
		if got, err := sealed.OpenLegacy(oldKey, value); !errors.Is(err, sealed.ErrOpen) || err.Error() != sealed.ErrOpen.Error() || got != "" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for _, key := range []string{"", "00", newKey, "x" + oldKey[1:]} {
		if _, err := sealed.OpenLegacy(key, iv+":40726a9c57f1f5deeec221ab79239cfa"); !errors.Is(err, sealed.ErrOpen) {
			t.Errorf("key %q: %v", key, err)
		}
	}
}

func FuzzOpenLegacy(f *testing.F) {
	f.Add("0f0e0d0c0b0a09080706050403020100:40726a9c57f1f5deeec221ab79239cfa")
	f.Add(":")
	f.Fuzz(func(t *testing.T, value string) {
		if _, err := sealed.OpenLegacy(oldKey, value); err != nil && !errors.Is(err, sealed.ErrOpen) {
			t.Error(err)
		}
	})
}

// TestKeyOf: the key of a value is told without opening it.
func TestKeyOf(t *testing.T) {
	t.Parallel()
	older, both := box(t, oldKey), box(t, newKey, oldKey)
	value := older.Seal("x", "y")
	if got, ok := sealed.KeyOf(value); !ok || got != older.Current() || both.Current() == older.Current() {
		t.Errorf("key %q of %q", got, value)
	}
	if !both.Knows(older.Current()) || older.Knows(both.Current()) {
		t.Error("a box does not know its keys")
	}
	for _, text := range []string{"", "x", "v1.a", "v2.a.b", "v1.a.b.c"} {
		if _, ok := sealed.KeyOf(text); ok {
			t.Errorf("%q has a key", text)
		}
	}
}
