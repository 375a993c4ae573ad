package simulator

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// control makes a control call and decodes the answer into v unless nil.
func (w *world) control(t *testing.T, method, path, body string, v any) answer {
	t.Helper()
	a := w.call(t, method, "/simulator/"+path, body)
	if v != nil {
		if err := json.Unmarshal([]byte(a.raw), v); err != nil {
			t.Fatalf("%s %s: %d %s", method, path, a.status, a.raw)
		}
	}
	return a
}

func TestControlPlaysAWholeChat(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.control(t, "POST", "guests", `{"phone":"+55 11 98765-4321","name":"Marina Duarte"}`, nil)
	var said struct{ ID string }
	w.control(t, "POST", "guests/"+marina+"/messages", `{"text":"Oi"}`, &said)
	w.recv.await(t, 1)
	a := w.sends(t, "interactive", `{"type":"button","body":{"text":"Confirma?"},"action":{"buttons":[{"type":"reply","reply":{"id":"s","title":"Sim"}}]}}`)
	w.idle(t)
	var read struct{ Read int }
	w.control(t, "POST", "guests/"+marina+"/read", "", &read)
	var tap struct{ ID string }
	w.control(t, "POST", "guests/"+marina+"/taps", `{"choice":"Sim"}`, &tap)
	w.idle(t)
	var chat transcriptJSON
	w.control(t, "GET", "guests/"+marina+"/transcript", "", &chat)
	if len(chat.Messages) != 3 || chat.Messages[0].ID != said.ID || chat.Messages[1].ID != a.WAMID || chat.Messages[2].ID != tap.ID {
		t.Fatalf("chat %+v", chat)
	}
	if read.Read != 1 || chat.Messages[1].Status != StatusRead || chat.Guest.Settings.Name != "Marina Duarte" {
		t.Errorf("read %d, %+v", read.Read, chat)
	}
	var guests []View
	w.control(t, "GET", "guests?account="+hotel, "", &guests)
	if len(guests) != 1 || guests[0].Phone != marina || guests[0].Last.ID != tap.ID {
		t.Errorf("guests %+v", guests)
	}
}

func TestTranscriptWaitsForAChange(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	w.idle(t)
	var chat transcriptJSON
	w.control(t, "GET", "guests/"+marina+"/transcript", "", &chat)
	after := chat.Rev
	answered := make(chan answer, 1)
	go func() {
		a, _ := w.try(t, "GET", "/simulator/guests/"+marina+"/transcript?wait=9&after="+jsonNumber(after), "")
		answered <- a
	}()
	awaitTrue(t, func() bool { return w.sim.account(hotel).waiters(marina) })
	w.sendsText(t, "Bem-vinda")
	a := <-answered
	if err := json.Unmarshal([]byte(a.raw), &chat); err != nil || len(chat.Messages) != 1 || chat.Messages[0].Text != "Bem-vinda" || chat.Rev <= after {
		t.Errorf("%s %v", a.raw, err)
	}
	w.idle(t)
	w.control(t, "GET", "guests/"+marina+"/transcript", "", &chat)
	begun := time.Now()
	w.control(t, "GET", "guests/"+marina+"/transcript?after="+jsonNumber(chat.Rev), "", &chat)
	if len(chat.Messages) != 0 || time.Since(begun) > 5*time.Second {
		t.Errorf("nothing new: %+v", chat)
	}
}

func jsonNumber(n int64) string { b, _ := json.Marshal(n); return string(b) }

// waiters says whether somebody waits for this guest.
func (a *account) waiters(phone string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	g := a.guests[phone]
	g.changed.mu.Lock()
	defer g.changed.mu.Unlock()
	return g.changed.ch != nil
}

