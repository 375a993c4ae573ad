package simulator

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The same seed and the same calls give the same faults, ids and answers; another seed others.
func TestFaultsRepeatWithTheirSeed(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		w := start(t, func(o *Options) { o.Seed = seed; o.Knobs.PairRate = Off; o.Knobs.Statuses.Off = true })
		w.says(t, "Oi")
		addFault(t, w, Fault{Code: 131000, Probability: 0.3})
		addFault(t, w, Fault{Code: 130429, Probability: 0.3})
		var out strings.Builder
		for range 40 {
			a := w.sends(t, "text", `{"body":"x"}`)
			out.WriteString(a.WAMID + a.raw[:20] + string(rune('0'+a.status/100)))
		}
		return out.String()
	}
	first := run(11)
	if first != run(11) {
		t.Error("the same seed went another way")
	}
	if first == run(12) {
		t.Error("another seed went the same way")
	}
}

func TestProbabilityIsKept(t *testing.T) {
	t.Parallel()
	b := faultBook{seed: func() uint64 { return 5 }, now: time.Now}
	if _, err := b.add(Fault{Code: 131000, Probability: 0.05}); err != nil {
		t.Fatal(err)
	}
	hits := 0
	for range 10_000 {
		if b.take(attempt{plane: PlaneSend, kind: "text"}) != nil {
			hits++
		}
	}
	if hits < 400 || hits > 600 {
		t.Errorf("%d of 10,000 at 5 %%", hits)
	}
}

func TestFaultsBeginAndEndOnTheClock(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	addFault(t, w, Fault{Code: 130429, StartMs: 60_000, ForMs: 30_000})
	w.sendsText(t, "antes")
	w.sim.Advance(70 * time.Second)
	if a := w.sends(t, "text", `{"body":"x"}`); a.Code != 130429 {
		t.Errorf("within: %s", a.raw)
	}
	w.sim.Advance(30 * time.Second)
	w.sendsText(t, "depois")
}

func TestLatencyDistributions(t *testing.T) {
	t.Parallel()
	quantile := func(l Latency, p float64) time.Duration {
		var all []time.Duration
		for i := range uint64(10_000) {
			all = append(all, l.draw(chance(3, "latency", i)))
		}
		slices.Sort(all)
		return all[int(p*float64(len(all)))]
	}
	near := func(name string, got, want time.Duration) {
		if got < want*8/10 || got > want*12/10 {
			t.Errorf("%s: %v, want about %v", name, got, want)
		}
	}
	near("fixed", quantile(Latency{Dist: DistFixed, Ms: 200}, 0.9), 200*time.Millisecond)
	normal := Latency{Dist: DistNormal, Ms: 300, SigmaMs: 50}
	near("normal median", quantile(normal, 0.5), 300*time.Millisecond)
	near("normal p98", quantile(normal, 0.977), 400*time.Millisecond)
	tail := Latency{Dist: DistLongTail, Ms: 100, P99Ms: 8000}
	near("tail median", quantile(tail, 0.5), 100*time.Millisecond)
	near("tail p99", quantile(tail, 0.99), 8*time.Second)
	if (&Latency{Dist: DistNormal, Ms: 1, SigmaMs: 100}).draw(0.001) != 0 {
		t.Error("a negative latency")
	}
}

