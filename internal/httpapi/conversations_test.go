package httpapi_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestStats: both forms of the numbers, of what the reader may see.
func TestStats(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	ana := w.user(h.ID, user.Attendant, "Camburi")
	now := w.clock.Now()
	for _, options := range [][]pgtest.ConversationOption{
		{pgtest.InState(conversation.Open), pgtest.OfUnit("Camburi"), pgtest.WithPriority(conversation.High)},
		{pgtest.InState(conversation.Open), pgtest.OfUnit("Ilhabela")},
		{pgtest.InState(conversation.InProgress), pgtest.AssignedTo(ana.ID)},
		{pgtest.InState(conversation.Waiting), pgtest.AsOpportunity()},
		{pgtest.InState(conversation.BotHandling)},
		{pgtest.InState(conversation.Closed), pgtest.OfUnit("Camburi")},
		{pgtest.InState(conversation.Archived)},
	} {
		pgtest.Conversation(t, w.db, h.Hotel, options...)
	}
	pgtest.Conversation(t, w.db, w.hotel().Hotel)
	w.exec(`UPDATE conversation SET unread = 2 WHERE state = 'OPEN' AND tenant_id = $1`, h.ID)
	// Answered after 60 s, after 30 s, and so long ago that it does not count.
	w.exec(`UPDATE conversation SET created_at = $1::timestamptz, last_message_at = $1, first_reply_at = $1::timestamptz + interval '60 s' WHERE state = 'CLOSED' AND tenant_id = $2`, now.Add(-time.Hour), h.ID)
	w.exec(`UPDATE conversation SET created_at = $1::timestamptz, last_message_at = $1, first_reply_at = $1::timestamptz + interval '30 s' WHERE state = 'WAITING' AND tenant_id = $2`, now.Add(-time.Hour), h.ID)
	w.exec(`UPDATE conversation SET created_at = $1::timestamptz, last_message_at = $1, first_reply_at = $1::timestamptz + interval '9 s' WHERE state = 'ARCHIVED' AND tenant_id = $2`, now.Add(-25*time.Hour), h.ID)

	all := w.do(http.MethodGet, "/api/conversations/stats", nil, as(w.token(h.Admin))).want(http.StatusOK)
	all.golden("conversation_stats")
	w.do(http.MethodGet, "/api/conversations/stats", nil, as(w.token(ana))).want(http.StatusOK).golden("conversation_stats_of_attendant")
	w.do(http.MethodGet, "/api/conversations/stats", nil, as(w.token(w.user(h.ID, user.Sales, "")))).want(http.StatusOK).golden("conversation_stats_of_sales")
}

