package httpapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// asked is what Meta was asked to send, as JSON, without what every message has.
func (w *world) asked() any {
	w.t.Helper()
	out := map[string]any{}
	for k, v := range w.meta.last() {
		switch k {
		case "messaging_product", "recipient_type", "to", "biz_opaque_callback_data":
		default:
			out[k] = v
		}
	}
	return out
}

func parsed(t *testing.T, text string) any {
	t.Helper()
	var out any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}

// bodyVariant is one wording of a call, and what Meta is asked for it.
type bodyVariant struct{ at, body, meta string }

const (
	buttonsToMeta = `{"type":"interactive","interactive":{"type":"button","body":{"text":"Posso?"},"action":{"buttons":[
		{"type":"reply","reply":{"id":"s","title":"Sim"}},{"type":"reply","reply":{"id":"n","title":"Não"}}]}}}`
	listToMeta = `{"type":"interactive","interactive":{"type":"list","body":{"text":"Qual?"},"action":{"button":"Ver opções","sections":[
		{"title":"Litoral","rows":[{"id":"i","title":"Ilhabela","description":"Pé na areia"},{"id":"c","title":"Camburi"}]}]}}}`
	imageToMeta    = `{"type":"image","image":{"link":"https://cdn.example.com/a.jpg","caption":"Quarto"}}`
	audioToMeta    = `{"type":"audio","audio":{"link":"https://cdn.example.com/a.mp3"}}`
	templateToMeta = `{"type":"template","template":{"name":"ola","language":{"code":"pt_BR"},"components":[
		{"type":"body","parameters":[{"type":"text","text":"Ana"},{"type":"text","text":"12"}]}]}}`
)

