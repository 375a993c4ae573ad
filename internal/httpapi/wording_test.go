package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDetails: each wrong field is named, also one that is missing, with a code that
// dashboards translate and a sentence that says what to type.
func TestDetails(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	to := w.chat(h)
	at := "/api/conversations/" + to.card.ID.String()
	for _, c := range []struct {
		name, method, path string
		body               any
		want               map[string]any
	}{
		{"missing", http.MethodPost, at + "/assign", map[string]any{}, map[string]any{"path": "userId", "code": "required", "message": "This is missing."}},
		{"no id", http.MethodPost, at + "/assign", map[string]any{"userId": "Ana"}, map[string]any{"path": "userId", "code": "not_an_id", "message": "This is no id."}},
		{"of another type", http.MethodPatch, at + "/ia-lock", map[string]any{"locked": "yes"}, map[string]any{"path": "locked", "code": "wrong_type", "message": "Use true or false."}},
		{"none of them", http.MethodPatch, at, map[string]any{"priority": "SOON"}, map[string]any{"path": "priority", "code": "not_one_of", "message": "Use one of: LOW, MEDIUM, HIGH, URGENT."}},
		{"in the query", http.MethodGet, "/api/conversations?page=0", nil, map[string]any{"path": "query.page", "code": "too_small", "message": "Use 1 or more."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := w.on(t)
			r := w.do(c.method, c.path, c.body, as(w.token(h.Admin))).want(http.StatusBadRequest, "validation_error")
			details, _ := r.json()["details"].([]any)
			if len(details) != 1 || !cmp.Equal(details[0], any(c.want)) {
				t.Errorf("details %v, want %v", details, c.want)
			}
		})
	}
}