func TestFaultsOnOtherCallsAndBadAnswers(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	addFault(t, w, Fault{Code: 131016, Call: "GET message_templates", Times: 1})
	if a := w.sends(t, "text", `{"body":"x"}`); a.status != 200 {
		t.Errorf("a send was hit: %s", a.raw)
	}
	if a := w.call(t, "GET", templates, ""); a.Code != 131016 {
		t.Errorf("list: %s", a.raw)
	}
	addFault(t, w, Fault{Effect: EffectHTML, HTTPStatus: 503, Call: "any", Times: 1})
	if a := w.call(t, "GET", number1, ""); a.status != 503 || !strings.Contains(a.raw, "<html>") {
		t.Errorf("any: %d", a.status)
	}
	addFault(t, w, Fault{Effect: EffectNoMessage, Times: 1})
	if a := w.sends(t, "text", `{"body":"x"}`); a.status != 200 || !strings.Contains(a.raw, `"messages":[]`) {
		t.Errorf("no message: %s", a.raw)
	}
	addFault(t, w, Fault{Code: 199999, HTTPStatus: 429, ErrorText: true, Details: "algo", Times: 1})
	if a := w.sends(t, "text", `{"body":"x"}`); a.status != 429 || !strings.Contains(a.raw, `"error_data":"algo"`) {
		t.Errorf("text as data: %s", a.raw)
	}
	addFault(t, w, Fault{Effect: EffectHoldBefore, Times: 1})
	client := &http.Client{Timeout: 50 * time.Millisecond}
	req, err := http.NewRequestWithContext(within(t), "POST", w.http.URL+messages, strings.NewReader(sendBody("text", `{"body":"nunca"}`)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer token-1")
	if _, err := do(client, req); err == nil {
		t.Error("answered")
	}
	for _, s := range w.sim.Sends() {
		if strings.Contains(s.Body, "nunca") {
			t.Error("it was accepted")
		}
	}
}

func TestStatusesThatContradictOrAreMissing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault Fault
		want  []string
	}{
		"reversed":       {Fault{Effect: EffectReversed}, []string{"read", "delivered", "sent"}},
		"contradict":     {Fault{Effect: EffectContradict}, []string{"sent", "delivered", "failed"}},
		"revived":        {Fault{Effect: EffectContradict, Mode: "revived"}, []string{"failed", "delivered"}},
		"lost delivered": {Fault{Effect: EffectLoseStatus, Statuses: []string{"delivered"}}, []string{"sent"}},
		"lost all":       {Fault{Effect: EffectLoseStatus}, nil},
		"status first":   {Fault{Effect: EffectStatusFirst}, []string{"sent", "delivered"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.says(t, "Oi")
			c.fault.Times = 1
			addFault(t, w, c.fault)
			a := w.sendsText(t, "Olá")
			w.idle(t)
			if diff := cmp.Diff(c.want, w.recv.statuses(t, a.WAMID)); diff != "" {
				t.Error(diff)
			}
			b := w.sendsText(t, "e depois tudo certo")
			w.idle(t)
			if diff := cmp.Diff([]string{"sent", "delivered"}, w.recv.statuses(t, b.WAMID)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWebhooksDuplicatedLateAndLost(t *testing.T) {
	t.Parallel()
	w := start(t)
	addFault(t, w, Fault{Effect: EffectDuplicate, Copies: 2, DelayMs: 6 * 24 * 3600 * 1000, Type: "text", Times: 1})
	w.says(t, "um")
	w.sim.Advance(6*24*time.Hour + time.Second)
	hooks := w.recv.await(t, 3)
	if string(hooks[0].body) != string(hooks[2].body) {
		t.Error("the copy has other bytes")
	}
	addFault(t, w, Fault{Effect: EffectLate, DelayMs: 7 * 24 * 3600 * 1000, Times: 1})
	if _, err := w.marina().Says(within(t), "dois"); err != nil {
		t.Fatal(err)
	}
	w.says(t, "três")
	w.sim.Advance(7*24*time.Hour + time.Second)
	w.idle(t)
	if diff := cmp.Diff([]string{"um", "um", "um", "três", "dois"}, w.recv.texts(t)); diff != "" {
		t.Error(diff)
	}
	addFault(t, w, Fault{Effect: EffectLost, Times: 1})
	if _, err := w.marina().Says(within(t), "quatro"); err != nil {
		t.Fatal(err)
	}
	w.says(t, "cinco")
	if got := w.recv.texts(t); slices.Contains(got, "quatro") {
		t.Error("what was lost came")
	}
}

func TestWebhooksSpoiltOnTheFirstAttempt(t *testing.T) {
	t.Parallel()
	secret := "secret-1"
	for _, mode := range Effects[EffectSignature].modes {
		w := start(t)
		w.recv.answer = func(_ int, h hook) int {
			if h.header.Get("X-Hub-Signature-256") != Sign(secret, h.body) {
				return http.StatusUnauthorized
			}
			return http.StatusOK
		}
		addFault(t, w, Fault{Effect: EffectSignature, Mode: mode, Times: 1})
		w.says(t, "Oi")
		if hooks := w.recv.all(); len(hooks) != 2 || hooks[0].status != 401 || hooks[1].status != 200 {
			t.Errorf("%s: %d webhooks", mode, len(hooks))
		}
	}
	for mode, marks := range map[string]string{
		MangleUnknownField: `"moon_phases"`, MangleUnknownType: `"hologram"`, MangleExtraKeys: `"x_unknown"`,
		MangleNulls: `"contacts":null`, MangleDeep: `[[[[[[`, MangleReserialised: "Olá ☕",
	} {
		w := start(t)
		addFault(t, w, Fault{Effect: EffectMangle, Mode: mode, Times: 1})
		w.says(t, "Olá ☕")
		h := w.recv.all()[0]
		rightly := h.header.Get("X-Hub-Signature-256") == Sign(secret, h.body)
		if !strings.Contains(string(h.body), marks) || rightly == (mode == MangleReserialised) {
			t.Errorf("%s: signed %v, %.200s", mode, rightly, h.body)
		}
	}
	for mode, gone := range map[string]string{MangleNoContacts: `"contacts"`, MangleNoFrom: `"from":`, MangleNotJSON: `}]}`} {
		w := start(t)
		addFault(t, w, Fault{Effect: EffectMangle, Mode: mode, Times: 1})
		w.says(t, "Oi")
		if body := string(w.recv.all()[0].body); strings.Contains(body, gone) {
			t.Errorf("%s: %s", mode, body)
		}
	}
}

func TestWebhookReplayedToAnotherAccount(t *testing.T) {
	t.Parallel()
	w := start(t)
	other := &receiver{}
	server := httptest.NewServer(other)
	t.Cleanup(server.Close)
	if _, err := w.sim.AddAccount(Account{PhoneNumberID: "402", DisplayNumber: "551144445555", AccessToken: "t2", AppSecret: "s2", WABAID: "302", WebhookURL: server.URL}); err != nil {
		t.Fatal(err)
	}
	addFault(t, w, Fault{Effect: EffectForeign, Target: "402", Times: 1})
	w.says(t, "segredo")
	h := other.await(t, 1)[0]
	if h.header.Get("X-Hub-Signature-256") != Sign("secret-1", h.body) || !strings.Contains(string(h.body), hotel) {
		t.Errorf("%s", h.body)
	}
}

func TestClockCanBeSetAndHurried(t *testing.T) {
	t.Parallel()
	w := start(t)
	target := w.sim.Now().Add(48 * time.Hour).Truncate(time.Second)
	w.control(t, "POST", "clock", `{"now":"`+target.Format(time.RFC3339)+`","speed":3600}`, nil)
	begun := w.sim.Now()
	if begun.Before(target) {
		t.Errorf("now is %v", begun)
	}
	awaitTrue(t, func() bool { return w.sim.Now().Sub(begun) > 3*time.Minute })
	ran := make(chan struct{})
	w.sim.clock.after(time.Hour, func() { close(ran) })
	select {
	case <-ran:
	case <-within(t).Done():
		t.Error("an hour takes longer than ten seconds")
	}
	for _, bad := range []string{`{"now":"2001-01-01T00:00:00Z"}`, `{"speed":-1}`, `{"speed":1000000}`} {
		if a := w.control(t, "POST", "clock", bad, nil); a.status != 400 {
			t.Errorf("%s: %d", bad, a.status)
		}
	}
}

func TestBadDayAndCatalogueByTheControlAPI(t *testing.T) {
	t.Parallel()
	w := start(t)
	if a := w.control(t, "POST", "faults/bad-day", "", nil); a.status != 200 || len(w.sim.Faults()) != len(BadDay()) {
		t.Error(a.raw)
	}
	if a := w.control(t, "GET", "effects", "", nil); strings.Count(a.raw, `"plane"`) != len(Effects) {
		t.Error(a.raw)
	}
	if a := w.control(t, "GET", "events", "", nil); !strings.Contains(a.raw, "DISABLED_UPDATE") {
		t.Error(a.raw)
	}
	for name, f := range map[string]Fault{
		"mode": {Effect: EffectMangle, Mode: "burn"}, "share": {Code: 1, Probability: 2}, "copies": {Effect: EffectDuplicate, Copies: -1},
		"tail": {Effect: EffectDelay, Latency: &Latency{Dist: DistLongTail, Ms: 5, P99Ms: 5}}, "call": {Effect: EffectGone, Call: "any"},
	} {
		if _, err := w.sim.AddFault(f); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestAssertionsTellWhatTheClientBroke(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, a := range w.sim.Assert() {
		if !a.Holds {
			t.Errorf("at the start: %+v", a)
		}
	}
	w.sendsText(t, "fora da janela") // outside of the window
	w.sendsText(t, "de novo")        // with the same callback data
	w.call(t, "GET", "/nowhere", "")
	w.idle(t)
	var broken []string
	for _, a := range w.sim.Assert() {
		if !a.Holds {
			broken = append(broken, a.Name)
		}
	}
	if len(broken) != 3 {
		t.Errorf("broken: %v", broken)
	}
}
