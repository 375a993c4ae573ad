package httpapi_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/privacy"
)

var (
	marks      = regexp.MustCompile(`hmac-sha256:[0-9a-f]{64}`)
	signatures = regexp.MustCompile(`"value":"[\w+/]{86}=="`)
)

// masked hides what no other answer has.
func (r response) masked() response {
	r.body = signatures.ReplaceAll(marks.ReplaceAll(r.body, []byte("<mark>")), []byte(`"value":"<signature>"`))
	return r
}

// TestShapesOfPrivacy holds the JSON of erasures, from asking to the proof.
func TestShapesOfPrivacy(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h)
	at := "/api/contacts/" + to.card.ContactID.String()
	body := map[string]any{"confirm": string(to.card.Contact.Phone), "reason": "Pedido do titular", "unknown": 1}
	w.do(http.MethodPost, at+"/erase", map[string]any{"confirm": "Somebody else", "reason": "Pedido"}, admin).want(http.StatusBadRequest).golden("refused_erase")
	w.do(http.MethodPost, at+"/erase", map[string]any{"confirm": "5511", "reason": "de " + string(to.card.Contact.Phone)}, admin).want(http.StatusBadRequest, "erase_not_confirmed")
	w.do(http.MethodPost, at+"/erase", map[string]any{"confirm": string(to.card.Contact.Phone), "reason": "de " + string(to.card.Contact.Phone)}, admin).want(http.StatusBadRequest, "erase_reason_invalid")
	erased := w.do(http.MethodPost, at+"/erase", body, admin).want(http.StatusOK)
	erased.masked().golden("erased")
	w.do(http.MethodPost, at+"/erase", body, admin).want(http.StatusNotFound, "contact_not_found")
	w.do(http.MethodGet, at, nil, admin).want(http.StatusNotFound, "contact_not_found")
	w.do(http.MethodGet, at+"/export", nil, admin).want(http.StatusNotFound, "contact_not_found")
	w.do(http.MethodPatch, at, map[string]any{"name": "Ana"}, admin).want(http.StatusNotFound, "contact_not_found")
	w.do(http.MethodGet, "/api/contacts/phone/"+string(to.card.Contact.Phone), nil, admin).want(http.StatusNotFound)
	if total := w.do(http.MethodGet, "/api/contacts", nil, admin).json()["pagination"].(map[string]any)["total"]; total != 0.0 {
		t.Errorf("the list counts %v", total)
	}
	w.do(http.MethodGet, "/api/conversations/"+to.card.ID.String(), nil, admin).want(http.StatusOK).golden("conversation_erased")
	w.do(http.MethodGet, "/api/conversations/"+to.card.ID.String()+"/messages", nil, admin).want(http.StatusOK).golden("messages_erased")
	w.do(http.MethodGet, "/api/privacy/erasures", nil, admin).golden("erasures")
	report := erased.json()["report"].(map[string]any)["id"].(string)
	kept := w.do(http.MethodGet, "/api/privacy/erasures/"+report, nil, admin).want(http.StatusOK)
	if !bytes.Equal(kept.body, erased.body) {
		t.Errorf("kept is %s", kept.body)
	}
	w.do(http.MethodGet, "/api/privacy/key", nil).golden("privacy_key")
	signer, err := privacy.NewSigner(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := privacy.Verify(kept.body, signer.PublicKeys()...); err != nil {
		t.Errorf("what is given away cannot be verified: %v", err)
	}
}

// TestEraseLimits: sizes at and one past each limit.
func TestEraseLimits(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	erase := func(confirm, reason any) response {
		guest := pgtest.Contact(t, w.db, h.ID)
		pgtest.Exec(t, w.db, "UPDATE contact SET name = $2 WHERE id = $1", guest.ID, strings.Repeat("ã", 200))
		return w.do(http.MethodPost, "/api/contacts/"+guest.ID.String()+"/erase", map[string]any{"confirm": confirm, "reason": reason}, admin)
	}
	name := strings.Repeat("ã", 200)
	erase(name, "abc").want(http.StatusOK)
	erase(name, strings.Repeat("é", 500)).want(http.StatusOK)
	for what, r := range map[string]response{
		"no confirmation": erase("", "abc"), "a blank one": erase(" ", "abc"), "a long one": erase(name+"x", "abc"), "a number": erase(7, "abc"),
		"short reason": erase(name, "ab"), "blank reason": erase(name, "    "), "long reason": erase(name, strings.Repeat("é", 501)), "no reason": erase(name, nil),
	} {
		if r.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", what, r.status, r.body)
		}
	}
	for query, want := range map[string]string{
		"?limit=1": "1 of 2, page 1", "?limit=1&page=2": "1 of 2, page 2", "?page=3&limit=1": "0 of 2, page 3", "?limit=100": "2 of 2, page 1", "": "2 of 2, page 1",
	} {
		got := w.do(http.MethodGet, "/api/privacy/erasures"+query, nil, admin).want(http.StatusOK).json()
		p := got["pagination"].(map[string]any)
		if said := fmt.Sprintf("%d of %v, page %v", len(got["data"].([]any)), p["total"], p["page"]); said != want {
			t.Errorf("%q: %s, want %s", query, said, want)
		}
	}
	for _, query := range []string{"?limit=0", "?limit=101", "?page=0", "?page=x"} {
		w.do(http.MethodGet, "/api/privacy/erasures"+query, nil, admin).want(http.StatusBadRequest, "validation_error")
	}
	w.do(http.MethodGet, "/api/privacy/erasures/x", nil, admin).want(http.StatusNotFound, "erasure_not_found")
}

// TestContactArchive: how everything about a guest comes over HTTP.
func TestContactArchive(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	to := w.chat(h)
	r := w.do(http.MethodGet, "/api/contacts/"+to.card.ContactID.String()+"/export", nil, as(w.token(h.Admin))).want(http.StatusOK)
	if r.header.Get("Content-Type") != "application/zip" || r.header.Get("Cache-Control") != "no-store" ||
		!strings.HasPrefix(r.header.Get("Content-Disposition"), `attachment; filename="contato-`+to.card.ContactID.String()) {
		t.Errorf("%v", r.header)
	}
	z, err := zip.NewReader(bytes.NewReader(r.body), int64(len(r.body)))
	if err != nil || len(z.File) != 8 {
		t.Errorf("the archive: %v, %v", z, err)
	}
	if n := w.count("SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'EXPORT_CONTACT'", h.ID); n != 1 {
		t.Errorf("%d audit entries", n)
	}
}
