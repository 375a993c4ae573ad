package simulator

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

const number1 = "/v25.0/" + hotel

func TestStateOfNumberAndBusinessDecides(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	for name, c := range map[string]struct {
		path, set, back string
		code            int
	}{
		"restricted":   {"businesses/" + wabaID, `{"restricted":true}`, `{"restricted":false}`, 368},
		"maintenance":  {"businesses/" + wabaID, `{"maintenance":true}`, `{"maintenance":false}`, 131057},
		"unregistered": {"accounts/" + hotel + "/number", `{"registered":false}`, `{"registered":true}`, 133010},
		"banned":       {"accounts/" + hotel + "/number", `{"status":"BANNED"}`, `{"status":"CONNECTED"}`, 131031},
	} {
		if a := w.control(t, "PATCH", c.path, c.set, nil); a.status != 200 {
			t.Fatalf("%s: %s", name, a.raw)
		}
		if a := w.sends(t, "text", `{"body":"x"}`); a.Code != c.code {
			t.Errorf("%s: %s", name, a.raw)
		}
		w.control(t, "PATCH", c.path, c.back, nil)
	}
	w.sendsText(t, "tudo certo")
	for _, bad := range []string{`{"colour":1}`, `{"tier":"TIER_7"}`} {
		if a := w.control(t, "PATCH", "businesses/"+wabaID, bad, nil); a.status != 400 {
			t.Errorf("%s: %d", bad, a.status)
		}
	}
}

func TestThroughputLevels(t *testing.T) {
	t.Parallel()
	w := start(t)
	now := w.sim.Now()
	for level, want := range map[string]int{"STANDARD": 80, "HIGH": 1000, "COEXISTENCE": 20} {
		n := newNumber()
		if n.Throughput = level; level == "COEXISTENCE" {
			n.Coexistence = true
		}
		var rate throughput
		sent := 0
		for rate.take(n.mps(80), now, false) {
			sent++
		}
		if sent != want {
			t.Errorf("%s: %d at once, want %d", level, sent, want)
		}
	}
	w.says(t, "Oi")
	w.control(t, "PATCH", "accounts/"+hotel+"/number", `{"throughput":"HIGH"}`, nil)
	if a := w.sends(t, "text", `{"body":"x"}`); a.Code != 131057 {
		t.Errorf("while it rises: %s", a.raw)
	}
	w.sim.Advance(61 * time.Second)
	w.sendsText(t, "subiu")
	w.idle(t)
	if all := w.bodies(t, 1); !strings.Contains(all, "THROUGHPUT_UPGRADE") {
		t.Error("the upgrade was not told")
	}
	if a := w.call(t, "GET", number1+"?fields=throughput", ""); !strings.Contains(a.raw, "HIGH") {
		t.Error(a.raw)
	}
	tune(t, w, func(k *Knobs) { k.Throughput, k.PairRate, k.Rules.LimitStatus, k.Rules.LateLimit = 1, Off, 429, 0 })
	w.control(t, "PATCH", "accounts/"+hotel+"/number", `{"throughput":"STANDARD"}`, nil)
	var over answer
	for range 5 {
		over = w.sends(t, "text", `{"body":"x"}`)
	}
	if over.status != 429 || over.Code != 130429 {
		t.Errorf("over: %d %s", over.status, over.raw)
	}
	tune(t, w, func(k *Knobs) { k.Rules.LateLimit = 100 })
	late := w.sends(t, "text", `{"body":"x"}`)
	w.idle(t)
	if got := w.recv.statuses(t, late.WAMID); late.status != 200 || len(got) != 1 || got[0] != "failed" {
		t.Errorf("later: %s %v", late.raw, got)
	}
}

