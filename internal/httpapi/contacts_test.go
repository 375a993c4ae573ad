package httpapi_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestShapesOfContacts holds the JSON that dashboards read (contract §1.7).
func TestShapesOfContacts(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	ana := w.user(h.ID, user.Attendant, "Camburi")
	to := w.chat(h, pgtest.AssignedTo(ana.ID), pgtest.InState(conversation.InProgress))
	at := "/api/contacts/" + to.card.ContactID.String()
	w.do(http.MethodPatch, at, map[string]any{
		"name": " Dona\u202e Ana ", "firstName": "Ana", "companyName": "Sol", "email": "ana@example.com",
		"profilePictureUrl": "https://example.com/a.png", "metadata": map[string]any{"notes": "prefere o térreo", "vip": true},
	}, admin).golden("contact_changed")
	w.do(http.MethodGet, at, nil, admin).golden("contact")
	w.do(http.MethodGet, at+"/conversations", nil, admin).golden("contact_conversations")
	w.do(http.MethodGet, "/api/contacts/phone/"+string(to.card.Contact.Phone), nil, admin).golden("contact_by_phone")
	w.do(http.MethodGet, "/api/contacts", nil, admin).golden("contacts")
	w.do(http.MethodGet, "/api/contacts/stats", nil, admin).golden("contacts_stats")
	w.do(http.MethodDelete, at, nil, admin).golden("refused_contact_in_use")
	w.do(http.MethodPost, "/api/contacts", map[string]any{"phoneNumber": "+55 (12) 98765-4321"}, admin).golden("contact_added")
	w.do(http.MethodPost, "/api/contacts", map[string]any{"phoneNumber": "551287654321"}, admin).golden("refused_contact_exists")
	w.do(http.MethodPost, "/api/contacts", map[string]any{"phoneNumber": "123", "email": "x"}, admin).golden("refused_contact_fields")
	file := csvForm("Nome;Fone;E-mail;Obs\nBia;12 98765-4321;bia@example.com;x\nCaê;11 3333-4444;;\nDora;não tem;x;\n")
	w.do(http.MethodPost, "/api/contacts/import/preview", file, admin).golden("import_preview")
	w.do(http.MethodPost, "/api/contacts/import", file, admin).golden("imported")
	w.do(http.MethodPost, "/api/contacts/import", csvForm("Nome\nAna\n"), admin).golden("refused_import")
}

