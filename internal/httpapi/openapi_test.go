package httpapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/httpapi"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestDocument: the document is served to everybody, lists every route and says all of it
// that there is to say.
func TestDocument(t *testing.T) {
	t.Parallel()
	w := setup(t)
	var doc struct {
		OpenAPI string
		Info    struct{ Title, Version string }
		Paths   map[string]map[string]json.RawMessage
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
		text := doc.Paths[row.Path][strings.ToLower(row.Method)]
		var op operationSaid
		if err := json.Unmarshal(text, &op); err != nil {
			t.Errorf("%s: not in the document", row.Name())
			continue
		}
		op.check(t, row)
		if operations[op.OperationID] {
			t.Errorf("%s: the name %s is taken", row.Name(), op.OperationID)
		}
		operations[op.OperationID] = true
	}
	for path, methods := range doc.Paths {
		for method, text := range methods {
			var op operationSaid
			if json.Unmarshal(text, &op) != nil || !operations[op.OperationID] {
				t.Errorf("%s %s: in the document, not in the table", method, path)
			}
		}
	}
	if old := w.do(http.MethodGet, "/api/docs/swagger.json", nil).want(http.StatusOK); !bytes.Equal(old.body, r.body) {
		t.Error("swagger.json is another document")
	}
	for _, form := range []string{"openapi.yaml", "openapi-3.0.json", "openapi-3.0.yaml"} {
		w.do(http.MethodGet, "/api/docs/"+form, nil).want(http.StatusOK)
	}
	w.do(http.MethodGet, "/api/docs", nil).want(http.StatusOK)
}

// operationSaid is what the document says of a row.
type operationSaid struct {
	OperationID          string `json:"operationId"`
	Summary, Description string
	Tags                 []string
	Security             []map[string][]string
	Parameters           []struct{ Ref, Name, Description string }
	Responses            map[string]json.RawMessage
	RequestBody          *struct {
		Content map[string]struct{ Example any }
	}
}

func (op operationSaid) check(t *testing.T, row httpapi.Row) {
	t.Helper()
	if op.Summary == "" || op.Description == "" || len(op.Tags) != 1 || op.Responses[fmt.Sprint(row.Status)] == nil {
		t.Errorf("%s: the document does not say what it is and how it succeeds", row.Name())
	}
	want := map[string]string{"anybody": "", "flow": "flow", "somebody": "person", "colleague": "person", "insider": "person"}[row.Who]
	switch {
	case op.Security == nil:
		t.Errorf("%s: the document does not say how one gets in", row.Name())
	case want == "" && row.Limit != "media" && len(op.Security) > 0, want != "" && (len(op.Security) != 1 || op.Security[0][want] == nil):
		t.Errorf("%s: the document says that one gets in by %v", row.Name(), op.Security)
	}
	statuses := []int{400, 500, 503}
	if row.Who != "anybody" {
		statuses = append(statuses, 401, 403)
	}
	if row.Limit != "" {
		statuses = append(statuses, 429)
	}
	if op.RequestBody != nil {
		statuses = append(statuses, 413, 415)
		if body, ok := op.RequestBody.Content["application/json"]; ok && body.Example == nil {
			t.Errorf("%s: show in examples (openapi_examples.go) what to send", row.Name())
		}
	}
	for _, status := range statuses {
		if op.Responses[fmt.Sprint(status)] == nil {
			t.Errorf("%s: the document says nothing of %d", row.Name(), status)
		}
	}
	for _, p := range op.Parameters {
		if p.Name != "" && p.Description == "" {
			t.Errorf("%s: the document does not say what %s is (parameterWords in openapi_words.go)", row.Name(), p.Name)
		}
	}
}

// TestDocumentExamples: what the document shows can be sent.
func TestDocumentExamples(t *testing.T) {
	t.Parallel()
	d, used := newDocument(t), map[string]bool{}
	for path, item := range d.api.Paths {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			op := operation(item, method)
			if op == nil || op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
				continue
			}
			body := op.RequestBody.Content["application/json"]
			used[method+" "+path] = true
			for _, problem := range d.validate(body.Schema, huma.ModeWriteToServer, body.Example) {
				t.Errorf("%s %s: the example: %v", method, path, problem)
			}
		}
	}
	for name := range httpapi.Examples {
		if !used[name] {
			t.Errorf("%s: has an example and takes no JSON", name)
		}
	}
}

// TestEveryAddress: a route answers under all its addresses.
func TestEveryAddress(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	for _, row := range httpapi.Rows() {
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
