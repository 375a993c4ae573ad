package httpapi_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/httpapi"
)

// sends are the messages that Meta was asked to send, as JSON, without what all have.
func (m *meta) sends() []map[string]any {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []map[string]any
	for _, body := range m.asked {
		if kind, _ := body["type"].(string); kind != "" && body[kind] != nil {
			out = append(out, map[string]any{"type": kind, kind: body[kind]})
		}
	}
	return out
}

// uploads lets Meta take files, and name each one anew.
func (m *meta) uploads() {
	n := 0
	m.answer = func(out http.ResponseWriter, body map[string]any) bool {
		if body["type"] != nil || body["status"] != nil {
			return false
		}
		n++
		_, _ = fmt.Fprintf(out, `{"id":"900%d"}`, n)
		return true
	}
}

// TestCarouselOfMessages: an introduction and a message for each card, in order; the reply
// names all of them.
func TestCarouselOfMessages(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	to := w.chat(h)
	body := `{"phone":"` + string(to.card.Contact.Phone) + `","message":"Nossos quartos","carousel":[
		{"text":"Luxo","image":"https://cdn.example.com/luxo.jpg","buttons":[{"id":"l","label":"Reservar"},{"type":"URL","url":"https://hotel.example.com","label":"Ver no site, com fotos"}]},
		{"text":"Família","buttons":[{"buttonId":"f","title":"Reservar"}]}]}`
	r := w.do(http.MethodPost, "/api/n8n/send-carousel", body, keyed(h.key), with("Idempotency-Key", "k1"))
	r.golden("bot_carousel")
	want := parsed(t, `[{"type":"text","text":{"body":"Nossos quartos","preview_url":false}},
		{"type":"interactive","interactive":{"type":"button","header":{"type":"image","image":{"link":"https://cdn.example.com/luxo.jpg"}},"body":{"text":"Luxo"},
			"action":{"buttons":[{"type":"reply","reply":{"id":"l","title":"Reservar"}},{"type":"reply","reply":{"id":"Ver no site, com fotos","title":"Ver no site, com fot"}}]}}},
		{"type":"interactive","interactive":{"type":"button","body":{"text":"Família"},"action":{"buttons":[{"type":"reply","reply":{"id":"f","title":"Reservar"}}]}}}]`)
	var got []any
	for _, s := range w.meta.sends() {
		got = append(got, s)
	}
	if diff := cmp.Diff(want, any(got)); diff != "" {
		t.Errorf("Meta was asked otherwise (-want +got):\n%s", diff)
	}
	again := w.do(http.MethodPost, "/api/n8n/send-carousel", body, keyed(h.key), with("Idempotency-Key", "k1")).want(http.StatusOK).json()
	if again["duplicate"] != true || len(w.meta.sends()) != 3 || fmt.Sprint(again["messageIds"]) != fmt.Sprint(r.json()["messageIds"]) {
		t.Errorf("sent twice: %v", again)
	}
	// What is wrong with one card keeps back all of them.
	for field, bad := range map[string]string{
		"carousel[1].text":             `{"carousel":[{"text":"a","buttons":{"label":"b"}},{"buttons":{"label":"b"}}],`,
		"carousel[0].buttons":          `{"carousel":[{"text":"a"}],`,
		"carousel[0].image":            `{"carousel":[{"text":"a","image":"http://a.example/x.jpg","buttons":{"label":"b"}}],`,
		"carousel":                     `{"message":"x",`,
		"cards":                        `{"template":"t",`,
		"cards[0].imageUrl":            `{"template":"t","cards":[{"buttonPayloads":["a"]}],`,
		"cards[0].buttonPayloads[2]":   "",
		"cards[1].bodyParams[0].text":  `{"template":"t","cards":[{"imageUrl":"https://a.example/1.jpg"},{"imageUrl":"https://a.example/1.jpg","bodyParams":[""]}],`,
		"cards[0].buttonPayloads":      `{"template":"t","cards":[{"imageUrl":"https://a.example/1.jpg","buttonPayloads":["1","2","3"]},{"imageUrl":"https://a.example/1.jpg"}],`,
		"cards[1].buttonPayloads[0]":   "",
		"template":                     `{"template":"T!","cards":[{"imageUrl":"https://a.example/1.jpg"},{"imageUrl":"https://a.example/1.jpg"}],`,
		"carousel[0].buttons[0].title": `{"carousel":{"text":"a","buttons":[{"id":"x"}]},`,
	} {
		if bad == "" {
			continue
		}
		r := w.do(http.MethodPost, "/api/n8n/send-carousel", bad+`"phone":"`+string(to.card.Contact.Phone)+`"}`, keyed(h.key)).want(http.StatusBadRequest)
		details, _ := r.json()["details"].([]any)
		if len(details) == 0 || details[0].(map[string]any)["path"] != field || r.json()["success"] != false {
			t.Errorf("not about %s: %s", field, r.body)
		}
	}
	if n := len(w.meta.sends()); n != 3 {
		t.Errorf("Meta was asked %d times", n)
	}
}

