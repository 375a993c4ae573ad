package httpapi_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
)

// meta stands in for the Graph API: it remembers what it was asked and answers with
// an id, unless told otherwise.
type meta struct {
	url    string
	mu     sync.Mutex
	asked  []map[string]any
	answer func(w http.ResponseWriter, body map[string]any) bool
}

func newMeta(tb testing.TB) *meta {
	tb.Helper()
	m := &meta{}
	server := httptest.NewServer(m)
	m.url = server.URL
	tb.Cleanup(server.Close)
	return m
}

func (m *meta) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	_ = json.NewDecoder(r.Body).Decode(&body)
	m.mu.Lock()
	m.asked = append(m.asked, body)
	answer := m.answer
	m.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if answer != nil && answer(w, body) {
		return
	}
	if _, drafts := body["components"]; drafts || r.Method == http.MethodDelete {
		text, _ := json.Marshal(body)
		sum := sha256.Sum256(text)
		_, _ = io.WriteString(w, `{"id":"9`+strconv.Itoa(int(sum[0]))+`","status":"PENDING","category":"UTILITY","success":true}`)
		return
	}
	if body["status"] == "read" {
		_, _ = io.WriteString(w, `{"success":true}`)
		return
	}
	text, _ := json.Marshal(body)
	sum := sha256.Sum256(text)
	to, _ := body["to"].(string)
	_, _ = io.WriteString(w, `{"messaging_product":"whatsapp","contacts":[{"input":"`+to+`","wa_id":"`+to+`"}],"messages":[{"id":"wamid.`+hex.EncodeToString(sum[:8])+`"}]}`)
}

func (m *meta) last() map[string]any {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.asked) == 0 {
		return nil
	}
	return m.asked[len(m.asked)-1]
}

// receipt is a message that Meta was told the hotel has read.
type receipt struct {
	wamid  string
	typing bool
}

func (m *meta) reads() []receipt {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []receipt
	for _, body := range m.asked {
		if wamid, ok := body["message_id"].(string); ok && body["status"] == "read" {
			out = append(out, receipt{wamid, body["typing_indicator"] != nil})
		}
	}
	return out
}