func TestChangesOfANumberAreTold(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, c := range []struct{ path, body, word string }{
		{"accounts/" + hotel + "/number", `{"quality":"RED"}`, `"FLAGGED"`},
		{"accounts/" + hotel + "/number", `{"quality":"GREEN"}`, `"UNFLAGGED"`},
		{"accounts/" + hotel + "/number", `{"nameStatus":"DECLINED"}`, `"decision":"REJECTED"`},
		{"accounts/" + hotel + "/number", `{"status":"BANNED"}`, `"waba_ban_state":"DISABLE"`},
		{"businesses/" + wabaID, `{"tier":"TIER_10K"}`, `"TIER_10K"`},
		{"businesses/" + wabaID, `{"review":"REJECTED"}`, `"account_review_update"`},
		{"businesses/" + wabaID, `{"restricted":true}`, `ACCOUNT_RESTRICTION`},
	} {
		n := len(w.recv.all())
		w.control(t, "PATCH", c.path, c.body, nil)
		if body := string(w.recv.await(t, n+1)[n].body); !strings.Contains(body, c.word) {
			t.Errorf("%s: %s", c.body, body)
		}
	}
}

func TestRegistration(t *testing.T) {
	t.Parallel()
	w := start(t)
	register := func(pin string) answer {
		return w.call(t, "POST", number1+"/register", `{"messaging_product":"whatsapp","pin":"`+pin+`"}`)
	}
	if a := register("12"); a.Code != 100 {
		t.Errorf("short PIN: %s", a.raw)
	}
	if a := register("123456"); a.raw != `{"success":true}` {
		t.Fatal(a.raw)
	}
	if a := register("654321"); a.Code != 133005 {
		t.Errorf("other PIN: %s", a.raw)
	}
	if a := w.call(t, "POST", number1+"/deregister", ""); a.raw != `{"success":true}` {
		t.Error(a.raw)
	}
	if a := w.sends(t, "text", `{"body":"x"}`); a.Code != 133010 {
		t.Errorf("deregistered: %s", a.raw)
	}
	for range 4 {
		register("000000")
	}
	if a := register("123456"); a.Code != 133008 {
		t.Errorf("after guessing: %s", a.raw)
	}
	for range 3 {
		register("123456")
	}
	if a := register("123456"); a.Code != 133016 {
		t.Errorf("eleventh call: %s", a.raw)
	}
	w.control(t, "PATCH", "accounts/"+hotel+"/number", `{"verified":false}`, nil)
	w.sim.Advance(73 * time.Hour)
	if a := register("123456"); a.Code != 133006 {
		t.Errorf("unverified: %s", a.raw)
	}
	if a := w.call(t, "POST", number1+"/request_code", `{"code_method":"SMS","language":"pt_BR"}`); a.status != 200 {
		t.Error(a.raw)
	}
	if a := w.call(t, "POST", number1+"/verify_code", `{"code":"000000"}`); a.Code != 136025 {
		t.Error(a.raw)
	}
	if a := w.call(t, "POST", number1+"/verify_code", `{"code":"123456"}`); a.status != 200 {
		t.Error(a.raw)
	}
}

func TestProfileSettingsAndBlockList(t *testing.T) {
	t.Parallel()
	w := start(t)
	set := func(body string) answer { return w.call(t, "POST", number1+"/whatsapp_business_profile", body) }
	if a := set(`{"messaging_product":"whatsapp","about":"Hotel à beira-mar","websites":["https://hotel.example"],"profile_picture_handle":"4::x"}`); a.status != 200 {
		t.Fatal(a.raw)
	}
	if a := w.call(t, "GET", number1+"/whatsapp_business_profile?fields=about,websites,profile_picture_url,email", ""); !strings.Contains(a.raw, `"websites":["https://hotel.example"]`) {
		t.Error(a.raw)
	}
	for limit, body := range map[string]string{
		"about": `{"about":"` + x(140) + `"}`, "websites": `{"websites":["https://a.example","https://b.example","https://c.example"]}`, "unknown": `{"moon":1}`,
	} {
		if a := set(body); a.status != 400 {
			t.Errorf("%s: %s", limit, a.raw)
		}
	}
	if a := w.call(t, "POST", number1+"/settings", `{"calling":{"status":"ENABLED"}}`); a.status != 200 {
		t.Error(a.raw)
	}
	if a := w.call(t, "GET", number1+"/settings", ""); !strings.Contains(a.raw, "ENABLED") {
		t.Error(a.raw)
	}
	w.says(t, "Oi")
	block := func(method, user string) answer {
		return w.call(t, method, number1+"/block_users", `{"messaging_product":"whatsapp","block_users":[{"user":"`+user+`"}]}`)
	}
	if a := block("POST", "+"+marina); a.status != 200 || !strings.Contains(a.raw, "added_users") {
		t.Fatal(a.raw)
	}
	if a := w.sends(t, "text", `{"body":"x"}`); a.Code != 130403 {
		t.Errorf("blocked: %s", a.raw)
	}
	if a := w.call(t, "GET", number1+"/block_users", ""); !strings.Contains(a.raw, marina) {
		t.Error(a.raw)
	}
	if a := block("POST", "5521911112222"); a.status != 400 || a.Code != 139100 || !strings.Contains(a.raw, "failed_users") {
		t.Errorf("a stranger: %s", a.raw)
	}
	block("DELETE", marina)
	w.sendsText(t, "de novo")
}

