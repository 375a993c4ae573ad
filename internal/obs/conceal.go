package obs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
)

const (
	mask = "••••"
	// shownDigits of a phone number are enough to find a guest on whose screen one is looking.
	shownDigits = 4
	// fewestDigits that a number must have before four of them tell less than half of it.
	fewestDigits = 8
)

// Conceal is slog's ReplaceAttr of every logger here: it masks the values of keys that name a secret or what a guest
// wrote, and leaves four digits of a phone number. It is a net, not a permission: it looks at keys, so what somebody
// writes into a message or an error text passes through.
func Conceal(groups []string, attr slog.Attr) slog.Attr {
	if len(groups) == 0 && slices.Contains([]string{slog.TimeKey, slog.LevelKey, slog.MessageKey, slog.SourceKey}, attr.Key) {
		return attr
	}
	kind := kindOf(attr.Key)
	for _, group := range groups {
		if kindOf(group) != plain {
			kind = secret
		}
	}
	switch {
	case kind == secret:
		attr.Value = concealed(attr.Value)
	case kind == phone:
		attr.Value = concealedPhone(attr.Value)
	case attr.Value.Kind() == slog.KindAny:
		attr.Value = concealInside(attr.Value)
	}
	return attr
}

// concealed keeps the difference between something and nothing, which is often what one looks for.
func concealed(value slog.Value) slog.Value {
	isNothing := value.Equal(slog.StringValue("")) || (value.Kind() == slog.KindAny && value.Any() == nil)
	if isNothing || value.Kind() == slog.KindBool {
		return value
	}
	return slog.StringValue(mask)
}

func concealedPhone(value slog.Value) slog.Value {
	if value.Kind() == slog.KindAny && isComposite(value.Any()) {
		return concealed(value)
	}
	return slog.StringValue(lastDigits(value.String()))
}

func lastDigits(text string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	switch {
	case text == "":
		return ""
	case len(digits) < fewestDigits:
		return mask
	default:
		return mask + digits[len(digits)-shownDigits:]
	}
}

// concealInside looks into structs, maps and lists the way JSON shows them. Errors and simple values stay as they are.
func concealInside(value slog.Value) slog.Value {
	v := value.Any()
	if _, isError := v.(error); isError || !isComposite(v) {
		return value
	}
	encoded, err := json.Marshal(v)
	if err != nil {
		return slog.StringValue(fmt.Sprintf("%s (a %T, not shown: it has no JSON form)", mask, v))
	}
	var content any
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	if err := decoder.Decode(&content); err != nil {
		return slog.StringValue(mask)
	}
	return slog.AnyValue(concealJSON(content))
}

func isComposite(v any) bool {
	t := reflect.TypeOf(v)
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t != nil && slices.Contains([]reflect.Kind{reflect.Struct, reflect.Map, reflect.Slice, reflect.Array}, t.Kind())
}

func concealJSON(content any) any {
	switch c := content.(type) {
	case map[string]any:
		for key, inner := range c {
			c[key] = concealMember(key, inner)
		}
	case []any:
		for i, inner := range c {
			c[i] = concealJSON(inner)
		}
	}
	return content
}

func concealMember(key string, inner any) any {
	switch kindOf(key) {
	case secret:
		return concealed(slog.AnyValue(inner)).Any()
	case phone:
		if isComposite(inner) && reflect.TypeOf(inner) != reflect.TypeFor[json.Number]() {
			return mask
		}
		return lastDigits(fmt.Sprint(inner))
	default:
		return concealJSON(inner)
	}
}
