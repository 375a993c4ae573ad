package inbox

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
)

// TestFlowCheck: what may be wrong with an address has a name; the test is signed and says nothing
// of guests.
func TestFlowCheck(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	answers := func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var said struct{ Event, Phone string }
		if err := json.Unmarshal(body, &said); err != nil || said.Event != "test" || said.Phone != "" || r.Header.Get(n8n.HeaderEvent) != "test" {
			t.Errorf("the flow got %s: %v", body, err)
		}
		status := map[string]int{"/gone": 404, "/webhook-test/gone": 404, "/auth": 403, "/method": 405, "/ill": 502, "/moved": 302}[r.URL.Path]
		rw.WriteHeader(max(status, 200))
	}
	flow, sealedFlow := httptest.NewServer(http.HandlerFunc(answers)), httptest.NewTLSServer(http.HandlerFunc(answers))
	t.Cleanup(flow.Close)
	t.Cleanup(sealedFlow.Close)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	open := egress.NewClient(egress.Options{AllowPrivate: true, Timeout: 5 * time.Second})
	check := func(url string, client *http.Client) FlowCheck {
		t.Helper()
		hotel := pgtest.Tenant(t, db, func(row *postgres.TenantRow) { row.Bot.URL = url })
		got, err := NewFlowChecker(db, directory.New(db, box, clock.System{}), n8n.NewClient(client), clock.System{}).Check(ctx, hotel.ID)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for url, want := range map[string]FlowCheck{
		"":                              {Code: "unset"},
		flow.URL + "/ok":                {IsOK: true, Status: 200},
		flow.URL + "/webhook-test/x":    {IsOK: true, Status: 200, Code: "test_url"},
		flow.URL + "/gone":              {Status: 404, Code: "not_published"},
		flow.URL + "/webhook-test/gone": {Status: 404, Code: "test_url"},
		flow.URL + "/auth":              {Status: 403, Code: "unauthorized"},
		flow.URL + "/method":            {Status: 405, Code: "wrong_method"},
		flow.URL + "/ill":               {Status: 502, Code: "flow_error"},
		flow.URL + "/moved":             {Status: 302, Code: "redirected"},
		sealedFlow.URL + "/ok":          {Code: "tls"},
		closed.URL + "/ok":              {Code: "unreachable"},
		"ftp://n8n.example.com/x":       {Code: "invalid_url"},
	} {
		got := check(url, open)
		if got.IsOK != want.IsOK || got.Status != want.Status || got.Code != want.Code || (got.Text == "") != (got.Code == "") {
			t.Errorf("%q: %+v, want %+v", url, got, want)
		}
	}
	if got := check(flow.URL, egress.NewClient(egress.Options{})); got.IsOK || got.Code != "refused_host" {
		t.Errorf("our own network: %+v", got)
	}
}

// TestFlowCheckTriesIll: a test that succeeds is followed by what waits.
func TestFlowCheckTriesIll(t *testing.T) {
	t.Parallel()
	w := newWard(t, 1)
	w.answers(http.StatusNotFound)
	w.say(10)
	w.work(0)
	if !w.health().IsIll() {
		t.Fatal("the flow is not ill")
	}
	w.answers(http.StatusOK)
	h := w.ours[0]
	got, err := NewFlowChecker(w.db, h.directory, h.client, w.clock).Check(t.Context(), w.hotel.ID)
	if err != nil || !got.IsOK {
		t.Fatalf("%+v, %v", got, err)
	}
	w.work(0) // no time has passed
	if got := w.health(); got.IsIll() || got.Problem == (tenant.Problem{}) {
		t.Errorf("after the test: %+v", got)
	}
}
