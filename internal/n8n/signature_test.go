package n8n_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/n8n"
)

const tolerance = 5 * time.Minute

// Worked out with: printf '1795444215.{"a":1}' | openssl dgst -sha256 -hmac segredo
const known = "t=1795444215,v1=96dbbf9f2a140c6eff00b39d7d12c9b44d8424454744b8adb056bb593e4fef64"

func TestSignatureIsTheDocumentedOne(t *testing.T) {
	t.Parallel()
	if got := n8n.Signature("segredo", time.Unix(1795444215, 999), []byte(`{"a":1}`)); got != known {
		t.Errorf("got  %s\nwant %s", got, known)
	}
}

func TestVerifySignature(t *testing.T) {
	t.Parallel()
	at := time.Unix(1795444215, 0)
	body := []byte(`{"a":1}`)
	_, sum, _ := strings.Cut(known, "v1=")
	other := strings.Repeat("ab", 32)
	for name, c := range map[string]struct {
		header string
		secret string
		now    time.Time
		want   error
	}{
		"as sent":                      {known, "segredo", at, nil},
		"spaces":                       {"t=1795444215, v1=" + sum, "segredo", at, nil},
		"upper case":                   {"t=1795444215,v1=" + strings.ToUpper(sum), "segredo", at, nil},
		"unknown part":                 {known + ",v2=zzz", "segredo", at, nil},
		"old and new secret":           {"t=1795444215,v1=" + other + ",v1=" + sum, "segredo", at, nil},
		"just old enough":              {known, "segredo", at.Add(tolerance), nil},
		"clocks differ the other way":  {known, "segredo", at.Add(-tolerance), nil},
		"too old":                      {known, "segredo", at.Add(tolerance + time.Second), n8n.ErrSignatureStale},
		"from the future":              {known, "segredo", at.Add(-tolerance - time.Second), n8n.ErrSignatureStale},
		"other secret":                 {known, "segredinho", at, n8n.ErrSignatureWrong},
		"no secret":                    {n8n.Signature("", at, body), "", at, n8n.ErrSignatureWrong},
		"other sum":                    {"t=1795444215,v1=" + other, "segredo", at, n8n.ErrSignatureWrong},
		"time moved":                   {"t=1795444216,v1=" + sum, "segredo", at, n8n.ErrSignatureWrong},
		"no header":                    {"", "segredo", at, n8n.ErrSignatureForm},
		"no time":                      {"v1=" + sum, "segredo", at, n8n.ErrSignatureForm},
		"two times":                    {"t=1795444215,t=1795444215,v1=" + sum, "segredo", at, n8n.ErrSignatureForm},
		"no sum":                       {"t=1795444215", "segredo", at, n8n.ErrSignatureForm},
		"half a sum":                   {"t=1795444215,v1=" + sum[:32], "segredo", at, n8n.ErrSignatureForm},
		"not hexadecimal":              {"t=1795444215,v1=" + strings.Repeat("zz", 32), "segredo", at, n8n.ErrSignatureForm},
		"a negative time":              {"t=-1,v1=" + sum, "segredo", at, n8n.ErrSignatureForm},
		"a time that is no number":     {"t=now,v1=" + sum, "segredo", at, n8n.ErrSignatureForm},
		"a time beyond all numbers":    {"t=99999999999999999999,v1=" + sum, "segredo", at, n8n.ErrSignatureForm},
		"a very long header":           {known + strings.Repeat(",x=y", 1000), "segredo", at, n8n.ErrSignatureForm},
		"only Meta's way of signing":   {"sha256=" + sum, "segredo", at, n8n.ErrSignatureForm},
		"a time at the end of numbers": {n8n.Signature("segredo", time.Unix(1<<62, 0), body), "segredo", at, n8n.ErrSignatureStale},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := n8n.VerifySignature(c.secret, c.header, body, c.now, tolerance); !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
		})
	}
	if err := n8n.VerifySignature("segredo", known, []byte(`{"a":2}`), at, tolerance); !errors.Is(err, n8n.ErrSignatureWrong) {
		t.Errorf("another body: %v", err)
	}
}

// Nothing verifies but what Signature made for the same secret, body and time.
func FuzzVerifySignature(f *testing.F) {
	f.Add(known, "segredo", []byte(`{"a":1}`), int64(1795444215))
	f.Add("t=1,v1=", "", []byte(nil), int64(1))
	f.Add("t=1,t=2,v1=00,=,,", "s", []byte("x"), int64(-5))
	f.Add("t=9223372036854775807,v1=00", "s", []byte("x"), int64(0))
	f.Fuzz(func(t *testing.T, header, secret string, body []byte, unix int64) {
		now := time.Unix(unix, 0)
		if n8n.VerifySignature(secret, header, body, now, tolerance) == nil {
			_, first, _ := strings.Cut(header, "t=")
			first, _, _ = strings.Cut(first, ",")
			made := false
			for back := -tolerance; back <= tolerance; back += time.Second {
				_, sum, _ := strings.Cut(n8n.Signature(secret, now.Add(back), body), "v1=")
				made = made || strings.Contains(strings.ToLower(header), sum)
			}
			if !made || secret == "" {
				t.Fatalf("%q verifies at t=%q", header, first)
			}
		}
		if unix < 0 || secret == "" {
			return
		}
		if err := n8n.VerifySignature(secret, n8n.Signature(secret, now, body), body, now, tolerance); err != nil {
			t.Fatalf("our own signature: %v", err)
		}
	})
}