// TestCounts: what the counts say is what the lists have, whatever narrows both and whoever looks.
func TestCounts(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	ana := w.user(h.ID, user.Attendant, "Camburi")
	tag := w.do(http.MethodPost, "/api/tags", map[string]any{"name": "VIP", "color": "#3B82F6"}, as(w.token(h.Admin))).json()["id"].(string)
	for i, options := range [][]pgtest.ConversationOption{
		{pgtest.InState(conversation.Open), pgtest.OfUnit("Camburi"), pgtest.WithPriority(conversation.High)},
		{pgtest.InState(conversation.Open), pgtest.OfUnit("Ilhabela")},
		{pgtest.InState(conversation.InProgress), pgtest.AssignedTo(ana.ID)},
		{pgtest.InState(conversation.Waiting), pgtest.AsOpportunity(), pgtest.AssignedTo(h.Admin.ID)},
		{pgtest.InState(conversation.BotHandling), pgtest.OfUnit("Camburi")},
		{pgtest.InState(conversation.Closed), pgtest.OfUnit("Camburi")},
		{pgtest.InState(conversation.Closed)},
		{pgtest.InState(conversation.Archived)},
	} {
		c := pgtest.Conversation(t, w.db, h.Hotel, options...)
		if i%2 == 0 {
			w.do(http.MethodPost, "/api/tags/conversation", map[string]any{"conversationId": c.ID.String(), "tagId": tag}, as(w.token(h.Admin))).want(http.StatusOK)
		}
	}
	w.exec(`UPDATE conversation SET unread = 2 WHERE state IN ('OPEN', 'CLOSED') AND tenant_id = $1`, h.ID)
	lists := map[string]string{
		"mine": "status=BOT_HANDLING,OPEN,IN_PROGRESS,WAITING&assignedToId=me", "unassigned": "status=BOT_HANDLING,OPEN,IN_PROGRESS,WAITING&assignedToId=none",
		"unread": "status=BOT_HANDLING,OPEN,IN_PROGRESS,WAITING&unread=true", "active": "status=BOT_HANDLING,OPEN,IN_PROGRESS,WAITING",
		"byStatus.BOT_HANDLING": "status=BOT_HANDLING", "byStatus.OPEN": "status=OPEN", "byStatus.IN_PROGRESS": "status=IN_PROGRESS",
		"byStatus.WAITING": "status=WAITING", "byStatus.CLOSED": "status=CLOSED",
	}
	for _, who := range []user.User{h.Admin, ana, w.user(h.ID, user.Sales, "")} {
		for _, narrowed := range []string{"", "&hotelUnit=camburi", "&priority=HIGH", "&isOpportunity=true", "&tagId=" + tag, "&windowClosing=true&windowHours=24"} {
			counts := w.do(http.MethodGet, "/api/conversations/counts?"+strings.TrimPrefix(narrowed, "&"), nil, as(w.token(who))).want(http.StatusOK)
			for name, query := range lists {
				list := w.do(http.MethodGet, "/api/conversations?"+query+narrowed, nil, as(w.token(who))).want(http.StatusOK)
				got, want := valueAt(counts.json(), name), valueAt(list.json(), "pagination.total")
				if got != want {
					t.Errorf("%s, %s: counted %v, listed %v", who.Role, name+narrowed, got, want)
				}
			}
		}
	}
	w.do(http.MethodGet, "/api/conversations/counts", nil, as(w.token(h.Admin))).golden("conversation_counts")
}

// valueAt is what stands at a path of an object, with dots between its parts.
func valueAt(in map[string]any, path string) any {
	first, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		return in[first]
	}
	return valueAt(in[first].(map[string]any), rest)
}

// TestBegin: a guest has one active conversation at most, and whoever opens one sees it.
func TestBegin(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	phone := newPhone()
	begin := func(more map[string]any, who option) response {
		body := map[string]any{"contactPhoneNumber": phone}
		for k, v := range more {
			body[k] = v
		}
		return w.do(http.MethodPost, "/api/conversations", body, who)
	}
	first := begin(map[string]any{"priority": "HIGH", "metadata": map[string]any{"from": "site"}, "assignedToId": h.Admin.ID.String()}, admin)
	first.want(http.StatusCreated).golden("conversation_begun")
	phone = "+" + phone[:2] + " (" + phone[2:4] + ") " + phone[4:9] + "-" + phone[9:] // the same guest, as people write it
	again := begin(nil, admin).want(http.StatusCreated).json()
	if again["existing"] != true || again["id"] != first.json()["id"] || again["revision"] != first.json()["revision"] {
		t.Errorf("the guest's active conversation is not the one: %v", again)
	}
	if n := w.count("SELECT count(*) FROM contact WHERE tenant_id = $1", h.ID); n != 1 {
		t.Errorf("%d guests", n)
	}
	ana := w.user(h.ID, user.Attendant, "Camburi")
	begin(nil, as(w.token(ana))).want(http.StatusConflict, "conversation_elsewhere")

	phone = newPhone()
	if c := begin(nil, as(w.token(ana))).want(http.StatusCreated).json(); c["hotelUnit"] != "Camburi" || c["assignedToId"] != nil {
		t.Errorf("an attendant of Camburi opened %v", c)
	}
	phone = newPhone()
	sales := w.user(h.ID, user.Sales, "")
	if c := begin(nil, as(w.token(sales))).want(http.StatusCreated).json(); c["assignedToId"] != sales.ID.String() {
		t.Errorf("somebody of sales opened what they cannot see: %v", c)
	}
	phone = newPhone()
	closed := begin(map[string]any{"status": "CLOSED"}, admin).want(http.StatusCreated).json()
	if closed["status"] != "CLOSED" || closed["closedAt"] == nil {
		t.Errorf("begun as closed: %v", closed)
	}
	for wrong, body := range map[string]map[string]any{
		"no phone": {}, "a short phone": {"contactPhoneNumber": "123456789"}, "no digits": {"contactPhoneNumber": "abcdefghijkl"},
		"archived": {"contactPhoneNumber": phone, "status": "ARCHIVED"}, "source": {"contactPhoneNumber": phone, "source": "x"},
		"metadata": {"contactPhoneNumber": phone, "metadata": map[string]any{"a": strings.Repeat("é", 10_000-len(`{"a":""}`)+1)}},
	} {
		if r := w.do(http.MethodPost, "/api/conversations", body, admin); r.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", wrong, r.status, r.body)
		}
	}
	begin(map[string]any{"metadata": map[string]any{"a": strings.Repeat("é", 10_000-len(`{"a":""}`))}}, admin).want(http.StatusCreated)
	begin(map[string]any{"assignedToId": "00000000-0000-7000-8000-000000000000"}, admin).want(http.StatusCreated) // there is one: it is not changed
	phone = newPhone()
	begin(map[string]any{"assignedToId": "00000000-0000-7000-8000-000000000000"}, admin).want(http.StatusNotFound, "user_not_found")
}

