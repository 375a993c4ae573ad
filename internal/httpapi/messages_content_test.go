package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// Everything that WhatsApp takes is sent in one shape, and a refusal points at the field as
// the call has it.
func TestContent(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h)
	at := "/api/conversations/" + to.card.ID.String() + "/messages/content"
	file := map[string]any{"link": "https://cdn.example.com/a"}
	header := map[string]any{"image": file}
	for kind, what := range map[string]map[string]any{
		"text":  {"body": "Olá"},
		"image": file, "video": file, "audio": file, "voice": file, "document": file, "sticker": file,
		"location":        {"latitude": -23.7, "longitude": -45.4},
		"contacts":        {"cards": []any{map[string]any{"name": map[string]any{"formatted": "Recepção", "first": "Recepção"}, "phones": []any{map[string]any{"phone": "+551138920000"}}}}},
		"reaction":        {"messageId": to.message.ID.String(), "emoji": "👍"},
		"buttons":         {"body": "Confirma?", "header": header, "buttons": []any{map[string]any{"id": "1", "title": "Sim"}}},
		"list":            {"body": "Qual?", "button": "Ver", "sections": []any{map[string]any{"rows": []any{map[string]any{"id": "1", "title": "Luxo"}}}}},
		"link":            {"body": "Pague aqui", "label": "Pagar", "url": "https://hotel.example.com/pagar"},
		"locationRequest": {"body": "Onde você está?"},
		"flow":            {"body": "Preencha", "flowId": "123", "label": "Abrir", "screen": "S", "data": map[string]any{"a": 1}},
		"template":        {"name": "ola", "language": "pt_BR", "body": []any{map[string]any{"text": "Ana"}}, "buttons": []any{map[string]any{"index": 0, "payload": "x"}}},
		"product":         {"catalogueId": "1", "productId": "2"},
		"productList":     {"header": "H", "body": "B", "catalogueId": "1", "sections": []any{map[string]any{"title": "T", "products": []any{"2"}}}},
		"catalogue":       {"body": "Veja"},
		"carousel": {"body": "Veja", "cards": []any{
			map[string]any{"header": header, "label": "Ver", "url": "https://a.example.com/1"},
			map[string]any{"header": header, "label": "Ver", "url": "https://a.example.com/2"},
		}},
		"productCarousel": {"body": "Veja", "catalogueId": "1", "products": []any{"1", "2"}},
	} {
		r := w.do(http.MethodPost, at, map[string]any{"type": kind, kind: what, "unknown": 1}, admin)
		if r.status != http.StatusCreated {
			t.Errorf("%s: %d %s", kind, r.status, r.body)
			continue
		}
		w.do(http.MethodPost, "/api/messages/content", map[string]any{"conversationId": to.card.ID.String(), "type": kind}, admin).
			want(http.StatusBadRequest, "validation_error")
	}
	w.do(http.MethodPost, at, map[string]any{"type": "location", "location": map[string]any{"latitude": 91, "longitude": 0}}, admin).golden("refused_content")
	w.do(http.MethodPost, at, map[string]any{"type": "voice_call"}, admin).want(http.StatusBadRequest, "validation_error")
	quoting := map[string]any{"type": "text", "text": map[string]any{"body": "Sim"}, "replyTo": to.message.ID.String(), "clientId": "tab-9"}
	first, again := w.do(http.MethodPost, at, quoting, admin), w.do(http.MethodPost, at, quoting, admin)
	if first.json()["id"] != again.json()["id"] || first.status != http.StatusCreated {
		t.Errorf("twice: %s %s", first.body, again.body)
	}
	other := w.chat(h)
	quoting["replyTo"], quoting["clientId"] = other.message.ID.String(), "tab-10"
	w.do(http.MethodPost, at, quoting, admin).want(http.StatusUnprocessableEntity, "message_unknown")
}

// Files are named by id, by the address that uploading gave, or by a link, in the contract's
// call and in ours.
func TestMediaByPeople(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h)
	at := "/api/conversations/" + to.card.ID.String() + "/messages"
	f := w.file(h, "quarto.png", pixel)
	up := map[string]string{"id": f.ID.String(), "url": w.links.To(h.ID, f.Name)}
	for name, c := range map[string]struct {
		path string
		body map[string]any
		want int
	}{
		"by id":                   {"/media", map[string]any{"type": "IMAGE", "mediaId": up["id"], "caption": "Quarto"}, 201},
		"by address":              {"/media", map[string]any{"type": "IMAGE", "url": up["url"]}, 201},
		"by link":                 {"/media", map[string]any{"type": "DOCUMENT", "url": "https://a.example.com/x.pdf", "filename": "x.pdf"}, 201},
		"as the contract has":     {"", map[string]any{"type": "IMAGE", "content": up["url"], "metadata": map[string]any{"caption": "Quarto"}}, 201},
		"with the address beside": {"", map[string]any{"type": "IMAGE", "content": "Quarto", "metadata": map[string]any{"url": up["url"], "anything": 1}}, 201},
		"both":                    {"/media", map[string]any{"type": "IMAGE", "mediaId": up["id"], "url": up["url"]}, 400},
		"neither":                 {"/media", map[string]any{"type": "IMAGE"}, 400},
		"no id":                   {"/media", map[string]any{"type": "IMAGE", "mediaId": "x"}, 400},
		"a text":                  {"", map[string]any{"type": "IMAGE", "content": "x"}, 400},
		"not encrypted":           {"/media", map[string]any{"type": "IMAGE", "url": "http://a.example.com/x.jpg"}, 400},
		"a caption of audio":      {"/media", map[string]any{"type": "AUDIO", "url": "https://a.example.com/x.mp3", "caption": "x"}, 400},
		"a picture as video":      {"/media", map[string]any{"type": "VIDEO", "mediaId": up["id"]}, 422},
		"nobody's":                {"/media", map[string]any{"type": "IMAGE", "mediaId": to.message.ID.String()}, 404},
	} {
		if r := w.do(http.MethodPost, at+c.path, c.body, admin); r.status != c.want {
			t.Errorf("%s: %d, want %d: %s", name, r.status, c.want, r.body)
		}
	}
	w.do(http.MethodPost, at+"/media", map[string]any{"type": "IMAGE", "mediaId": up["id"], "caption": "Quarto"}, admin).golden("sent_media")
}

