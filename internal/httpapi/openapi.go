package httpapi

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// componentPrefix is how the document refers to its schemas.
const componentPrefix = "#/components/schemas/"

// complete adds to the document what cannot be read off Go types: who may call, what a call
// may be refused with, which headers answers have, examples, objects that may be null, and
// that a flow's send may be answered before Meta has.
func complete(doc *huma.OpenAPI, rows []route) {
	for name, schema := range doc.Components.Schemas.Map() {
		if t := doc.Components.Schemas.TypeFromRef(componentPrefix + name); t != nil && t.Kind() == reflect.Struct {
			admitNull(t, schema)
		}
	}
	for path, item := range doc.Paths {
		if strings.HasPrefix(path, "/api/n8n/send-") && item.Post != nil {
			later := *item.Post.Responses["200"]
			later.Description = http.StatusText(http.StatusAccepted)
			item.Post.Responses["202"] = &later
		}
	}
	addComponents(doc)
	for _, r := range rows {
		if op := operationOf(doc, r); op != nil {
			describe(r, op)
		}
	}
	addTags(doc)
}

// operationOf returns what the document says of a row, or nil if the row is hidden.
func operationOf(doc *huma.OpenAPI, r route) *huma.Operation {
	item := doc.Paths[r.path]
	if item == nil {
		return nil
	}
	return map[string]*huma.Operation{
		http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodPatch: item.Patch, http.MethodDelete: item.Delete,
	}[r.method]
}

// describe completes what is said of one row.
func describe(r route, op *huma.Operation) {
	op.Tags = []string{tagOf(r.path)}
	op.Description = words(r)
	allow(op, r)
	nameParameters(op)
	if r.who == colleague || r.who == insider {
		op.Parameters = append(op.Parameters, &huma.Param{Ref: "#/components/parameters/Hotel"})
	}
	for status, answer := range op.Responses {
		if status != "default" {
			answer.Headers = headersOf(r, answer.Headers)
		}
	}
	delete(op.Responses, "default")
	for _, status := range refusals(r, op.RequestBody != nil) {
		if key := strconv.Itoa(status); op.Responses[key] == nil {
			op.Responses[key] = &huma.Response{Ref: "#/components/responses/" + refusalName(status)}
		}
	}
	if r.path == "/api/health" {
		down := *op.Responses["200"]
		down.Description = "The database is away"
		op.Responses["503"] = &down
	}
	if op.RequestBody != nil {
		if body := op.RequestBody.Content["application/json"]; body != nil {
			body.Example = exampleOf(r.method + " " + r.path)
		}
	}
}

// allow says by what one gets in.
func allow(op *huma.Operation, r route) {
	switch {
	case strings.HasPrefix(r.path, "/api/media/") && r.who == anybody: // the address may be signed instead
		op.Security = []map[string][]string{{"person": {}}, {}}
	case r.who == anybody:
		op.Extensions = map[string]any{"security": []map[string][]string{}} // an empty list is left out otherwise
	case r.who == flow:
		op.Security = []map[string][]string{{"flow": {}}}
	default:
		op.Security = []map[string][]string{{"person": {}}}
	}
}

// headersOf are those of an answer to a row.
func headersOf(r route, own map[string]*huma.Param) map[string]*huma.Param {
	all := map[string]*huma.Param{"X-Request-Id": {Ref: "#/components/headers/X-Request-Id"}}
	if r.limit != limitNone || r.path == loginPath {
		for _, name := range limitHeaders {
			all[name] = &huma.Param{Ref: "#/components/headers/" + name}
		}
	}
	for name, header := range own {
		all[name] = header
	}
	return all
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
