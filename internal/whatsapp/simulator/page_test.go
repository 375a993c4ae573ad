package simulator

import (
	"fmt"
	"strings"
	"testing"
)

// fromMarina is every message that the page's guest can send, with a word that the page must show for it.
var fromMarina = []struct {
	m    Inbound
	word string
}{
	{Text("Há quarto?"), "Há quarto?"},
	{Image("Vista da praia"), "Vista da praia"},
	{Video("O barulho"), "O barulho"},
	{Audio(), ""},
	{Voice(), ""},
	{Document("voucher.pdf", "Segue"), "voucher.pdf"},
	{Sticker(), ""},
	{Location(-23.5, -46.6, "Masp", "Paulista"), "Masp"},
	{ContactCard("Agência Rota Sul", "+55 51 99876-5432"), "Agência Rota Sul"},
	{Unsupported("poll_creation"), "não recebe"},
	{Order("800", "Entregar no 204", []byte(`[{"product_retailer_id":"AGUA","quantity":2}]`)), "2 × AGUA"},
	{FromAd("Quero saber mais"), "Quero saber mais"},
}

// fromHotel is every type that the hotel can send, with a word that the page must show for it.
var fromHotel = []struct{ kind, content, word string }{
	{"text", `{"body":"Temos, sim!"}`, "Temos, sim!"},
	{"image", `{"link":"https://a.example/a.jpg","caption":"O quarto"}`, "O quarto"},
	{"video", `{"link":"https://a.example/a.mp4","caption":"A praia"}`, "A praia"},
	{"audio", `{"link":"https://a.example/a.ogg","voice":true}`, ""},
	{"document", `{"link":"https://a.example/a.pdf","filename":"tarifas.pdf"}`, "tarifas.pdf"},
	{"sticker", `{"link":"https://a.example/a.webp"}`, ""},
	{"location", `{"latitude":-23,"longitude":-45,"name":"Hotel Exemplo"}`, "Hotel Exemplo"},
	{"contacts", `[{"name":{"formatted_name":"Recepção 24 h"},"phones":[{"phone":"+551133334444"}]}]`, "Recepção 24 h"},
	{"interactive", interactive("button", `{"buttons":[{"type":"reply","reply":{"id":"sim","title":"Confirmar"}}]}`, `,"footer":{"text":"Até logo"}`), "Confirmar"},
	{"interactive", interactive("list", `{"button":"Ver quartos","sections":[{"rows":[{"id":"luxo","title":"Luxo vista mar"}]}]}`, ""), "Ver quartos"},
	{"interactive", interactive("cta_url", `{"name":"cta_url","parameters":{"display_text":"Abrir site","url":"https://a.example"}}`, ""), "Abrir site"},
	{"interactive", interactive("location_request_message", `{"name":"send_location"}`, ""), "Enviar localização"},
	{"interactive", interactive("flow", `{"name":"flow","parameters":{"flow_message_version":"3","flow_id":"1","flow_cta":"Fazer check-in"}}`, ""), "Fazer check-in"},
	{"interactive", interactive("carousel", `{"cards":[`+many(2, `{"card_index":%d,"type":"cta_url","header":{"type":"image","image":{"link":"https://a.example/a.jpg"}},"body":{"text":"Pacote %d"},"action":{"name":"cta_url","parameters":{"display_text":"Reservar","url":"https://a.example"}}}`)+`]}`, ""), "Pacote 1"},
	{"interactive", `{"type":"product","action":{"catalog_id":"1","product_retailer_id":"agua-500"}}`, "agua-500"},
	{"interactive", interactive("product_list", `{"catalog_id":"1","sections":[{"title":"Frigobar","product_items":[{"product_retailer_id":"suco"}]}]}`, `,"header":{"type":"text","text":"Quartos"}`), "Frigobar"},
	{"interactive", interactive("catalog_message", `{"name":"catalog_message"}`, ""), "Catálogo"},
	{"interactive", `{"type":"call_permission_request","action":{"name":"call_permission_request"}}`, "Não permitir"},
	{"interactive", interactive("voice_call", `{"name":"voice_call","parameters":{"display_text":"Fale conosco"}}`, ""), "Fale conosco"},
	{"interactive", interactive("request_contact_info", `{"name":"request_contact_info"}`, ""), "Compartilhar contato"},
	{"interactive", interactive("order_details", `{"name":"review_and_pay","parameters":{"reference_id":"R8841","currency":"BRL","total_amount":{"value":10050,"offset":100}}}`, ""), "100,50"},
	{"interactive", interactive("order_status", `{"name":"review_order","parameters":{"reference_id":"R8842","order":{"status":"completed"}}}`, ""), "R8842"},
	{"template", `{"name":"boas_vindas","language":{"code":"pt_BR"},"components":[{"type":"body","parameters":[{"type":"text","text":"Marina"}]},{"type":"button","sub_type":"quick_reply","index":0,"parameters":[{"type":"payload","payload":"Ver reserva"}]}]}`, "Ver reserva"},
}

