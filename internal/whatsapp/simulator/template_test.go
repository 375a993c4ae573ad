package simulator

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	wabaID    = "301200000000001"
	templates = "/v25.0/" + wabaID + "/message_templates"
)

// newForm is a good template with everything, in which tests break one thing.
const newForm = `{"name":"confirmacao_reserva","language":"pt_BR","category":"UTILITY","parameter_format":"NAMED","components":[` +
	`{"type":"HEADER","format":"DOCUMENT","example":{"header_handle":["4::handle"]}},` +
	`{"type":"BODY","text":"Olá {{nome}}, sua reserva para {{checkin}} está confirmada. Até logo!","example":{"body_text_named_params":[{"param_name":"nome","example":"Marina"},{"param_name":"checkin","example":"12/12"}]}},` +
	`{"type":"FOOTER","text":"Hotel Exemplo"},` +
	`{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Confirmar"},{"type":"URL","text":"Ver reserva","url":"https://hotel.example/r/{{1}}","example":["https://hotel.example/r/8841"]}]}]}`

// simple is the smallest good template.
func simple(name string) string {
	return `{"name":"` + name + `","language":"pt_BR","category":"MARKETING","components":[{"type":"BODY","text":"Promoção de verão"}]}`
}

func (w *world) makes(t *testing.T, form string) string {
	t.Helper()
	var made struct{ ID, Status string }
	a := w.call(t, "POST", templates, form)
	if err := json.Unmarshal([]byte(a.raw), &made); err != nil || made.ID == "" || made.Status != TemplatePending {
		t.Fatalf("create: %s", a.raw)
	}
	return made.ID
}

func (w *world) decides(t *testing.T, id, decision string) {
	t.Helper()
	if a := w.control(t, "POST", "businesses/"+wabaID+"/templates/"+id+"/decision", `{"decision":"`+decision+`"}`, nil); a.status != 200 {
		t.Fatalf("%s: %s", decision, a.raw)
	}
}

// bodies waits for n webhooks and joins them.
func (w *world) bodies(t *testing.T, n int) string {
	t.Helper()
	var out []string
	for _, h := range w.recv.await(t, n) {
		out = append(out, string(h.body))
	}
	return strings.Join(out, "\n")
}

func TestTemplateLifeFromCreationToDeletion(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.Knobs.Rules.ReviewMs = 60_000 })
	id := w.makes(t, newForm)
	send := func() answer {
		return w.sends(t, "template", `{"name":"confirmacao_reserva","language":{"code":"pt_BR"},"components":[`+
			`{"type":"header","parameters":[{"type":"document","document":{"link":"https://hotel.example/v.pdf","filename":"v.pdf"}}]},`+
			`{"type":"body","parameters":[{"type":"text","parameter_name":"nome","text":"Marina"},{"type":"text","parameter_name":"checkin","text":"12/12"}]},`+
			`{"type":"button","sub_type":"quick_reply","index":"0","parameters":[{"type":"payload","payload":"ok:8841"}]},`+
			`{"type":"button","sub_type":"url","index":"1","parameters":[{"type":"text","text":"8841"}]}]}`)
	}
	if a := send(); a.status != 404 || a.Code != 132001 {
		t.Errorf("pending: %s", a.raw)
	}
	w.sim.Advance(time.Minute)
	if body := w.bodies(t, 1); !strings.Contains(body, `"event":"APPROVED"`) || !strings.Contains(body, `"message_template_id":`+id) || !strings.Contains(body, `"time":`) {
		t.Fatal(body)
	}
	if a := send(); a.status != 200 {
		t.Fatalf("approved: %s", a.raw)
	}
	if e := w.marina().Transcript()[0]; e.Text != "Olá Marina, sua reserva para 12/12 está confirmada. Até logo!" || e.Choices[0].ID != "ok:8841" {
		t.Errorf("%+v", e)
	}
	if a := w.call(t, "GET", "/v25.0/"+id+"?fields=name,status,quality_score,rejected_reason,parameter_format", ""); !strings.Contains(a.raw, `"status":"APPROVED"`) {
		t.Error(a.raw)
	}
	edit := `{"components":[{"type":"BODY","text":"Reserva confirmada"}]}`
	if a := w.call(t, "POST", "/v25.0/"+id, `{"category":"MARKETING"}`); a.Code != 100 {
		t.Errorf("category of an approved one: %s", a.raw)
	}
	if a := w.call(t, "POST", "/v25.0/"+id, edit); a.raw != `{"success":true}` {
		t.Fatalf("edit: %s", a.raw)
	}
	w.sim.Advance(time.Minute)
	if a := w.call(t, "POST", "/v25.0/"+id, edit); a.Code != 100 {
		t.Errorf("second edit of the day: %s", a.raw)
	}
	for n := 2; strings.Count(w.bodies(t, n), `"event":"APPROVED"`) < 2; n++ { // the edit is reviewed beside us
	}
	if a := w.call(t, "DELETE", templates+"?name=confirmacao_reserva", ""); a.raw != `{"success":true}` {
		t.Fatalf("delete: %s", a.raw)
	}
	if a := w.call(t, "POST", templates, newForm); a.Sub != subNameBlocked {
		t.Errorf("name within 30 days: %s", a.raw)
	}
	w.sim.Advance(31 * 24 * time.Hour)
	w.makes(t, newForm)
}

func TestTemplateFormsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := start(t)
	replace := func(old, put string) string { return strings.Replace(newForm, old, put, 1) }
	buttons := func(list string) string {
		return newForm[:strings.Index(newForm, `{"type":"BUTTONS"`)] + `{"type":"BUTTONS","buttons":[` + list + `]}]}`
	}
	body := func(text string) string {
		return `{"name":"a","language":"pt_BR","category":"UTILITY","components":[{"type":"BODY","text":"` + text + `"}]}`
	}
	quick := `{"type":"QUICK_REPLY","text":"A"}`
	link := `{"type":"URL","text":"A","url":"https://a.example"}`
	for name, c := range map[string]struct {
		form string
		sub  int
	}{
		"name":               {replace("confirmacao_reserva", "Confirmação"), subBody},
		"language":           {replace("pt_BR", "brazil"), subBody},
		"category":           {replace("UTILITY", "NEWS"), 0},
		"no components":      {`{"name":"a","language":"pt_BR","category":"UTILITY"}`, subBody},
		"no body":            {replace(`{"type":"BODY"`, `{"type":"SMOKE"`), subBody},
		"long body":          {body(x(1025)), subLength},
		"variable at start":  {body("{{1}} bem-vindo ao hotel"), subEdgeHole},
		"variable at end":    {body("Bem-vindo ao hotel {{1}}"), subEdgeHole},
		"too many variables": {body("Olá {{1}} {{2}} {{3}} fim"), subManyHoles},
		"no example":         {body("Olá {{1}}, bem-vindo ao hotel"), subBody},
		"numbers with gap":   {body("Olá {{2}}, bem-vindo ao hotel"), subBody},
		"long header":        {replace(`"format":"DOCUMENT","example":{"header_handle":["4::handle"]}`, `"format":"TEXT","text":"`+x(61)+`"`), subLength},
		"header two holes":   {replace(`"format":"DOCUMENT","example":{"header_handle":["4::handle"]}`, `"format":"TEXT","text":"{{1}} {{2}}"`), subHeader},
		"header no sample":   {replace(`,"example":{"header_handle":["4::handle"]}`, ``), subHeader},
		"header format":      {replace(`"DOCUMENT"`, `"MUSIC"`), subHeader},
		"long footer":        {replace("Hotel Exemplo", x(61)), subLength},
		"footer variable":    {replace("Hotel Exemplo", "{{1}}"), subFooter},
		"eleven buttons":     {buttons(many(11, quick)), subLength},
		"long label":         {buttons(`{"type":"QUICK_REPLY","text":"` + x(26) + `"}`), subLength},
		"three links":        {buttons(many(3, link)), subLength},
		"mixed buttons":      {buttons(quick + "," + link + "," + quick), subBody},
		"bad link":           {buttons(`{"type":"URL","text":"A","url":"hotel"}`), subLength},
		"variable in link":   {buttons(`{"type":"URL","text":"A","url":"https://a.example/{{1}}/x","example":["x"]}`), subBody},
		"two phones":         {buttons(many(2, `{"type":"PHONE_NUMBER","text":"A","phone_number":"+551133334444"}`)), subLength},
		"unknown button":     {buttons(`{"type":"SLIDER","text":"A"}`), subBody},
		"short life":         {replace(`"parameter_format"`, `"message_send_ttl_seconds":29,"parameter_format"`), subBody},
		"one card":           {`{"name":"a","language":"pt_BR","category":"MARKETING","components":[{"type":"BODY","text":"Veja"},{"type":"CAROUSEL","cards":[{"components":[]}]}]}`, subLength},
		"unlike cards":       {`{"name":"a","language":"pt_BR","category":"MARKETING","components":[{"type":"BODY","text":"Veja"},{"type":"CAROUSEL","cards":[{"components":[{"type":"BODY","text":"a"}]},{"components":[]}]}]}`, subBody},
		"offer with footer":  {replace(`{"type":"FOOTER"`, `{"type":"LIMITED_TIME_OFFER","limited_time_offer":{"text":"Só hoje"}},{"type":"FOOTER"`), subFooter},
		"unknown key":        {replace(`"parameter_format"`, `"colour":1,"parameter_format"`), 0},
	} {
		if a := w.call(t, "POST", templates, c.form); a.status != 400 || a.Code != 100 || a.Sub != c.sub {
			t.Errorf("%s: %d %s, want subcode %d", name, a.status, a.raw, c.sub)
		}
	}
	w.makes(t, newForm)
	if a := w.call(t, "POST", templates, newForm); a.Sub != subExists {
		t.Errorf("twice: %s", a.raw)
	}
	if a := w.call(t, "DELETE", templates+"?name=nada", ""); a.status != 400 {
		t.Errorf("delete nothing: %s", a.raw)
	}
}

