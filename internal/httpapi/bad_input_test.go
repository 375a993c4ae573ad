package httpapi_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/httpapi"
)

// marker stands in values that are wrong: an answer that repeats it repeats what was
// typed, a password perhaps.
const marker = "MARKER-7f3a"

// raw is JSON that Go would not write.
type raw string

// wrongValues are tried in every field of every body.
var wrongValues = map[string]raw{
	"number":         `7`,
	"negative":       `-1.5e300`,
	"huge number":    `1e400`,
	"boolean":        `true`,
	"null":           `null`,
	"list":           `["` + marker + `",[]]`,
	"object":         `{"` + marker + `":{"$ne":null}}`,
	"empty text":     `""`,
	"zero character": `"` + marker + `\u0000"`,
	"half a pair":    `"` + marker + `\ud800"`,
	"invalid UTF-8":  raw("\"" + marker + "\xff\xfe\""),
	"SQL":            `"` + marker + `' OR 1=1; DROP TABLE message; --"`,
	"long text":      raw(`"` + marker + strings.Repeat("a", 20_000) + `"`),
	"direction":      `"` + marker + `\u202e\u200b"`,
}

// wrongBodies are no objects, or not of ours, or too much.
var wrongBodies = map[string]struct {
	body   string
	status int
}{
	"empty":          {"", 400},
	"cut off":        {`{"a":`, 400},
	"no JSON":        {"a=1&b=2", 400},
	"trailing":       {`{} x`, 400},
	"list":           {`[]`, 400},
	"text":           {`"` + marker + `"`, 400},
	"number":         {`1e400`, 400},
	"no UTF-8":       {"\xff\xfe\x00", 400},
	"nested deeply":  {strings.Repeat(`{"a":`, 20_000), 400},
	"nested in full": {`{"metadata":` + strings.Repeat("[", 11_000) + strings.Repeat("]", 11_000) + `}`, 400},
	"too large":      {`{"content":"` + strings.Repeat("a", 2<<20) + `"}`, 413},
}

// TestBadBodies tries every route that takes a body with bodies that are none.
func TestBadBodies(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	for _, row := range httpapi.Rows() {
		if calls[row.Name()].body == nil {
			continue
		}
		t.Run(row.Name(), func(t *testing.T) {
			t.Parallel()
			w := w.on(t)
			h := w.hotelFor(row, h)
			to, pass := w.chat(h), w.pass(row, h)
			for name, c := range wrongBodies {
				if name == "empty" && !w.document.find(row.Method, row.Path).RequestBody.Required {
					continue
				}
				if name == "too large" {
					c.body += strings.Repeat(" ", int(row.MaxBody)) // of calls that take files
				}
				r := w.do(row.Method, path(row, to), c.body, pass...)
				if r.status != c.status {
					t.Errorf("%s: status %d, want %d: %.200s", name, r.status, c.status, r.body)
				}
				w.wantNoEcho(name, r)
			}
			for _, kind := range []string{"text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "\xff"} {
				r := w.do(row.Method, path(row, to), body(row, to), append(pass, with("Content-Type", kind))...)
				if r.status != http.StatusUnsupportedMediaType {
					t.Errorf("%s: status %d, want 415: %.200s", kind, r.status, r.body)
				}
			}
		})
	}
}

// wantNoEcho checks a refusal: no failure of ours, and nothing of what was sent.
func (w *world) wantNoEcho(what string, r response) {
	w.t.Helper()
	if r.status >= http.StatusInternalServerError {
		w.t.Errorf("%s: status %d: %.200s", what, r.status, r.body)
	}
	if r.status >= http.StatusBadRequest && strings.Contains(string(r.body), marker) {
		w.t.Errorf("%s: the refusal repeats what was sent: %.300s", what, r.body)
	}
}

// TestBadFields tries every field of every body with every wrong value.
func TestBadFields(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	for _, row := range httpapi.Rows() {
		fields := w.document.fields(row)
		if len(fields) == 0 {
			continue
		}
		t.Run(row.Name(), func(t *testing.T) {
			t.Parallel()
			w := w.on(t)
			h := w.hotel() // of this row alone: some change how it is set up
			pass, to := w.pass(row, h), w.chat(h)
			for _, field := range fields {
				for name, value := range wrongValues {
					if field == "email" && strings.HasPrefix(string(value), `"`+marker) && len(value) < 254 {
						continue // a comparison of the full price each; package auth tests it
					}
					if calls[row.Name()].names == byGuest {
						to = w.chat(h) // Meta's limits count per guest
					}
					good, _ := body(row, to).(map[string]any)
					w.wantNoEcho(field+": "+name, w.do(row.Method, path(row, to), replaced(t, good, field, value), pass...))
				}
			}
			more := maps.Clone(body(row, to).(map[string]any))
			more["unknownKey"], more["__proto__"] = map[string]any{"a": []int{1}}, "x"
			w.do(row.Method, path(row, to), more, pass...).want(calls[row.Name()].status(row)) // unknown keys are ignored
			for _, kind := range []string{"application/json; charset=utf-8", "application/json;charset=UTF-8", "APPLICATION/JSON", ""} {
				if r := w.do(row.Method, path(row, to), body(row, to), append(pass, with("Content-Type", kind))...); r.status >= 500 || r.status == 415 {
					t.Errorf("content type %q: status %d: %.200s", kind, r.status, r.body)
				}
			}
		})
	}
}

