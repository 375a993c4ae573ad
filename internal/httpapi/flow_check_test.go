package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/botreserva/botreserva/internal/postgres"
)

// TestFlowCheck: the test button answers what to mend, whatever is wrong.
func TestFlowCheck(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for url, code := range map[string]string{"": "unset", "http://127.0.0.1:1/webhook/a": "refused_host"} {
		h := w.hotel(func(row *postgres.TenantRow) { row.Bot.URL = url })
		got := w.do(http.MethodPost, "/api/tenants/n8n-config/test", nil, as(w.token(h.Admin))).want(http.StatusOK).json()
		if got["ok"] != false || got["code"] != code || got["message"] == "" || got["status"] != nil {
			t.Errorf("%q: %v", url, got)
		}
	}
}