// TestBeginAtOnce: two people open a conversation with a new guest at the same moment.
func TestBeginAtOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	body := map[string]any{"contactPhoneNumber": newPhone()}
	ids := make(chan string)
	for range 4 {
		go func() {
			r := w.do(http.MethodPost, "/api/conversations", body, admin)
			id, _ := r.json()["id"].(string)
			ids <- fmt.Sprint(r.status, id)
		}()
	}
	first := <-ids
	for range 3 {
		if next := <-ids; next != first || !strings.HasPrefix(next, "201") {
			t.Errorf("got %s and %s", first, next)
		}
	}
}

// TestChangeMore: unit, opportunity and notes are changed with the rest.
func TestChangeMore(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h)
	at := "/api/conversations/" + to.card.ID.String()
	change := func(body map[string]any) response { return w.do(http.MethodPatch, at, body, admin) }
	c := change(map[string]any{"hotelUnit": "ILHA BELA", "isOpportunity": true, "metadata": map[string]any{"notes": "vip"}}).want(http.StatusOK).json()
	if c["hotelUnit"] != "Ilhabela" || c["isOpportunity"] != true || c["opportunityAt"] == nil || c["metadata"].(map[string]any)["notes"] != "vip" {
		t.Errorf("changed to %v", c)
	}
	kept := change(map[string]any{"isOpportunity": true}).want(http.StatusOK).json()
	if kept["opportunityAt"] != c["opportunityAt"] {
		t.Error("marking it again moved its time")
	}
	c = change(map[string]any{"hotelUnit": "", "isOpportunity": false, "metadata": map[string]any{}}).want(http.StatusOK).json()
	if c["hotelUnit"] != nil || c["isOpportunity"] != false || c["opportunityAt"] != nil || c["metadata"] != nil {
		t.Errorf("changed back to %v", c)
	}
	change(map[string]any{"hotelUnit": "Atlantis"}).want(http.StatusBadRequest, "unit_unknown")
	change(map[string]any{"metadata": map[string]any{"a": strings.Repeat("x", 10_000)}}).want(http.StatusBadRequest, "validation_error")
	change(map[string]any{"metadata": []any{}}).want(http.StatusBadRequest)
}

