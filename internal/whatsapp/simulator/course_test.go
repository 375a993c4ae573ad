package simulator

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestVoiceNoteIsPlayed(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	a := w.sends(t, "audio", `{"link":"https://a.example/a.ogg","voice":true}`)
	plain := w.sends(t, "audio", `{"link":"https://a.example/a.ogg"}`)
	w.idle(t)
	w.act(t, "play", `{"messageId":"`+a.WAMID+`"}`)
	w.act(t, "play", `{"messageId":"`+a.WAMID+`"}`)
	w.idle(t)
	if diff := cmp.Diff([]string{"sent", "delivered", "played"}, w.recv.statuses(t, a.WAMID)); diff != "" {
		t.Error(diff)
	}
	if answered := w.control(t, "POST", "guests/"+marina+"/play", `{"messageId":"`+plain.WAMID+`"}`, nil); answered.status != 404 {
		t.Errorf("an audio file was played as a note: %d", answered.status)
	}
}

func TestOpenChatIsReadWithoutDelivery(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	if err := w.marina().Set(GuestSettings{ChatOpen: true}); err != nil {
		t.Fatal(err)
	}
	a := w.sendsText(t, "Olá")
	w.idle(t)
	if diff := cmp.Diff([]string{"sent", "read"}, w.recv.statuses(t, a.WAMID)); diff != "" {
		t.Error(diff)
	}
	if err := w.marina().Set(GuestSettings{}); err != nil {
		t.Fatal(err)
	}
	tune(t, w, func(k *Knobs) { k.Rules.ChatOpen = 100 })
	b := w.sendsText(t, "Olá")
	w.idle(t)
	if diff := cmp.Diff([]string{"sent", "read"}, w.recv.statuses(t, b.WAMID)); diff != "" {
		t.Error(diff)
	}
}

// What was not delivered in time is dropped, and nobody is told.
func TestMessagesExpireSilently(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	if err := w.marina().Set(GuestSettings{Offline: true}); err != nil {
		t.Fatal(err)
	}
	old := w.sendsText(t, "velha")
	w.idle(t)
	w.sim.Advance(20 * 24 * time.Hour)
	fresh := w.sends(t, "template", `{"name":"ola","language":{"code":"pt_BR"}}`)
	w.idle(t)
	w.sim.Advance(11 * 24 * time.Hour)
	if err := w.marina().Set(GuestSettings{}); err != nil {
		t.Fatal(err)
	}
	w.idle(t)
	if diff := cmp.Diff([]string{"sent"}, w.recv.statuses(t, old.WAMID)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"sent", "delivered"}, w.recv.statuses(t, fresh.WAMID)); diff != "" {
		t.Error(diff)
	}
}

func TestGuestsWhoCannotGetIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings GuestSettings
		category string
		code     string
	}{
		"stopped marketing":     {GuestSettings{StoppedMarketing: true}, "MARKETING", "131050"},
		"utility all the same":  {GuestSettings{StoppedMarketing: true}, "UTILITY", ""},
		"marketing limit":       {GuestSettings{MarketingSpent: true}, "MARKETING", "131049"},
		"experiment":            {GuestSettings{Experiment: true}, "MARKETING", "130472"},
		"blocked the business":  {GuestSettings{Blocked: true}, "UTILITY", "131026"},
		"another key":           {GuestSettings{IdentityHash: "abc"}, "UTILITY", "137000"},
		"nothing in the way":    {GuestSettings{}, "MARKETING", ""},
		"not on WhatsApp":       {GuestSettings{NotOnWhatsApp: true}, "UTILITY", "131026"},
		"key that nobody knows": {GuestSettings{}, "UTILITY", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, func(o *Options) {
				o.Accounts[0].Templates = []Template{{Name: "ola", Language: "pt_BR", Category: c.category, Body: "Olá"}}
			})
			if err := w.marina().Set(c.settings); err != nil {
				t.Fatal(err)
			}
			body := strings.Replace(sendBody("template", `{"name":"ola","language":{"code":"pt_BR"}}`), `"to"`, `"recipient_identity_key_hash":"xyz","to"`, 1)
			failed := w.fails(t, w.call(t, "POST", messages, body))
			if (failed == "") != (c.code == "") || !strings.Contains(failed, c.code) {
				t.Errorf("failed: %q, want %s", failed, c.code)
			}
			if strings.Contains(failed, `"contacts"`) {
				t.Error("a failed status has contacts")
			}
		})
	}
}

func TestMarketingToTheUnitedStatesAndWithoutPayment(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) {
		o.Accounts[0].Templates = []Template{{Name: "promo", Language: "pt_BR", Category: "MARKETING", Body: "Olá"}}
	})
	body := sendBody("template", `{"name":"promo","language":{"code":"pt_BR"}}`)
	if failed := w.fails(t, w.call(t, "POST", messages, strings.Replace(body, marina, "12125551234", 1))); !strings.Contains(failed, "131049") {
		t.Errorf("to the US: %q", failed)
	}
	w.control(t, "PATCH", "businesses/"+wabaID, `{"noPayment":true}`, nil)
	if failed := w.fails(t, w.call(t, "POST", messages, body)); !strings.Contains(failed, "131042") {
		t.Errorf("without payment: %q", failed)
	}
	w.control(t, "PATCH", "businesses/"+wabaID, `{"noPayment":false,"marketingOff":true}`, nil)
	if a := w.call(t, "POST", messages, body); a.Code != 131063 {
		t.Errorf("switched off: %s", a.raw)
	}
}