// bodyVariants are the wordings of contract §2.3: the original's of December and of March,
// Z-API's and the Cloud API's, and what n8n's expressions make of them.
var bodyVariants = map[string]bodyVariant{
	"text": {"send-text", `"message":"Oi","delayTyping":"3"`, `{"type":"text","text":{"body":"Oi","preview_url":false}}`},
	"a link": {
		"send-content", `"type":"link","link":{"body":"Fotos","label":"Ver","url":"https://hotel.example/quartos"}`,
		`{"type":"interactive","interactive":{"type":"cta_url","body":{"text":"Fotos"},"action":{"name":"cta_url","parameters":{"display_text":"Ver","url":"https://hotel.example/quartos"}}}}`,
	},
	"a question where": {
		"send-content", `"type":"locationRequest","locationRequest":{"body":"Onde você está?"}`,
		`{"type":"interactive","interactive":{"type":"location_request_message","body":{"text":"Onde você está?"},"action":{"name":"send_location"}}}`,
	},
	"text as a number": {"send-text", `"message":12.5`, `{"type":"text","text":{"body":"12.5","preview_url":false}}`},

	"buttons":             {"send-buttons", `"message":"Posso?","buttons":[{"id":"s","label":"Sim"},{"id":"n","label":"Não"}]`, buttonsToMeta},
	"buttons: titles":     {"send-buttons", `"message":"Posso?","buttons":[{"buttonId":"s","title":"Sim"},{"buttonId":"n","text":"Não"}]`, buttonsToMeta},
	"buttons: Cloud API":  {"send-buttons", `"message":"Posso?","buttons":[{"type":"reply","reply":{"id":"s","title":"Sim"}},{"type":"reply","reply":{"id":"n","title":"Não"}}]`, buttonsToMeta},
	"buttons: Z-API":      {"send-buttons", `"message":"Posso?","buttonList":{"buttons":[{"id":"s","label":"Sim"},{"id":"n","label":"Não"}]}`, buttonsToMeta},
	"buttons: JSON":       {"send-buttons", `"message":"Posso?","buttons":"[{\"id\":\"s\",\"label\":\"Sim\"},{\"id\":\"n\",\"label\":\"Não\"}]"`, buttonsToMeta},
	"buttons: JSON twice": {"send-buttons", `"message":"Posso?","buttonList":"{\"buttons\":[{\"id\":\"s\",\"label\":\"Sim\"},{\"id\":\"n\",\"label\":\"Não\"}]}"`, buttonsToMeta},
	"buttons: numbers, one alone, no id": {"send-buttons", `"message":"Posso?","buttons":{"label":7}`, `{"type":"interactive","interactive":{"type":"button",
		"body":{"text":"Posso?"},"action":{"buttons":[{"type":"reply","reply":{"id":"7","title":"7"}}]}}}`},
	"buttons: header, footer, cut": {
		"send-buttons", `"message":"Posso?","title":"Olá","footer":"Hotel","buttons":[{"id":1,"label":"` + strings.Repeat("x", 25) + `"}]`,
		`{"type":"interactive","interactive":{"type":"button","header":{"type":"text","text":"Olá"},"body":{"text":"Posso?"},"footer":{"text":"Hotel"},
		"action":{"buttons":[{"type":"reply","reply":{"id":"1","title":"` + strings.Repeat("x", 20) + `"}}]}}}`,
	},
	"buttons: picture": {
		"send-buttons", `"message":"Posso?","buttonList":{"image":"https://cdn.example.com/a.jpg","buttons":[{"id":"s","label":"Sim"}]}`,
		`{"type":"interactive","interactive":{"type":"button","header":{"type":"image","image":{"link":"https://cdn.example.com/a.jpg"}},"body":{"text":"Posso?"},
		"action":{"buttons":[{"type":"reply","reply":{"id":"s","title":"Sim"}}]}}}`,
	},

	"list: Cloud API":       {"send-list", `"message":"Qual?","sections":[{"title":"Litoral","rows":[{"id":"i","title":"Ilhabela","description":"Pé na areia"},{"id":"c","title":"Camburi"}]}]`, listToMeta},
	"list: Z-API":           {"send-list", `"message":"Qual?","optionList":{"title":"Litoral","options":[{"id":"i","title":"Ilhabela","description":"Pé na areia"},{"rowId":"c","title":"Camburi","description":null}]}`, listToMeta},
	"list: Z-API's path":    {"send-option-list", `"message":"Qual?","optionList":{"title":"Litoral","buttonLabel":"","options":[{"id":"i","title":"Ilhabela","description":"Pé na areia"},{"id":"c","title":"Camburi"}]}`, listToMeta},
	"list: its other form":  {"send-option-list", `"message":"Qual?","sections":[{"title":"Litoral","rows":[{"id":"i","title":"Ilhabela","description":"Pé na areia"},{"id":"c","title":"Camburi"}]}]`, listToMeta},
	"list: JSON":            {"send-list", `"message":"Qual?","optionList":"{\"title\":\"Litoral\",\"options\":[{\"id\":\"i\",\"title\":\"Ilhabela\",\"description\":\"Pé na areia\"},{\"id\":\"c\",\"title\":\"Camburi\"}]}"`, listToMeta},
	"list: button":          {"send-list", `"message":"Qual?","buttonText":"Ver","sections":{"rows":[{"title":"A"}]}`, `{"type":"interactive","interactive":{"type":"list","body":{"text":"Qual?"},"action":{"button":"Ver","sections":[{"rows":[{"id":"A","title":"A"}]}]}}}`},
	"list: Z-API's button":  {"send-list", `"message":"Qual?","optionList":{"buttonLabel":"Ver","options":[{"id":5,"title":6,"description":7}]}`, `{"type":"interactive","interactive":{"type":"list","body":{"text":"Qual?"},"action":{"button":"Ver","sections":[{"rows":[{"id":"5","title":"6","description":"7"}]}]}}}`},
	"list: cut":             {"send-list", `"message":"Qual?","buttonText":"` + strings.Repeat("b", 30) + `","sections":[{"title":"` + strings.Repeat("s", 30) + `","rows":[{"id":"a","title":"` + strings.Repeat("t", 30) + `","description":"` + strings.Repeat("d", 80) + `"}]}]`, `{"type":"interactive","interactive":{"type":"list","body":{"text":"Qual?"},"action":{"button":"` + strings.Repeat("b", 20) + `","sections":[{"title":"` + strings.Repeat("s", 24) + `","rows":[{"id":"a","title":"` + strings.Repeat("t", 24) + `","description":"` + strings.Repeat("d", 72) + `"}]}]}}}`},
	"quick replies":         {"send-quick-replies", `"message":"Posso?","quickReplies":[{"title":"Sim","payload":"s"},{"title":"Não","payload":"n"}]`, buttonsToMeta},
	"quick replies: 3 of 4": {"send-quick-replies", `"message":"?","quickReplies":[{"title":"1"},{"title":"2"},{"title":"3"},{"title":"4"}]`, `{"type":"interactive","interactive":{"type":"button","body":{"text":"?"},"action":{"buttons":[{"type":"reply","reply":{"id":"1","title":"1"}},{"type":"reply","reply":{"id":"2","title":"2"}},{"type":"reply","reply":{"id":"3","title":"3"}}]}}}`},

	"media: type and url":      {"send-media", `"type":"image","url":"https://cdn.example.com/a.jpg","caption":"Quarto"`, imageToMeta},
	"media: type in capitals":  {"send-media", `"type":"IMAGE","url":"https://cdn.example.com/a.jpg","caption":"Quarto"`, imageToMeta},
	"media: key":               {"send-media", `"image":"https://cdn.example.com/a.jpg","caption":"Quarto"`, imageToMeta},
	"media: key, object":       {"send-media", `"image":{"url":"https://cdn.example.com/a.jpg","caption":"Quarto"}`, imageToMeta},
	"media: Cloud API":         {"send-media", `"type":"image","image":{"link":"https://cdn.example.com/a.jpg","caption":"Quarto"}`, imageToMeta},
	"media: mediaUrl":          {"send-media", `"mediaUrl":"https://cdn.example.com/a.jpg","caption":"Quarto"`, imageToMeta},
	"media: type and mediaUrl": {"send-media", `"type":"image","mediaUrl":"https://cdn.example.com/a.jpg","caption":"Quarto"`, imageToMeta},
	"media: ending and query":  {"send-media", `"mediaUrl":"https://cdn.example.com/a.JPG?v=1"`, `{"type":"image","image":{"link":"https://cdn.example.com/a.JPG?v=1"}}`},
	"media: video":             {"send-media", `"video":{"url":"https://cdn.example.com/a.mp4"}`, `{"type":"video","video":{"link":"https://cdn.example.com/a.mp4"}}`},
	"media: mov":               {"send-media", `"mediaUrl":"https://cdn.example.com/a.mov"`, `{"type":"video","video":{"link":"https://cdn.example.com/a.mov"}}`},
	"media: audio":             {"send-media", `"audio":"https://cdn.example.com/a.mp3","caption":"dropped"`, audioToMeta},
	"media: audio, object":     {"send-media", `"audio":{"url":"https://cdn.example.com/a.mp3"}`, audioToMeta},
	"media: other ending":      {"send-media", `"mediaUrl":"https://cdn.example.com/a.xlsx"`, `{"type":"document","document":{"link":"https://cdn.example.com/a.xlsx","filename":"a.xlsx"}}`},
	"media: no ending":         {"send-media", `"mediaUrl":"https://cdn.example.com/a"`, `{"type":"document","document":{"link":"https://cdn.example.com/a"}}`},
	"media: document":          {"send-media", `"document":{"url":"https://cdn.example.com/a.pdf","filename":"Tarifas.pdf","caption":"Veja"}`, `{"type":"document","document":{"link":"https://cdn.example.com/a.pdf","filename":"Tarifas.pdf","caption":"Veja"}}`},
	"image: Z-API":             {"send-image", `"image":"https://cdn.example.com/a.jpg","caption":"Quarto","viewOnce":false`, imageToMeta},
	"image: url":               {"send-image", `"url":"https://cdn.example.com/a.jpg","caption":"Quarto"`, imageToMeta},
	"video: Z-API":             {"send-video", `"video":"https://cdn.example.com/a.mp4","caption":"Praia"`, `{"type":"video","video":{"link":"https://cdn.example.com/a.mp4","caption":"Praia"}}`},
	"audio: Z-API":             {"send-audio", `"audio":"https://cdn.example.com/a.mp3","delayTyping":2`, audioToMeta},
	"document: Z-API":          {"send-document", `"document":"https://cdn.example.com/x","fileName":"a.pdf"`, `{"type":"document","document":{"link":"https://cdn.example.com/x","filename":"a.pdf"}}`},

	"template":                 {"send-template", `"template":"ola","parameters":["Ana",12]`, templateToMeta},
	"template: other names":    {"send-template", `"templateName":"ola","languageCode":"pt_BR","parameters":["Ana","12"]`, templateToMeta},
	"template: components":     {"send-template", `"template":"ola","language":"pt_BR","components":[{"type":"body","parameters":[{"type":"text","text":"Ana"},{"value":12}]}]`, templateToMeta},
	"template: objects":        {"send-template", `"template":{"name":"ola"},"language":{"code":"pt_BR"},"parameters":[{"text":"Ana"},{"value":"12"}]`, templateToMeta},
	"template: JSON":           {"send-template", `"template":"ola","parameters":"[\"Ana\",\"12\"]"`, templateToMeta},
	"template: none to fill":   {"send-template", `"template":"ola","language":"en_US","parameters":null`, `{"type":"template","template":{"name":"ola","language":{"code":"en_US"}}}`},
	"template: header, button": {"send-template", `"template":"ola","components":[{"type":"header","parameters":[{"type":"image","image":{"link":"https://cdn.example.com/a.jpg"}}]},{"type":"button","sub_type":"quick_reply","index":"1","parameters":[{"type":"payload","payload":"p"}]},{"type":"button","sub_type":"url","index":0,"parameters":[{"type":"text","text":"abc"}]}]`, `{"type":"template","template":{"name":"ola","language":{"code":"pt_BR"},"components":[{"type":"header","parameters":[{"type":"image","image":{"link":"https://cdn.example.com/a.jpg"}}]},{"type":"button","sub_type":"quick_reply","index":"1","parameters":[{"type":"payload","payload":"p"}]},{"type":"button","sub_type":"url","index":"0","parameters":[{"type":"text","text":"abc"}]}]}}`},
}

