package simulator

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSendAnswersAsMetaDoes(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	a := w.sendsText(t, "Olá")
	want := `{"messaging_product":"whatsapp","contacts":[{"input":"+5511987654321","wa_id":"5511987654321"}],"messages":[{"id":"` + a.WAMID + `"}]}`
	if a.raw != want {
		t.Errorf("answer %s, want %s", a.raw, want)
	}
	if got := a.header.Get("Facebook-Api-Version"); got != "v25.0" {
		t.Errorf("facebook-api-version %q", got)
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(a.WAMID, "wamid."))
	if err != nil || !strings.Contains(string(raw), marina) || len(a.WAMID) < 50 {
		t.Errorf("wamid %q: %v", a.WAMID, err)
	}
	if s := w.sim.Sends(); len(s) != 1 || s[0].Opaque != "out-1" || s[0].WAMID != a.WAMID || s[0].Type != "text" {
		t.Errorf("sends %+v", s)
	}
}

func TestEveryTypeIsAccepted(t *testing.T) {
	t.Parallel()
	w := start(t)
	hello := w.says(t, "Oi")
	media, err := w.sim.UploadMedia(hotel, "image/jpeg", "", sampleJPEG())
	if err != nil {
		t.Fatal(err)
	}
	rows := `[{"title":"Frente mar","rows":[{"id":"luxo","title":"Luxo vista mar","description":"R$ 780 por noite"}]},{"title":"Jardim","rows":[{"id":"std","title":"Standard"}]}]`
	for _, c := range []struct{ kind, content, text string }{
		{"text", `{"body":"Veja https://hotel.example","preview_url":true}`, "Veja https://hotel.example"},
		{"image", `{"id":"` + media + `","caption":"Quarto"}`, "Quarto"},
		{"video", `{"link":"https://hotel.example/v.mp4","caption":"Praia"}`, "Praia"},
		{"audio", `{"link":"https://hotel.example/a.ogg","voice":true}`, ""},
		{"document", `{"link":"https://hotel.example/v.pdf","filename":"voucher.pdf"}`, "voucher.pdf"},
		{"sticker", `{"link":"https://hotel.example/s.webp"}`, ""},
		{"location", `{"latitude":"-23.78","longitude":-45.36,"name":"Hotel"}`, "Hotel"},
		{"contacts", `[{"name":{"formatted_name":"Recepção","first_name":"Recepção"},"phones":[{"phone":"+551133334444"}]}]`, "Recepção"},
		{"reaction", `{"message_id":"` + hello + `","emoji":"👍"}`, "👍"},
		{"interactive", `{"type":"button","body":{"text":"Confirma?"},"footer":{"text":"Hotel"},"header":{"type":"text","text":"Reserva"},"action":{"buttons":[{"type":"reply","reply":{"id":"s","title":"Sim"}},{"type":"reply","reply":{"id":"n","title":"Não"}}]}}`, "Confirma?"},
		{"interactive", `{"type":"list","body":{"text":"Escolha"},"action":{"button":"Ver quartos","sections":` + rows + `}}`, "Escolha"},
		{"interactive", `{"type":"cta_url","body":{"text":"Site"},"action":{"name":"cta_url","parameters":{"display_text":"Abrir","url":"https://hotel.example"}}}`, "Site"},
		{"interactive", `{"type":"location_request_message","body":{"text":"Onde está?"},"action":{"name":"send_location"}}`, "Onde está?"},
		{"template", `{"name":"confirmacao","language":{"code":"pt_BR"},"components":[{"type":"body","parameters":[{"type":"text","text":"Marina"}]},{"type":"button","sub_type":"quick_reply","index":"0","parameters":[{"type":"payload","payload":"ok"}]}]}`, "[confirmacao] Marina"},
	} {
		a := w.sends(t, c.kind, c.content)
		if a.status != http.StatusOK || a.WAMID == "" {
			t.Errorf("%s: %d %s", c.kind, a.status, a.raw)
			continue
		}
		entries := w.marina().Transcript()
		if e := entries[len(entries)-1]; e.Type != c.kind || e.Text != c.text || e.From != FromHotel {
			t.Errorf("%s: entry %+v", c.kind, e)
		}
	}
	if e := w.marina().Transcript()[0]; e.HotelReaction != "👍" {
		t.Errorf("reaction is not on the message: %+v", e)
	}
	w.idle(t)
	if c := w.sim.Counters(); c.UnknownRequests != 0 || c.FailedLater != 0 {
		t.Errorf("counters %+v", c)
	}
}