func TestControlAccounts(t *testing.T) {
	t.Parallel()
	w := start(t)
	var made Account
	w.control(t, "POST", "accounts", `{"name":"Pousada do Sol","webhookUrl":"`+w.sim.Accounts()[0].WebhookURL+`","verifyToken":"verify-me"}`, &made)
	if made.PhoneNumberID == "" || made.AccessToken == "" || made.AppSecret == "" || made.WABAID == "" || made.DisplayNumber == "" {
		t.Fatalf("made %+v", made)
	}
	a := w.control(t, "GET", "accounts", "", nil)
	if strings.Contains(a.raw, made.AccessToken) || strings.Contains(a.raw, "secret-1") || !strings.Contains(a.raw, "Pousada do Sol") {
		t.Error(a.raw)
	}
	if a := w.control(t, "POST", "accounts/"+made.PhoneNumberID+"/verify", "", nil); a.status != 200 {
		t.Error(a.raw)
	}
	if a := w.control(t, "PATCH", "accounts/"+made.PhoneNumberID, `{"verifyToken":"other"}`, nil); a.status != 200 {
		t.Error(a.raw)
	}
	if a := w.control(t, "POST", "accounts/"+made.PhoneNumberID+"/verify", "", nil); a.status != 502 {
		t.Error(a.raw)
	}
	if got := w.sim.account(made.PhoneNumberID).info.Load(); got.AccessToken != made.AccessToken || got.Name != "Pousada do Sol" {
		t.Errorf("patch lost something: %+v", got)
	}
	if a := w.control(t, "POST", "accounts/"+hotel+"/webhooks", `{"body":{"object":"x"},"signature":"missing"}`, nil); a.raw != "{\"status\":200}\n" {
		t.Error(a.raw)
	}
	if a := w.control(t, "GET", "guests", "", nil); a.status != 400 {
		t.Errorf("two accounts and none named: %s", a.raw)
	}
}

func TestControlKnobsFaultsAndCounters(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	a := w.control(t, "PATCH", "knobs", `{"latencyMs":1,"statuses":{"readMs":3},"dropStatuses":["sent"]}`, nil)
	k := w.sim.Knobs()
	if a.status != 200 || k.Latency != time.Millisecond || k.Statuses.Read != 3*time.Millisecond || k.Statuses.Sent != time.Millisecond {
		t.Errorf("%s %+v", a.raw, k)
	}
	for _, bad := range []string{`{"window":"ajar"}`, `{"colour":1}`, `{`} {
		if a := w.control(t, "PATCH", "knobs", bad, nil); a.status != 400 {
			t.Errorf("%s: %d", bad, a.status)
		}
	}
	var made struct{ ID string }
	w.control(t, "POST", "faults", `{"code":131000,"times":1}`, &made)
	if a := w.sends(t, "text", `{"body":"x"}`); a.status != 500 || a.Code != 131000 {
		t.Error(a.raw)
	}
	w.control(t, "POST", "faults", `{"code":131000}`, &made)
	w.control(t, "DELETE", "faults/"+made.ID, "", nil)
	w.control(t, "POST", "faults", `{"code":131000}`, nil)
	w.control(t, "DELETE", "faults", "", nil)
	if a := w.control(t, "GET", "faults", "", nil); a.raw != "[]\n" {
		t.Error(a.raw)
	}
	w.sendsText(t, "um")
	w.sendsText(t, "um")
	w.idle(t)
	var counters struct {
		Counters
		Twice map[string]int
	}
	w.control(t, "GET", "counters", "", &counters)
	if counters.Accepted != 2 || counters.SentTwice != 1 || counters.Twice["out-1"] != 2 || counters.StatusesDropped != 2 {
		t.Errorf("%+v", counters)
	}
	if a := w.control(t, "GET", "counters?opaque=out-1", "", nil); a.raw != "{\"accepted\":2}\n" {
		t.Error(a.raw)
	}
	var sends []Send
	if w.control(t, "GET", "sends?limit=1", "", &sends); len(sends) != 1 {
		t.Errorf("%d sends", len(sends))
	}
	before := w.sim.Now()
	w.control(t, "POST", "clock", `{"advanceMs":3600000}`, nil)
	if d := w.sim.Now().Sub(before); d < time.Hour {
		t.Errorf("clock moved %v", d)
	}
	w.control(t, "POST", "reset", "", nil)
	if n := w.sim.Counters().Accepted; n != 0 {
		t.Errorf("%d accepted after reset", n)
	}
}