// TestEveryWordingOfASend holds what Meta is asked for each wording, and that the reply has
// exactly the keys of the contract and those that we add.
func TestEveryWordingOfASend(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	for name, v := range bodyVariants {
		phone := string(w.chat(h).card.Contact.Phone)
		r := w.do(http.MethodPost, "/api/n8n/"+v.at, `{"phone":"`+phone+`",`+v.body+`}`, keyed(h.key))
		if r.status != http.StatusOK {
			t.Errorf("%s: %d %s", name, r.status, r.body)
			continue
		}
		if diff := cmp.Diff(parsed(t, v.meta), w.asked()); diff != "" {
			t.Errorf("%s: Meta was asked otherwise (-want +got):\n%s", name, diff)
		}
		sent := r.json()
		ids, _ := sent["botReservaResponse"].(map[string]any)
		if wamid, _ := sent["messageId"].(string); !strings.HasPrefix(wamid, "wamid.") || ids["messageId"] != wamid || ids["id"] != sent["id"] || sent["zaapId"] != sent["id"] {
			t.Errorf("%s: %s", name, r.body)
		}
		if got := keysOf(sent) + " " + keysOf(ids); got != "botReservaResponse,id,messageId,status,success,zaapId id,messageId" {
			t.Errorf("%s: the keys are %s", name, got)
		}
	}
}

