package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/user"
)

// TestTags: a hotel's tags from the first to the last day of one.
func TestTags(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	made := w.do(http.MethodPost, "/api/tags", map[string]any{"name": " Grávida ", "color": "#3B82F6"}, admin).want(http.StatusCreated)
	made.golden("tag_made")
	tag, _ := made.json()["id"].(string)
	w.do(http.MethodPost, "/api/tags", map[string]any{"name": "VIP", "color": "#000000"}, admin).want(http.StatusCreated)
	w.do(http.MethodPost, "/api/tags", map[string]any{"name": "Grávida", "color": "#000000"}, admin).want(http.StatusConflict, "tag_taken")
	to, other := w.chat(h), w.chat(h)
	for _, c := range []chat{to, to, other} { // twice on one is once
		w.do(http.MethodPost, "/api/tags/conversation", map[string]any{"conversationId": c.card.ID.String(), "tagId": tag}, admin).want(http.StatusOK).golden("tagged")
	}
	w.do(http.MethodGet, "/api/tags", nil, admin).golden("tags")
	w.do(http.MethodGet, "/api/tags/"+tag, nil, admin).golden("tag")
	for query, want := range map[string]string{"?search=gravida": "Grávida", "?search=IP": "VIP", "?search=%25": "", "": "Grávida VIP"} {
		if got := namesOf(w.do(http.MethodGet, "/api/tags"+query, nil, admin).want(http.StatusOK)); got != want {
			t.Errorf("%q lists %q, want %q", query, got, want)
		}
	}
	w.do(http.MethodPatch, "/api/tags/"+tag, map[string]any{"name": "VIP"}, admin).want(http.StatusConflict, "tag_taken")
	w.do(http.MethodPatch, "/api/tags/"+tag, map[string]any{"name": "Bebê", "color": "#abcdef"}, admin).want(http.StatusOK)
	w.do(http.MethodPatch, "/api/tags/"+tag, map[string]any{}, admin).want(http.StatusOK)
	has := func(c chat) string {
		t.Helper()
		var names []string
		for _, tag := range w.do(http.MethodGet, "/api/conversations/"+c.card.ID.String(), nil, admin).json()["tags"].([]any) {
			names = append(names, tag.(map[string]any)["name"].(string))
		}
		return strings.Join(names, " ")
	}
	if got := has(to); got != "Bebê" {
		t.Errorf("the conversation has %q", got)
	}
	w.do(http.MethodDelete, "/api/tags/conversation", map[string]any{"conversationId": to.card.ID.String(), "tagId": tag}, admin).want(http.StatusOK)
	w.do(http.MethodDelete, "/api/tags/conversation", map[string]any{"conversationId": to.card.ID.String(), "tagId": tag}, admin).want(http.StatusOK)
	if got := has(to); got != "" {
		t.Errorf("the conversation still has %q", got)
	}
	w.do(http.MethodDelete, "/api/tags/"+tag, nil, admin).want(http.StatusNoContent)
	w.do(http.MethodDelete, "/api/tags/"+tag, nil, admin).want(http.StatusNotFound, "tag_not_found")
	if got := has(other); got != "" {
		t.Errorf("a conversation still has the deleted %q", got)
	}
	if n := w.count("SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action IN ('CREATE_TAG', 'UPDATE_TAG', 'DELETE_TAG')", h.ID); n != 4 {
		t.Errorf("%d audit entries of tags", n)
	}
	if n := w.count("SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'TAG_CONVERSATION' AND after->>'tags' = 'Grávida'", h.ID); n != 2 {
		t.Errorf("%d audit entries of tagging", n)
	}
}

func namesOf(r response) string {
	var names []string
	for _, item := range r.list() {
		names = append(names, item["name"].(string))
	}
	return strings.Join(names, " ")
}

// TestTagLimits: names, colours and numbers of tags at and past their limits.
func TestTagLimits(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h)
	make := func(name, color string) response {
		return w.do(http.MethodPost, "/api/tags", map[string]any{"name": name, "color": color}, admin)
	}
	make(strings.Repeat("é", 50), "#ABCDEF").want(http.StatusCreated)
	for name, color := range map[string]string{
		strings.Repeat("é", 51): "#ABCDEF", "": "#ABCDEF", "   ": "#ABCDEF", "a": "#ABCDE", "b": "#ABCDEG", "c": "red", "d": "#ABCDEF0", "e": "",
	} {
		make(name, color).want(http.StatusBadRequest, "validation_error")
	}
	for _, body := range []map[string]any{
		{"conversationId": "x", "tagId": to.tag()}, {"conversationId": to.tag(), "tagId": to.tag()},
	} {
		w.do(http.MethodPost, "/api/tags/conversation", body, admin).want(http.StatusNotFound, "conversation_not_found")
	}
	for _, tag := range []string{"x", to.card.ID.String(), w.chat(w.hotel()).tag()} {
		w.do(http.MethodPost, "/api/tags/conversation", map[string]any{"conversationId": to.card.ID.String(), "tagId": tag}, admin).want(http.StatusNotFound, "tag_not_found")
	}
	w.exec(`INSERT INTO tag (tenant_id, id, name, color) SELECT $1, gen_random_uuid(), 'n' || n, '#000000' FROM generate_series(1, $2::int) n`,
		h.ID, 499-w.count("SELECT count(*) FROM tag WHERE tenant_id = $1", h.ID))
	make("the last", "#000000").want(http.StatusCreated)
	make("one more", "#000000").want(http.StatusConflict, "too_many_tags")
}

