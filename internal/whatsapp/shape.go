package whatsapp

import (
	"bytes"
	"errors"
)

// Refusals of Split. Whoever gets one keeps the raw body: a retry by Meta would bring the same bytes again.
var (
	ErrEmpty   = errors.New("webhook body is empty")
	ErrNotJSON = errors.New("webhook body is not a JSON object")
	ErrTooDeep = errors.New("webhook body is nested too deeply")
	ErrTooMany = errors.New("webhook body has too many elements")
)

const (
	// maxDepth: Meta's own payloads stay below 15.
	maxDepth = 64
	// maxElements bounds what decoding allocates. Meta sends at most 1,000 updates and 3 MB in one call
	// (webhooks overview, September 2026); a shared contact may hold long lists of its own.
	maxElements = 100_000
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// trimBody removes a byte order mark and surrounding space, and refuses what is no object or would be costly to
// decode. It looks at the bytes once, without allocating; whether they are JSON is for the decoder to find out.
func trimBody(body []byte) ([]byte, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, byteOrderMark))
	if len(body) == 0 {
		return nil, ErrEmpty
	}
	if body[0] != '{' {
		return nil, ErrNotJSON
	}
	return body, checkShape(body)
}

func checkShape(body []byte) error {
	var inArray uint64 // one bit for each level, the deepest lowest: is it an array?
	depth, elements := 0, 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			i = endOfString(body, i)
		case '{', '[':
			if depth++; depth > maxDepth {
				return ErrTooDeep
			}
			inArray <<= 1
			if body[i] == '[' {
				inArray |= 1
			}
		case '}', ']':
			depth--
			inArray >>= 1
		case ',':
			if inArray&1 == 1 {
				elements++
			}
		}
	}
	if elements > maxElements {
		return ErrTooMany
	}
	return nil
}

// endOfString returns the place of the quote that ends the string beginning at start.
func endOfString(body []byte, start int) int {
	for i := start + 1; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(body)
}
