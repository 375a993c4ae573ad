package egress

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckURL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"https://n8n.example.com/webhook/hotel":     nil,
		"http://n8n.example.com:5678/webhook/a?b=c": nil,
		"HTTPS://N8N.EXAMPLE.COM/webhook":           nil,
		"https://n8n.example.com.":                  nil,
		"https://n8n":                               nil, // a name inside Docker; where it leads is judged at dialling
		"https://pousada-são-josé.com.br/webhook":   nil,
		"https://8.8.8.8/webhook":                   nil,
		"https://[2606:4700::1111]:8443/webhook":    nil,
		"https://a_b.example.com":                   nil,
		"https://0x.example.com":                    nil,

		"": ErrURLEmpty,
		"https://a.com/" + strings.Repeat("a", 2048): ErrURLLong,
		"n8n.example.com/webhook":                    ErrURLScheme,
		"ftp://n8n.example.com":                      ErrURLScheme,
		"javascript:alert(1)":                        ErrURLScheme,
		"file:///etc/passwd":                         ErrURLScheme,
		"https://ana:segredo@n8n.example.com":        ErrURLUser,
		"https://n8n.example.com@127.0.0.1/":         ErrURLUser,
		"https://@n8n.example.com/":                  ErrURLUser,
		"https:///webhook":                           ErrURLForm,
		"https:n8n.example.com":                      ErrURLForm,
		"https://:443/webhook":                       ErrURLForm,
		"https://n8n example.com":                    ErrURLForm,
		"https://n8n.example.com\\@127.0.0.1":        ErrURLForm,
		"https://n8n.example.com/\r\nHost: x":        ErrURLForm,
		"https://.":                                  ErrURLForm,
		"https://.example.com":                       ErrURLForm,
		"https://a..example.com":                     ErrURLForm,
		"https://[::1":                               ErrURLForm,
		"https://n8n.example.com:0":                  ErrURLPort,
		"https://n8n.example.com:65536":              ErrURLPort,
		"https://n8n.example.com:":                   ErrURLPort,
		"https://n8n.example.com:99999999999999":     ErrURLPort,
		"https://n8n.example.com:-1":                 ErrURLForm,

		"http://2130706433/":             ErrURLNumber,
		"http://0x7f000001/":             ErrURLNumber,
		"http://0X7F.1/":                 ErrURLNumber,
		"http://0x/":                     ErrURLNumber,
		"http://0177.0.0.1/":             ErrURLNumber,
		"http://127.1/":                  ErrURLNumber,
		"http://127.0.0.1./":             ErrURLNumber,
		"http://1.2.3.4.5/":              ErrURLNumber,
		"http://example.1/":              ErrURLNumber,
		"http://１２７.0.0.1/":              ErrURLForm,
		"http://127。0。0。1/":              ErrURLForm,
		"http://127.0.0.1/":              ErrURLPrivate,
		"http://localhost:3001/webhook":  ErrURLPrivate,
		"http://LOCALHOST./webhook":      ErrURLPrivate,
		"http://n8n.localhost/":          ErrURLPrivate,
		"http://10.1.2.3/":               ErrURLPrivate,
		"http://0.0.0.0:5432/":           ErrURLPrivate,
		"http://169.254.169.254/latest/": ErrURLPrivate,
		"http://[::1]:5678/":             ErrURLPrivate,
		"http://[::ffff:127.0.0.1]/":     ErrURLPrivate,
		"http://[::ffff:7f00:1]/":        ErrURLPrivate,
		"http://[64:ff9b::a00:1]/":       ErrURLPrivate,
		"http://[fe80::1%25eth0]/":       ErrURLPrivate,
		"http://[fd00::5]/":              ErrURLPrivate,
	} {
		t.Run(text[:min(len(text), 60)], func(t *testing.T) {
			t.Parallel()
			if err := CheckURL(text, false); !errors.Is(err, want) {
				t.Fatalf("CheckURL = %v, want %v", err, want)
			}
		})
	}
}

func TestCheckURLAllowingPrivate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"http://localhost:5678/webhook": nil,
		"http://127.0.0.1:5678/webhook": nil,
		"http://[::1]:5678/webhook":     nil,
		"http://192.168.0.7/webhook":    nil,
		"http://169.254.169.254/":       ErrURLPrivate,
		"http://0.0.0.0/":               ErrURLPrivate,
		"http://2130706433/":            ErrURLNumber,
		"http://ana@127.0.0.1/":         ErrURLUser,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if err := CheckURL(text, true); !errors.Is(err, want) {
				t.Fatalf("CheckURL = %v, want %v", err, want)
			}
		})
	}
}

// Whatever is typed, what passes the check parses, has a host, and no text makes it panic.
func FuzzCheckURL(f *testing.F) {
	for _, seed := range []string{"https://n8n.example.com/a", "http://[::1%25lo]:1/", "http://0x7f.1/", "http://a@b", "//x", "http://%31%32%37.1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if CheckURL(text, false) == nil && CheckURL(text, true) != nil {
			t.Fatalf("%q passes only while private addresses are forbidden", text)
		}
	})
}
