package httpapi_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestShapesOfMerges holds the JSON of merging, and what it refuses.
func TestShapesOfMerges(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	w.do(http.MethodGet, "/api/contacts/duplicates", nil, admin).golden("duplicates_none")
	w.do(http.MethodGet, "/api/contacts/merges", nil, admin).golden("merges_none")
	named := func(name, phone string) contact.Contact {
		return pgtest.Contact(t, w.db, h.ID, func(c *contact.Contact) { c.Name, c.Phone = name, contact.Phone(phone) })
	}
	ana, again := named("Ana Souza", "5581987650001"), named("ana souza", "5581987650002")
	w.exec("UPDATE contact SET email = 'ana@example.com', created_at = created_at - interval '1 hour' WHERE id = $1", ana.ID)
	w.exec("UPDATE contact SET email = 'ANA@example.com', company_name = 'Sol' WHERE id = $1", again.ID)
	pgtest.Conversation(t, w.db, h.Hotel, pgtest.With(ana), pgtest.LastInboundAt(w.clock.Now().Add(-time.Hour)))
	pgtest.Conversation(t, w.db, h.Hotel, pgtest.With(again), pgtest.InState(conversation.Open))
	w.do(http.MethodGet, "/api/contacts/duplicates", nil, admin).golden("duplicates")
	at := "/api/contacts/" + ana.ID.String() + "/merge"
	w.do(http.MethodPost, at, map[string]any{"otherId": ana.ID.String()}, admin).golden("refused_merge_self")
	w.do(http.MethodPost, at, map[string]any{}, admin).want(http.StatusBadRequest, "validation_error")
	w.do(http.MethodPost, at, map[string]any{"otherId": 1}, admin).want(http.StatusBadRequest, "validation_error")
	w.do(http.MethodPost, at, map[string]any{"otherId": "x"}, admin).want(http.StatusNotFound, "contact_not_found")
	w.do(http.MethodPost, "/api/contacts/x/merge", map[string]any{"otherId": ana.ID.String()}, admin).want(http.StatusNotFound, "contact_not_found")
	w.do(http.MethodPost, "/api/contacts/merges/x/undo", nil, admin).want(http.StatusNotFound, "merge_not_found")
	r := w.do(http.MethodPost, at, map[string]any{"otherId": again.ID.String(), "unknown": 1}, admin)
	r.golden("merged")
	first := r.json()["merge"].(map[string]any)["id"].(string)
	w.do(http.MethodPost, at, map[string]any{"otherId": again.ID.String()}, admin).want(http.StatusNotFound, "contact_not_found")
	w.do(http.MethodGet, "/api/contacts/merges", nil, admin).golden("merges")
	w.do(http.MethodPost, at, map[string]any{"otherId": named("x", "5581987650003").ID.String()}, admin).want(http.StatusOK)
	w.do(http.MethodPost, "/api/contacts/merges/"+first+"/undo", nil, admin).golden("refused_merge_superseded")
	last := w.do(http.MethodGet, "/api/contacts/merges?limit=1", nil, admin).want(http.StatusOK).list()[0]["id"].(string)
	w.do(http.MethodPost, "/api/contacts/merges/"+last+"/undo", nil, admin).want(http.StatusOK)
	w.do(http.MethodPost, "/api/contacts/merges/"+first+"/undo", nil, admin).golden("merge_undone")
	w.do(http.MethodPost, "/api/contacts/merges/"+first+"/undo", nil, admin).golden("refused_merge_undone")
}