func TestBadSendsAreRefused(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	button := func(buttons string) string {
		return sendBody("interactive", `{"type":"button","body":{"text":"?"},"action":{"buttons":[`+buttons+`]}}`)
	}
	list := func(sections string) string {
		return sendBody("interactive", `{"type":"list","body":{"text":"?"},"action":{"button":"Ver","sections":[`+sections+`]}}`)
	}
	row := `{"id":"a","title":"A"}`
	yes := `{"type":"reply","reply":{"id":"s","title":"Sim"}}`
	text := sendBody("text", `{"body":"x"}`)
	for name, c := range map[string]struct {
		body string
		code int
		says string // part of the message or details
	}{
		"no JSON":                 {"{", 100, "JSON"},
		"an array":                {"[]", 100, "JSON"},
		"no product":              {`{"to":"+5511987654321","text":{"body":"x"}}`, 100, "messaging_product"},
		"other product":           {strings.Replace(text, `"whatsapp"`, `"sms"`, 1), 100, "messaging_product"},
		"unknown key":             {strings.Replace(text, `"to"`, `"colour":1,"to"`, 1), 100, "colour"},
		"unknown type":            {sendBody("poll", `{}`), 100, "type"},
		"content of another type": {strings.Replace(text, `"text":{`, `"image":{`, 1), 100, "image"},
		"group":                   {strings.Replace(text, `"to"`, `"recipient_type":"group","to"`, 1), 131009, "recipient_type"},
		"no recipient":            {`{"messaging_product":"whatsapp","text":{"body":"x"}}`, 131008, "to"},
		"letters as number":       {strings.Replace(text, "+"+marina, "marina", 1), 131009, "to"},
		"own number":              {strings.Replace(text, "+"+marina, "+55 11 3333-4444", 1), 131021, "same"},
		"to as number":            {strings.Replace(text, `"+`+marina+`"`, marina, 1), 100, "string"},
		"opaque too long":         {strings.Replace(text, "out-1", strings.Repeat("o", 513), 1), 131009, "biz_opaque"},
		"empty body":              {sendBody("text", `{"body":"  "}`), 131008, "text.body"},
		"no body":                 {sendBody("text", `{}`), 131008, "text.body"},
		"long body":               {sendBody("text", `{"body":"`+strings.Repeat("é", 4097)+`"}`), 131009, "4096"},
		"text no object":          {sendBody("text", `"x"`), 100, "object"},
		"text key":                {sendBody("text", `{"body":"x","color":1}`), 100, "color"},
		"preview no bool":         {sendBody("text", `{"body":"x","preview_url":"yes"}`), 100, "boolean"},
		"media without source":    {sendBody("image", `{}`), 131008, "image.id"},
		"media with both":         {sendBody("image", `{"id":"1","link":"https://a.example"}`), 131009, "not both"},
		"media unknown":           {sendBody("image", `{"id":"123"}`), 131009, "media id"},
		"media bad link":          {sendBody("image", `{"link":"ftp://a.example/x"}`), 131009, "URL"},
		"audio caption":           {sendBody("audio", `{"link":"https://a.example/x","caption":"c"}`), 100, "caption"},
		"caption too long":        {sendBody("image", `{"link":"https://a.example/x","caption":"`+strings.Repeat("c", 1025)+`"}`), 131009, "1024"},
		"location nowhere":        {sendBody("location", `{"latitude":91,"longitude":0}`), 131009, "latitude"},
		"location missing":        {sendBody("location", `{"latitude":1}`), 131008, "longitude"},
		"contact nameless":        {sendBody("contacts", `[{"name":{}}]`), 131008, "formatted_name"},
		"contacts empty":          {sendBody("contacts", `[]`), 131009, "contacts"},
		"reaction to nothing":     {sendBody("reaction", `{"emoji":"👍"}`), 131008, "message_id"},
		"reaction as reply":       {strings.Replace(sendBody("reaction", `{"message_id":"x","emoji":"👍"}`), `"to"`, `"context":{"message_id":"y"},"to"`, 1), 131009, "context"},
		"no buttons":              {button(""), 131009, "buttons"},
		"four buttons":            {button(yes + "," + yes + "," + yes + "," + yes), 131009, "buttons"},
		"twin buttons":            {button(yes + "," + yes), 131009, "unique"},
		"long button":             {button(`{"type":"reply","reply":{"id":"s","title":"` + strings.Repeat("s", 21) + `"}}`), 131009, "20"},
		"interactive kind":        {sendBody("interactive", `{"type":"quiz","body":{"text":"?"},"action":{}}`), 131009, "interactive.type"},
		"interactive bodyless":    {sendBody("interactive", `{"type":"button","action":{}}`), 131008, "body"},
		"list image header":       {sendBody("interactive", `{"type":"list","header":{"type":"image","image":{"link":"https://a.example"}},"body":{"text":"?"},"action":{"button":"Ver","sections":[{"rows":[`+row+`]}]}}`), 131009, "header"},
		"untitled sections":       {list(`{"rows":[` + row + `]},{"title":"T","rows":[{"id":"b","title":"B"}]}`), 131008, "title"},
		"twin rows":               {list(`{"rows":[` + row + `,` + row + `]}`), 131009, "unique"},
		"eleven rows":             {list(`{"title":"1","rows":[` + rowsOf("a", 6) + `]},{"title":"2","rows":[` + rowsOf("b", 5) + `]}`), 131009, "10 rows"},
		"template name":           {sendBody("template", `{"name":"Olá","language":{"code":"pt_BR"}}`), 131009, "name"},
		"template language":       {sendBody("template", `{"name":"ola"}`), 131008, "language"},
		"template newline":        {sendBody("template", `{"name":"ola","language":{"code":"pt_BR"},"components":[{"type":"body","parameters":[{"type":"text","text":"a\nb"}]}]}`), 100, "new-line"},
		"read nothing":            {`{"messaging_product":"whatsapp","status":"read"}`, 131008, "message_id"},
		"read unknown":            {`{"messaging_product":"whatsapp","status":"read","message_id":"wamid.X"}`, 131009, "read"},
		"status other":            {`{"messaging_product":"whatsapp","status":"seen","message_id":"wamid.X"}`, 131009, "status"},
		"typing kind":             {`{"messaging_product":"whatsapp","status":"read","message_id":"wamid.X","typing_indicator":{"type":"dance"}}`, 131009, "typing"},
	} {
		a := w.call(t, "POST", messages, c.body)
		if a.status != 400 || a.Code != c.code || !strings.Contains(a.Msg+a.Detail, c.says) {
			t.Errorf("%s: %d %s, want code %d about %q", name, a.status, a.raw, c.code, c.says)
		}
	}
	if n := len(w.sim.Sends()); n != 0 {
		t.Errorf("%d bad sends accepted", n)
	}
	tune(t, w, func(k *Knobs) { k.ValidationAs100 = true })
	if a := w.sends(t, "text", `{}`); a.Code != 100 {
		t.Errorf("ValidationAs100: %s", a.raw)
	}
}

