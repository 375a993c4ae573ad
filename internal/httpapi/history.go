package httpapi

import (
	"strconv"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/desk"
)

// said is one message of a dialogue as a flow remembers it.
type said struct {
	Role      string `json:"role" maxLength:"50"`
	Content   string `json:"content" maxLength:"20000"`
	Timestamp loose  `json:"timestamp,omitempty"`
}

func recalled(history []said) []desk.Said {
	out := make([]desk.Said, 0, len(history))
	for _, m := range history {
		out = append(out, desk.Said{Role: m.Role, Content: m.Content, At: timeOf(string(m.Timestamp))})
	}
	return out
}

// historyOf reads a dialogue as a flow tells it: a list of messages, or anything else,
// which is kept with the escalation and is no dialogue.
func historyOf(history any) []desk.Said {
	items, _ := history.([]any)
	var out []desk.Said
	for _, item := range items {
		m, _ := item.(map[string]any)
		role, _ := m["role"].(string)
		content, _ := m["content"].(string)
		at := time.Time{}
		switch v := m["timestamp"].(type) {
		case string:
			at = timeOf(v)
		case float64:
			at = fromUnix(int64(v))
		}
		out = append(out, desk.Said{Role: role, Content: content, At: at})
	}
	return out
}

// timeOf reads a time as flows write it: RFC 3339, or seconds or milliseconds since
// 1970. What is none is the zero time.
func timeOf(text string) time.Time {
	text = strings.TrimSpace(text)
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at.UTC()
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return fromUnix(n)
	}
	return time.Time{}
}

// fromUnix reads seconds, or milliseconds when it would else be after the year 5000.
func fromUnix(n int64) time.Time {
	const tooManySeconds = 100_000_000_000
	switch {
	case n <= 0 || n > 1000*tooManySeconds:
		return time.Time{}
	case n > tooManySeconds:
		return time.UnixMilli(n).UTC()
	default:
		return time.Unix(n, 0).UTC()
	}
}
