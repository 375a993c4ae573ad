package httpapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// indexMessages makes everything findable that was said.
func (w *world) indexMessages() {
	w.t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = w.db.SystemIndexMessages(w.t.Context(), 1000); err != nil {
			w.t.Fatal(err)
		}
	}
}

// TestMoreListFilters: what the March dashboards and ours ask lists for.
func TestMoreListFilters(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	ana := w.user(h.ID, user.Attendant, "Camburi")
	now := w.clock.Now()
	at := func(hours int) time.Time { return now.Add(-time.Duration(hours) * time.Hour) }
	talk := func(hours int, options ...pgtest.ConversationOption) string {
		options = append(options, pgtest.LastMessageAt(at(hours)), pgtest.LastInboundAt(at(hours)))
		return pgtest.Conversation(t, w.db, h.Hotel, options...).ID.String()
	}
	hers := talk(1, pgtest.AssignedTo(ana.ID))
	unread := talk(2, pgtest.OfUnit("Camburi"))
	tagged := talk(21)
	closing := talk(23, pgtest.AssignedTo(h.Admin.ID))
	late := talk(25, pgtest.InState("ARCHIVED"))
	all := []string{hers, unread, tagged, closing, late}
	w.exec("UPDATE conversation SET unread = 3 WHERE id = $1", unread)
	tag := pgtest.Tag(t, w.db, h.ID, "VIP")
	admin := as(w.token(h.Admin))
	w.do(http.MethodPatch, "/api/conversations/"+tagged, map[string]any{"tagIds": []string{tag.ID.String()}}, admin).want(http.StatusOK)
	list := func(query string, who option) string {
		return strings.Join(idsOf(w.do(http.MethodGet, "/api/conversations"+query, nil, who).want(http.StatusOK)), " ")
	}
	for query, want := range map[string][]string{
		"": all, "?sort=oldest": {late, closing, tagged, unread, hers}, "?unread=true": {unread}, "?unread=false": all, "?tagId=" + tag.ID.String(): {tagged},
		"?tagId=00000000-0000-7000-8000-000000000000": nil, "?windowClosing=true": {tagged, closing}, "?windowClosing=true&windowHours=2": {closing},
		"?assignedToId=me": {closing}, "?assignedToId=none": {unread, tagged, late}, "?hotelUnit=CAMBURÍ": {unread}, "?hotelUnit=nowhere": nil,
		"?status=ARCHIVED": {late}, "?status=BOT_HANDLING,ARCHIVED&sort=oldest&limit=2": {late, closing}, "?unread=true&tagId=" + tag.ID.String(): nil,
	} {
		if got := list(query, admin); got != strings.Join(want, " ") {
			t.Errorf("%q: %s, want %v", query, got, want)
		}
	}
	if got := list("?assignedToId=me", as(w.token(ana))); got != hers {
		t.Errorf("mine are %s", got)
	}
	for _, wrong := range []string{"?assignedToId=you", "?tagId=x", "?unread=1", "?windowHours=25&windowClosing=true", "?sort=name", "?cursor=x", "?cursor=AAAA", "?status=OPEN,x"} {
		w.do(http.MethodGet, "/api/conversations"+wrong, nil, admin).want(http.StatusBadRequest, "validation_error")
	}
}

// TestCursors: pages by cursor hold every conversation once, both ways, although new
// ones come in between.
func TestCursors(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	same := w.clock.Now().Add(-time.Hour)
	made := map[string]bool{}
	for range 7 {
		made[pgtest.Conversation(t, w.db, h.Hotel, pgtest.LastMessageAt(same)).ID.String()] = true
	}
	for _, sort := range []string{"recent", "oldest"} {
		seen := map[string]bool{}
		query := "?limit=3&sort=" + sort
		for pages := 0; query != "" && pages < 10; pages++ {
			r := w.do(http.MethodGet, "/api/conversations"+query, nil, admin).want(http.StatusOK)
			for _, id := range idsOf(r) {
				if seen[id] {
					t.Errorf("%s: %s is on two pages", sort, id)
				}
				seen[id] = true
			}
			if _, counted := r.json()["pagination"]; counted != (pages == 0) {
				t.Errorf("%s: page %d: counted is %v", sort, pages, counted)
			}
			query = ""
			if next, ok := r.json()["nextCursor"].(string); ok {
				query = "?limit=3&sort=" + sort + "&cursor=" + url.QueryEscape(next)
			}
			if sort == "recent" {
				pgtest.Conversation(t, w.db, h.Hotel) // stands before all that is still to come
			}
		}
		for id := range made {
			if !seen[id] {
				t.Errorf("%s: %s is on no page", sort, id)
			}
		}
	}
}

