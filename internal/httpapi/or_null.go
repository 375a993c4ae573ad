package httpapi

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// orNull is a field of a change that may be left out, null, or a value: left out it
// stays as it is, null empties it.
type orNull[T any] struct {
	value T
	given bool
}

// set returns what the field is to be, nil when it stays; null is the zero value.
func (o orNull[T]) set() *T {
	if !o.given {
		return nil
	}
	return &o.value
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *orNull[T]) UnmarshalJSON(data []byte) error {
	o.given = true
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	return json.Unmarshal(data, &o.value)
}

// Schema implements huma.SchemaProvider.
func (orNull[T]) Schema(r huma.Registry) *huma.Schema {
	s := r.Schema(reflect.TypeFor[T](), false, "")
	return &huma.Schema{Type: s.Type, Nullable: true}
}
