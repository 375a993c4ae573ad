package httpapi

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Flows write what their nodes give them: numbers for texts, texts that hold JSON, one
// thing where a list belongs, null where nothing was filled in. What is read here never
// refuses; what is missing afterwards is refused by its name.

// loose is a text that flows may write as a number or a boolean too.
type loose string

// Schema implements huma.SchemaProvider: anything goes, UnmarshalJSON decides.
func (loose) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Description: "text or number"} }

// UnmarshalJSON implements json.Unmarshaler. Objects and lists are read as empty: the
// field is then missing.
func (l *loose) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*l = loose(text)
		return nil
	}
	if c := data[0]; c != '{' && c != '[' && string(data) != "null" {
		*l = loose(data)
	}
	return nil
}

// first returns the first of several spellings of a field that is filled in.
func first(spellings ...loose) string {
	for _, s := range spellings {
		if s != "" {
			return string(s)
		}
	}
	return ""
}

// looseList is a list that flows may also write as JSON in a text, or as its only element.
// Elements of another sort are there, and empty.
type looseList[T any] []T

// Schema implements huma.SchemaProvider.
func (looseList[T]) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{Description: "A list, or a text that holds one as JSON", Items: r.Schema(reflect.TypeFor[T](), true, "")}
}

// UnmarshalJSON implements json.Unmarshaler.
func (l *looseList[T]) UnmarshalJSON(data []byte) error {
	*l = nil
	data = unquoted(data)
	var items []json.RawMessage
	if data[0] == '[' {
		if err := json.Unmarshal(data, &items); err != nil {
			return err
		}
	} else if text := string(data); text != "null" && text != `""` {
		items = []json.RawMessage{data}
	}
	for _, item := range items {
		var v T
		if json.Unmarshal(item, &v) != nil {
			v = *new(T)
		}
		*l = append(*l, v)
	}
	return nil
}

// looseObject is an object that flows may also write as JSON in a text. Anything else is
// read as if it were not there.
type looseObject[T any] struct{ of *T }

// Schema implements huma.SchemaProvider.
func (looseObject[T]) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{AnyOf: []*huma.Schema{r.Schema(reflect.TypeFor[T](), true, ""), {Description: "A text that holds one as JSON"}}}
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *looseObject[T]) UnmarshalJSON(data []byte) error {
	o.of = nil
	if data = unquoted(data); data[0] != '{' {
		return nil
	}
	v := new(T)
	if json.Unmarshal(data, v) == nil {
		o.of = v
	}
	return nil
}

// unquoted takes an object or a list out of a text that holds it as JSON.
func unquoted(data []byte) []byte {
	var text string
	if json.Unmarshal(data, &text) != nil {
		return data
	}
	inner := bytes.TrimSpace([]byte(text))
	if len(inner) > 0 && (inner[0] == '{' || inner[0] == '[') && json.Valid(inner) {
		return inner
	}
	return data
}