// TestQuickReplies: a hotel's stored texts, in their order, found by their words.
func TestQuickReplies(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	lia := w.user(h.ID, user.Sales, "")
	sales, admin := as(w.token(lia)), as(w.token(h.Admin))
	make := func(title, shortcut, category string, order int) response {
		body := map[string]any{"title": title, "shortcut": shortcut, "content": "Olá! " + title, "order": order}
		if category != "" {
			body["category"] = category
		}
		return w.do(http.MethodPost, "/api/quick-replies", body, sales).want(http.StatusCreated)
	}
	make("Sem categoria", "sem", "", 0)
	made := make("Café da manhã", "cafe", "Hotel", 2)
	made.golden("quick_reply_made")
	make("Piscina", "piscina", "Hotel", 1)
	make("Bar", "bar", "Hotel", 1)
	make("Ônibus", "onibus", "Cidade", 9)
	cafe, _ := made.json()["id"].(string)
	w.do(http.MethodPatch, "/api/quick-replies/"+cafe, map[string]any{"isActive": false, "order": 3, "title": "Café"}, admin).golden("quick_reply_changed")
	w.do(http.MethodGet, "/api/quick-replies?search=CAFE", nil, sales).golden("quick_replies")
	w.do(http.MethodGet, "/api/quick-replies/"+cafe, nil, sales).golden("quick_reply")
	for query, want := range map[string]string{
		"": "onibus bar piscina cafe sem", "?category=Hotel": "bar piscina cafe", "?isActive=false": "cafe", "?isActive=true&category=Hotel": "bar piscina",
		"?search=OLA": "onibus bar piscina cafe sem", "?search=onib": "onibus", "?category=hotel": "", "?search=_": "",
	} {
		var got []string
		for _, r := range w.do(http.MethodGet, "/api/quick-replies"+query, nil, admin).want(http.StatusOK).list() {
			got = append(got, r["shortcut"].(string))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q lists %v, want %q", query, got, want)
		}
	}
	w.do(http.MethodPost, "/api/quick-replies", map[string]any{"title": "x", "shortcut": "cafe", "content": "x"}, admin).want(http.StatusConflict, "shortcut_taken")
	w.do(http.MethodPatch, "/api/quick-replies/"+cafe, map[string]any{"shortcut": "bar"}, admin).want(http.StatusConflict, "shortcut_taken")
	if r := w.do(http.MethodPatch, "/api/quick-replies/"+cafe, map[string]any{"category": nil}, admin).want(http.StatusOK).json(); r["category"] != nil || r["title"] != "Café" {
		t.Errorf("emptied: %v", r)
	}
	w.do(http.MethodDelete, "/api/quick-replies/"+cafe, nil, admin).want(http.StatusNoContent)
	w.do(http.MethodGet, "/api/quick-replies/"+cafe, nil, admin).want(http.StatusNotFound, "quick_reply_not_found")
	w.do(http.MethodGet, "/api/quick-replies?isActive=maybe", nil, admin).want(http.StatusBadRequest)
	if n := w.count("SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND entity = 'quick_reply' AND concat(before, after) !~ 'Olá'", h.ID); n != 8 {
		t.Errorf("%d audit entries, or one with the text", n)
	}
}

// TestQuickReplyLimits: each field at and one past its limit.
func TestQuickReplyLimits(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	make := func(field string, value any) response {
		body := map[string]any{"title": "x", "shortcut": "xx", "content": "x"}
		body[field] = value
		r := w.do(http.MethodPost, "/api/quick-replies", body, admin)
		w.exec("DELETE FROM quick_reply WHERE tenant_id = $1", h.ID)
		return r
	}
	for field, values := range map[string][2][]any{
		"title":    {{strings.Repeat("é", 100)}, {strings.Repeat("é", 101), "", "  "}},
		"shortcut": {{strings.Repeat("a", 50), "a-1"}, {strings.Repeat("a", 51), "a", "Aa", "a b", "é1", ""}},
		"content":  {{strings.Repeat("é", 4000)}, {strings.Repeat("é", 4001), "", " \n "}},
		"category": {{strings.Repeat("é", 50), "", nil}, {strings.Repeat("é", 51), 7}},
		"order":    {{0, 1_000_000}, {-1, 1_000_001, "1"}},
	} {
		for _, good := range values[0] {
			make(field, good).want(http.StatusCreated)
		}
		for _, bad := range values[1] {
			make(field, bad).want(http.StatusBadRequest, "validation_error")
		}
	}
	w.exec(`INSERT INTO quick_reply (tenant_id, id, title, shortcut, content) SELECT $1, gen_random_uuid(), 't', 'n' || n, 'c' FROM generate_series(1, 1000) n`, h.ID)
	make("title", "one more").want(http.StatusConflict, "too_many_quick_replies")
}
