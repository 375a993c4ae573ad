package simulator

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Ways to spoil a webhook's body, each rightly signed.
const (
	MangleUnknownField = "unknown-field" // a field that nobody knows
	MangleUnknownType  = "unknown-type"  // a message type that nobody knows
	MangleNoContacts   = "no-contacts"
	MangleNoFrom       = "no-from"
	MangleExtraKeys    = "extra-keys" // keys that nobody knows, at every level
	MangleNulls        = "nulls"      // null under contacts, context and text
	MangleDeep         = "deep"       // ten thousand arrays inside each other
	MangleNotJSON      = "not-json"   // half of the body
	MangleReserialised = "reserialised"
)

// mangles lists them. Reserialised is the odd one: the signature is that of the escaped bytes, the body has real
// letters, so that a receiver must refuse it.
var mangles = []string{
	MangleUnknownField, MangleUnknownType, MangleNoContacts, MangleNoFrom, MangleExtraKeys, MangleNulls, MangleDeep,
	MangleNotJSON, MangleReserialised,
}

func mangle(body []byte, mode string) []byte {
	switch mode {
	case MangleNotJSON:
		return body[:len(body)/2]
	case MangleDeep:
		return []byte(`{"object":"whatsapp_business_account","entry":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`)
	}
	var parsed any
	must(json.Unmarshal(body, &parsed))
	if mode == MangleReserialised {
		var out bytes.Buffer
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		must(enc.Encode(parsed))
		return bytes.TrimSpace(out.Bytes())
	}
	walk(parsed, func(o map[string]any) { mangleObject(o, mode) })
	return asciiJSON(parsed, false)
}

// walk visits every object, the inner ones first, so that what a visit adds is not visited.
func walk(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			walk(inner, visit)
		}
		visit(v)
	case []any:
		for _, inner := range v {
			walk(inner, visit)
		}
	}
}

func mangleObject(o map[string]any, mode string) {
	_, isMessage := o["timestamp"]
	switch mode {
	case MangleUnknownField:
		if _, ok := o["field"]; ok {
			o["field"] = "moon_phases"
		}
	case MangleUnknownType:
		if isMessage && o["type"] != nil {
			o["type"], o["hologram"] = "hologram", map[string]any{"colour": "green"}
		}
	case MangleNoContacts:
		delete(o, "contacts")
	case MangleNoFrom:
		if isMessage {
			delete(o, "from")
		}
	case MangleExtraKeys:
		o["x_unknown"] = map[string]any{"a": []any{1, nil, "b"}}
	case MangleNulls:
		for _, key := range []string{"contacts", "context", "referral", "pricing", "conversation"} {
			o[key] = nil
		}
	}
}
