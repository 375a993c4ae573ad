package httpapi

import (
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// componentPrefix is how the document refers to its schemas.
const componentPrefix = "#/components/schemas/"

// complete adds to the document what cannot be read off Go types: the objects that
// may be null, and that a flow's send may be answered before Meta has.
func complete(doc *huma.OpenAPI) {
	for name, schema := range doc.Components.Schemas.Map() {
		if t := doc.Components.Schemas.TypeFromRef(componentPrefix + name); t != nil && t.Kind() == reflect.Struct {
			admitNull(t, schema)
		}
	}
	if item := doc.Paths["/api/n8n/send-text"]; item != nil && item.Post != nil {
		later := *item.Post.Responses["200"]
		later.Description = http.StatusText(http.StatusAccepted)
		item.Post.Responses["202"] = &later
	}
}

// admitNull lets the properties be null that are pointers to structs and always
// written, those of embedded structs included.
func admitNull(t reflect.Type, schema *huma.Schema) {
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Anonymous && field.Type.Kind() == reflect.Struct && field.Tag.Get("json") == "" {
			admitNull(field.Type, schema)
			continue
		}
		name, rest, _ := strings.Cut(field.Tag.Get("json"), ",")
		property := schema.Properties[name]
		isObject := field.Type.Kind() == reflect.Pointer && field.Type.Elem().Kind() == reflect.Struct
		if property == nil || property.Ref == "" || !isObject || strings.Contains(rest, "omitempty") {
			continue
		}
		schema.Properties[name] = &huma.Schema{AnyOf: []*huma.Schema{{Ref: property.Ref}, {Type: "null"}}, Description: property.Description}
	}
}