func rowsOf(prefix string, n int) string {
	var out []string
	for i := range n {
		id := prefix + string(rune('0'+i))
		out = append(out, `{"id":"`+id+`","title":"`+id+`"}`)
	}
	return strings.Join(out, ",")
}

func TestErrorShape(t *testing.T) {
	t.Parallel()
	w := start(t)
	addFault(t, w, Fault{Code: 131056, Details: "Muitas mensagens."})
	a := w.sends(t, "text", `{"body":"x"}`)
	trace := a.raw[strings.LastIndex(a.raw, `"fbtrace_id":"`)+14 : len(a.raw)-3]
	want := `{"error":{"message":"(#131056) (Business Account, Consumer Account) pair rate limit hit","type":"OAuthException",` +
		`"code":131056,"error_data":{"messaging_product":"whatsapp","details":"Muitas mensagens."},"fbtrace_id":"` + trace + `"}}`
	if a.raw != want || len(trace) != 23 {
		t.Errorf("got  %s\nwant %s", a.raw, want)
	}
}

func TestEveryKnownCodeAnswersWithItsStatus(t *testing.T) {
	t.Parallel()
	w := start(t)
	for code, known := range knownErrors {
		f := Fault{Code: code, Effect: EffectRefuse}
		if code == 0 {
			f.HTTPStatus = 401
		}
		id := addFault(t, w, f)
		if a := w.sends(t, "text", `{"body":"x"}`); a.status != known.status || a.Code != code {
			t.Errorf("code %d: %d %s", code, a.status, a.raw)
		}
		w.sim.RemoveFault(id)
	}
}