// TestArchive: an archived conversation is away until it is asked for.
func TestArchive(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h, pgtest.InState(conversation.InProgress), pgtest.LockedBy(h.Admin.ID.String()))
	at := "/api/conversations/" + to.card.ID.String()
	c := w.do(http.MethodPost, at+"/archive", nil, admin).want(http.StatusOK).json()
	if c["status"] != "ARCHIVED" || c["closedAt"] == nil || c["iaLocked"] != false {
		t.Errorf("archived: %v", c)
	}
	if len(w.do(http.MethodGet, "/api/conversations?status=ARCHIVED", nil, admin).list()) != 1 {
		t.Error("it is not among the archived ones")
	}
	c = w.do(http.MethodPost, at+"/unarchive", nil, admin).want(http.StatusOK).json()
	if c["status"] != "CLOSED" {
		t.Errorf("put back: %v", c)
	}
	for _, action := range []string{"ARCHIVE_CONVERSATION", "UNARCHIVE_CONVERSATION"} {
		if w.count("SELECT count(*) FROM audit_entry WHERE action = $1 AND entity_id = $2", action, to.card.ID.String()) != 1 {
			t.Errorf("%s is not in the audit log", action)
		}
	}
}

// TestDelete: nothing of a conversation is left but the note of who deleted it.
func TestDelete(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to, other := w.chat(h), w.chat(h)
	at := "/api/conversations/" + to.card.ID.String()
	pgtest.Escalation(t, w.db, h.ID, to.card)
	tag := pgtest.Tag(t, w.db, h.ID, "VIP")
	w.do(http.MethodPatch, at, map[string]any{"tagIds": []string{tag.ID.String()}}, admin).want(http.StatusOK)
	w.do(http.MethodPost, at+"/messages", map[string]any{"content": "nobody will read this"}, admin).want(http.StatusCreated)
	w.do(http.MethodDelete, at, nil, as(w.token(w.user(h.ID, user.Head, "")))).want(http.StatusForbidden, "role_forbidden")

	if r := w.do(http.MethodDelete, at, nil, admin).want(http.StatusOK).json(); r["success"] != true || r["id"] != to.card.ID.String() || len(r) != 2 {
		t.Errorf("deleted: %v", r)
	}
	w.do(http.MethodDelete, at, nil, admin).want(http.StatusNotFound, "conversation_not_found")
	for _, table := range []string{"message", "escalation", "conversation_tag"} {
		if n := w.count("SELECT count(*) FROM "+table+" WHERE conversation_id = $1", to.card.ID); n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
	if n := w.count("SELECT (SELECT count(*) FROM lane WHERE key = $1) + (SELECT count(*) FROM lane_item WHERE key = $1)", to.card.ID.String()); n != 0 {
		t.Error("work is left that waits for it")
	}
	if n := w.count(`SELECT count(*) FROM audit_entry WHERE action = 'DELETE_CONVERSATION' AND entity_id = $1 AND actor = $2
		AND detail = '{"messages": 2, "escalations": 1, "tags": 1, "files": 0}'`, to.card.ID.String(), h.Admin.ID.String()); n != 1 {
		t.Error("the audit log does not say what was deleted")
	}
	w.do(http.MethodGet, "/api/conversations/"+other.card.ID.String(), nil, admin).want(http.StatusOK)
	if w.count("SELECT count(*) FROM contact WHERE id = $1", to.card.ContactID) != 1 {
		t.Error("the guest is gone")
	}
}

// TestReadMessage: only what a guest wrote is read, once, and the guest is shown so.
func TestReadMessage(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h)
	w.exec("UPDATE conversation SET unread = 2 WHERE id = $1", to.card.ID)
	ours := pgtest.Message(t, w.db, h.ID, to.card, pgtest.FromBot)
	for range 2 {
		if r := w.do(http.MethodPost, "/api/messages/"+to.message.ID.String()+"/read", nil, admin).want(http.StatusNoContent); len(r.body) > 0 {
			t.Errorf("204 with %s", r.body)
		}
		if n := w.count("SELECT unread FROM conversation WHERE id = $1", to.card.ID); n != 1 {
			t.Errorf("%d unread messages, want 1", n)
		}
	}
	if sent := w.meta.last(); sent["status"] != "read" || sent["message_id"] != to.message.WAMID {
		t.Errorf("WhatsApp was told %v", sent)
	}
	w.do(http.MethodPost, "/api/messages/"+ours.ID.String()+"/read", nil, admin).want(http.StatusNotFound, "message_not_found")
	w.meta.answer = func(out http.ResponseWriter, _ map[string]any) bool {
		out.WriteHeader(http.StatusInternalServerError)
		return true
	}
	second := pgtest.Message(t, w.db, h.ID, to.card)
	w.do(http.MethodPost, "/api/messages/"+second.ID.String()+"/read", nil, admin).want(http.StatusNoContent)
	if w.count("SELECT count(*) FROM message WHERE id = $1 AND status = 'READ'", second.ID) != 1 {
		t.Error("a receipt that WhatsApp does not take kept the message unread")
	}
}

