package httpapi_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/httpapi"
)

// dashboardCalls is what our dashboard calls. Its types are made of this part of the
// document alone, so that they change when these calls do and not with every other.
var dashboardCalls = []string{
	"POST /auth/login", "POST /auth/refresh", "POST /auth/logout", "GET /auth/me", "POST /auth/forgot-password", "POST /auth/reset-password",
	"GET /api/conversations", "GET /api/conversations/stats", "GET /api/conversations/counts", "GET /api/conversations/{id}", "PATCH /api/conversations/{id}",
	"POST /api/conversations/{id}/close", "POST /api/conversations/{id}/read", "PATCH /api/conversations/{id}/ia-lock",
	"GET /api/conversations/{id}/messages", "POST /api/conversations/{id}/messages", "POST /api/messages/{id}/resend",
	"GET /api/tenants/current", "GET /api/whatsapp/templates", "POST /api/conversations/{id}/messages/template",
	"POST /api/conversations/{id}/messages/media", "POST /api/conversations/{id}/messages/content", "POST /api/media/upload",
	"POST /api/conversations/{id}/scheduled", "GET /api/conversations/{id}/scheduled", "DELETE /api/scheduled-messages/{id}",
	"POST /api/conversations/{id}/notes", "GET /api/quick-replies", "GET /api/escalations",
	"GET /api/users/names", "GET /api/tags", "GET /api/messages/search", "GET /api/contacts", "POST /api/conversations",
	"GET /api/contacts/{id}/conversations", "PATCH /api/contacts/{id}", "PUT /api/conversations/{id}/reservation",
}

const dashboardDocument = "../../web/openapi.json"

// TestDashboardDocument: the dashboard's types are made of what is served today. When
// this fails: go test -run DashboardDocument ./internal/httpapi -update && npm run types,
// the latter in web/.
func TestDashboardDocument(t *testing.T) {
	t.Parallel()
	text, err := httpapi.Document().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte(`"additionalProperties":true,`), nil) // unknown keys are ignored; typed code names none
	var doc struct {
		OpenAPI    string                                `json:"openapi"`
		Info       map[string]any                        `json:"info"`
		Paths      map[string]map[string]json.RawMessage `json:"paths"`
		Components struct {
			Schemas    map[string]json.RawMessage `json:"schemas"`
			Parameters map[string]json.RawMessage `json:"parameters,omitempty"`
			Responses  map[string]json.RawMessage `json:"responses,omitempty"`
			Headers    map[string]json.RawMessage `json:"headers,omitempty"`
		} `json:"components"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	called := slices.Concat(dashboardCalls, pageCalls)
	for path, methods := range doc.Paths {
		maps.DeleteFunc(methods, func(method string, _ json.RawMessage) bool {
			return !slices.Contains(called, strings.ToUpper(method)+" "+path)
		})
		if len(methods) == 0 {
			delete(doc.Paths, path)
		}
	}
	doc.Info = map[string]any{"title": "What the dashboard calls", "version": "1"}
	named := namedIn(t, doc.Paths, map[string]map[string]json.RawMessage{
		"schemas": doc.Components.Schemas, "parameters": doc.Components.Parameters, "responses": doc.Components.Responses, "headers": doc.Components.Headers,
	})
	keep := func(kind string, of map[string]json.RawMessage) {
		maps.DeleteFunc(of, func(name string, _ json.RawMessage) bool { return !named[kind+"/"+name] })
	}
	keep("schemas", doc.Components.Schemas)
	keep("parameters", doc.Components.Parameters)
	keep("responses", doc.Components.Responses)
	keep("headers", doc.Components.Headers)
	want, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile(dashboardDocument, want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(dashboardDocument); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is stale (%v): see this test", dashboardDocument, err)
	}
}

var reference = regexp.MustCompile(`#/components/([a-z]+/[\w.-]+)`)

// namedIn returns the components that calls name, and those that these name in turn.
func namedIn(t *testing.T, calls any, components map[string]map[string]json.RawMessage) map[string]bool {
	t.Helper()
	text, err := json.Marshal(calls)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for todo := [][]byte{text}; len(todo) > 0; todo = todo[1:] {
		for _, match := range reference.FindAllSubmatch(todo[0], -1) {
			name := string(match[1])
			if kind, rest, _ := strings.Cut(name, "/"); !named[name] {
				named[name] = true
				todo = append(todo, components[kind][rest])
			}
		}
	}
	return named
}
