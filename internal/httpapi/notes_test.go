package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/user"
)

// TestNotes: a note stands in the conversation for colleagues, and nothing is sent.
func TestNotes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	ana, rui := w.user(h.ID, user.Attendant, ""), w.user(h.ID, user.Attendant, "")
	bearer := as(w.token(h.Admin))
	to := w.chat(h)
	at := "/api/conversations/" + to.card.ID.String() + "/notes"
	left := func(body map[string]any) response { return w.do(http.MethodPost, at, body, bearer) }

	note := left(map[string]any{"text": "  Pediu berço. @Ana confirma?  ", "mentions": []string{ana.ID.String()}, "clientId": "tab-1", "unknown": 1}).want(http.StatusCreated)
	note.golden("note")
	again := left(map[string]any{"text": "Pediu berço. @Ana confirma?", "clientId": "tab-1"}).want(http.StatusCreated)
	if note.json()["id"] != again.json()["id"] {
		t.Error("the same note was left twice")
	}
	left(map[string]any{"text": "Outra", "clientId": "tab-1"}).want(http.StatusUnprocessableEntity, "idempotency_mismatch")
	left(map[string]any{"text": strings.Repeat("ã", 2000)}).want(http.StatusCreated)
	for _, wrong := range []map[string]any{
		{},
		{"text": ""},
		{"text": " \n "},
		{"text": strings.Repeat("ã", 2001)},
		{"text": "x", "mentions": []string{"ana"}},
		{"text": "x", "clientId": strings.Repeat("x", 201)},
	} {
		left(wrong).want(http.StatusBadRequest)
	}
	stranger := w.hotel().Admin
	left(map[string]any{"text": "x", "mentions": []string{rui.ID.String(), stranger.ID.String()}}).want(http.StatusNotFound)

	messages := w.do(http.MethodGet, strings.TrimSuffix(at, "notes")+"messages", nil, bearer).want(http.StatusOK).json()["data"].([]any)
	if n := len(messages); n != 3 {
		t.Errorf("the conversation has %d messages, want the guest's and two notes", n)
	}
}