// TestSendsThatAreRefused: what cannot be cut is refused, with the field as the call has it.
func TestSendsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	to := w.chat(h)
	phone := string(to.card.Contact.Phone)
	for name, c := range map[string]struct{ at, body, field string }{
		"content without its type":    {"send-content", `"link":{"body":"x","label":"y","url":"https://hotel.example"}`, "type"},
		"content without its part":    {"send-content", `"type":"link"`, "link"},
		"a link without address":      {"send-content", `"type":"link","link":{"body":"x","label":"y"}`, "link.url"},
		"no message":                  {"send-buttons", `"buttons":[{"id":"a","label":"A"}]`, "message"},
		"no buttons":                  {"send-buttons", `"message":"x"`, "buttons"},
		"buttons are a text":          {"send-buttons", `"message":"x","buttons":"Sim"`, "buttons[0].id"},
		"four buttons":                {"send-buttons", `"message":"x","buttons":[{"label":"1"},{"label":"2"},{"label":"3"},{"label":"4"}]`, "buttons"},
		"buttons alike":               {"send-buttons", `"message":"x","buttons":[{"label":"1"},{"label":"1"}]`, "buttons[1].id"},
		"Z-API's buttons alike":       {"send-buttons", `"message":"x","buttonList":{"buttons":[{"label":"1"},{"id":"2","label":"1"}]}`, "buttonList.buttons[1].title"},
		"a button without label":      {"send-buttons", `"message":"x","buttons":[{"id":"1"}]`, "buttons[0].title"},
		"an id too long":              {"send-buttons", `"message":"x","buttons":[{"id":"` + strings.Repeat("i", 257) + `","label":"1"}]`, "buttons[0].id"},
		"a payload too long":          {"send-quick-replies", `"message":"x","quickReplies":[{"title":"a","payload":"` + strings.Repeat("i", 257) + `"}]`, "quickReplies[0].id"},
		"no rows":                     {"send-list", `"message":"x"`, "sections"},
		"no options":                  {"send-list", `"message":"x","optionList":{}`, "optionList.options"},
		"eleven options":              {"send-list", `"message":"x","optionList":{"options":[` + rows(11) + `]}`, "optionList.options"},
		"options alike":               {"send-list", `"message":"x","optionList":{"options":[{"title":"a"},{"title":"a"}]}`, "optionList.options[1].id"},
		"sections without titles":     {"send-list", `"message":"x","sections":[{"rows":[{"title":"a"}]},{"rows":[{"title":"b"}]}]`, "sections[0].title"},
		"no file":                     {"send-media", `"type":"image"`, "url"},
		"no file of its name":         {"send-media", `"type":"video","image":"https://a.example/x.jpg"`, "url"},
		"no address":                  {"send-media", `"mediaUrl":"quarto.jpg"`, "mediaUrl"},
		"not encrypted":               {"send-image", `"image":"http://a.example/x.jpg"`, "image"},
		"of no type":                  {"send-media", `"type":"hologram","url":"https://a.example/x"`, "type"},
		"no template":                 {"send-template", `"parameters":["x"]`, "template"},
		"a template's name":           {"send-template", `"template":"Olá"`, "template"},
		"an empty parameter":          {"send-template", `"template":"ola","parameters":["a",""]`, "parameters[1].text"},
		"a parameter of two lines":    {"send-template", `"template":"ola","parameters":["a\nb"]`, "parameters[0].text"},
		"a component of no form":      {"send-template", `"template":"ola","components":[{"type":"button","sub_type":"url","index":99,"parameters":[{"text":"x"}]}]`, "components[0].index"},
		"language":                    {"send-template", `"template":"ola","language":"português"`, "language"},
		"no guest":                    {"send-text", `"phone":null,"message":"x"`, "phone"},
		"a message too long to quote": {"send-text", `"message":" "`, ""},
	} {
		r := w.do(http.MethodPost, "/api/n8n/"+c.at, `{"phone":"`+phone+`",`+c.body+`}`, keyed(h.key))
		if r.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, r.status, r.body)
			continue
		}
		details, _ := r.json()["details"].([]any)
		if c.field == "" {
			continue
		}
		if len(details) == 0 || details[0].(map[string]any)["path"] != c.field || details[0].(map[string]any)["code"] == nil {
			t.Errorf("%s: not about %s: %s", name, c.field, r.body)
		}
	}
	if w.meta.last() != nil {
		t.Errorf("Meta was asked: %v", w.meta.last())
	}
	other := w.chat(w.hotel())
	w.do(http.MethodPost, "/api/n8n/send-buttons", `{"phone":"`+phone+`","message":"x","buttons":[{"label":"1"}]}`, keyed(other.hotel.key)).want(http.StatusNotFound, "contact_not_found")
	w.do(http.MethodPost, "/api/n8n/send-text", `{"phone":"123456789012345678","channel":"instagram","message":"x"}`, keyed(h.key)).want(http.StatusUnprocessableEntity, "channel_not_supported")
	held := w.chat(h, pgtest.LockedBy("system"))
	w.do(http.MethodPost, "/api/n8n/send-list", `{"phone":"`+string(held.card.Contact.Phone)+`","message":"x","sections":[{"rows":[{"title":"a"}]}]}`, keyed(h.key)).want(http.StatusConflict, "ia_locked")
}

