package httpapi

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"
)

// optional is a text that may be left out, which keeps what is there, or be null, which
// is the same as empty.
type optional struct {
	given bool
	text  string
}

// Schema implements huma.SchemaProvider.
func (optional) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: "string", Nullable: true}
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *optional) UnmarshalJSON(data []byte) error {
	o.given, o.text = true, ""
	if string(data) == "null" {
		return nil
	}
	return json.Unmarshal(data, &o.text)
}

// ptr returns nil for what was left out.
func (o optional) ptr() *string {
	if !o.given {
		return nil
	}
	return &o.text
}