func TestMessagingLimitCountsUniqueGuests(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.Knobs.Throughput = 0 })
	w.control(t, "PATCH", "businesses/"+wabaID, `{"tier":"TIER_50"}`, nil)
	send := func(i int) answer {
		body := sendBody("template", `{"name":"promo","language":{"code":"pt_BR"}}`)
		return w.call(t, "POST", messages, strings.Replace(body, marina, fmt.Sprintf("55119%08d", i), 1))
	}
	for i := range 50 {
		if a := send(i); a.status != 200 {
			t.Fatal(a.raw)
		}
	}
	if a := send(50); a.Code != 131048 {
		t.Errorf("one more: %s", a.raw)
	}
	if a := send(3); a.status != 200 {
		t.Errorf("one of them again: %s", a.raw)
	}
	w.sim.Advance(25 * time.Hour)
	if a := send(51); a.status != 200 {
		t.Errorf("a day later: %s", a.raw)
	}
}

func TestManagementCallsAreLimitedAndShown(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.Knobs.Rules.ManagementCalls = 4 })
	for range 4 {
		if a := w.call(t, "GET", templates, ""); a.status != 200 {
			t.Fatal(a.raw)
		}
	}
	a := w.call(t, "GET", templates, "")
	if usage := a.header.Get("X-Business-Use-Case-Usage"); a.Code != 80008 || !strings.Contains(usage, `"call_count":100`) || !strings.Contains(usage, wabaID) {
		t.Errorf("%s %q", a.raw, usage)
	}
	w.sim.Advance(time.Hour)
	if a := w.call(t, "GET", templates, ""); a.status != 200 {
		t.Error(a.raw)
	}
}