// TestPagesOfMerges: lists are read to their end by their cursors.
func TestPagesOfMerges(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	lead := as(w.token(w.user(h.ID, user.Head, "")))
	for i := range 5 {
		pgtest.Contact(t, w.db, h.ID, func(c *contact.Contact) {
			c.Name, c.Phone = "Ana Souza", contact.Phone(fmt.Sprintf("558198765010%d", i))
		})
	}
	read := func(path, key string) (ids []string) {
		t.Helper()
		cursor := ""
		for range 20 {
			page := w.do(http.MethodGet, path+"?limit=1&cursor="+cursor, nil, lead).want(http.StatusOK)
			for _, row := range page.list() {
				id, _ := row[key].(string)
				if nested, is := row[key].(map[string]any); is {
					id = nested["id"].(string)
				}
				ids = append(ids, id)
			}
			if next := page.json()["nextCursor"]; next != nil {
				cursor = next.(string)
				continue
			}
			return ids
		}
		t.Fatalf("%s has no end", path)
		return nil
	}
	if found := read("/api/contacts/duplicates", "contact"); len(found) != 10 { // each pair of five
		t.Errorf("%d pairs", len(found))
	}
	var made []string
	for range 3 {
		made = append([]string{aMerge(chat{w: w, hotel: h})}, made...)
	}
	if diff := cmp.Diff(made, read("/api/contacts/merges", "id")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, path := range []string{"/api/contacts/duplicates", "/api/contacts/merges"} {
		for _, wrong := range []string{"?limit=0", "?limit=101", "?cursor=x", "?limit=x"} {
			w.do(http.MethodGet, path+wrong, nil, lead).want(http.StatusBadRequest, "validation_error")
		}
		w.do(http.MethodGet, path+"?limit=100&unknown=1", nil, lead).want(http.StatusOK)
		w.do(http.MethodGet, path, nil, as(w.token(w.user(h.ID, user.Attendant, "Camburi")))).want(http.StatusForbidden)
	}
}

// TestDuplicates: who may be one, and who is not.
func TestDuplicates(t *testing.T) {
	t.Parallel()
	w := setup(t)
	admin := func(h hotel) option { return as(w.token(h.Admin)) }
	for name, c := range map[string]struct {
		a, b contact.Contact
		want []string
	}{
		"the same e-mail in another case":     {contact.Contact{Email: "a@x.com"}, contact.Contact{Email: "A@X.com"}, []string{"EMAIL"}},
		"the country code left out":           {contact.Contact{Phone: "5511987654321"}, contact.Contact{Phone: "11987654321"}, []string{"PHONE"}},
		"the ninth digit left out":            {contact.Contact{Phone: "5511987654321"}, contact.Contact{Phone: "551187654321"}, []string{"PHONE"}},
		"another number":                      {contact.Contact{Phone: "5511987654321"}, contact.Contact{Phone: "5511987654322"}, nil},
		"another country's":                   {contact.Contact{Phone: "351912345678"}, contact.Contact{Phone: "55912345678"}, nil},
		"the same name, a digit is wrong":     {contact.Contact{Name: "Zoë Ávila", Phone: "5511987654321"}, contact.Contact{Name: "ZOE AVILA", Phone: "5511987654322"}, []string{"NAME"}},
		"the same name, no number":            {contact.Contact{Name: "Zoë Ávila", Phone: "5511987654321"}, contact.Contact{Name: "Zoe Avila", BSUID: "BR.1"}, []string{"NAME"}},
		"the same name, quite another number": {contact.Contact{Name: "Zoë Ávila", Phone: "5511987654321"}, contact.Contact{Name: "Zoe Avila", Phone: "5521912340000"}, nil},
		"the same first name":                 {contact.Contact{Name: "Zoë", Phone: "5511987654321"}, contact.Contact{Name: "Zoe", Phone: "5511987654322"}, nil},
		"everything the same":                 {contact.Contact{Name: "Ana Z", Phone: "5511987654321", Email: "a@x.com"}, contact.Contact{Name: "Ana Z", Phone: "11987654321", Email: "a@x.com"}, []string{"EMAIL", "PHONE", "NAME"}},
		"nothing known of either":             {contact.Contact{BSUID: "BR.1"}, contact.Contact{BSUID: "BR.2"}, nil},
	} {
		h := w.hotel()
		for _, guest := range []contact.Contact{c.a, c.b} {
			made := pgtest.Contact(t, w.db, h.ID, func(c *contact.Contact) {
				c.Name, c.BSUID = guest.Name, guest.BSUID
			})
			w.exec("UPDATE contact SET email = $2, phone = $3 WHERE id = $1", made.ID, guest.Email, string(guest.Phone))
		}
		var got []string
		for _, row := range w.do(http.MethodGet, "/api/contacts/duplicates", nil, admin(h)).want(http.StatusOK).list() {
			for _, reason := range row["reasons"].([]any) {
				got = append(got, reason.(string))
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
