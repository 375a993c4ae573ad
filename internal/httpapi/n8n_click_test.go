package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// link asks for a link to a guest, and returns it without the host.
func (w *world) link(c chat, to string) string {
	w.t.Helper()
	r := w.do(http.MethodPost, "/api/n8n/track-link", obj{"phone": string(c.card.Contact.Phone), "unidade": "Camburi", "quarto": "Luxo", "redirect": to}, keyed(c.hotel.key)).want(http.StatusOK)
	return strings.TrimPrefix(r.json()["url"].(string), "https://api.example.com")
}

// TestTrackClick: a link of ours notes the click and leads where the flow wanted, and
// nowhere else.
func TestTrackClick(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	to := w.chat(h)
	w.exec(`UPDATE conversation SET metadata = '{"mine":1}' WHERE id = $1`, to.card.ID)
	const site = "https://reservas.example.com/luxo?ref=wa&lang=pt"
	at := w.link(to, site)
	r := w.do(http.MethodGet, at, nil).want(http.StatusFound)
	if got := r.header.Get("Location"); got != site {
		t.Errorf("leads to %q", got)
	}
	noted := func() map[string]any {
		c := w.do(http.MethodGet, "/api/conversations/"+to.card.ID.String(), nil, as(w.token(h.Admin))).json()
		metadata, _ := c["metadata"].(map[string]any)
		if metadata["mine"] != 1.0 {
			t.Errorf("what was noted is gone: %v", metadata)
		}
		last, _ := metadata["lastClick"].(map[string]any)
		return last
	}
	if last := noted(); last["unidade"] != "Camburi" || last["quarto"] != "Luxo" || last["at"] == nil {
		t.Errorf("noted %v", last)
	}
	clicks := func(want int) {
		t.Helper()
		if n := w.count(`SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'TRACK_CLICK'`, h.ID); n != want {
			t.Errorf("%d clicks are noted, want %d", n, want)
		}
	}
	w.do(http.MethodGet, at+"&fbclid=x", nil).want(http.StatusFound) // within a minute
	clicks(1)
	w.clock.Advance(2 * time.Minute)
	for _, agent := range []string{"WhatsApp/2.23.20.0 A", "facebookexternalhit/1.1", "Mozilla/5.0 (compatible; Googlebot/2.1)"} {
		w.do(http.MethodGet, at, nil, with("User-Agent", agent)).want(http.StatusFound)
	}
	clicks(1)
	w.do(http.MethodGet, at, nil, with("User-Agent", "Mozilla/5.0 (iPhone)")).want(http.StatusFound)
	clicks(2)

	const path = "/api/n8n/track-click?"
	refused := func(at string) {
		t.Helper()
		if r := w.do(http.MethodGet, at, nil).want(http.StatusForbidden, "link_unsigned"); r.header.Get("Location") != "" {
			t.Errorf("%s leads to %s", at, r.header.Get("Location"))
		}
	}
	refused(path + "redirect=https://evil.example.com")
	refused(path + "phone=5512988887777&unidade=Ilhabela&quarto=Luxo&redirect=https://evil.example.com&tenant=" + h.Slug)
	refused(strings.Replace(at, "reservas.example.com", "evil.example.com", 1))
	refused(strings.Replace(at, "redirect=", "redirect=https%3A%2F%2Fevil.example.com&redirect=", 1))
	refused(strings.Replace(at, to.card.ID.String(), w.chat(h).card.ID.String(), 1))
	w.do(http.MethodGet, path, nil).golden("click_without_redirect")
	w.clock.Advance(91 * 24 * time.Hour)
	w.do(http.MethodGet, at, nil).want(http.StatusForbidden, "link_expired")
}

// TestTrackLink: links are for guests who are there, to addresses of the public internet.
func TestTrackLink(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	to := w.chat(h)
	post := func(body map[string]any) response {
		return w.do(http.MethodPost, "/api/n8n/track-link", body, keyed(h.key))
	}
	phone := string(to.card.Contact.Phone)
	post(obj{"phone": phone, "url": "https://hotel.example.com"}).want(http.StatusOK)
	for _, bad := range []string{"", "hotel.example.com", "javascript:alert(1)", "http://localhost/", "http://10.0.0.1/", "https://a@b.example.com", "//evil.example.com", "data:text/html,x"} {
		post(obj{"phone": phone, "redirect": bad}).want(http.StatusBadRequest, "validation_error")
	}
	post(obj{"redirect": "https://hotel.example.com"}).want(http.StatusBadRequest, "validation_error")
	post(obj{"phone": "5511900003333", "redirect": "https://hotel.example.com"}).want(http.StatusNotFound, "conversation_not_found")
	other := w.hotel()
	w.do(http.MethodPost, "/api/n8n/track-link", obj{"phone": phone, "redirect": "https://hotel.example.com"}, keyed(other.key)).want(http.StatusNotFound)
}
