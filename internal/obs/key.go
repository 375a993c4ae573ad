package obs

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
)

// keyKind is what a key says about its value.
type keyKind int

const (
	plain keyKind = iota
	secret
	phone
)

// Words of a key, in the singular, that make its value a secret wherever they stand: access_token, X-Api-Key,
// oldPassword.
var secretWords = []string{
	"token", "password", "passwd", "passphrase", "pwd", "secret", "authorization", "cookie", "apikey", "credential",
	"jwt", "bearer", "otp", "signature",
}

// Pairs of words that do the same.
var secretPairs = []string{"api key", "private key", "encryption key", "verify token"}

// Keys that as a whole hold what somebody wrote. As a part of a longer key they mean something else: body_bytes,
// text_length, content_type.
var writtenKeys = []string{"body", "text", "content", "caption", "payload", "raw body", "message text", "message body", "guest name"}

// Keys that end like this hold a number that can be dialled.
var phoneEndings = []string{"phone", "phone number", "wa id", "msisdn"}

// known remembers keys that were judged. Code names some hundreds; more than that come from data, and are judged anew.
var (
	known      sync.Map // string → keyKind
	knownCount atomic.Int64
)

const mostKnown = 2000

func kindOf(key string) keyKind {
	if kind, found := known.Load(key); found {
		return kind.(keyKind) //nolint:errcheck // nothing else is stored
	}
	kind := judge(key)
	if knownCount.Load() < mostKnown {
		known.Store(strings.Clone(key), kind)
		knownCount.Add(1)
	}
	return kind
}

func judge(key string) keyKind {
	words := wordsOf(key)
	whole := strings.Join(words, " ")
	switch {
	case slices.ContainsFunc(words, func(w string) bool { return slices.Contains(secretWords, w) }),
		slices.ContainsFunc(secretPairs, func(pair string) bool { return strings.Contains(" "+whole+" ", " "+pair+" ") }),
		slices.Contains(writtenKeys, whole):
		return secret
	case slices.ContainsFunc(phoneEndings, func(end string) bool { return whole == end || strings.HasSuffix(whole, " "+end) }):
		return phone
	default:
		return plain
	}
}

// wordsOf cuts access_token, X-Access-Token and accessTokens into "access", "token".
func wordsOf(key string) []string {
	var spaced strings.Builder
	previous := ' '
	for _, r := range key {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		case unicode.IsUpper(r) && unicode.IsLower(previous):
			spaced.WriteRune(' ')
		}
		spaced.WriteRune(unicode.ToLower(r))
		previous = r
	}
	words := strings.Fields(spaced.String())
	for i, word := range words {
		if len(word) > 3 {
			words[i] = strings.TrimSuffix(word, "s")
		}
	}
	return words
}
