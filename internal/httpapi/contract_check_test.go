package httpapi_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/httpapi"
	"github.com/botreserva/botreserva/internal/logtest"
)

// secretTexts must never leave the door, whatever happens inside.
var secretTexts = []string{password, accessSecret, refreshSecret, platformSecret, platformVerify, "meta-token-", "app-secret-"}

func init() { logtest.Plant(secretTexts...) }

// inside finds traces of how things are made: stacks, files, SQL and driver errors.
var inside = regexp.MustCompile(`(?i)goroutine \d|\.go:\d|panic|SQLSTATE|pgx|SELECT .* FROM|INSERT INTO|constraint|relation "|json: cannot|jwt|bcrypt|runtime error`)

// checkAlways checks what is true of every answer: nothing of the inside shows, the
// request has an id, refusals look alike, and what the document promises is kept.
func (w *world) checkAlways(q request, r response) {
	w.t.Helper()
	call := q.method + " " + q.path
	if len(call) > 120 {
		call = call[:120] + "…"
	}
	for _, secret := range secretTexts {
		if bytes.Contains(r.body, []byte(secret)) {
			w.t.Errorf("%s: the answer holds a secret: %.300s", call, r.body)
		}
	}
	if r.header.Get("X-Request-Id") == "" {
		w.t.Errorf("%s: no X-Request-Id", call)
	}
	w.checkHeaders(call, q, r)
	if strings.HasPrefix(q.path, "/api/docs") {
		return
	}
	if where := inside.Find(r.body); where != nil && r.status >= http.StatusBadRequest {
		w.t.Errorf("%s: the answer shows the inside (%s): %.300s", call, where, r.body)
	}
	if r.status >= http.StatusBadRequest && r.header.Get("Content-Type") != "" {
		w.checkRefusal(call, r)
	}
	if q.method != http.MethodOptions {
		w.document.check(w, q, r)
	}
}

// guarded are the headers of every answer.
var guarded = map[string]string{
	"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
	"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Cross-Origin-Opener-Policy": "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin", "X-Permitted-Cross-Domain-Policies": "none",
	"Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}

// relaxed are those that pages and files replace by others of their own.
var relaxed = []string{"Cache-Control", "Content-Security-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy"}

func (w *world) checkHeaders(call string, q request, r response) {
	w.t.Helper()
	shown := strings.HasPrefix(q.path, "/api/docs") || isFile(q, r)
	for name, want := range guarded {
		got := r.header.Get(name)
		if shown && slices.Contains(relaxed, name) {
			if got == "" {
				w.t.Errorf("%s: no %s", call, name)
			}
			continue
		}
		if got != want {
			w.t.Errorf("%s: %s is %q, want %q", call, name, got, want)
		}
	}
}

// isFile reports whether an answer is bytes of a file rather than JSON of ours.
func isFile(q request, r response) bool {
	return strings.Contains(q.path, "/media/") && q.method != http.MethodPost && r.status < http.StatusBadRequest
}

// checkRefusal checks the shape of a refusal. Only /api/health answers 503 with a
// body of its own.
func (w *world) checkRefusal(call string, r response) {
	w.t.Helper()
	var p struct {
		Error, Message, Code, RequestID string
		Database                        string
	}
	if err := json.Unmarshal(r.body, &p); err != nil {
		w.t.Errorf("%s: %d without a JSON body: %.200q", call, r.status, r.body)
		return
	}
	if p.Database != "" {
		return
	}
	if !strings.HasPrefix(r.header.Get("Content-Type"), "application/") || !strings.Contains(r.header.Get("Content-Type"), "json") {
		w.t.Errorf("%s: content type %q", call, r.header.Get("Content-Type"))
	}
	if p.Error == "" || p.Error != p.Message || p.Code == "" || p.RequestID != r.header.Get("X-Request-Id") {
		w.t.Errorf("%s: %d with a refusal of another shape: %.300s", call, r.status, r.body)
	}
}

// document is the OpenAPI document, with which answers are compared.
type document struct {
	api *huma.OpenAPI
	mu  sync.Mutex // validation is not made for several at once
}

// documents are those that no test uses: to make one takes longer than many a test.
var documents sync.Pool

func newDocument(tb testing.TB) *document {
	tb.Helper()
	d, ok := documents.Get().(*document)
	if !ok {
		d = &document{api: httpapi.Document()}
	}
	tb.Cleanup(func() { documents.Put(d) })
	return d
}

// check validates an answer, success or refusal, against what the document says of it.
func (d *document) check(w *world, q request, r response) {
	w.t.Helper()
	path, _, _ := strings.Cut(q.path, "?")
	op := d.find(q.method, path)
	if op == nil || bytes.Contains(r.body, []byte(`"code":"route_not_found"`)) {
		return
	}
	promised := op.Responses[statusText(r.status)]
	if promised == nil {
		w.t.Errorf("%s %s: the document says nothing of %d: %.300s", q.method, path, r.status, r.body)
		return
	}
	if name, ok := strings.CutPrefix(promised.Ref, "#/components/responses/"); ok {
		promised = d.api.Components.Responses[name]
	}
	d.checkHeaders(w, q, r, promised)
	if len(r.body) == 0 && len(promised.Content) == 0 {
		return // 204, 304
	}
	if kind, _, _ := strings.Cut(r.header.Get("Content-Type"), ";"); kind != "application/json" && promised.Content[kind] != nil || isFile(q, r) {
		return // a file
	}
	if promised.Content["application/json"] == nil {
		w.t.Errorf("%s %s: the document says of %d that it is no JSON", q.method, path, r.status)
		return
	}
	var body any
	if err := json.Unmarshal(r.body, &body); err != nil {
		w.t.Errorf("%s %s: %v", q.method, path, err)
		return
	}
	for _, problem := range d.validate(promised.Content["application/json"].Schema, huma.ModeReadFromServer, body) {
		w.t.Errorf("%s %s: the answer breaks the document: %v", q.method, path, problem)
	}
}

// validate compares a value with a schema.
func (d *document) validate(schema *huma.Schema, mode huma.ValidateMode, value any) []error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var result huma.ValidateResult
	huma.Validate(d.api.Components.Schemas, schema, huma.NewPathBuffer(nil, 0), mode, value, &result)
	return result.Errors
}