// TestMessageStats counts with the statuses that messages are shown with.
func TestMessageStats(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	to := w.chat(h)
	for _, status := range []message.Status{message.Pending, message.Unknown, message.Played} {
		pgtest.Message(t, w.db, h.ID, to.card, pgtest.FromBot, func(m *message.Message) { m.Status = status })
	}
	for _, at := range []string{"/api/conversations/%s/messages/stats", "/api/messages/conversations/%s/stats"} {
		w.do(http.MethodGet, fmt.Sprintf(at, to.card.ID), nil, as(w.token(h.Admin))).want(http.StatusOK).golden("message_stats")
	}
}

// TestMessagesFromAMessage pages through a conversation from a message on, both ways.
func TestMessagesFromAMessage(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to, other := w.chat(h), w.chat(h)
	at := "/api/conversations/" + to.card.ID.String() + "/messages"
	same := w.clock.Now().Add(time.Hour) // several within a second
	all := []string{to.message.ID.String()}
	for range 6 {
		m := pgtest.Message(t, w.db, h.ID, to.card, func(m *message.Message) { m.Timestamp = same })
		all = append(all, m.ID.String())
	}
	page := func(query string) string {
		return strings.Join(idsOf(w.do(http.MethodGet, at+query, nil, admin).want(http.StatusOK)), " ")
	}
	want := func(ids ...string) string { return strings.Join(ids, " ") }
	for query, wanted := range map[string]string{
		"":                                 want(all...),
		"?limit=3":                         want(all[4:]...),
		"?limit=3&page=2":                  want(all[1:4]...),
		"?limit=3&page=3":                  want(all[0]),
		"?limit=3&page=4":                  "",
		"?limit=3&before=" + all[4]:        want(all[1:4]...),
		"?limit=3&before=" + all[0]:        "",
		"?limit=3&after=" + all[1]:         want(all[2:5]...),
		"?limit=3&after=" + all[6]:         "",
		"?limit=3&page=7&before=" + all[1]: want(all[0]),
	} {
		if got := page(query); got != wanted {
			t.Errorf("%q: %s, want %s", query, got, wanted)
		}
	}
	for _, wrong := range []string{"x", other.message.ID.String(), "00000000-0000-7000-8000-000000000000"} {
		for _, key := range []string{"before", "after"} {
			w.do(http.MethodGet, at+"?"+key+"="+wrong, nil, admin).want(http.StatusBadRequest, "validation_error")
		}
	}
}