// TestListOfContacts: pages, orders and searches, and what they refuse.
func TestListOfContacts(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	for i, name := range []string{"Ávila", "bia", "Caê", ""} {
		pgtest.Contact(t, w.db, h.ID, func(c *contact.Contact) {
			c.Name, c.Phone = name, contact.Phone(fmt.Sprintf("55819876500%02d", i))
		})
	}
	names := func(query string) []string {
		t.Helper()
		var out []string
		for _, c := range w.do(http.MethodGet, "/api/contacts"+query, nil, admin).want(http.StatusOK).list() {
			out = append(out, c["name"].(string))
		}
		return out
	}
	for query, want := range map[string][]string{
		"?sortBy=name&sortOrder=asc":                {"Ávila", "bia", "Caê", "+5581987650003"},
		"?sortBy=name&sortOrder=desc&limit=2":       {"Caê", "bia"},
		"?sortBy=name&sortOrder=asc&limit=2&page=2": {"Caê", "+5581987650003"},
		"?sortBy=phoneNumber&limit=1":               {"+5581987650003"},
		"?search=AVILA":                             {"Ávila"},
		"?search=(81)+8765-0002":                    {"Caê"},
		"?search=nobody":                            nil,
		"?page=100000&limit=100":                    nil,
	} {
		if diff := cmp.Diff(want, names(query)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	r := w.do(http.MethodGet, "/api/contacts?search=8198765&limit=3&page=2", nil, admin).want(http.StatusOK)
	want := map[string]any{"page": 2.0, "limit": 3.0, "total": 4.0, "pages": 2.0, "totalPages": 2.0}
	if diff := cmp.Diff(want, r.json()["pagination"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r = w.do(http.MethodGet, "/api/contacts?search=8198765&limit=3&page=9", nil, admin).want(http.StatusOK)
	if got := r.json()["pagination"].(map[string]any)["total"]; got != 4.0 {
		t.Errorf("beyond the last page the total is %v", got)
	}
	for _, query := range []string{"?limit=0", "?limit=101", "?page=0", "?sortBy=password", "?sortOrder=up", "?search=" + strings.Repeat("a", 201)} {
		w.do(http.MethodGet, "/api/contacts"+query, nil, admin).want(http.StatusBadRequest, "validation_error")
	}
	w.do(http.MethodGet, "/api/contacts?limit=100&unknown=1&search="+strings.Repeat("a", 200), nil, admin).want(http.StatusOK)
}

// TestSizesOfContacts: what people write fits at the limit and not one character beyond.
func TestSizesOfContacts(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	guest := w.do(http.MethodPost, "/api/contacts", map[string]any{"phoneNumber": newNumber()}, admin).want(http.StatusCreated).json()["id"].(string)
	for field, limit := range map[string]int{"name": 100, "firstName": 100, "lastName": 100, "companyName": 200, "designation": 100} {
		at := strings.Repeat("á", limit)
		w.do(http.MethodPatch, "/api/contacts/"+guest, map[string]any{field: at}, admin).want(http.StatusOK)
		w.do(http.MethodPatch, "/api/contacts/"+guest, map[string]any{field: at + "a"}, admin).want(http.StatusBadRequest, "validation_error")
	}
	address := strings.Repeat("a", 254-len("@example.com")) + "@example.com"
	w.do(http.MethodPatch, "/api/contacts/"+guest, map[string]any{"email": address}, admin).want(http.StatusOK)
	w.do(http.MethodPatch, "/api/contacts/"+guest, map[string]any{"email": "a" + address}, admin).want(http.StatusBadRequest)
	notes := strings.Repeat("a", 10_000-len(`{"x":""}`))
	w.do(http.MethodPatch, "/api/contacts/"+guest, map[string]any{"metadata": map[string]any{"x": notes}}, admin).want(http.StatusOK)
	w.do(http.MethodPatch, "/api/contacts/"+guest, map[string]any{"metadata": map[string]any{"x": notes + "a"}}, admin).want(http.StatusBadRequest)
	for _, wrong := range []map[string]any{
		{},
		{"phoneNumber": "5511999999999"},
		{"unknown": 1},
		{"name": nil},
		{"name": ""},
		{"email": nil},
		{"email": "Ana <ana@example.com>"},
		{"email": "ana@localhost"},
		{"profilePictureUrl": "javascript:alert(1)"},
		{"profilePictureUrl": "https:///x"},
		{"metadata": "text"},
		{"metadata": []int{1}},
	} {
		w.do(http.MethodPatch, "/api/contacts/"+guest, wrong, admin).want(http.StatusBadRequest, "validation_error")
	}
	cleared := w.do(http.MethodPatch, "/api/contacts/"+guest, map[string]any{
		"firstName": nil, "lastName": nil, "companyName": nil, "designation": nil, "profilePictureUrl": nil, "metadata": nil, "email": "",
	}, admin).want(http.StatusOK).json()
	for _, field := range []string{"firstName", "lastName", "companyName", "designation", "profilePictureUrl", "metadata", "email"} {
		if cleared[field] != nil {
			t.Errorf("%s is still %v", field, cleared[field])
		}
	}
	for _, phone := range []string{"", "abc", "119876", "55119876543", "1234567890123456"} {
		w.do(http.MethodPost, "/api/contacts", map[string]any{"phoneNumber": phone}, admin).want(http.StatusBadRequest)
	}
	odd := `{"metadata":{"half":"\ud800","big":1e300,"zero":"a\u0000b","deep":` + strings.Repeat("[", 4000) + strings.Repeat("]", 4000) + `}}`
	w.do(http.MethodPatch, "/api/contacts/"+guest, odd, admin).want(http.StatusOK)
}

// TestWhoMayChangeWhatOfAContact: everybody at the desk writes names, e-mail and notes of
// the guests whose conversations they see; the rest is for managers.
func TestWhoMayChangeWhatOfAContact(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	to := w.chat(h, pgtest.AsOpportunity())
	at := "/api/contacts/" + to.card.ContactID.String()
	everyday := map[string]any{"name": "Ana", "firstName": "Ana", "lastName": "Souza", "email": "ana@example.com", "metadata": map[string]any{"notes": "x"}}
	for name, c := range map[string]struct {
		role               user.Role
		unit               string
		writes, everything bool
	}{
		"an attendant of the unit":      {user.Attendant, "Camburi", true, false},
		"an attendant of another unit":  {user.Attendant, "Ilhabela", false, false},
		"an attendant without a unit":   {user.Attendant, "", false, false},
		"a seller, of an opportunity":   {user.Sales, "", true, false},
		"the head of the unit":          {user.Head, "Camburi", true, false},
		"the head of all":               {user.Head, "", true, false},
		"an administrator of the hotel": {user.TenantAdmin, "", true, true},
	} {
		pass := as(w.token(w.user(h.ID, c.role, c.unit)))
		status := map[bool]int{true: http.StatusOK, false: http.StatusForbidden}
		w.do(http.MethodGet, at, nil, pass).want(http.StatusOK)
		if r := w.do(http.MethodPatch, at, everyday, pass); r.status != status[c.writes] {
			t.Errorf("%s writes a name: %d", name, r.status)
		}
		before := w.fingerprint(h)
		for _, field := range []string{"companyName", "designation", "profilePictureUrl"} {
			if r := w.do(http.MethodPatch, at, map[string]any{"name": "Eva", field: "https://example.com"}, pass); r.status != status[c.everything] {
				t.Errorf("%s writes %s: %d", name, field, r.status)
			}
		}
		if !c.everything && w.fingerprint(h) != before {
			t.Errorf("%s was refused, and changed something", name)
		}
		seen := w.do(http.MethodGet, at+"/conversations", nil, pass).want(http.StatusOK).list()
		if (len(seen) == 1) != c.writes {
			t.Errorf("%s sees %d conversations", name, len(seen))
		}
	}
}

// TestAuditOfContacts: who did what is noted, and nothing of what stands in the fields.
func TestAuditOfContacts(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	guest := w.do(http.MethodPost, "/api/contacts", map[string]any{"phoneNumber": newNumber(), "name": "Zenóbia"}, admin).want(http.StatusCreated).json()["id"].(string)
	w.do(http.MethodPatch, "/api/contacts/"+guest, map[string]any{"email": "zenobia@example.com"}, admin).want(http.StatusOK)
	w.do(http.MethodPatch, "/api/contacts/"+guest, map[string]any{"email": "zenobia@example.com"}, admin).want(http.StatusOK) // nothing new
	w.do(http.MethodGet, "/api/contacts/export?format=csv", nil, admin).want(http.StatusOK)
	w.do(http.MethodPost, "/api/contacts/import", csvForm("Fone;Nome\n"+newNumber()+";Zenóbia II"), admin).want(http.StatusOK)
	w.do(http.MethodDelete, "/api/contacts/"+guest, nil, admin).want(http.StatusNoContent)
	w.do(http.MethodDelete, "/api/contacts/"+guest, nil, admin).want(http.StatusNotFound, "contact_not_found")
	for _, action := range []string{"CREATE_CONTACT", "UPDATE_CONTACT", "EXPORT_CONTACTS", "IMPORT_CONTACTS", "DELETE_CONTACT"} {
		if n := w.count("SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = $2 AND actor = $3 AND ip <> ''", h.ID, action, h.Admin.ID.String()); n != 1 {
			t.Errorf("%s is noted %d times", action, n)
		}
	}
	if n := w.count("SELECT count(*) FROM audit_entry a WHERE tenant_id = $1 AND a::text ~* 'zen|5511'", h.ID); n != 0 {
		t.Errorf("%d entries hold what stands in a field", n)
	}
	if n := w.count(`SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'EXPORT_CONTACTS' AND detail->>'count' = '1'`, h.ID); n != 1 {
		t.Error("the export is noted without its size")
	}
}

// TestExportOfContacts: twelve columns in the hotel's own time, safe to open.
func TestExportOfContacts(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	guest := pgtest.Contact(t, w.db, h.ID, func(c *contact.Contact) {
		c.Name, c.Phone = "=HYPERLINK(\"http://example.com\")", "5581987654321"
	})
	pgtest.Conversation(t, w.db, h.Hotel, pgtest.With(guest), pgtest.InState(conversation.Closed))
	w.exec("UPDATE contact SET created_at = '2026-03-01T01:30:00Z', updated_at = '2026-03-01T01:30:00Z' WHERE id = $1", guest.ID)
	w.exec("UPDATE conversation SET last_message_at = '2026-03-02T12:00:00Z' WHERE contact_id = $1", guest.ID)
	w.do(http.MethodPatch, "/api/contacts/"+guest.ID.String(), map[string]any{"email": "-1@example.com", "companyName": "@SUM(A1)"}, admin).want(http.StatusOK)
	r := w.do(http.MethodGet, "/api/contacts/export?format=csv&search=81987", nil, admin).want(http.StatusOK)
	today := w.clock.Now().In(time.FixedZone("", -3*3600)).Format(time.DateOnly)
	if got, want := r.header.Get("Content-Disposition"), `attachment; filename="contatos-`+today+`.csv"`; got != want {
		t.Errorf("Content-Disposition is %q, want %q", got, want)
	}
	text, ok := strings.CutPrefix(string(r.body), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !ok || len(rows) != 2 {
		t.Fatalf("%q: %v", r.body, err)
	}
	if len(rows[0]) != 12 {
		t.Errorf("%d columns: %v", len(rows[0]), rows[0])
	}
	got := slices.Concat(rows[1][:11])
	want := []string{
		"'=HYPERLINK(\"http://example.com\")", "", "", "'@SUM(A1)", "", "55 81 98765-4321", "'-1@example.com", "1",
		"2026-03-02 09:00:00", "Encerrada", "2026-02-28 22:30:00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	book := w.do(http.MethodGet, "/api/contacts/export", nil, admin).want(http.StatusOK)
	if !strings.HasPrefix(string(book.body), "PK") || book.header.Get("Content-Type") != "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" {
		t.Errorf("no workbook: %.100q", book.body)
	}
	for _, query := range []string{"?format=pdf", "?format=", "?search=" + strings.Repeat("a", 201)} {
		w.do(http.MethodGet, "/api/contacts/export"+query, nil, admin).want(http.StatusBadRequest, "validation_error")
	}
}

// TestExportIsCut: what is too long says so.
func TestExportIsCut(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	w.exec("INSERT INTO contact (tenant_id, id, phone) SELECT $1, gen_random_uuid(), '5511' || n FROM generate_series(1, 10001) n", h.ID)
	r := w.do(http.MethodGet, "/api/contacts/export?format=csv", nil, as(w.token(h.Admin))).want(http.StatusOK)
	lines := strings.Split(strings.TrimSpace(string(r.body)), "\r\n")
	if len(lines) != 10_002 || !strings.HasPrefix(lines[10_001], "A exportação termina em 10000") || r.header.Get("X-Export-Truncated") != "true" {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}

// TestImportForms: what is no form with a file is refused before anything is kept of it.
func TestImportForms(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	number := func() string { return "Fone\n" + newNumber() + "\n" }
	padded := func(size int) string {
		text := number()
		return text + strings.Repeat("\n", size-len(text))
	}
	cases := map[string]struct {
		body   any
		status int
		code   string
	}{
		"JSON":                     {map[string]any{"file": "x"}, 415, "unsupported_media_type"},
		"a form without a border":  {form{contentType: "multipart/form-data", body: []byte("x")}, 415, "unsupported_media_type"},
		"no form":                  {form{contentType: "multipart/form-data; boundary=x", body: []byte("not a form")}, 400, "import_file_missing"},
		"a form that is cut off":   {form{contentType: "multipart/form-data; boundary=Between-Parts", body: csvForm("Fone\n11987654321").body[:120]}, 400, "import_file_missing"},
		"a form without the file":  {form{contentType: "multipart/form-data; boundary=B", body: []byte("--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--B--\r\n")}, 400, "import_file_missing"},
		"an empty file":            {csvForm(""), 400, "import_empty"},
		"a header alone":           {csvForm("Fone\n"), 400, "import_empty"},
		"a workbook":               {csvForm("PK\x03\x04"), 400, "import_file_invalid"},
		"no column of numbers":     {csvForm("Nome\nAna"), 400, "import_no_phone_column"},
		"a mapping that is none":   {csvForm(number(), "mapping", "{"), 400, "import_mapping_invalid"},
		"a mapping to what is not": {csvForm(number(), "mapping", `{"Fone":"password"}`), 400, "import_mapping_invalid"},
		"a mapping":                {csvForm("Contato 1\n"+newNumber(), "mapping", `{"Contato 1":"phoneNumber"}`), 200, ""},
		"five megabytes":           {csvForm(padded(5 << 20)), 200, ""},
		"a byte beyond":            {csvForm(padded(5<<20 + 1)), 413, "import_too_large"},
		"far beyond":               {csvForm(padded(8 << 20)), 413, "import_too_large"},
		"10,001 rows":              {csvForm("Fone\n" + strings.Repeat("1\n", 10_001)), 413, "import_too_long"},
	}
	for name, c := range cases {
		for _, at := range []string{"/api/contacts/import/preview", "/api/v1/contacts/import"} {
			r := w.do(http.MethodPost, at, c.body, admin)
			if r.status != c.status || c.code != "" && r.json()["code"] != c.code {
				t.Errorf("%s: %d %.200s, want %d %s", name, r.status, r.body, c.status, c.code)
			}
		}
	}
	if n := w.count("SELECT count(*) FROM contact WHERE tenant_id = $1", h.ID); n != 2 {
		t.Errorf("%d contacts", n)
	}
}

// TestExportEndsWhenTheCallerGoes: half a table does not end like a whole one.
func TestExportEndsWhenTheCallerGoes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	pgtest.Contact(t, w.db, h.ID)
	in := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/contacts/export", nil)
	in.Header.Set("Authorization", "Bearer "+w.token(h.Admin))
	defer func() {
		if cause := recover(); cause != http.ErrAbortHandler { //nolint:errorlint // a panic value, compared as net/http does
			t.Errorf("the handler ended with %v", cause)
		}
	}()
	w.handler.ServeHTTP(&goneWriter{httptest.NewRecorder()}, in)
}

// goneWriter is the line to somebody who has gone.
type goneWriter struct{ *httptest.ResponseRecorder }

func (goneWriter) Write([]byte) (int, error) { return 0, http.ErrAbortHandler }
