package whatsapp

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// readLoosely decodes JSON whose values may be of unexpected types: those are skipped and everything else is read,
// so that one odd field never costs a message. Only text that is not JSON is an error. A key that comes twice
// counts with its last value.
func readLoosely(data []byte, into any) error {
	err := json.Unmarshal(data, into)
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return nil
	}
	return err
}

// loose is a text that may come as an integer: timestamps and ids are strings in Meta's examples and numbers in
// others. Anything else reads as empty. Zero bytes, which PostgreSQL cannot store, are taken out; invalid UTF-8 and
// halves of surrogate pairs become U+FFFD.
type loose string

// maxIntegerDigits keeps integers that no id or timestamp can be (and floats) out.
const maxIntegerDigits = 20

// UnmarshalJSON never fails for valid JSON.
func (l *loose) UnmarshalJSON(data []byte) error {
	*l = ""
	switch {
	case isPlainString(data):
		*l = loose(data[1 : len(data)-1])
	case data[0] == '"':
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
		*l = loose(strings.ReplaceAll(text, "\x00", ""))
	case isInteger(data):
		*l = loose(data)
	}
	return nil
}

// isPlainString reports whether the bytes between the quotes are the text itself: the usual case, and four times
// as fast as a decoder.
func isPlainString(data []byte) bool {
	return data[0] == '"' && bytes.IndexByte(data, '\\') < 0 && utf8.Valid(data)
}

func isInteger(data []byte) bool {
	digits := bytes.TrimPrefix(data, []byte("-"))
	if len(digits) == 0 || len(digits) > maxIntegerDigits {
		return false
	}
	return bytes.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// rawList is a list whose elements are kept raw. A single value in the place of the list is a list of one, so that
// it is quarantined instead of lost.
type rawList []json.RawMessage

// UnmarshalJSON never fails for valid JSON.
func (l *rawList) UnmarshalJSON(data []byte) error {
	*l = nil
	switch data[0] {
	case 'n': // null
		return nil
	case '[':
		return json.Unmarshal(data, (*[]json.RawMessage)(l))
	default:
		*l = rawList{bytes.Clone(data)}
		return nil
	}
}

// first returns the first text that is not empty.
func first(texts ...loose) string {
	for _, text := range texts {
		if text != "" {
			return string(text)
		}
	}
	return ""
}

// cut shortens a text to a number of characters (code points).
func cut(text string, characters int) string {
	if len(text) <= characters {
		return text
	}
	for i := range text {
		if characters--; characters < 0 {
			return text[:i]
		}
	}
	return text
}
