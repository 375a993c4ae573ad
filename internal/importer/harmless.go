package importer

import (
	"encoding/json"
	"strings"
)

// secretive are parts of names under which the original's audit log has secrets, among
// them passwords as they were typed, and words of guests.
var secretive = []string{
	"pass", "senha", "token", "secret", "apikey", "api_key", "authorization", "cookie", "credential", "webhookurl",
	"content", "message", "text", "body", "caption",
}

// longestNote is how much of a text an audit entry keeps: what is longer is somebody's
// words.
const longestNote = 300

// harmless returns what an audit entry of the original noted, without what must not be
// kept; nil if nothing is left.
func (m *moving) harmless(text json.RawMessage) any {
	var value any
	if err := json.Unmarshal(text, &value); err != nil || value == nil {
		return nil
	}
	dropped := false
	value = clean(value, &dropped)
	if dropped {
		m.changed("secrets and words dropped from an entry of the audit log")
	}
	if fields, ok := value.(map[string]any); ok && len(fields) > 0 {
		return fields
	}
	return nil
}

func clean(value any, dropped *bool) any {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			if isSecretive(name) {
				delete(v, name)
				*dropped = true
				continue
			}
			v[name] = clean(inner, dropped)
		}
		return v
	case []any:
		for i, inner := range v {
			v[i] = clean(inner, dropped)
		}
		return v
	case string:
		// A text that is JSON itself may hold anything.
		if len(v) > longestNote || strings.HasPrefix(strings.TrimSpace(v), "{") || strings.HasPrefix(strings.TrimSpace(v), "[") || strings.HasPrefix(v, "$2") {
			*dropped = true
			return nil
		}
	}
	return value
}

func isSecretive(name string) bool {
	name = strings.ToLower(name)
	for _, part := range secretive {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}
