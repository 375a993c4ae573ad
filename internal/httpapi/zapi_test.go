package httpapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/httpapi"
)

// zapiVariants are calls as Z-API's documentation has them, and what Meta is asked for them.
var zapiVariants = map[string]struct{ call, body, meta string }{
	"text":      {"send-text", `"message":"Oi"`, `{"type":"text","text":{"body":"Oi","preview_url":false}}`},
	"picture":   {"send-image", `"image":"https://cdn.example.com/a.jpg","caption":"Quarto"`, imageToMeta},
	"video":     {"send-video", `"video":"https://cdn.example.com/a.mp4"`, `{"type":"video","video":{"link":"https://cdn.example.com/a.mp4"}}`},
	"audio":     {"send-audio", `"audio":"https://cdn.example.com/a.mp3"`, audioToMeta},
	"document":  {"send-document/pdf", `"document":"https://cdn.example.com/x","caption":"Veja"`, `{"type":"document","document":{"link":"https://cdn.example.com/x","filename":"documento.pdf","caption":"Veja"}}`},
	"its name":  {"send-document/pdf", `"document":"https://cdn.example.com/x","fileName":"a.pdf"`, `{"type":"document","document":{"link":"https://cdn.example.com/x","filename":"a.pdf"}}`},
	"buttons":   {"send-button-list", `"message":"Posso?","buttonList":{"buttons":[{"id":"s","label":"Sim"},{"id":"n","label":"Não"}]}`, buttonsToMeta},
	"list":      {"send-option-list", `"message":"Qual?","optionList":{"title":"Litoral","buttonLabel":"Ver opções","options":[{"id":"i","title":"Ilhabela","description":"Pé na areia"},{"id":"c","title":"Camburi"}]}`, listToMeta},
	"replies":   {"send-button-actions", `"message":"Posso?","buttonActions":[{"id":"s","type":"REPLY","label":"Sim"},{"id":"n","type":"REPLY","label":"Não"}]`, buttonsToMeta},
	"a link":    {"send-button-actions", `"message":"Fotos","footer":"Hotel","buttonActions":[{"type":"URL","label":"Ver","url":"https://hotel.example/q"}]`, `{"type":"interactive","interactive":{"type":"cta_url","body":{"text":"Fotos"},"footer":{"text":"Hotel"},"action":{"name":"cta_url","parameters":{"display_text":"Ver","url":"https://hotel.example/q"}}}}`},
	"place":     {"send-location", `"title":"Hotel","address":"Praia","latitude":"-23.5","longitude":"-45.25"`, `{"type":"location","location":{"latitude":"-23.5","longitude":"-45.25","name":"Hotel","address":"Praia"}}`},
	"a contact": {"send-contact", `"contactName":"Ana","contactPhone":"55 12 98888-7777"`, `{"type":"contacts","contacts":[{"name":{"formatted_name":"Ana","first_name":"Ana"},"phones":[{"phone":"55 12 98888-7777","wa_id":"5512988887777"}]}]}`},
	"contacts":  {"send-contacts", `"contacts":[{"name":"Ana","phones":["5512988887777"]}]`, `{"type":"contacts","contacts":[{"name":{"formatted_name":"Ana","first_name":"Ana"},"phones":[{"phone":"5512988887777","wa_id":"5512988887777"}]}]}`},
	"reaction":  {"send-reaction", `"messageId":"$id","reaction":"👍"`, `{"type":"reaction","reaction":{"message_id":"$id","emoji":"👍"}}`},
	"none":      {"send-remove-reaction", `"messageId":"$id"`, `{"type":"reaction","reaction":{"message_id":"$id","emoji":""}}`},
	"a quote":   {"send-text", `"message":"Oi","messageId":"$id"`, `{"type":"text","context":{"message_id":"$id"},"text":{"body":"Oi","preview_url":false}}`},
	"a card":    {"send-carousel", `"carousel":[{"text":"Posso?","buttons":[{"id":"s","label":"Sim","type":"REPLY"},{"id":"n","label":"Não","type":"REPLY"}]}]`, buttonsToMeta},
}

// zapiAt is where a hotel's flow calls in Z-API's form.
func zapiAt(h hotel, call string) string {
	_, secret, _ := strings.Cut(h.key, ":")
	return "/instances/" + h.Slug + "/token/" + secret + "/" + call
}

