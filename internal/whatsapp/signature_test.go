package whatsapp_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/whatsapp"
)

// A signature that was computed with another tool: printf '{"a":1}' | openssl dgst -sha256 -hmac segredo
func TestSignMatchesOtherTools(t *testing.T) {
	t.Parallel()
	const want = "sha256=d74ec81e38acd14dea41865e84bfb51d4ed99dd9042fc82a87534890ac2bb655"
	if got := whatsapp.Sign("segredo", []byte(`{"a":1}`)); got != want {
		t.Fatalf("Sign = %s, want %s", got, want)
	}
}

func TestHasValidSignature(t *testing.T) {
	t.Parallel()
	escaped := []byte(`{"name":"Zo\u00eb \ud83c\udfe8"}`)
	good := whatsapp.Sign("segredo", escaped)
	header := func(values ...string) http.Header { return http.Header{"X-Hub-Signature-256": values} }
	hexDigits := strings.TrimPrefix(good, "sha256=")
	cases := map[string]struct {
		header  http.Header
		body    []byte
		secrets []string
		want    bool
	}{
		"valid over escaped unicode":            {header(good), escaped, []string{"segredo"}, true},
		"upper-case hex is accepted":            {header("sha256=" + strings.ToUpper(hexDigits)), escaped, []string{"segredo"}, true},
		"body serialised again":                 {header(good), []byte(`{"name":"Zoë 🏨"}`), []string{"segredo"}, false},
		"trailing newline signed":               {header(whatsapp.Sign("segredo", []byte("{}\n"))), []byte("{}\n"), []string{"segredo"}, true},
		"trailing newline not signed":           {header(whatsapp.Sign("segredo", []byte("{}"))), []byte("{}\n"), []string{"segredo"}, false},
		"empty body, signed":                    {header(whatsapp.Sign("segredo", nil)), nil, []string{"segredo"}, true},
		"header missing":                        {http.Header{}, escaped, []string{"segredo"}, false},
		"header empty":                          {header(""), escaped, []string{"segredo"}, false},
		"header twice":                          {header(good, good), escaped, []string{"segredo"}, false},
		"header twice with different values":    {header("sha256=00", good), escaped, []string{"segredo"}, false},
		"prefix missing":                        {header(hexDigits), escaped, []string{"segredo"}, false},
		"prefix of SHA-1":                       {header("sha1=" + hexDigits), escaped, []string{"segredo"}, false},
		"only the legacy header":                {http.Header{"X-Hub-Signature": {good}}, escaped, []string{"segredo"}, false},
		"63 digits":                             {header(good[:len(good)-1]), escaped, []string{"segredo"}, false},
		"62 digits":                             {header(good[:len(good)-2]), escaped, []string{"segredo"}, false},
		"66 digits":                             {header(good + "00"), escaped, []string{"segredo"}, false},
		"no hex":                                {header("sha256=" + strings.Repeat("z", 64)), escaped, []string{"segredo"}, false},
		"the old secret while it is replaced":   {header(good), escaped, []string{"novo", "segredo"}, true},
		"another app's secret":                  {header(good), escaped, []string{"outro"}, false},
		"no secret known":                       {header(good), escaped, nil, false},
		"an empty secret never matches":         {header(whatsapp.Sign("", escaped)), escaped, []string{""}, false},
		"an empty secret does not spoil others": {header(good), escaped, []string{"", "segredo"}, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := whatsapp.HasValidSignature(c.header, c.body, c.secrets...); got != c.want {
				t.Fatalf("HasValidSignature = %t, want %t", got, c.want)
			}
		})
	}
}