func rows(n int) string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf(`{"title":"%d"}`, i))
	}
	return strings.Join(out, ",")
}

// TestOwnFilesByFlows: the address of one of our files, signed or not, is sent as that file.
func TestOwnFilesByFlows(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	to := w.chat(h)
	f := w.file(h, "quarto.png", pixel)
	send := func(address string, want int) {
		t.Helper()
		body, _ := json.Marshal(obj{"phone": to.card.Contact.Phone, "image": address})
		w.do(http.MethodPost, "/api/n8n/send-image", string(body), keyed(h.key)).want(want)
	}
	w.work()
	w.meta.answer = func(out http.ResponseWriter, body map[string]any) bool {
		if body["type"] == nil { // an upload
			_, _ = out.Write([]byte(`{"id":"4711"}`))
			return true
		}
		return false
	}
	send(w.links.To(h.ID, f.Name), http.StatusOK)
	if diff := cmp.Diff(parsed(t, `{"type":"image","image":{"id":"4711"}}`), w.asked()); diff != "" {
		t.Error(diff)
	}
	other := w.file(w.hotel(), "a.png", pixel)
	address, _ := url.Parse(w.links.To(h.ID, f.Name))
	send("https://"+address.Host+"/api/media/"+h.ID.String()+"/"+other.Name, http.StatusNotFound)
}

func keysOf(object map[string]any) string {
	return strings.Join(slices.Sorted(maps.Keys(object)), ",")
}