// checkHeaders: the headers that tell of limits and waiting are those of the document, and
// are numbers where it says so. A success of a row that is counted tells of its limit.
func (d *document) checkHeaders(w *world, q request, r response, promised *huma.Response) {
	w.t.Helper()
	for _, name := range []string{"X-Request-Id", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy"} {
		got := r.header.Get(name)
		said := promised.Headers[name]
		if said == nil {
			if got != "" {
				w.t.Errorf("%s %s: the document says nothing of %s on %d", q.method, q.path, name, r.status)
			}
			continue
		}
		if _, err := strconv.Atoi(got); err != nil && got != "" && d.api.Components.Headers[name].Schema.Type == huma.TypeInteger {
			w.t.Errorf("%s %s: %s is %q, no number", q.method, q.path, name, got)
		}
		mustBe := name == "X-Request-Id" || name == "Retry-After" && r.status == http.StatusTooManyRequests ||
			w.counts && name != "Retry-After" && (r.status < http.StatusBadRequest || r.status == http.StatusTooManyRequests)
		if mustBe && got == "" {
			w.t.Errorf("%s %s: %d without %s", q.method, q.path, r.status, name)
		}
	}
}

func statusText(status int) string {
	return string([]byte{byte('0' + status/100), byte('0' + status/10%10), byte('0' + status%10)})
}

// find returns the operation that a path of ours belongs to. Of templates that fit, the
// more literal one is meant: /api/tags/conversation is no tag.
func (d *document) find(method, path string) *huma.Operation {
	var found *huma.Operation
	fewest := len(path)
	for template, item := range d.api.Paths {
		op := operation(item, method)
		if holes := strings.Count(template, "{"); op != nil && holes < fewest && matches(template, path) {
			found, fewest = op, holes
		}
	}
	return found
}

func operation(item *huma.PathItem, method string) *huma.Operation {
	switch method {
	case http.MethodGet:
		return item.Get
	case http.MethodPost:
		return item.Post
	case http.MethodPut:
		return item.Put
	case http.MethodPatch:
		return item.Patch
	case http.MethodDelete:
		return item.Delete
	}
	return nil
}

func matches(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}