// TestCarouselOfATemplate: the pictures are fetched, made such that WhatsApp takes them, and
// sent as files of the hotel's; dashboards see them.
func TestCarouselOfATemplate(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	w.meta.uploads()
	h := w.hotel()
	to := w.chat(h)
	var large bytes.Buffer
	if err := png.Encode(&large, image.NewRGBA(image.Rect(0, 0, 40, 20))); err != nil {
		t.Fatal(err)
	}
	pictures := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/a.png":
			_, _ = out.Write([]byte(pixel))
		case "/b.png":
			_, _ = out.Write(large.Bytes())
		case "/moved":
			http.Redirect(out, r, "/b.png", http.StatusFound)
		case "/round":
			http.Redirect(out, r, "/round", http.StatusFound)
		case "/page":
			_, _ = out.Write([]byte("<html>"))
		default:
			out.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(pictures.Close)
	call := func(first, second string) string {
		return `{"phone":"` + string(to.card.Contact.Phone) + `","template":"quartos","cards":[
			{"imageUrl":"` + first + `","bodyParams":["Luxo",450],"buttonPayloads":["luxo","mais"],"buttonLabels":["Reservar"]},
			{"imageUrl":"` + second + `","bodyParams":["Família","600"],"buttonPayloads":"familia"}]}`
	}
	r := w.do(http.MethodPost, "/api/n8n/send-carousel", call(pictures.URL+"/a.png", pictures.URL+"/moved"), keyed(h.key))
	r.golden("bot_carousel_template")
	card := func(i, file int, first, second, buttons string) string {
		return fmt.Sprintf(`{"card_index":%d,"components":[{"type":"header","parameters":[{"type":"image","image":{"id":"900%d"}}]},
			{"type":"body","parameters":[{"type":"text","text":%q},{"type":"text","text":%q}]},%s]}`, i, file, first, second, buttons)
	}
	button := func(i int, payload string) string {
		return fmt.Sprintf(`{"type":"button","sub_type":"quick_reply","index":"%d","parameters":[{"type":"payload","payload":%q}]}`, i, payload)
	}
	want := parsed(t, `{"type":"template","template":{"name":"quartos","language":{"code":"pt_BR"},"components":[{"type":"carousel","cards":[`+
		card(0, 1, "Luxo", "450", button(0, "luxo")+","+button(1, "mais"))+","+card(1, 2, "Família", "600", button(0, "familia"))+`]}]}}`)
	if diff := cmp.Diff(want, w.asked()); diff != "" {
		t.Errorf("Meta was asked otherwise (-want +got):\n%s", diff)
	}
	list := w.do(http.MethodGet, "/api/conversations/"+to.card.ID.String()+"/messages", nil, as(w.token(h.Admin))).want(http.StatusOK)
	if n := strings.Count(string(list.body), `"imageUrl":"https://api.example.com/api/media/`); n != 2 {
		t.Errorf("%d cards show their pictures: %s", n, list.body)
	}
	for address, code := range map[string]string{
		pictures.URL + "/page": "image_unreadable", pictures.URL + "/none": "image_unreachable", pictures.URL + "/round": "image_unreachable",
		"ftp://a.example/x.jpg": "url_forbidden", "quarto.jpg": "url_forbidden", "http://169.254.169.254/latest/meta-data": "url_forbidden",
	} {
		r := w.do(http.MethodPost, "/api/n8n/send-carousel", call(pictures.URL+"/a.png", address), keyed(h.key))
		details, _ := r.json()["details"].([]any)
		if r.json()["code"] != code || len(details) == 0 || details[0].(map[string]any)["path"] != "cards[1].imageUrl" {
			t.Errorf("%s: %d %s", address, r.status, r.body)
		}
	}
}

// TestPicturesFromOurOwnNetwork: what a flow names is not fetched from within.
func TestPicturesFromOurOwnNetwork(t *testing.T) {
	t.Parallel()
	asked := false
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	t.Cleanup(inside.Close)
	w := setup(t, func(d *httpapi.Deps) { d.Outside = filing.NewCollector(d.Files, egress.NewClient(egress.Options{})) })
	h := w.hotel()
	to := w.chat(h)
	for _, address := range []string{inside.URL, strings.Replace(inside.URL, "127.0.0.1", "localhost", 1), strings.Replace(inside.URL, "127.0.0.1", "0.0.0.0", 1)} {
		body := obj{"phone": string(to.card.Contact.Phone), "template": "t", "cards": list{obj{"imageUrl": address + "/a.jpg"}, obj{"imageUrl": address + "/b.jpg"}}}
		w.do(http.MethodPost, "/api/n8n/send-carousel", body, keyed(h.key)).want(http.StatusBadRequest, "url_forbidden")
	}
	if asked {
		t.Error("the inside was asked")
	}
}