func TestTemplateListFiltersPagesAndForgedCursors(t *testing.T) {
	t.Parallel()
	w := start(t)
	for i := range 7 {
		w.makes(t, simple(fmt.Sprintf("promo_%d", i)))
	}
	var seen []string
	next := templates + "?limit=3&fields=name"
	for pages := 0; next != "" && pages < 5; pages++ {
		var page struct {
			Data   []struct{ Name string }
			Paging struct{ Next string }
		}
		a := w.call(t, "GET", next, "")
		if err := json.Unmarshal([]byte(a.raw), &page); err != nil {
			t.Fatal(a.raw)
		}
		for _, row := range page.Data {
			seen = append(seen, row.Name)
		}
		next = ""
		if u, err := url.Parse(page.Paging.Next); err == nil && page.Paging.Next != "" {
			next = u.RequestURI()
		}
	}
	if len(seen) != 7 || seen[6] != "promo_6" {
		t.Errorf("saw %v", seen)
	}
	for query, want := range map[string]int{"name=promo_1": 1, "status=approved": 0, "status=pending": 7, "content=VERÃO": 7, "language=en_US": 0} {
		if a := w.call(t, "GET", templates+"?"+query, ""); strings.Count(a.raw, `"status":"PENDING"`) != want {
			t.Errorf("%s: %s", query, a.raw)
		}
	}
	if a := w.call(t, "GET", templates+"?after=QWER", ""); a.Code != 131059 {
		t.Errorf("forged: %s", a.raw)
	}
	addFault(t, w, Fault{Effect: EffectBadCursor, Times: 1})
	if a := w.call(t, "GET", templates, ""); a.Code != 131059 {
		t.Errorf("stale: %s", a.raw)
	}
	addFault(t, w, Fault{Effect: EffectEmptyPage, Times: 1})
	if a := w.call(t, "GET", templates, ""); !strings.Contains(a.raw, `"data":[]`) || !strings.Contains(a.raw, `"next"`) {
		t.Errorf("empty page: %s", a.raw)
	}
}