// The price of a message before and after October 2026, inside and outside of the window, within and beyond the free
// tier, and from an ad.
func TestPriceFollowsTheRulesOf2026(t *testing.T) {
	t.Parallel()
	before, after := freeServiceEnds.Add(-time.Hour), freeServiceEnds.Add(time.Hour)
	for name, c := range map[string]struct {
		at       time.Time
		category string
		inWindow bool
		used     int
		free     bool
		want     string
	}{
		"service before":            {before, "", true, 0, false, "free_customer_service service"},
		"utility in window before":  {before, "UTILITY", true, 0, false, "free_customer_service utility"},
		"utility outside before":    {before, "UTILITY", false, 0, false, "regular utility"},
		"marketing in window":       {before, "MARKETING", true, 0, false, "regular marketing"},
		"service after, first":      {after, "", true, 0, false, "free_customer_service service"},
		"service after, last free":  {after, "", true, 999, false, "free_customer_service service"},
		"service after, first paid": {after, "", true, 1000, false, "regular service"},
		"utility in window after":   {after, "UTILITY", true, 0, false, "regular utility"},
		"from an ad":                {after, "MARKETING", true, 5000, true, "free_entry_point referral_conversion"},
		"one-time code":             {after, "AUTHENTICATION", false, 0, false, "regular authentication"},
	} {
		w := start(t)
		a := w.sim.account(hotel)
		a.number.service[c.at.Format("2006-01")] = c.used
		p := a.price(sentMessage{acc: a, entry: &Entry{category: c.category, inWindow: c.inWindow, free: c.free}}, c.at)
		if got := p.Type + " " + p.Category; got != c.want || p.Billable != (p.Type == "regular") || p.Model != "PMP" {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestPriceStandsOnOneStatus(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]string{PricingOnSent: "sent", PricingOnDelivered: "delivered", PricingNever: ""} {
		w := start(t, func(o *Options) { o.Knobs.Rules.Pricing = mode })
		w.says(t, "Oi")
		w.sendsText(t, "Olá")
		w.idle(t)
		if _, err := w.marina().MarkRead(within(t)); err != nil {
			t.Fatal(err)
		}
		w.idle(t)
		got := ""
		for _, h := range w.recv.all() {
			for _, s := range parseHook(t, h).Entry[0].Changes[0].Value.Statuses {
				if s["pricing"] != nil {
					got += s["status"].(string)
				}
			}
		}
		if got != want {
			t.Errorf("%s: price on %q", mode, got)
		}
	}
}

// A click on an ad makes 72 hours free from the answer on, but only the 24 hours of the window are free to write in.
func TestFreeEntryPoint(t *testing.T) {
	t.Parallel()
	w := start(t)
	if _, err := w.marina().Sends(within(t), FromAd("Quero saber mais")); err != nil {
		t.Fatal(err)
	}
	a := w.sendsText(t, "Olá!")
	w.idle(t)
	body := func(wamid string) string {
		for _, h := range w.recv.all() {
			if strings.Contains(string(h.body), wamid) && strings.Contains(string(h.body), `"sent"`) {
				return string(h.body)
			}
		}
		return ""
	}
	if b := body(a.WAMID); !strings.Contains(b, `"free_entry_point"`) || !strings.Contains(b, `"referral_conversion"`) || !strings.Contains(b, `"conversation"`) {
		t.Error(b)
	}
	w.sim.Advance(30 * time.Hour)
	if failed := w.fails(t, w.sendsText(t, "tarde")); !strings.Contains(failed, "131047") {
		t.Errorf("free is not open: %q", failed)
	}
	w.sim.Advance(50 * time.Hour)
	late := w.sends(t, "template", `{"name":"ola","language":{"code":"pt_BR"}}`)
	w.idle(t)
	if b := body(late.WAMID); strings.Contains(b, "free_entry_point") || strings.Contains(b, `"conversation"`) {
		t.Error(b)
	}
}

func TestStrictNinthDigitFailsTheOtherForm(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.Knobs.NinthDigit, o.Knobs.Rules.StrictNinth = NinthDrop, true })
	w.says(t, "Oi")
	if failed := w.fails(t, w.sendsText(t, "com nove")); !strings.Contains(failed, "131026") {
		t.Errorf("with the ninth digit: %q", failed)
	}
	body := strings.Replace(sendBody("text", `{"body":"sem nove"}`), marina, withoutNinth(marina), 1)
	if failed := w.fails(t, w.call(t, "POST", messages, body)); failed != "" {
		t.Errorf("the wa_id itself: %s", failed)
	}
}