// replaced writes a body with one field replaced by JSON of any kind.
func replaced(t *testing.T, good map[string]any, field string, value raw) string {
	t.Helper()
	out := "{"
	for key, v := range good {
		if key == field {
			continue
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out += `"` + key + `":` + string(text) + ","
	}
	return out + `"` + field + `":` + string(value) + "}"
}

// fields lists the properties of a row's body, from the document.
func (d *document) fields(row httpapi.Row) []string {
	op := d.find(row.Method, row.Path)
	if op == nil || op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
		return nil
	}
	schema := op.RequestBody.Content["application/json"].Schema
	if schema.Ref != "" {
		schema = d.api.Components.Schemas.SchemaFromRef(schema.Ref)
	}
	var out []string
	for name := range schema.Properties {
		out = append(out, name)
	}
	return out
}

// wrongWords are tried in every parameter of every query and header.
var wrongWords = []string{
	marker, "", " ", "-1", "0", "1.5", "99999999999999999999", "0x10", "null", "true,false", marker + "\x00", marker + "\xff",
	"' OR 1=1 --", "%", "_", "\\", "\u202e", strings.Repeat("a", 5000), "00000000-0000-0000-0000-000000000000", "{{7*7}}", "../../etc/passwd",
}

// TestBadParameters tries every parameter that the document lists.
func TestBadParameters(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	for _, row := range httpapi.Rows() {
		op := w.document.find(row.Method, row.Path)
		if op == nil || row.Path == "/auth/login" {
			continue
		}
		t.Run(row.Name(), func(t *testing.T) {
			t.Parallel()
			w := w.on(t)
			h := w.hotel()
			to, pass := w.chat(h), w.pass(row, h)
			for _, p := range op.Parameters {
				for _, word := range wrongWords {
					if calls[row.Name()].names == byGuest { // Meta takes only so many messages to one
						to = w.chat(h)
					}
					at, options := wrongAddress(p, row, to, word), pass
					if p.In == "header" {
						options = append([]option{with(p.Name, word)}, pass...)
					}
					w.wantNoEcho(p.In+" "+p.Name+": "+word[:min(len(word), 40)], w.do(row.Method, at, body(row, to), options...))
				}
			}
		})
	}
}

func wrongAddress(p *huma.Param, row httpapi.Row, to chat, word string) string {
	at := path(row, to)
	switch p.In {
	case "path":
		return strings.Replace(row.Path, "{"+p.Name+"}", url.PathEscape(word), 1)
	case "query":
		bare, _, _ := strings.Cut(at, "?")
		return bare + "?" + p.Name + "=" + url.QueryEscape(word) + "&" + p.Name + "=" + url.QueryEscape(word)
	default:
		return at
	}
}

// TestIDsThatNameNothing: whatever stands for a conversation and is none is not found.
func TestIDsThatNameNothing(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	to := w.chat(h)
	for _, row := range httpapi.Rows() {
		if !strings.Contains(row.Path, "{id}") {
			continue
		}
		for _, name := range []string{"0", "not-a-uuid", to.card.ID.String() + "0", "{" + to.card.ID.String() + "}", "urn:uuid:" + to.card.ID.String(), strings.Repeat("9", 5000), "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "%00", "%ff", "..%2f.."} {
			at := strings.Replace(row.Path, "{id}", name, 1)
			if r := w.do(row.Method, at, body(row, to), w.pass(row, h)...); r.status != http.StatusNotFound {
				t.Errorf("%s with %.40q: %d %s", row.Name(), name, r.status, r.body)
			}
		}
	}
	for _, id := range []any{"", "x", 7, "00000000-0000-0000-0000-000000000000"} {
		r := w.do(http.MethodPost, "/api/messages", map[string]any{"conversationId": id, "content": "x"}, as(w.token(h.Admin)))
		if r.status != http.StatusNotFound && r.status != http.StatusBadRequest {
			t.Errorf("conversationId %v: status %d", id, r.status)
		}
	}
}

// TestWrongAddresses: what is not there is told as every refusal is.
func TestWrongAddresses(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, at := range []string{"/", "/api/", "/api/nothing", "/api/v1/", "/api/v1/health/x", "/auth", "/api/conversations/", "/api/v2/conversations", "/..%2f..%2fetc/passwd", "/%00", "/API/HEALTH", "/.env", "/debug/pprof/"} {
		r := w.do(http.MethodGet, at, nil).want(http.StatusNotFound, "route_not_found")
		if r.json()["method"] != http.MethodGet || r.json()["path"] == "" {
			t.Errorf("%s: %s", at, r.body)
		}
	}
	for _, row := range httpapi.Rows() {
		for _, at := range httpapi.Addresses(strings.Replace(row.Path, "{id}", "x", 1)) {
			r := w.do("TRACK", at, nil).want(http.StatusMethodNotAllowed, "method_not_allowed")
			if allowed := r.header.Values("Allow"); !slices.Contains(allowed, row.Method) {
				t.Errorf("%s: Allow is %v, without %s", at, allowed, row.Method)
			}
		}
	}
}