// TestSearchMessages: what was said is found by its words, and shown with them.
func TestSearchMessages(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := w.hotel(), w.hotel()
	admin := as(w.token(h.Admin))
	guest := pgtest.Contact(t, w.db, h.ID, func(c *contact.Contact) { c.Name = "Ana" })
	to := w.chat(h, pgtest.With(guest))
	say := func(c chat, text string, minutes int) string {
		return pgtest.Message(t, w.db, c.hotel.ID, c.card, func(m *message.Message) {
			m.Content, m.Timestamp = text, w.clock.Now().Add(-time.Duration(minutes)*time.Minute)
		}).ID.String()
	}
	newest := say(to, "🏨 A Reservação está confirmada?", 1)
	older := say(to, "Quero reservar", 2)
	say(w.chat(other), "reserva", 1)
	elsewhere := say(w.chat(h, pgtest.OfUnit("Ilhabela")), "As reservas", 3)
	w.indexMessages()
	find := func(query string, who option) response {
		return w.do(http.MethodGet, "/api/messages/search?query="+query, nil, who).want(http.StatusOK)
	}
	first := find("reserva&limit=1", admin)
	rest := find("reserva&cursor="+url.QueryEscape(first.json()["nextCursor"].(string)), admin)
	if got := strings.Join(idsOf(rest), " "); got != older+" "+elsewhere || rest.json()["nextCursor"] != nil {
		t.Errorf("the next page holds %s", got)
	}
	find("reserva&conversationId="+to.card.ID.String(), admin).golden("message_search")
	ana := as(w.token(w.user(h.ID, user.Attendant, "Camburi")))
	if got := strings.Join(idsOf(find("reserva", ana)), " "); got != newest+" "+older {
		t.Errorf("an attendant of Camburi finds %s", got)
	}
	if got := find("xilofone", admin).json(); got["count"] != 0.0 || got["nextCursor"] != nil {
		t.Errorf("nothing was found: %v", got)
	}
	for _, wrong := range []string{"", "?query=", "?query=%20", "?query=a&limit=101", "?query=a&limit=0", "?query=a&cursor=x", "?query=" + strings.Repeat("a", 201)} {
		w.do(http.MethodGet, "/api/messages/search"+wrong, nil, admin).want(http.StatusBadRequest, "validation_error")
	}
	w.do(http.MethodGet, "/api/messages/search?query="+strings.Repeat("a", 200)+"&limit=100", nil, admin).want(http.StatusOK)
	for _, foreign := range []string{"x", "00000000-0000-7000-8000-000000000000", w.chat(other).card.ID.String()} {
		w.do(http.MethodGet, "/api/messages/search?query=a&conversationId="+foreign, nil, admin).want(http.StatusNotFound, "conversation_not_found")
	}
	w.do(http.MethodGet, fmt.Sprintf("/api/messages/search?query=a&conversationId=%s", w.chat(h, pgtest.OfUnit("Ilhabela")).card.ID), nil, ana).
		want(http.StatusNotFound, "conversation_not_found")
	if got := idsOf(w.do(http.MethodGet, "/api/conversations?search=confirmada", nil, admin)); len(got) != 1 || got[0] != to.card.ID.String() {
		t.Errorf("the list by words of a message holds %v", got)
	}
}