func TestControlRefusals(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, c := range []struct {
		method, path, body string
		want               int
	}{
		{"GET", "nothing", "", 404},
		{"GET", "guests?account=1", "", 404},
		{"GET", "guests/" + marina + "/transcript?after=x", "", 400},
		{"POST", "guests", `{"phone":"12"}`, 400},
		{"POST", "guests/" + marina + "/messages", `{"text":""}`, 400},
		{"POST", "guests/" + marina + "/messages", `{"txt":"x"}`, 400},
		{"POST", "guests/" + marina + "/messages", `{"text":"x"} {}`, 400},
		{"POST", "guests/" + marina + "/taps", `{"choice":"x"}`, 404},
		{"POST", "faults", `{}`, 400},
		{"POST", "clock", `{"advanceMs":-1}`, 400},
		{"POST", "accounts", `{"webhookUrl":"javascript:x"}`, 400},
		{"PATCH", "accounts/1", `{}`, 404},
		{"POST", "accounts/" + hotel + "/media", "", 400},
		{"GET", "media/1", "", 404},
	} {
		if a := w.control(t, c.method, c.path, c.body, nil); a.status != c.want {
			t.Errorf("%s %s %s: %d %s", c.method, c.path, c.body, a.status, a.raw)
		}
	}
	req, err := http.NewRequestWithContext(within(t), "POST", w.http.URL+"/simulator/reset", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	if a, err := do(w.http.Client(), req); err != nil || a.status != http.StatusForbidden {
		t.Errorf("another site's page: %d %v", a.status, err)
	}
}

func TestUploadedFileIsSentByTheGuest(t *testing.T) {
	t.Parallel()
	w := start(t)
	req, err := http.NewRequestWithContext(within(t), "POST", w.http.URL+"/simulator/accounts/"+hotel+"/media?filename=foto.svg", strings.NewReader("<svg/>"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "image/svg+xml")
	a, err := do(w.http.Client(), req)
	if err != nil {
		t.Fatal(err)
	}
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(a.raw), &made); err != nil {
		t.Fatal(a.raw)
	}
	if a := w.control(t, "POST", "guests/"+marina+"/messages", `{"type":"document","mediaId":"`+made.ID+`"}`, nil); a.status != 200 {
		t.Error(a.raw)
	}
	if body := string(w.recv.await(t, 1)[0].body); !strings.Contains(body, `"filename":"foto.svg"`) {
		t.Error(body)
	}
	shown := w.call(t, "GET", "/simulator/media/"+made.ID, "")
	if shown.raw != "<svg/>" || !strings.Contains(shown.header.Get("Content-Security-Policy"), "sandbox") || shown.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s %v", shown.raw, shown.header)
	}
}

func TestStreamTellsWhoChanged(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	ctx, cancel := context.WithCancel(within(t))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", w.http.URL+"/simulator/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := w.http.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	lines := bufio.NewScanner(resp.Body)
	next := func() []View {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var views []View
				if err := json.Unmarshal([]byte(data), &views); err != nil {
					t.Fatal(err)
				}
				return views
			}
		}
		t.Fatal("stream ended")
		return nil
	}
	if got := next(); len(got) != 1 || got[0].Phone != marina {
		t.Errorf("first event %+v", got)
	}
	if _, err := w.sim.Guest(hotel, "5521998877665").Says(within(t), "Olá"); err != nil {
		t.Fatal(err)
	}
	for got := next(); got[0].Phone != "5521998877665"; got = next() {
		if got[0].Phone != marina { // her last change may have come late
			t.Fatalf("event %+v", got)
		}
	}
}

// A page must hear of every guest, also when more change at once than fit into one event.
func TestStreamLosesNobodyInABurst(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	seen := map[string]int64{}
	w.sim.changedGuests(seen)
	heard := map[string]bool{}
	for i := range streamMost + 50 {
		if err := w.sim.Guest(hotel, fmt.Sprint(5511970000000+i)).Set(GuestSettings{Name: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	for more := true; more; {
		var views []View
		views, more = w.sim.changedGuests(seen)
		if len(views) > streamMost {
			t.Fatalf("%d guests in one event", len(views))
		}
		for _, v := range views {
			heard[v.Phone] = true
		}
	}
	delete(heard, marina) // her last change may have come late
	if len(heard) != streamMost+50 {
		t.Errorf("heard of %d guests", len(heard))
	}
}

func TestPhonePageIsServed(t *testing.T) {
	t.Parallel()
	w := start(t)
	page := w.call(t, "GET", "/phone", "")
	if page.status != 200 || !strings.Contains(page.header.Get("Content-Type"), "text/html") || !strings.Contains(page.raw, `lang="pt-BR"`) {
		t.Fatalf("page %d %v", page.status, page.header)
	}
	if csp := page.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("policy %q", csp)
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="(/phone/[^"]+)"`).FindAllStringSubmatch(page.raw, -1) {
		if a := w.call(t, "GET", m[1], ""); a.status != 200 || len(a.raw) == 0 {
			t.Errorf("%s: %d", m[1], a.status)
		}
	}
	if regexp.MustCompile(`(src|href)="https?:`).MatchString(page.raw) {
		t.Error("the page loads something from elsewhere")
	}
	if a := w.call(t, "POST", "/phone", ""); a.status != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", a.status)
	}
}

func TestPageScriptsParse(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	files, err := filepath.Glob("page/*.mjs")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, f := range files {
		if out, err := exec.CommandContext(within(t), node, "--check", f).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", f, err, out)
		}
	}
}