// Somebody who types is shown to the guest, with blue ticks; opening a conversation shows the
// ticks alone; a guest who never wrote is shown nothing.
func TestTyping(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h)
	at := "/api/conversations/" + to.card.ID.String()
	w.do(http.MethodPost, at+"/typing", nil, admin).want(http.StatusNoContent)
	if seen := w.meta.reads(); len(seen) != 1 || !seen[0].typing || seen[0].wamid != to.message.WAMID {
		t.Fatalf("typing: %+v", seen)
	}
	pgtest.Message(t, w.db, h.ID, to.card, func(m *message.Message) { m.Direction = message.Inbound })
	w.do(http.MethodPost, at+"/read", nil, admin).want(http.StatusOK)
	w.do(http.MethodPost, at+"/read", nil, admin).want(http.StatusOK)
	if seen := w.meta.reads(); len(seen) != 2 || seen[1].typing {
		t.Fatalf("reading twice: %+v", seen)
	}
	w.exec(`DELETE FROM message WHERE conversation_id = $1`, to.card.ID)
	w.do(http.MethodPost, at+"/typing", nil, admin).want(http.StatusNoContent)
	if seen := w.meta.reads(); len(seen) != 2 {
		t.Fatalf("nobody there: %+v", seen)
	}
}

// Scheduling, listing and cancelling, as dashboards see them; and a window that is closed.
func TestScheduledByPeople(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h)
	at := "/api/conversations/" + to.card.ID.String() + "/scheduled"
	in := func(after time.Duration) string { return w.clock.Now().Add(after).Format(time.RFC3339) }
	made := w.do(http.MethodPost, at, map[string]any{"type": "text", "text": map[string]any{"body": "Até amanhã"}, "sendAt": in(48 * time.Hour)}, admin)
	made.golden("scheduled")
	w.do(http.MethodPost, at, map[string]any{"type": "text", "text": map[string]any{"body": ""}, "sendAt": in(time.Hour)}, admin).want(http.StatusBadRequest)
	w.do(http.MethodPost, at, map[string]any{"type": "text", "text": map[string]any{"body": "x"}, "sendAt": in(-time.Hour)}, admin).golden("refused_schedule")
	w.do(http.MethodGet, at, nil, admin).golden("scheduled_list")
	path := "/api/scheduled-messages/" + made.json()["id"].(string)
	w.do(http.MethodDelete, path, nil, admin).golden("scheduled_cancelled")
	w.exec(`UPDATE scheduled_message SET state = 'SENT'`)
	w.do(http.MethodDelete, path, nil, admin).want(http.StatusConflict, "scheduled_settled")
	w.do(http.MethodDelete, "/api/scheduled-messages/x", nil, admin).want(http.StatusNotFound, "scheduled_not_found")
	late := w.chat(h, pgtest.LastInboundAt(w.clock.Now().Add(-24*time.Hour)))
	w.exec(`INSERT INTO template_state (tenant_id, waba_id, template_id, name, language, status, category, changed_at)
		VALUES ($1, 'w', '1', 'volte_sempre', 'pt_BR', 'APPROVED', 'UTILITY', now())`, h.ID)
	w.do(http.MethodPost, "/api/conversations/"+late.card.ID.String()+"/messages", map[string]any{"content": "late"}, admin).golden("refused_window_templates")
}

// A failed message is sent again with one tap, with or without a body.
func TestResendByPeople(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h)
	path := "/api/messages/" + failedOf(to) + "/resend"
	w.do(http.MethodPost, path, nil, admin).golden("resent")
	w.do(http.MethodPost, path, map[string]any{"resends": 0}, admin).want(http.StatusOK)
	w.do(http.MethodPost, path, map[string]any{"resends": -1}, admin).want(http.StatusBadRequest, "validation_error")
	w.do(http.MethodPost, "/api/messages/"+to.message.ID.String()+"/resend", nil, admin).want(http.StatusUnprocessableEntity, "resend_not_possible")
}