// The page in a real browser: it shows every type in both directions, and what is pressed and typed there arrives.
func TestPhonePageInABrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts a browser")
	}
	w := start(t, func(o *Options) { o.Knobs.PairRate, o.Knobs.Window = Off, Off })
	if err := w.marina().Set(GuestSettings{Name: "Marina Duarte"}); err != nil {
		t.Fatal(err)
	}
	b := chromium(t, w.http.URL+"/phone#hotel="+hotel+"&phones="+marina)
	for _, c := range fromMarina {
		if _, err := w.marina().Sends(within(t), c.m); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range fromHotel {
		if a := w.sends(t, c.kind, c.content); a.status != 200 {
			t.Fatalf("%s: %s", c.content, a.raw)
		}
	}
	b.eval(fmt.Sprintf(`document.querySelectorAll(".bubble").length === %d`, len(fromMarina)+len(fromHotel)))
	shown := b.eval(`document.querySelector(".chat").innerText`)
	for _, c := range fromMarina {
		if !strings.Contains(shown, c.word) {
			t.Errorf("%s: nothing of %q", c.m.Type, c.word)
		}
	}
	for _, c := range fromHotel {
		if !strings.Contains(strings.ReplaceAll(shown, "\u00a0", " "), c.word) {
			t.Errorf("%s: nothing of %q", c.kind, c.word)
		}
	}
	for _, bad := range []string{"Mensagem do tipo", "undefined", "[object"} {
		if strings.Contains(shown, bad) {
			t.Errorf("the page shows %q:\n%s", bad, shown)
		}
	}
	b.picture()
	w.usesThePage(t, b)
	if len(b.exceptions) > 0 {
		t.Errorf("exceptions: %q", b.exceptions)
	}
}

// usesThePage presses and types, and looks for what came of it in the simulator.
func (w *world) usesThePage(t *testing.T, b *browser) {
	t.Helper()
	press := func(label string) {
		t.Helper()
		b.eval(`(() => { const x = [...document.querySelectorAll("button")].filter((x) => x.checkVisibility() && x.textContent.trim() === ` +
			fmt.Sprintf("%q", label) + `).at(-1); x?.click(); return !!x; })()`)
	}
	said := func(want func(Entry) bool) {
		t.Helper()
		if _, err := w.marina().Await(within(t), func(all []Entry) bool { return want(all[len(all)-1]) }); err != nil {
			t.Error(err)
		}
	}
	press("Confirmar")
	said(func(e Entry) bool { return e.Type == "interactive" && e.Text == "Confirmar" })
	press("☰ Ver quartos")
	press("Luxo vista mar")
	said(func(e Entry) bool { return e.Text == "Luxo vista mar" })
	press("Fazer check-in")
	said(func(e Entry) bool { return strings.Contains(string(e.Content), "nfm_reply") })
	press("Enviar localização")
	said(func(e Entry) bool { return e.Type == "location" })
	for label, kind := range map[string]string{"Pedido": "order", "Vídeo": "video", "Figurinha": "sticker"} {
		b.eval(`(document.querySelector(".attach").click(), true)`)
		press(label)
		said(func(e Entry) bool { return e.Type == kind })
	}
	b.eval(`(() => { const f = document.querySelector("form.composer"); f.querySelector("textarea").value = "digitado"; f.requestSubmit(); return true; })()`)
	said(func(e Entry) bool { return e.Text == "digitado" })
	b.eval(`(() => { const x = [...document.querySelectorAll(".bubble.mine")].find((x) => x.innerText.includes("digitado"))?.querySelector('[aria-label="Editar"]'); x?.click(); return !!x; })()`)
	b.eval(`(() => { const f = document.querySelector("form.composer"); f.querySelector("textarea").value = "corrigido"; f.requestSubmit(); return true; })()`)
	b.eval(`document.querySelector(".chat").innerText.includes("corrigido")`)
	b.eval(`(() => { const x = [...document.querySelectorAll(".bubble.mine")].find((x) => x.innerText.includes("corrigido"))?.querySelector('[aria-label="Apagar"]'); x?.click(); return !!x; })()`)
	b.eval(`document.querySelector(".chat").innerText.includes("Mensagem apagada")`)
	if shown := b.eval(`document.querySelector(".chat").innerText`); strings.Contains(shown, "corrigido") {
		t.Error("what was taken back is still shown")
	}
}
