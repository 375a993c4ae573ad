package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/httpapi"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestDocument: the document is served to everybody and lists every route.
func TestDocument(t *testing.T) {
	t.Parallel()
	w := setup(t)
	var doc struct {
		OpenAPI string
		Info    struct{ Title, Version string }
		Paths   map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Summary     string
			Responses   map[string]json.RawMessage
		}
	}
	r := w.do(http.MethodGet, "/api/docs/openapi.json", nil).want(http.StatusOK)
	if err := json.Unmarshal(r.body, &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || doc.Info.Title != "Bot Reserva" || doc.Info.Version != "test" {
		t.Errorf("the document is %s of %s %s", doc.OpenAPI, doc.Info.Title, doc.Info.Version)
	}
	operations := map[string]bool{}
	for _, row := range httpapi.Rows() {
		op, ok := doc.Paths[row.Path][strings.ToLower(row.Method)]
		if !ok || op.Summary == "" || op.Responses[fmt.Sprint(row.Status)] == nil || op.Responses["default"] == nil {
			t.Errorf("%s: not in the document, or not in full", row.Name())
		}
		if operations[op.OperationID] {
			t.Errorf("%s: the name %s is taken", row.Name(), op.OperationID)
		}
		operations[op.OperationID] = true
	}
	for path, methods := range doc.Paths {
		for method := range methods {
			if !operations[doc.Paths[path][method].OperationID] {
				t.Errorf("%s %s: in the document, not in the table", method, path)
			}
		}
	}
	w.do(http.MethodGet, "/api/docs/openapi.yaml", nil).want(http.StatusOK)
	w.do(http.MethodGet, "/api/docs", nil).want(http.StatusOK)
}

// TestEveryAddress: a route answers under all its addresses.
func TestEveryAddress(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	for _, row := range httpapi.Rows() {
		if row.Path == "/api/n8n/send-text" {
			continue // waits for Meta
		}
		for i, address := range httpapi.Addresses(row.Path) {
			h := w.hotelFor(row, h)
			to := w.chat(h)
			at := strings.Replace(path(row, to), strings.SplitN(row.Path, "{", 2)[0], strings.SplitN(address, "{", 2)[0], 1)
			if i > 0 && !strings.HasPrefix(at, "/api/v1") {
				t.Errorf("%s is served as %s", row.Path, at)
			}
			w.do(row.Method, at, body(row, to), w.pass(row, h)...).want(calls[row.Name()].status(row))
		}
	}
}

// TestPages: each page once, in order, and none beyond the last.
func TestPages(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	made := map[string]bool{}
	for range 5 {
		made[pgtest.Conversation(t, w.db, h.Hotel).ID.String()] = true
	}
	for page, want := range map[int]int{1: 2, 2: 2, 3: 1, 4: 0} {
		r := w.do(http.MethodGet, fmt.Sprintf("/api/conversations?limit=2&page=%d", page), nil, admin).want(http.StatusOK)
		for _, c := range r.list() {
			id, _ := c["id"].(string)
			if !made[id] {
				t.Errorf("page %d holds %s, which is foreign or was there before", page, id)
			}
			delete(made, id)
		}
		p, _ := r.json()["pagination"].(map[string]any)
		if len(r.list()) != want || p["page"] != float64(page) || p["total"] != 5.0 || p["pages"] != 3.0 || p["totalPages"] != 3.0 || p["limit"] != 2.0 {
			t.Errorf("page %d: %d rows, %v", page, len(r.list()), p)
		}
	}
	if len(made) > 0 {
		t.Errorf("on no page: %v", made)
	}
}

// TestListFilters: lists hold what was asked for, and nothing that the reader may not
// see.
func TestListFilters(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	ana := w.user(h.ID, user.Attendant, "Camburi")
	camburi := pgtest.Conversation(t, w.db, h.Hotel, pgtest.OfUnit("Camburi"), pgtest.InState("CLOSED"))
	ilha := pgtest.Conversation(t, w.db, h.Hotel, pgtest.OfUnit("Ilhabela"), pgtest.WithPriority("URGENT"))
	hers := pgtest.Conversation(t, w.db, h.Hotel, pgtest.AssignedTo(ana.ID), pgtest.AsOpportunity())
	all := []string{hers.ID.String(), ilha.ID.String(), camburi.ID.String()}
	admin, attendant := as(w.token(h.Admin)), as(w.token(ana))
	for query, want := range map[string][]string{
		"": all, "?status=CLOSED": all[2:], "?status=CLOSED,BOT_HANDLING": all, "?status=ARCHIVED": nil, "?hotelUnit=Ilhabela": all[1:2],
		"?priority=URGENT": all[1:2], "?isOpportunity=true": all[:1], "?isOpportunity=false": all[1:], "?assignedToId=" + ana.ID.String(): all[:1],
		"?search=" + strings.TrimPrefix(string(ilha.Contact.Phone), "+"): all[1:2], "?search=nobody": nil, "?unknown=1": all,
	} {
		if got := idsOf(w.do(http.MethodGet, "/api/conversations"+query, nil, admin).want(http.StatusOK)); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q: %v, want %v", query, got, want)
		}
	}
	if got := idsOf(w.do(http.MethodGet, "/api/conversations", nil, attendant)); strings.Join(got, " ") != all[0]+" "+all[2] {
		t.Errorf("an attendant of Camburi sees %v", got)
	}
	if got := idsOf(w.do(http.MethodGet, "/api/conversations?hotelUnit=Ilhabela", nil, attendant)); len(got) != 0 {
		t.Errorf("an attendant of Camburi sees %v of Ilhabela", got)
	}
}

func idsOf(r response) []string {
	var out []string
	for _, c := range r.list() {
		id, _ := c["id"].(string)
		out = append(out, id)
	}
	return out
}
