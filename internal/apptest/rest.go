package apptest

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// Answer is what the product answered.
type Answer struct {
	Status int
	Header http.Header
	JSON   any // decoded; nil if it is none
	Raw    string
}

// At returns a value in the answer by its path, such as "data.0.id"; nil if it is not
// there.
func (a Answer) At(path string) any { return at(a.JSON, path) }

// Text is At for texts.
func (a Answer) Text(path string) string {
	text, _ := a.At(path).(string)
	return text
}

// List is At for lists of objects.
func (a Answer) List(path string) []map[string]any {
	list, _ := a.At(path).([]any)
	out := make([]map[string]any, 0, len(list))
	for _, v := range list {
		object, _ := v.(map[string]any)
		out = append(out, object)
	}
	return out
}

func at(value any, path string) any {
	for key := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// headers are those of one request.
type headers map[string]string

// call makes a request. A body that is no []byte is sent as JSON; nil sends none.
func (w *World) call(method, path string, h headers, body any) Answer {
	w.t.Helper()
	var content io.Reader
	h = maps.Clone(h)
	if h == nil {
		h = headers{}
	}
	switch b := body.(type) {
	case nil:
	case []byte:
		content = bytes.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			w.t.Fatalf("encode request: %v", err)
		}
		content = bytes.NewReader(text)
		h["Content-Type"] = "application/json"
	}
	request, err := http.NewRequestWithContext(within(w.t), method, w.URL+path, content)
	if err != nil {
		w.t.Fatalf("make request: %v", err)
	}
	for name, value := range h {
		request.Header.Set(name, value)
	}
	return w.do(request)
}

// do may be called by several goroutines of a test: it does not end the test.
func (w *World) do(request *http.Request) Answer {
	response, err := w.client.Do(request)
	if err != nil {
		w.t.Errorf("%s %s: %v", request.Method, request.URL.Path, err)
		return Answer{}
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Errorf("read answer of %s: %v", request.URL.Path, err)
	}
	a := Answer{Status: response.StatusCode, Header: response.Header, Raw: string(raw)}
	if json.Unmarshal(raw, &a.JSON) != nil {
		a.JSON = nil // not every answer is JSON
	}
	return a
}