func TestTokensExpireAndAreExchanged(t *testing.T) {
	t.Parallel()
	w := start(t)
	account := w.sim.Accounts()[0]
	account.TokenExpires = w.sim.Now().Add(time.Hour)
	if _, err := w.sim.AddAccount(account); err != nil {
		t.Fatal(err)
	}
	w.sendsText(t, "antes")
	w.sim.Advance(2 * time.Hour)
	if a := w.sends(t, "text", `{"body":"x"}`); a.status != 401 || a.Code != 190 || a.Sub != 463 {
		t.Errorf("expired: %s", a.raw)
	}
	var code struct{ Code, ClientID string }
	w.control(t, "POST", "accounts/"+hotel+"/signup-code", "", &code)
	exchange := func() answer {
		return w.call(t, "GET", "/v25.0/oauth/access_token?client_id="+appID+"&client_secret=secret-1&code="+code.Code, "")
	}
	if a := exchange(); !strings.Contains(a.raw, `"access_token":"token-1"`) {
		t.Error(a.raw)
	}
	if a := exchange(); a.Code != 100 {
		t.Errorf("twice: %s", a.raw)
	}
	w.control(t, "POST", "accounts/"+hotel+"/signup-code", "", &code)
	w.sim.Advance(31 * time.Second)
	if a := exchange(); a.Code != 100 {
		t.Errorf("late: %s", a.raw)
	}
	other := Account{PhoneNumberID: "402", DisplayNumber: "551144445555", AccessToken: "token-2", AppSecret: "s2", WABAID: "302"}
	if _, err := w.sim.AddAccount(other); err != nil {
		t.Fatal(err)
	}
	tune(t, w, func(k *Knobs) { k.Rules.ForeignToken = ForeignAs10 })
	req, err := http.NewRequestWithContext(within(t), "GET", w.http.URL+number1, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer token-2")
	if a, err := do(w.http.Client(), req); err != nil || a.Code != 10 || a.status != 403 {
		t.Errorf("another's: %s %v", a.raw, err)
	}
}

func TestAppSubscriptionsDoTheHandshake(t *testing.T) {
	t.Parallel()
	w := start(t)
	address := w.sim.Accounts()[0].WebhookURL
	try := func(method, token, query string) answer {
		req, err := http.NewRequestWithContext(within(t), method, w.http.URL+"/v25.0/"+appID+"/subscriptions?access_token="+token+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		a, err := do(w.http.Client(), req)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	app := appID + "%7Csecret-1"
	if a := try("POST", "token-1", "&object=whatsapp_business_account"); a.Code != 190 {
		t.Errorf("another token: %s", a.raw)
	}
	set := "&object=whatsapp_business_account&callback_url=" + address + "&fields=messages,account_update&verify_token="
	if a := try("POST", app, set+"nope"); a.Code != 2200 {
		t.Errorf("wrong word: %s", a.raw)
	}
	if a := try("POST", app, set+"verify-me"); a.raw != `{"success":true}` {
		t.Error(a.raw)
	}
	if a := try("GET", app, ""); !strings.Contains(a.raw, `"account_update"`) || strings.Contains(a.raw, `"security"`) {
		t.Error(a.raw)
	}
}

func TestUploadsAreResumed(t *testing.T) {
	t.Parallel()
	w := start(t)
	var made struct{ ID, H string }
	a := w.call(t, "POST", "/v25.0/"+appID+"/uploads?file_name=a.jpg&file_length=10&file_type=image/jpeg", "")
	if made.ID = strings.Trim(strings.TrimPrefix(a.raw, `{"id":`), `"}`); !strings.HasPrefix(made.ID, "upload:") {
		t.Fatal(a.raw)
	}
	part := func(offset, data string) answer {
		req, err := http.NewRequestWithContext(within(t), "POST", w.http.URL+"/v25.0/"+made.ID, strings.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "OAuth token-1")
		req.Header["file_offset"] = []string{offset}
		a, err := do(w.http.Client(), req)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	part("0", "12345")
	if a := w.call(t, "GET", "/v25.0/"+made.ID, ""); !strings.Contains(a.raw, `"file_offset":5`) {
		t.Error(a.raw)
	}
	if a := part("0", "12345"); a.Code != 100 {
		t.Errorf("from the start again: %s", a.raw)
	}
	if a := part("5", "67890"); !strings.Contains(a.raw, `"h":"4::`) {
		t.Error(a.raw)
	}
	if a := w.call(t, "POST", "/v25.0/"+appID+"/uploads?file_length=10&file_type=image/gif", ""); a.Code != 100 {
		t.Error(a.raw)
	}
}

func TestFlowsAreListed(t *testing.T) {
	t.Parallel()
	w := start(t)
	a := w.call(t, "POST", "/v25.0/"+wabaID+"/flows", `{"name":"check-in","categories":["OTHER"]}`)
	id := a.raw[strings.Index(a.raw, `"id":"`)+6:][:15]
	if a := w.call(t, "GET", "/v25.0/"+wabaID+"/flows", ""); !strings.Contains(a.raw, id) {
		t.Error(a.raw)
	}
	if a := w.call(t, "GET", "/v25.0/"+id, ""); !strings.Contains(a.raw, `"DRAFT"`) {
		t.Error(a.raw)
	}
}
