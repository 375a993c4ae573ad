package httpapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/domain/fault"
)

// PostgreSQL keeps every text but those with a zero character or invalid UTF-8.

var errText = fault.New(fault.Invalid, "text_invalid", "The address or a header holds characters that are no text.")

// checkText refuses a request whose query or headers of ours hold what is no text.
func checkText(r *http.Request) error {
	for name, values := range r.URL.Query() {
		if !isText(name) || !isText(values...) {
			return errText
		}
	}
	for _, name := range []string{"Idempotency-Key", "X-Tenant-Slug"} {
		if !isText(r.Header.Values(name)...) {
			return errText
		}
	}
	return nil
}

func isText(all ...string) bool {
	for _, text := range all {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return false
		}
	}
	return true
}

// storableJSON reads JSON without zero characters; invalid UTF-8 is replaced by the
// decoder.
var storableJSON = huma.Format{
	Marshal: huma.DefaultJSONFormat.Marshal,
	Unmarshal: func(data []byte, v any) error {
		return json.Unmarshal(withoutZeros(data), v)
	},
}

// withoutZeros removes the escape of the zero character from JSON. A backslash stands
// only in texts, and always before what it escapes.
func withoutZeros(data []byte) []byte {
	zero := []byte(`\u0000`)
	if !bytes.Contains(data, zero) {
		return data
	}
	out := make([]byte, 0, len(data))
	for i := 0; i < len(data); i++ {
		switch {
		case bytes.HasPrefix(data[i:], zero):
			i += len(zero) - 1
		case data[i] == '\\' && i+1 < len(data):
			out = append(out, data[i], data[i+1])
			i++
		default:
			out = append(out, data[i])
		}
	}
	return out
}
