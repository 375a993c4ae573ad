package httpapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/botreserva/botreserva/internal/availability"
	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/httpapi"
)

// asks are the parameters of a stay of two nights in ten days.
func (w *world) asks(unit string, more ...string) string {
	in := w.clock.Now().AddDate(0, 0, 10)
	q := url.Values{"unidade": {unit}, "adults": {"2"}, "checkin": {in.Format("02/01/2006")}, "checkout": {in.AddDate(0, 0, 2).Format("02/01/2006")}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return "?" + q.Encode()
}

// TestAvailabilityFromATable: a manager uploads a table, and flows read from it.
func TestAvailabilityFromATable(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	key, admin := keyed(h.key), as(w.token(h.Admin))
	const at, tariffs = "/api/tenants/availability", "/api/tenants/availability/tariffs"
	ask := func(query string) response {
		return w.do(http.MethodGet, "/api/n8n/check-availability"+query, nil, key)
	}

	w.do(http.MethodGet, at, nil, admin).golden("availability_none")
	ask(w.asks("Camburi")).want(http.StatusUnprocessableEntity, "availability_not_configured")
	w.do(http.MethodPut, at, obj{"kind": "table", "companyId": "4711"}, admin).golden("availability_table")
	if r := ask(w.asks("Camburi")).want(http.StatusOK).json(); len(r["rooms"].([]any)) != 0 || r["unavailabilityReason"] == nil {
		t.Errorf("an empty table: %v", r)
	}

	from, until := w.clock.Now().Format("02/01/2006"), w.clock.Now().AddDate(0, 1, 0).Format("02/01/2006")
	csv := "Unidade;Quarto;De;Até;Diária;Diária cheia;Vagas;Adultos;Crianças;Descrição;Comodidades;Imagem\n" +
		"camburi;Luxo;" + from + ";" + until + ";450,00;500;3;2;1;Vista para o mar;Ar|Wi-Fi;https://cdn.example.com/luxo.jpg\n" +
		"Camburi;Suíte;" + from + ";" + until + ";R$ 1.200,50;;;;;;;\n" +
		"Camburi;Família;" + from + ";" + until + ";700;;0;;;;;\n" +
		"Ilhabela;Outro;" + from + ";" + until + ";1;;;;;;;\n"
	if got := w.do(http.MethodPut, tariffs, obj{"csv": csv}, admin).want(http.StatusOK).json()["tariffs"].([]any); len(got) != 4 {
		t.Errorf("%d lines are kept", len(got))
	}
	r := ask(w.asks("CAMBURI", "children", "1", "childrenAges", "5"))
	text := strings.NewReplacer(w.clock.Now().AddDate(0, 0, 10).Format("02/01/2006"), "<in>", w.clock.Now().AddDate(0, 0, 12).Format("02/01/2006"), "<out>").Replace(string(r.body))
	r.body = []byte(text)
	r.golden("bot_rooms")
	room := func(query string) map[string]any {
		return w.do(http.MethodGet, "/api/n8n/check-room-availability"+query, nil, key).want(http.StatusOK).json()
	}
	if got := room(w.asks("Camburi", "roomName", "suite")); got["available"] != true || got["room"].(map[string]any)["price"] != 2401.0 || got["error"] != nil {
		t.Errorf("a room: %v", got)
	}
	if got := room(w.asks("Camburi", "roomName", "Família")); got["available"] != false || got["error"] == nil {
		t.Errorf("a closed room: %v", got)
	}
	if got := room(w.asks("Camburi", "roomName", "Palácio")); got["available"] != false || got["room"] != nil || got["error"] == nil {
		t.Errorf("no such room: %v", got)
	}

	for name, c := range map[string]struct{ query, field string }{
		"no unit": {w.asks(""), "unidade"}, "unknown unit": {w.asks("Lua"), "unidade"}, "no arrival": {w.asks("Camburi", "checkin", ""), "checkin"},
		"no such day": {w.asks("Camburi", "checkout", "31/02/2030"), "checkout"}, "past": {w.asks("Camburi", "checkin", "01/01/2020"), "checkin"},
		"nobody": {w.asks("Camburi", "adults", ""), "adults"}, "no number": {w.asks("Camburi", "adults", "dois"), "adults"}, "children": {w.asks("Camburi", "children", "x"), "children"},
	} {
		r := ask(c.query).want(http.StatusBadRequest)
		if details, _ := r.json()["details"].([]any); len(details) == 0 || details[0].(map[string]any)["path"] != c.field {
			t.Errorf("%s: %s", name, r.body)
		}
	}
	w.do(http.MethodGet, "/api/n8n/check-room-availability"+w.asks("Camburi"), nil, key).want(http.StatusBadRequest, "validation_error")
	for name, body := range map[string]map[string]any{
		"no file":       {"csv": "x"},
		"no columns":    {"csv": "Unidade;Quarto\nCamburi;Luxo"},
		"a bad price":   {"csv": "unidade;quarto;de;ate;diaria\nCamburi;Luxo;01/12/2026;31/12/2026;muito"},
		"unknown unit":  {"tariffs": list{obj{"unit": "Lua", "room": "Luxo", "from": "2026-12-01", "until": "2026-12-31", "price": 1}}},
		"backwards":     {"tariffs": list{obj{"unit": "Camburi", "room": "Luxo", "from": "2026-12-31", "until": "2026-12-01", "price": 1}}},
		"nothing":       {},
		"both":          {"csv": csv, "tariffs": list{}},
		"no room":       {"tariffs": list{obj{"unit": "Camburi", "room": " ", "from": "2026-12-01", "until": "2026-12-31", "price": 1}}},
		"a long table":  {"csv": "unidade;quarto;de;ate;diaria\n" + strings.Repeat("Camburi;Luxo;01/12/2026;31/12/2026;1\n", 2001)},
		"many children": {"tariffs": list{obj{"unit": "Camburi", "room": "a", "from": "2026-12-01", "until": "2026-12-31", "price": 1, "maxChildren": 1000}}},
	} {
		if r := w.do(http.MethodPut, tariffs, body, admin); r.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if got := w.do(http.MethodGet, tariffs, nil, admin).json()["tariffs"].([]any); len(got) != 4 {
		t.Errorf("a refused table changed it: %d lines", len(got))
	}
}

// TestAvailabilityFromAnAddress: the hotel's own system is asked, with its secret, and what
// goes wrong there is told.
func TestAvailabilityFromAnAddress(t *testing.T) {
	t.Parallel()
	var mode atomic.Value
	mode.Store("good")
	var asked atomic.Value
	system := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		asked.Store(r.URL.RawQuery + " " + r.Header.Get("Authorization"))
		switch mode.Load() {
		case "good":
			_, _ = fmt.Fprint(out, `{"rooms":[{"id":"1","name":"Luxo","price":"1.234,50","available":true,"more":1}],"unavailabilityReason":""}`)
		case "list":
			_, _ = fmt.Fprint(out, `[{"id":"1","name":"Luxo","price":900,"available":false}]`)
		case "page":
			_, _ = fmt.Fprint(out, `<html>`)
		case "away":
			out.WriteHeader(http.StatusBadGateway)
		case "moved":
			http.Redirect(out, r, "http://169.254.169.254/", http.StatusFound)
		}
	}))
	t.Cleanup(system.Close)
	w := setup(t)
	h := w.hotel()
	key, admin := keyed(h.key), as(w.token(h.Admin))
	const at = "/api/tenants/availability"
	const secret = "meta-token-of-the-system" // never to be seen again
	r := w.do(http.MethodPut, at, obj{"kind": "http", "url": system.URL + "/free?hotel=7", "secret": secret}, admin).want(http.StatusOK)
	if r.json()["hasSecret"] != true || strings.Contains(string(r.body), secret) {
		t.Errorf("settings: %s", r.body)
	}
	ask := func() response {
		return w.do(http.MethodGet, "/api/n8n/check-availability"+w.asks("camburi"), nil, key)
	}
	got := ask().want(http.StatusOK).json()
	if room := got["rooms"].([]any)[0].(map[string]any); room["price"] != 1234.5 || room["available"] != true || got["companyId"] != h.Slug {
		t.Errorf("got %v", got)
	}
	if text, _ := asked.Load().(string); !strings.Contains(text, "hotel=7") || !strings.Contains(text, "unidade=Camburi") || !strings.HasSuffix(text, " Bearer "+secret) {
		t.Errorf("asked %q", text)
	}
	for how, want := range map[string]struct {
		status int
		code   string
	}{"list": {200, ""}, "page": {422, "availability_unreadable"}, "away": {503, "availability_unreachable"}, "moved": {422, "availability_unreadable"}} {
		mode.Store(how)
		r := ask()
		if r.status != want.status || want.code != "" && r.json()["code"] != want.code {
			t.Errorf("%s: %d %s", how, r.status, r.body)
		}
		if want.status == 503 && (r.header.Get("Retry-After") == "" || r.json()["retryable"] != true) {
			t.Errorf("%s: %v %s", how, r.header, r.body)
		}
	}
	for _, bad := range []map[string]any{{"kind": "http", "url": ""}, {"url": "ftp://a"}, {"url": "http://169.254.169.254/"}, {"kind": "hbook"}} {
		w.do(http.MethodPut, at, bad, admin).want(http.StatusBadRequest, "validation_error")
	}
}

// TestAvailabilityOfOurOwnNetwork: a hotel's address that leads inside is refused when it is
// saved, and not asked when it got there otherwise.
func TestAvailabilityOfOurOwnNetwork(t *testing.T) {
	t.Parallel()
	var asked atomic.Bool
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Store(true) }))
	t.Cleanup(inside.Close)
	w := setup(t, func(d *httpapi.Deps) {
		d.Availability = availability.New(d.DB, d.Directory, nil, egress.NewClient(egress.Options{}), d.Clock)
	})
	h := w.hotel()
	w.do(http.MethodPut, "/api/tenants/availability", obj{"kind": "http", "url": inside.URL}, as(w.token(h.Admin))).want(http.StatusBadRequest, "validation_error")
	w.exec(`INSERT INTO availability_source (tenant_id, kind, url, updated_at) VALUES ($1, 'http', $2, now())`, h.ID, inside.URL)
	w.do(http.MethodGet, "/api/n8n/check-availability"+w.asks("Camburi"), nil, keyed(h.key)).want(http.StatusServiceUnavailable, "availability_unreachable")
	if asked.Load() {
		t.Error("the inside was asked")
	}
}
