package config

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// mask stands for a secret wherever one is printed.
const mask = "••••"

// Secret is a text that no way of printing shows: fmt with any verb, slog, JSON and other encoders give "••••", or
// nothing when it is empty. Only Reveal returns it.
//
// It is kept behind a pointer because fmt does not ask unexported fields how they want to be printed: a Secret inside
// somebody's struct then shows an address.
type Secret struct {
	value *string
	shown string
}

// NewSecret hides a text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{value: &text, shown: mask}
}

// Reveal returns the text itself. Pass it on where it is needed, do not keep it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsSet reports whether there is a text.
func (s Secret) IsSet() bool { return s.value != nil }

// String returns the mask.
func (s Secret) String() string { return s.shown }

// GoString returns the mask.
func (s Secret) GoString() string { return s.shown }

// Format prints the mask whatever the verb: with %d, say, fmt would not ask String and show the value.
func (s Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, s.shown) }

// LogValue logs the mask.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.shown) }

// MarshalJSON writes the mask.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.shown) }

// MarshalText writes the mask.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.shown), nil }

// UnmarshalText takes any text.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}

// SecretURL is an address that may hold a password. It prints with the password masked, so that a log can say which
// server is meant.
type SecretURL struct{ Secret }

// NewSecretURL hides the password of an address.
func NewSecretURL(text string) SecretURL {
	s := SecretURL{NewSecret(text)}
	if s.IsSet() {
		s.shown = showURL(text)
	}
	return s
}

// UnmarshalText takes any text; what kind of address it must be differs from setting to setting.
func (s *SecretURL) UnmarshalText(text []byte) error {
	*s = NewSecretURL(string(text))
	return nil
}

// showURL masks what may be secret in an address. One that is not clearly an address is masked whole: a password with an
// unescaped "/" or "#" would otherwise show as a path.
func showURL(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Opaque != "" || strings.Count(text, "@") > 1 {
		return mask
	}
	if u.User == nil && strings.Contains(text, "@") {
		return mask
	}
	shown := u.Scheme + "://" + showUser(u) + u.Host + u.EscapedPath()
	if query := showQuery(u.Query()); query != "" {
		shown += "?" + query
	}
	return shown
}

// showUser masks a lone user name too, but for PostgreSQL's: elsewhere it may be a token, or a password in the wrong place.
func showUser(u *url.URL) string {
	_, hasPassword := u.User.Password()
	switch {
	case u.User == nil:
		return ""
	case hasPassword:
		return url.User(u.User.Username()).String() + ":" + mask + "@"
	case strings.HasPrefix(u.Scheme, "postgres"):
		return u.User.String() + "@"
	default:
		return mask + "@"
	}
}

// plainParameters of an address say where and how to connect, never a secret.
var plainParameters = map[string]bool{
	"application_name": true, "connect_timeout": true, "db": true, "dbname": true, "endpoint": true, "host": true,
	"port": true, "region": true, "search_path": true, "sslmode": true, "user": true,
}

func showQuery(query url.Values) string {
	var shown []string
	for _, name := range slices.Sorted(maps.Keys(query)) {
		value := mask
		if plainParameters[name] {
			value = url.QueryEscape(query.Get(name))
		}
		shown = append(shown, url.QueryEscape(name)+"="+value)
	}
	return strings.Join(shown, "&")
}
