package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

const hexLower = "0123456789abcdef"

// asciiJSON encodes v the way Meta puts JSON on the wire: everything beyond ASCII as \uXXXX with lower-case digits.
// The signature is made over these bytes, so a receiver that re-encodes before it verifies fails as it would with
// Meta. It panics on a value that cannot be encoded, which only a mistake in this package can produce.
func asciiJSON(v any, escapeSlash bool) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("simulator: encode %T: %v", v, err))
	}
	out := bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
	if !escapeSlash && isASCII(out) {
		return out
	}
	return escapeNonASCII(out, escapeSlash)
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func escapeNonASCII(in []byte, escapeSlash bool) []byte {
	out := make([]byte, 0, len(in)+len(in)/4)
	for len(in) > 0 {
		r, size := utf8.DecodeRune(in)
		in = in[size:]
		switch {
		case r == '/' && escapeSlash:
			out = append(out, '\\', '/')
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		case r > 0xFFFF:
			hi, lo := utf16.EncodeRune(r)
			out = appendEscape(appendEscape(out, hi), lo)
		default:
			out = appendEscape(out, r)
		}
	}
	return out
}

func appendEscape(out []byte, r rune) []byte {
	return append(out, '\\', 'u', hexLower[r>>12&15], hexLower[r>>8&15], hexLower[r>>4&15], hexLower[r&15])
}