func TestTemplateQualityPausesAndDisables(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.Knobs.Rules.Verdict = VerdictWait })
	id := w.makes(t, simple("promo"))
	w.decides(t, id, "approve")
	send := func() answer { return w.sends(t, "template", `{"name":"promo","language":{"code":"pt_BR"}}`) }
	for _, hours := range []time.Duration{3, 6} {
		w.decides(t, id, "RED")
		if a := send(); a.Code != 132015 {
			t.Fatalf("paused: %s", a.raw)
		}
		w.sim.Advance(hours*time.Hour + time.Minute)
		awaitTrue(t, func() bool { return w.sim.Templates(wabaID)[0].Status == TemplateApproved })
		w.decides(t, id, "GREEN")
	}
	w.decides(t, id, "RED")
	if a := send(); a.Code != 132016 {
		t.Errorf("the third time: %s", a.raw)
	}
	if a := w.call(t, "DELETE", templates+"?name=promo", ""); a.status != 400 {
		t.Errorf("delete a disabled one: %s", a.raw)
	}
	w.decides(t, id, "UTILITY")
	w.idle(t)
	all := w.bodies(t, 1)
	for _, word := range []string{"FIRST_PAUSE", "SECOND_PAUSE", `"UNPAUSE"`, `"DISABLED"`, "message_template_quality_update", "template_category_update", `"previous_category":"MARKETING"`} {
		if !strings.Contains(all, word) {
			t.Errorf("nothing told of %s", word)
		}
	}
	if a := w.control(t, "POST", "businesses/"+wabaID+"/templates/"+id+"/decision", `{"decision":"burn"}`, nil); a.status != 400 {
		t.Error(a.raw)
	}
	if a := w.control(t, "POST", "businesses/"+wabaID+"/templates/1/decision", `{"decision":"approve"}`, nil); a.status != 404 {
		t.Error(a.raw)
	}
}

func TestReviewRejectsWhenTold(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.Knobs.Rules.Verdict, o.Knobs.Rules.ReviewMs = VerdictReject, 0 })
	id := w.makes(t, simple("promo"))
	if body := w.bodies(t, 1); !strings.Contains(body, `"rejection_info"`) || !strings.Contains(body, `"INVALID_FORMAT"`) {
		t.Error(body)
	}
	if a := w.call(t, "GET", "/v25.0/"+id+"?fields=rejected_reason", ""); !strings.Contains(a.raw, "INVALID_FORMAT") {
		t.Error(a.raw)
	}
}

func TestPacingHoldsTheFirstMessages(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.Knobs.Rules.Verdict, o.Knobs.Rules.Pacing = VerdictWait, 2 })
	id := w.makes(t, simple("promo"))
	w.decides(t, id, "approve")
	send := func() answer { return w.sends(t, "template", `{"name":"promo","language":{"code":"pt_BR"}}`) }
	first := send()
	if !strings.Contains(first.raw, "held_for_quality_assessment") {
		t.Fatal(first.raw)
	}
	w.idle(t)
	if got := w.recv.statuses(t, first.WAMID); len(got) != 0 {
		t.Errorf("held, and yet %v", got)
	}
	w.decides(t, id, "release")
	awaitTrue(t, func() bool { return len(w.recv.statuses(t, first.WAMID)) == 2 })
	if a := send(); !strings.Contains(a.raw, `"accepted"`) {
		t.Errorf("after the release: %s", a.raw)
	}
	w.decides(t, id, "unpause")
	second := send()
	w.decides(t, id, "pace")
	awaitTrue(t, func() bool { got := w.recv.statuses(t, second.WAMID); return len(got) == 1 && got[0] == "failed" })
	if a := w.call(t, "POST", "/v25.0/"+id+"/unpause", ""); a.raw != `{"success":true}` {
		t.Errorf("unpause: %s", a.raw)
	}
	if a := w.call(t, "POST", "/v25.0/"+id+"/unpause", ""); a.status != 400 {
		t.Errorf("unpause twice: %s", a.raw)
	}
}