// TestZAPIsForm: each call of Z-API's is one of ours, and answered with Z-API's three ids.
func TestZAPIsForm(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	w.do(http.MethodPut, "/api/tenants/n8n-config", `{"zapiFacade":true}`, as(w.token(h.Admin))).want(http.StatusOK)
	for name, v := range zapiVariants {
		c := w.chat(h)
		named := strings.NewReplacer("$id", c.message.WAMID)
		r := w.do(http.MethodPost, zapiAt(h, v.call), `{"phone":"`+string(c.card.Contact.Phone)+`",`+named.Replace(v.body)+`}`, with("Client-Token", "x"))
		if r.status != http.StatusOK {
			t.Errorf("%s: %d %s", name, r.status, r.body)
			continue
		}
		if diff := cmp.Diff(parsed(t, named.Replace(v.meta)), w.asked()); diff != "" {
			t.Errorf("%s: Meta was asked otherwise (-want +got):\n%s", name, diff)
		}
		sent := r.json()
		if len(sent) != 3 || sent["id"] != sent["messageId"] || sent["zaapId"] == "" || !strings.HasPrefix(sent["messageId"].(string), "wamid") {
			t.Errorf("%s: answered %s", name, r.body)
		}
	}
	c := w.chat(h)
	if r := w.do(http.MethodPost, zapiAt(h, "read-message"), `{"phone":"`+string(c.card.Contact.Phone)+`","messageId":"`+c.message.WAMID+`"}`); r.status != http.StatusNoContent || len(r.body) != 0 {
		t.Errorf("read: %d %s", r.status, r.body)
	}
	w.do(http.MethodPost, strings.Replace(zapiAt(h, "send-text"), "/token/", "/token/"+h.Slug+":", 1), `{"phone":"`+string(c.card.Contact.Phone)+`","message":"Oi"}`).want(http.StatusOK)
}

// TestZAPIsFormIsRefused: as our own calls are, where the hotel has not switched it on, and for
// what WhatsApp cannot show. Nothing is logged of the key.
func TestZAPIsFormIsRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	to := string(w.chat(h).card.Contact.Phone)
	text := `{"phone":"` + to + `","message":"Oi"}`
	at := zapiAt(h, "send-text")
	w.do(http.MethodPost, at, text).want(http.StatusForbidden, "zapi_facade_off")
	w.do(http.MethodPost, strings.Replace(at, "/token/", "/token/x", 1), text).want(http.StatusUnauthorized, "invalid_api_key")
	w.do(http.MethodPut, "/api/tenants/n8n-config", `{"zapiFacade":true}`, as(w.token(h.Admin))).want(http.StatusOK)
	if said := w.audited(h, "UPDATE_TENANT"); !strings.Contains(said, `"zapiFacade": true`) {
		t.Errorf("the log says %s", said)
	}
	w.do(http.MethodPost, strings.Replace(at, "/token/", "/token/x", 1), text).want(http.StatusUnauthorized, "invalid_api_key")
	w.do(http.MethodPost, zapiAt(w.hotel(), "send-text"), text).want(http.StatusForbidden, "zapi_facade_off")
	w.do(http.MethodPost, zapiAt(h, "create-group"), text).want(http.StatusNotFound, "route_not_found")
	w.do(http.MethodGet, at, nil).want(http.StatusMethodNotAllowed)
	w.do(http.MethodPost, at, `{`).want(http.StatusBadRequest, "invalid_json")
	w.do(http.MethodPost, at, `[]`).want(http.StatusBadRequest)
	w.do(http.MethodPost, at, ``).want(http.StatusBadRequest)
	w.do(http.MethodPost, zapiAt(h, "send-image"), `{"image":"`+strings.Repeat("x", 9<<20)+`"}`).want(http.StatusRequestEntityTooLarge)
	for name, actions := range map[string]string{
		"a call": `[{"type":"CALL","phone":"5512988887777","label":"Ligar"}]`, "both": `[{"type":"REPLY","label":"a"},{"type":"URL","url":"https://a.example","label":"b"}]`,
		"none": `[]`, "two links": `[{"type":"URL","url":"https://a.example","label":"b"},{"type":"URL","url":"https://a.example/c","label":"d"}]`,
	} {
		r := w.do(http.MethodPost, zapiAt(h, "send-button-actions"), `{"phone":"`+to+`","message":"x","buttonActions":`+actions+`}`)
		if r.status != http.StatusBadRequest || r.json()["retryable"] != false {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	_, secret, _ := strings.Cut(h.key, ":")
	if logged := w.logs.String(); strings.Contains(logged, secret) {
		t.Errorf("the key is logged: %s", logged)
	}
}

// FuzzZAPIBodies reads anything as the body of each call: the words of it that are ours are an
// object, or what was written.
func FuzzZAPIBodies(f *testing.F) {
	for _, v := range zapiVariants {
		f.Add([]byte("{" + v.body + "}"))
	}
	f.Add([]byte(`{"buttonActions":[null,{"type":{}}],"contacts":"[{]","contactName":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for call := range zapiVariants {
			out := httpapi.ZAPIWords(zapiVariants[call].call, data)
			if json.Valid(data) && len(out) > 0 && !json.Valid(out) {
				t.Fatalf("%s: %q became %q", call, data, out)
			}
		}
	})
}
