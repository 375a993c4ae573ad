package whatsapp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// maxRaw is how many bytes of foreign JSON travel with a message. Lists and events carry them to every screen; the
// whole of it stays in the stored delivery.
const maxRaw = 256 << 10

// storable rewrites foreign JSON so that a jsonb column takes it and any reader can decode it: no zero characters,
// no halves of surrogate pairs, no numbers outside the range of a double (they become strings). Keys come sorted.
// The result is nil for nothing, for null, and for what is not JSON.
func storable(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return nil
	}
	if len(raw) > maxRaw {
		return json.RawMessage(fmt.Sprintf(`{"omittedBytes":%d}`, len(raw)))
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil || value == nil {
		return nil
	}
	out, err := marshal(storableValue(value))
	if err != nil {
		return nil
	}
	return out
}

func storableValue(value any) any {
	switch v := value.(type) {
	case string:
		return withoutZero(v)
	case json.Number:
		return storableNumber(v)
	case []any:
		for i := range v {
			v[i] = storableValue(v[i])
		}
		return v
	case map[string]any:
		clean := make(map[string]any, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			clean[withoutZero(key)] = storableValue(v[key])
		}
		return clean
	default:
		return v
	}
}

func withoutZero(text string) string { return strings.ReplaceAll(text, "\x00", "") }

func storableNumber(n json.Number) any {
	value, err := strconv.ParseFloat(string(n), 64)
	if err != nil || len(n) > 64 || value == 0 && strings.ContainsAny(string(n), "eE") {
		return string(n)
	}
	return n
}

// marshal is json.Marshal without the escaping of HTML, which makes texts longer and harder to read.
func marshal(value any) ([]byte, error) {
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}
