package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// request is one call of the door.
type request struct {
	method, path string
	body         any // string: as it is; io.Reader: without length; form; else JSON
	header       http.Header
	ctx          context.Context //nolint:containedctx // of one call, which the test may cancel
	from         string
	length       int64 // announced, when that is not the body's
}

type option func(*request)

func as(token string) option { return with("Authorization", "Bearer "+token) }
func keyed(key string) option {
	return with("X-API-Key", key)
}

func with(name string, values ...string) option {
	return func(r *request) { r.header[http.CanonicalHeaderKey(name)] = values }
}
func from(address string) option { return func(r *request) { r.from = address } }

// response is what came of a call.
type response struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
}

// do calls the door, and checks of every answer what is true of all of them.
func (w *world) do(method, path string, body any, options ...option) response {
	w.t.Helper()
	r := request{method: method, path: path, body: body, header: http.Header{}, ctx: context.Background(), from: "203.0.113.9:4711"}
	for _, o := range options {
		o(&r)
	}
	in := r.http(w.t)
	recorder := httptest.NewRecorder()
	w.handler.ServeHTTP(recorder, in)
	out := response{w.t, recorder.Code, recorder.Header(), recorder.Body.Bytes()}
	w.checkAlways(r, out)
	return out
}

func (r *request) http(tb testing.TB) *http.Request {
	tb.Helper()
	var body io.Reader
	contentType := "application/json"
	switch b := r.body.(type) {
	case nil:
	case form:
		body, contentType = bytes.NewReader(b.body), b.contentType
	case string:
		body = strings.NewReader(b)
	case []byte:
		body = bytes.NewReader(b)
	case io.Reader:
		body = b
	default:
		text, err := json.Marshal(b)
		if err != nil {
			tb.Fatal(err)
		}
		body = bytes.NewReader(text)
	}
	address, err := url.ParseRequestURI(r.path)
	if err != nil {
		tb.Fatal(err)
	}
	in := httptest.NewRequestWithContext(r.ctx, r.method, "/", body)
	in.URL, in.RequestURI, in.RemoteAddr = address, r.path, r.from
	if r.body != nil {
		in.Header.Set("Content-Type", contentType)
	}
	if r.length > 0 {
		in.ContentLength = r.length
	}
	for name, values := range r.header {
		in.Header[name] = values
	}
	return in
}

func (r response) json() map[string]any {
	r.t.Helper()
	var out map[string]any
	if err := json.Unmarshal(r.body, &out); err != nil {
		r.t.Fatalf("no JSON object (%v): %d %.300q", err, r.status, r.body)
	}
	return out
}

func (r response) list() []map[string]any {
	r.t.Helper()
	var out struct {
		Data []map[string]any `json:"data"`
	}
	if err := json.Unmarshal(r.body, &out); err != nil {
		r.t.Fatalf("no list (%v): %d %.300q", err, r.status, r.body)
	}
	return out.Data
}

// want checks the status and, for refusals, the code.
func (r response) want(status int, code ...string) response {
	r.t.Helper()
	if r.status != status {
		r.t.Errorf("status %d, want %d: %.300s", r.status, status, r.body)
	}
	if len(code) > 0 {
		if got := r.json()["code"]; got != code[0] {
			r.t.Errorf("code %v, want %s: %.300s", got, code[0], r.body)
		}
	}
	return r
}
