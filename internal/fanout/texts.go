package fanout

import (
	"encoding/json"
	"slices"
	"strings"
)

// textsOf returns every text of a JSON document, the longest first, each also as JSON escapes
// it.
func textsOf(body []byte) []string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return nil
	}
	seen := map[string]bool{}
	gather(v, seen)
	var out []string
	for text := range seen {
		out = append(out, text)
		if quoted, err := json.Marshal(text); err == nil {
			if inner := strings.Trim(string(quoted), `"`); inner != text {
				out = append(out, inner)
			}
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return out
}

func gather(v any, into map[string]bool) {
	switch v := v.(type) {
	case string:
		into[v] = true
	case []any:
		for _, inner := range v {
			gather(inner, into)
		}
	case map[string]any:
		for _, inner := range v {
			gather(inner, into)
		}
	}
}
