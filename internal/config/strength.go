package config

import (
	"fmt"
	"regexp"
	"strings"
)

const (
	shortestSecret = 32
	// fewestDistinct characters: 32 random decimal digits show 9 or 10 different ones, and hardly ever fewer than 8.
	fewestDistinct = 8
)

// madeUp are words from examples. None comes up by chance in 32 random characters.
var madeUp = []string{
	"changeme", "change-me", "change_me", "change this", "change-this", "change_this", "example", "placeholder",
	"password", "secret", "insecure", "your-", "your_", "default", "qwerty", "123456789", "botreserva",
}

// weakness says why a text is no secret, or nothing.
func weakness(text string) string {
	if n := len([]rune(text)); n < shortestSecret {
		return fmt.Sprintf("has only %d characters", n)
	}
	lower := strings.ToLower(text)
	for _, word := range madeUp {
		if strings.Contains(lower, word) {
			return "looks made up, it holds the word " + quote(word)
		}
	}
	return monotony(text)
}

// monotony says whether a text is one that people type: the same few characters, a repetition, a row of neighbours.
func monotony(text string) string {
	switch {
	case distinct(text) < fewestDistinct:
		return "consists of very few different characters"
	case strings.Contains((text + text)[1:len(text)*2-1], text): // only a text with a period shows up in itself
		return "repeats itself"
	case neighbours(text)*2 > len(text):
		return "counts up or down"
	}
	return ""
}

func distinct(text string) int {
	seen := make(map[rune]bool)
	for _, r := range text {
		seen[r] = true
	}
	return len(seen)
}

// neighbours counts the steps from a character to the next one of the alphabet, up or down.
func neighbours(text string) int {
	n := 0
	for i := 1; i < len(text); i++ {
		if step := int(text[i]) - int(text[i-1]); step == 1 || step == -1 {
			n++
		}
	}
	return n
}

// isWellKnown judges a password that a person chose; it may be shorter than a secret, but not one from every list.
func isWellKnown(password string) bool {
	lower := strings.ToLower(password)
	for _, word := range append([]string{"12345678", "admin123", "superadmin", "senha123"}, madeUp...) {
		if strings.Contains(lower, word) {
			return true
		}
	}
	return distinct(lower) < 4
}

var encryptionKey = regexp.MustCompile(`^[0-9A-Fa-f]{64}$`)

// checkKeys holds ENCRYPTION_KEY to its form, in every environment: with another one nothing could be encrypted.
func (l *loader) checkKeys() {
	seen := make(map[string]bool)
	keys := l.cfg.EncryptionKeys()
	if l.cfg.EncryptionKey.IsSet() && len(keys) == 0 {
		l.wrong("ENCRYPTION_KEY", fault("holds no key"))
	}
	for i, key := range keys {
		which := ""
		if len(keys) > 1 {
			which = fmt.Sprintf(" (key %d of %d)", i+1, len(keys))
		}
		switch reason := monotony(key); {
		case !encryptionKey.MatchString(key):
			l.wrong("ENCRYPTION_KEY", fault(fmt.Sprintf("does not consist of 64 hexadecimal digits%s, it has %d characters", which, len(key))))
		case seen[strings.ToLower(key)]:
			l.wrong("ENCRYPTION_KEY", fault("holds the same key twice"))
		case reason != "":
			l.strict("ENCRYPTION_KEY", reason+which, fieldOf("ENCRYPTION_KEY").want)
		}
		seen[strings.ToLower(key)] = true
	}
}

// checkStrength judges the two signing secrets that were given, and that no secret does the work of another: who holds
// one of them must not thereby hold the next.
func (l *loader) checkStrength() {
	c := &l.cfg
	access, refresh := c.JWTSecret.Reveal(), c.JWTRefreshSecret.Reveal()
	for _, variable := range []string{"JWT_SECRET", "JWT_REFRESH_SECRET"} {
		text := l.requiredSecret(variable).Reveal()
		if reason := weakness(text); text != "" && reason != "" {
			l.strict(variable, reason, fieldOf(variable).want)
		}
	}
	if access != "" && access == refresh {
		l.strict("JWT_REFRESH_SECRET", "is the same as JWT_SECRET", fieldOf("JWT_REFRESH_SECRET").want)
	}
	for _, key := range c.EncryptionKeys() {
		if key == access || key == refresh {
			l.strict("ENCRYPTION_KEY", "is also a JWT secret", fieldOf("ENCRYPTION_KEY").want)
		}
	}
}