// What a send gives must fit the template's form.
func TestTemplateSendsMustFit(t *testing.T) {
	t.Parallel()
	raw := func(text string) json.RawMessage { return json.RawMessage(text) }
	w := start(t, func(o *Options) {
		o.Knobs.PairRate = Off
		o.Accounts[0].Templates = []Template{
			{Name: "foto", Language: "pt_BR", Components: raw(`[{"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"Veja"}]`)},
			{Name: "link", Language: "pt_BR", Components: raw(`[{"type":"BODY","text":"Veja"},{"type":"BUTTONS","buttons":[{"type":"URL","text":"Ver","url":"https://a.example/{{1}}"}]}]`)},
			{Name: "codigo", Language: "pt_BR", Category: "AUTHENTICATION", Components: raw(`[{"type":"BODY"},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE"}]}]`)},
			{Name: "cartoes", Language: "pt_BR", Category: "MARKETING", Components: raw(`[{"type":"BODY","text":"Veja"},{"type":"CAROUSEL","cards":[{"components":[{"type":"BODY","text":"Quarto {{1}} com vista"}]},{"components":[{"type":"BODY","text":"Suíte"}]}]}]`)},
			{Name: "oferta", Language: "pt_BR", Category: "MARKETING", Components: raw(`[{"type":"LIMITED_TIME_OFFER","limited_time_offer":{"text":"Só hoje","has_expiration":true}},{"type":"BODY","text":"Aproveite"}]`)},
			{Name: "longo", Language: "pt_BR", Body: "a {{1}} " + x(1000)},
		}
	})
	card := func(i int, body string) string { return fmt.Sprintf(`{"card_index":%d,"components":[%s]}`, i, body) }
	param := `{"type":"body","parameters":[{"type":"text","text":"luxo"}]}`
	code := `{"type":"body","parameters":[{"type":"text","text":"123456"}]}`
	for name, c := range map[string]struct {
		template, components string
		code                 int
	}{
		"photo":            {"foto", `{"type":"header","parameters":[{"type":"image","image":{"link":"https://a.example/a.jpg"}}]}`, 0},
		"photo missing":    {"foto", ``, 132012},
		"film as photo":    {"foto", `{"type":"header","parameters":[{"type":"video","video":{"link":"https://a.example/a.mp4"}}]}`, 132012},
		"link":             {"link", `{"type":"button","sub_type":"url","index":0,"parameters":[{"type":"text","text":"1"}]}`, 0},
		"link missing":     {"link", ``, 131008},
		"other button":     {"link", `{"type":"button","sub_type":"quick_reply","index":0,"parameters":[{"type":"payload","payload":"1"}]}`, 132018},
		"button too far":   {"link", `{"type":"button","sub_type":"url","index":3,"parameters":[{"type":"text","text":"1"}]}`, 132018},
		"code":             {"codigo", code + `,{"type":"button","sub_type":"url","index":0,"parameters":[{"type":"text","text":"123456"}]}`, 0},
		"code too long":    {"codigo", code + `,{"type":"button","sub_type":"url","index":0,"parameters":[{"type":"text","text":"` + x(16) + `"}]}`, 132018},
		"cards":            {"cartoes", `{"type":"carousel","cards":[` + card(0, param) + `,` + card(1, "") + `]}`, 0},
		"a card too many":  {"cartoes", `{"type":"carousel","cards":[` + card(0, param) + `,` + card(1, "") + `,` + card(2, "") + `]}`, 132012},
		"card without":     {"cartoes", `{"type":"carousel","cards":[` + card(0, "") + `,` + card(1, "") + `]}`, 132000},
		"offer":            {"oferta", `{"type":"limited_time_offer","parameters":[{"type":"limited_time_offer","limited_time_offer":{"expiration_time_ms":1795000000000}}]}`, 0},
		"offer missing":    {"oferta", ``, 132012},
		"too long when in": {"longo", `{"type":"body","parameters":[{"type":"text","text":"` + x(100) + `"}]}`, 132005},
	} {
		a := w.sends(t, "template", `{"name":"`+c.template+`","language":{"code":"pt_BR"},"components":[`+c.components+`]}`)
		if a.Code != c.code {
			t.Errorf("%s: %s, want %d", name, a.raw, c.code)
		}
	}
	userID := w.sim.Guests(hotel)[0].UserID
	a := w.call(t, "POST", messages, `{"messaging_product":"whatsapp","recipient":"`+userID+`","type":"template","template":{"name":"codigo","language":{"code":"pt_BR"},"components":[`+code+`,{"type":"button","sub_type":"url","index":0,"parameters":[{"type":"text","text":"1"}]}]}}`)
	if a.Code != 131062 {
		t.Errorf("code to an id: %s", a.raw)
	}
	marketing := func(body string) answer { return w.call(t, "POST", "/v25.0/"+hotel+"/marketing_messages", body) }
	if a := marketing(sendBody("text", `{"body":"x"}`)); a.Code != 131055 {
		t.Errorf("text as marketing: %s", a.raw)
	}
	if a := marketing(sendBody("template", `{"name":"foto","language":{"code":"pt_BR"},"components":[{"type":"header","parameters":[{"type":"image","image":{"link":"https://a.example/a.jpg"}}]}]}`)); a.Code != 134100 {
		t.Errorf("utility as marketing: %s", a.raw)
	}
}