func TestTokenErrors(t *testing.T) {
	t.Parallel()
	w := start(t)
	other := Account{PhoneNumberID: "402", DisplayNumber: "551144445555", AccessToken: "token-2", AppSecret: "s", WABAID: "302"}
	if _, err := w.sim.AddAccount(other); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		header, path      string
		status, code, sub int
	}{
		"none":           {"", messages, 401, 200, 0},
		"unknown":        {"Bearer nope", messages, 401, 190, 0},
		"another's":      {"Bearer token-2", messages, 400, 100, 33},
		"unknown number": {"Bearer token-1", "/v25.0/999/messages", 400, 100, 33},
		"by parameter":   {"", messages + "?access_token=nope", 401, 190, 0},
		"unknown object": {"Bearer token-1", "/v25.0/999", 400, 100, 33},
	} {
		method := "POST"
		if strings.HasSuffix(c.path, "/999") {
			method = "GET"
		}
		req, err := http.NewRequestWithContext(within(t), method, w.http.URL+c.path, strings.NewReader(sendBody("text", `{"body":"x"}`)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", c.header)
		a, err := do(w.http.Client(), req)
		if err != nil || a.status != c.status || a.Code != c.code || a.Sub != c.sub {
			t.Errorf("%s: %d %s %v", name, a.status, a.raw, err)
		}
	}
}

// A guest who wrote before this simulator was there may be answered until the day is over.
func TestWindowOfAnEarlierRun(t *testing.T) {
	t.Parallel()
	w := start(t)
	if err := w.sim.Guest(hotel, marina).Wrote(time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := w.sim.Guest(hotel, marina).Wrote(time.Now().Add(-48 * time.Hour)); err != nil {
		t.Fatal(err)
	}
	a := w.sendsText(t, "continuando a conversa")
	w.idle(t)
	if diff := cmp.Diff([]string{"sent", "delivered"}, w.recv.statuses(t, a.WAMID)); diff != "" {
		t.Errorf("within: %s", diff)
	}
	w.sim.Advance(24 * time.Hour)
	b := w.sendsText(t, "tarde")
	w.idle(t)
	if diff := cmp.Diff([]string{"failed"}, w.recv.statuses(t, b.WAMID)); diff != "" {
		t.Errorf("after: %s", diff)
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	w := start(t)
	a := w.sendsText(t, "ninguém escreveu ainda")
	w.idle(t)
	if diff := cmp.Diff([]string{"failed"}, w.recv.statuses(t, a.WAMID)); diff != "" {
		t.Errorf("before any message: %s", diff)
	}
	if !strings.Contains(string(w.recv.all()[0].body), `"code":131047`) {
		t.Errorf("body %s", w.recv.all()[0].body)
	}
	w.says(t, "Oi")
	w.sim.Advance(24*time.Hour - time.Minute)
	b := w.sendsText(t, "ainda dá")
	w.idle(t)
	if diff := cmp.Diff([]string{"sent", "delivered"}, w.recv.statuses(t, b.WAMID)); diff != "" {
		t.Errorf("within: %s", diff)
	}
	w.sim.Advance(2 * time.Minute)
	tune(t, w, func(k *Knobs) { k.Window = WindowSync })
	if a := w.sends(t, "text", `{"body":"tarde"}`); a.status != 400 || a.Code != 131047 {
		t.Errorf("sync: %s", a.raw)
	}
	if a := w.sends(t, "template", `{"name":"ola","language":{"code":"pt_BR"}}`); a.status != 200 {
		t.Errorf("template: %s", a.raw)
	}
	tune(t, w, func(k *Knobs) { k.Window = Off })
	w.sendsText(t, "sem janela")
}

func TestPairAndThroughputLimits(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	tune(t, w, func(k *Knobs) { k.PairRate = PairStrict; k.Throughput = 0 })
	w.sendsText(t, "1")
	w.sim.Advance(5 * time.Second)
	w.sendsText(t, "2")
	w.sim.Advance(5 * time.Second) // 10 s after a burst of 2: closed until 12 s
	if a := w.sends(t, "text", `{"body":"3"}`); a.Code != 131056 {
		t.Errorf("pair: %s", a.raw)
	}
	w.sim.Advance(3 * time.Second)
	w.sendsText(t, "3")
	tune(t, w, func(k *Knobs) { k.PairRate = Off; k.Throughput = 5 })
	refused := 0
	for range 10 {
		if a := w.sends(t, "text", `{"body":"x"}`); a.Code == 130429 {
			refused++
		}
	}
	if refused == 0 || refused > 5 {
		t.Errorf("%d of 10 refused at 5 per second", refused)
	}
}

func TestRecipients(t *testing.T) {
	t.Parallel()
	w := start(t)
	stranger := strings.ReplaceAll(sendBody("template", `{"name":"ola","language":{"code":"pt_BR"}}`), marina, "5521998877665")
	tune(t, w, func(k *Knobs) { k.Recipients = RecipientsKnown })
	a := w.call(t, "POST", messages, stranger)
	w.idle(t)
	if diff := cmp.Diff([]string{"failed"}, w.recv.statuses(t, a.WAMID)); diff != "" {
		t.Errorf("stranger: %s", diff)
	}
	if body := string(w.recv.all()[0].body); !strings.Contains(body, `"code":131026`) || strings.Contains(body, `"contacts"`) {
		t.Errorf("body %s", body)
	}
	if n := len(w.sim.Guests(hotel)); n != 0 {
		t.Errorf("%d guests came into being", n)
	}
	tune(t, w, func(k *Knobs) { k.Window = WindowSync })
	if a := w.sends(t, "text", `{"body":"x"}`); a.status != 200 {
		t.Errorf("a stranger has no window to be closed: %s", a.raw)
	}
	if err := w.marina().Set(GuestSettings{NotOnWhatsApp: true}); err != nil {
		t.Fatal(err)
	}
	b := w.sends(t, "template", `{"name":"ola","language":{"code":"pt_BR"}}`)
	w.idle(t)
	if diff := cmp.Diff([]string{"failed"}, w.recv.statuses(t, b.WAMID)); diff != "" {
		t.Errorf("not on WhatsApp: %s", diff)
	}
	account := w.sim.Accounts()[0]
	account.AllowedRecipients = []string{"+55 21 99887-7665"}
	if _, err := w.sim.AddAccount(account); err != nil {
		t.Fatal(err)
	}
	if a := w.sendsRefused(t); a.Code != 131030 {
		t.Errorf("test number: %s", a.raw)
	}
}

func (w *world) sendsRefused(t *testing.T) answer {
	t.Helper()
	a := w.sends(t, "text", `{"body":"x"}`)
	if a.status == 200 {
		t.Errorf("accepted: %s", a.raw)
	}
	return a
}

func TestNinthDigit(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.Knobs.NinthDigit = NinthDrop })
	g := w.sim.Guest(hotel, "+55 (81) 98765-4321")
	if _, err := g.Says(within(t), "Oi"); err != nil {
		t.Fatal(err)
	}
	m := parseHook(t, w.recv.await(t, 1)[0]).Entry[0].Changes[0].Value
	if m.Messages[0]["from"] != "558187654321" || m.Contacts[0].WaID != "558187654321" {
		t.Errorf("webhook %+v", m)
	}
	for _, to := range []string{"+5581987654321", "558187654321"} {
		a := w.call(t, "POST", messages, strings.Replace(sendBody("text", `{"body":"x"}`), "+"+marina, to, 1))
		if a.WaID != "558187654321" || !strings.Contains(a.raw, `"input":"`+to+`"`) {
			t.Errorf("to %s: %s", to, a.raw)
		}
	}
	w.idle(t)
	if n := len(w.sim.Guests(hotel)); n != 1 {
		t.Errorf("%d guests for one person", n)
	}
}

func TestGuestWithoutPhoneNumber(t *testing.T) {
	t.Parallel()
	w := start(t)
	if err := w.marina().Set(GuestSettings{HidePhone: true}); err != nil {
		t.Fatal(err)
	}
	w.says(t, "Oi")
	if body := string(w.recv.all()[0].body); strings.Contains(body, `"from"`) || strings.Contains(body, `"wa_id"`) {
		t.Errorf("number is shown: %s", body)
	}
	id := w.sim.Guests(hotel)[0].UserID
	a := w.call(t, "POST", messages, `{"messaging_product":"whatsapp","recipient":"`+id+`","type":"text","text":{"body":"x"}}`)
	if a.status != 200 || strings.Contains(a.raw, "wa_id") || !strings.Contains(a.raw, `"user_id":"`+id+`"`) {
		t.Errorf("send to a user id: %s", a.raw)
	}
	w.idle(t)
	hooks := w.recv.all()
	if body := string(hooks[len(hooks)-1].body); strings.Contains(body, "recipient_id") || !strings.Contains(body, `"recipient_user_id":"`+id+`"`) {
		t.Errorf("status %s", body)
	}
}

func TestTemplatesOfAnAccount(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) {
		o.Accounts[0].Templates = []Template{
			{ID: "1", Name: "confirmacao", Language: "pt_BR", Category: "UTILITY", Body: "Olá {{nome}}, até {{dia}}.", Buttons: []string{"Confirmar"}},
			{ID: "2", Name: "simples", Language: "pt_BR", Category: "MARKETING", Body: "Oi {{1}}"},
			{ID: "3", Name: "parado", Language: "pt_BR", Status: "PAUSED", Body: "x"},
			{ID: "4", Name: "morto", Language: "pt_BR", Status: "DISABLED", Body: "x"},
		}
	})
	send := func(name, language, params string) answer {
		return w.sends(t, "template", `{"name":"`+name+`","language":{"code":"`+language+`"},"components":[{"type":"body","parameters":[`+params+`]}]}`)
	}
	named := `{"type":"text","parameter_name":"nome","text":"Marina"},{"type":"text","parameter_name":"dia","text":"12/12"}`
	a := send("confirmacao", "pt_BR", named)
	if a.status != 200 || !strings.Contains(a.raw, `"message_status":"accepted"`) {
		t.Fatal(a.raw)
	}
	if e := w.marina().Transcript()[0]; e.Text != "Olá Marina, até 12/12." {
		t.Errorf("text %q", e.Text)
	}
	if _, err := w.marina().TapButton(within(t), "Confirmar"); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		a      answer
		status int
		code   int
	}{
		"unknown":   {send("nada", "pt_BR", ""), 404, 132001},
		"language":  {send("confirmacao", "en_US", named), 404, 132001},
		"count":     {send("simples", "pt_BR", ""), 400, 132000},
		"names":     {send("simples", "pt_BR", `{"type":"text","parameter_name":"x","text":"y"}`), 400, 132012},
		"paused":    {send("parado", "pt_BR", ""), 400, 132015},
		"disabled":  {send("morto", "pt_BR", ""), 400, 132016},
		"bad shape": {send("confirmacao", "pt_BR", `{"type":"smoke"}`), 400, 131009},
	} {
		if c.a.status != c.status || c.a.Code != c.code {
			t.Errorf("%s: %d %s", name, c.a.status, c.a.raw)
		}
	}
	if a := w.call(t, "GET", "/v25.0/301200000000001/message_templates", ""); !strings.Contains(a.raw, `"name":"confirmacao"`) {
		t.Error(a.raw)
	}
}

func TestReadMarkAndTyping(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "um")
	second := w.says(t, "dois")
	a := w.call(t, "POST", messages, `{"messaging_product":"whatsapp","status":"read","message_id":"`+second+`","typing_indicator":{"type":"text"}}`)
	if a.raw != `{"success":true}` {
		t.Error(a.raw)
	}
	for _, e := range w.marina().Transcript() {
		if e.Status != StatusRead {
			t.Errorf("%q is %s", e.Text, e.Status)
		}
	}
	if v := w.sim.Guests(hotel)[0]; !v.TypingUntil.After(w.sim.Now()) {
		t.Error("nobody is typing")
	}
	w.sendsText(t, "três")
	if v := w.sim.Guests(hotel)[0]; !v.TypingUntil.IsZero() {
		t.Error("still typing after sending")
	}
	if c := w.sim.Counters(); c.ReadMarks != 1 || c.TypingMarks != 1 || c.Sends != 1 {
		t.Errorf("counters %+v", c)
	}
}
