package n8n_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/n8n"
)

func TestParseKey(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 200)
	for text, want := range map[string][2]string{
		"pousada-do-mar:br_aB-9_":          {"pousada-do-mar", "br_aB-9_"},
		" pousada-do-mar:br_x\n":           {"pousada-do-mar", "br_x"},
		"pousada-do-mar:106540352242922":   {"pousada-do-mar", "106540352242922"}, // the original's form
		"pousada-do-mar:" + long:           {"pousada-do-mar", long},
		"pousada-do-mar:" + long + "a":     {},
		"":                                 {},
		":":                                {},
		"pousada-do-mar":                   {},
		"pousada-do-mar:":                  {},
		":br_x":                            {},
		"pousada-do-mar:a:b":               {},
		"pousada-do-mar:a b":               {},
		"pousada-do-mar: a":                {},
		"pousada-do-mar:a\x00":             {},
		"pousada-do-mar:á":                 {},
		"Pousada:br_x":                     {},
		"pousada'--:br_x":                  {},
		strings.Repeat("a", 61) + ":br_x":  {},
		"pousada-do-mar:%62r_x":            {},
		"pousada-do-mar\u200b:br_x":        {},
		strings.Repeat("a:", 1<<16) + "x":  {},
		"Bearer pousada-do-mar:br_x":       {},
		"pousada-do-mar:br_x,pousada:br_y": {},
	} {
		slug, secret, ok := n8n.ParseKey(text)
		if got := [2]string{slug, secret}; got != want || ok != (want[0] != "") {
			t.Errorf("ParseKey(%.60q) = %q, %v, want %q", text, got, ok, want)
		}
	}
}

func TestNewSecret(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^br_[A-Za-z0-9_-]{43}$`)
	seen := map[string]bool{}
	for range 1000 {
		secret := n8n.NewSecret()
		if !form.MatchString(secret) || seen[secret] {
			t.Fatalf("%q is not of the form, or came twice", secret)
		}
		seen[secret] = true
		if slug, back, ok := n8n.ParseKey(n8n.Key("pousada-do-mar", secret)); !ok || slug != "pousada-do-mar" || back != secret {
			t.Fatalf("%q does not survive as a key", secret)
		}
	}
}

func TestMatches(t *testing.T) {
	t.Parallel()
	secret := n8n.NewSecret()
	hash := n8n.Hash(secret)
	if len(hash) != 32 || strings.Contains(string(hash), secret) {
		t.Fatal("the hash is no SHA-256")
	}
	if !n8n.Matches(secret, hash) {
		t.Error("the secret does not match its own hash")
	}
	for _, wrong := range []string{"", secret + "x", secret[1:], strings.ToUpper(secret), string(hash)} {
		if n8n.Matches(wrong, hash) {
			t.Errorf("%q matches", wrong)
		}
	}
	if n8n.Matches("", nil) || n8n.Matches(secret, nil) || n8n.Matches(secret, hash[:16]) {
		t.Error("something matches where no whole hash is stored")
	}
}

func TestSame(t *testing.T) {
	t.Parallel()
	if !n8n.Same("106540352242922", "106540352242922") {
		t.Error("equal texts differ")
	}
	if n8n.Same("106540352242922", "106540352242923") || n8n.Same("1", "") || n8n.Same("", "1") {
		t.Error("different texts are the same")
	}
	if n8n.Same("", "") {
		t.Error("an empty text opens a tenant that has none")
	}
}

func FuzzParseKey(f *testing.F) {
	for _, seed := range []string{"pousada:br_x", ":", "a:b:c", " pousada:1 ", "pousada:\x00", "ção:x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		slug, secret, ok := n8n.ParseKey(text)
		if !ok {
			if slug != "" || secret != "" {
				t.Fatalf("%q is refused and yet gives %q, %q", text, slug, secret)
			}
			return
		}
		if n8n.Key(slug, secret) != strings.TrimSpace(text) {
			t.Fatalf("%q becomes %q and %q", text, slug, secret)
		}
	})
}