// TestRichMessages: WhatsApp's limits hold before anything is stored.
func TestRichMessages(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h)
	at := "/api/conversations/" + to.card.ID.String() + "/messages"
	send := func(kind string, body map[string]any) int {
		return w.do(http.MethodPost, at+"/"+kind, body, admin).status
	}
	button := func(n int) []any {
		out := []any{}
		for i := range n {
			out = append(out, map[string]any{"id": fmt.Sprint(i), "title": fmt.Sprint("Sim ", i)})
		}
		return out
	}
	sections := func(n, rows int) []any {
		out := []any{}
		for i := range n {
			chosen := []any{}
			for j := range rows {
				chosen = append(chosen, map[string]any{"id": fmt.Sprint(i, "-", j), "title": "Sim"})
			}
			out = append(out, map[string]any{"title": "t", "rows": chosen})
		}
		return out
	}
	text := func(n int) string { return strings.Repeat("é", n) }
	for name, c := range map[string]struct {
		kind string
		body map[string]any
		want int
	}{
		"a template":       {"template", aTemplate, 201},
		"without a name":   {"template", map[string]any{"parameters": []string{"x"}}, 400},
		"numbers":          {"template", map[string]any{"templateName": "x", "parameters": []any{1}}, 400},
		"three buttons":    {"buttons", map[string]any{"bodyText": text(1024), "buttons": button(3)}, 201},
		"a long text":      {"buttons", map[string]any{"bodyText": text(1025), "buttons": button(3)}, 400},
		"four buttons":     {"buttons", map[string]any{"bodyText": "x", "buttons": button(4)}, 400},
		"no buttons":       {"buttons", map[string]any{"bodyText": "x", "buttons": button(0)}, 400},
		"a long title":     {"buttons", map[string]any{"bodyText": "x", "buttons": []any{map[string]any{"id": "1", "title": text(21)}}}, 400},
		"ten rows":         {"list", map[string]any{"bodyText": "x", "buttonText": text(20), "sections": sections(2, 5)}, 201},
		"eleven rows":      {"list", map[string]any{"bodyText": "x", "buttonText": "x", "sections": sections(1, 11)}, 400},
		"twelve in two":    {"list", map[string]any{"bodyText": "x", "buttonText": "x", "sections": sections(2, 6)}, 400},
		"no sections":      {"list", map[string]any{"bodyText": "x", "buttonText": "x", "sections": sections(0, 0)}, 400},
		"eleven sections":  {"list", map[string]any{"bodyText": "x", "buttonText": "x", "sections": sections(11, 1)}, 400},
		"a long call":      {"list", map[string]any{"bodyText": "x", "buttonText": text(21), "sections": sections(1, 1)}, 400},
		"rows are missing": {"list", map[string]any{"bodyText": "x", "buttonText": "x", "sections": []any{map[string]any{}}}, 400},
	} {
		if got := send(c.kind, c.body); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	w.do(http.MethodPost, at+"/template", map[string]any{"templateName": "Olá", "parameters": []string{"a\nb"}}, admin).golden("refused_template")
}

// Buttons are answered as they were stored, and everything that is wrong with them is told
// at once, at the fields as the caller named them.
func TestButtons(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h)
	at := "/api/conversations/" + to.card.ID.String() + "/messages"
	confirm := map[string]any{
		"headerText": "Sua reserva", "bodyText": "Confirma?", "footerText": "Hotel Mar Azul",
		"buttons": []any{map[string]any{"id": "sim", "title": "Sim"}, map[string]any{"id": "nao", "title": "Não"}},
	}
	once := with("Idempotency-Key", "confirm-1")
	sent := w.do(http.MethodPost, at+"/buttons", confirm, admin, once)
	sent.golden("sent_buttons")
	again := w.do(http.MethodPost, at+"/buttons", confirm, admin, once)
	if again.status != http.StatusCreated || again.json()["id"] != sent.json()["id"] {
		t.Errorf("the same again: %d %s", again.status, again.body)
	}
	other := maps.Clone(confirm)
	other["footerText"] = "Hotel do Sol"
	w.do(http.MethodPost, at+"/buttons", other, admin, once).want(http.StatusUnprocessableEntity, "idempotency_mismatch")
	w.do(http.MethodPost, at+"/buttons", map[string]any{
		"headerText": strings.Repeat("é", 61), "bodyText": " ", "buttons": []any{
			map[string]any{"id": "1", "title": strings.Repeat("🏨", 11)}, map[string]any{"id": "1", "title": "Não"},
		},
	}, admin).golden("refused_buttons")
}
