package simulator

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// variable matches what differs between two runs of the world; the files in testdata have the same marks.
var variable = []struct {
	re *regexp.Regexp
	to string
}{
	{regexp.MustCompile(`wamid\.[A-Za-z0-9+/=]+`), "WAMID"},
	{regexp.MustCompile(`BR\.\d{17}`), "BSUID"},
	{regexp.MustCompile(`wacid\.[0-9a-f]+`), "WACID"},
	{regexp.MustCompile(`"7\d{14}"`), `"MEDIA"`},
	{regexp.MustCompile(`mid=7\d{14}`), `mid=MEDIA`},
	{regexp.MustCompile(`hash=[0-9a-f]+`), `hash=HASH`},
	{regexp.MustCompile(`"sha256":\s*"[A-Za-z0-9+/=]{44}"`), `"sha256": "SHA"`},
	{regexp.MustCompile(`"id":\s*"[0-9a-f]{32}"`), `"id": "CONVERSATION"`},
}

func normalise(t *testing.T, raw []byte) any {
	t.Helper()
	text := string(raw)
	for _, v := range variable {
		text = v.re.ReplaceAllString(text, v.to)
	}
	var out any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return out
}

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares one webhook with testdata/<name>.json, in which variable parts are marked.
func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	if *update {
		out, err := json.MarshalIndent(normalise(t, body), "", "  ")
		if err == nil {
			err = os.WriteFile("testdata/"+name+".json", append(out, '\n'), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatalf("%v; got %s", err, body)
	}
	if diff := cmp.Diff(normalise(t, want), normalise(t, body)); diff != "" {
		t.Errorf("%s (-file +webhook):\n%s", name, diff)
	}
}

// frozen is a world on 18 November 2026 in which nothing happens by itself.
func frozen(t *testing.T) *world {
	t.Helper()
	w := start(t, func(o *Options) {
		o.Now = func() time.Time { return time.Unix(1795000000, 0) }
		o.PublicURL = "https://simulator.example"
	})
	if err := w.marina().Set(GuestSettings{Name: "Marina Duarte"}); err != nil {
		t.Fatal(err)
	}
	return w
}

// advance moves the frozen clock once the next step of a message is scheduled: moved before
// that, the step would lie in a future that never comes.
func (w *world) advance(t *testing.T, d time.Duration) {
	t.Helper()
	limit := time.After(10 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		w.sim.clock.mu.Lock()
		scheduled := len(w.sim.clock.queue) > 0 && w.sim.clock.busy == 0
		w.sim.clock.mu.Unlock()
		if scheduled {
			w.sim.Advance(d)
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("nothing is scheduled")
		}
	}
}

func TestInboundEnvelopes(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]Inbound{
		"in_text":        Text("Olá, há quarto para 12/12?"),
		"in_image":       Image("Comprovante do Pix"),
		"in_video":       {Type: "video", Caption: "Ar-condicionado do 204 fazendo barulho", Forwarded: true},
		"in_audio":       Voice(),
		"in_document":    Document("voucher-reserva-8841.pdf", "Segue o voucher"),
		"in_sticker":     Sticker(),
		"in_location":    Location(-23.561414, -46.655881, "Estação Trianon-Masp", "Av. Paulista, São Paulo"),
		"in_contacts":    ContactCard("Agência Rota Sul", "+55 51 99876-5432"),
		"in_unsupported": Unsupported("poll_creation"),
		"in_referral":    {Text: "Quero saber mais", Referral: json.RawMessage(`{"source_url":"https://fb.me/exemploAd","source_type":"ad"}`)},
		"in_raw_order":   {Type: "order", Raw: json.RawMessage(`{"catalog_id":"800100000000001","product_items":[]}`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := frozen(t)
			if _, err := w.marina().Sends(within(t), m); err != nil {
				t.Fatal(err)
			}
			golden(t, name, w.recv.await(t, 1)[0].body)
		})
	}
}

func TestReplyEnvelopes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ kind, content, tap string }{
		"in_button_reply": {"interactive", `{"type":"button","body":{"text":"?"},"action":{"buttons":[{"type":"reply","reply":{"id":"confirmar:8841","title":"Confirmar"}}]}}`, "Confirmar"},
		"in_list_reply":   {"interactive", `{"type":"list","body":{"text":"?"},"action":{"button":"Ver","sections":[{"rows":[{"id":"quarto:luxo","title":"Luxo vista mar","description":"R$ 780 por noite"}]}]}}`, "quarto:luxo"},
		"in_quick_reply":  {"template", `{"name":"promo","language":{"code":"pt_BR"},"components":[{"type":"button","sub_type":"quick_reply","index":0,"parameters":[{"type":"payload","payload":"OPTOUT_PROMO"}]}]}`, "OPTOUT_PROMO"},
		"in_reaction":     {"text", `{"body":"Olá"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := frozen(t)
			tune(t, w, func(k *Knobs) { k.Window = Off; k.Statuses.Off = true })
			a := w.sends(t, c.kind, c.content)
			if a.status != 200 {
				t.Fatal(a.raw)
			}
			var err error
			if c.tap == "" {
				_, err = w.marina().React(within(t), a.WAMID, "👍")
			} else {
				_, err = w.marina().Tap(within(t), a.WAMID, c.tap)
			}
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, w.recv.await(t, 1)[0].body)
		})
	}
}

func TestStatusEnvelopes(t *testing.T) {
	t.Parallel()
	w := frozen(t)
	w.says(t, "Oi")
	w.sendsText(t, "Bem-vinda")
	w.advance(t, time.Second)
	w.recv.await(t, 2)
	w.advance(t, time.Second)
	hooks := w.recv.await(t, 3)
	golden(t, "status_sent", hooks[1].body)
	golden(t, "status_delivered", hooks[2].body)
	addFault(t, w, Fault{Effect: EffectFailLater, Code: 131047})
	w.sendsText(t, "tarde")
	w.advance(t, time.Second)
	golden(t, "status_failed", w.recv.await(t, 4)[3].body)
}

func TestConversationBlockOfOldFieldVersions(t *testing.T) {
	t.Parallel()
	w := frozen(t)
	a := w.sim.Accounts()[0]
	a.WebhookVersion = 23
	if _, err := w.sim.AddAccount(a); err != nil {
		t.Fatal(err)
	}
	w.says(t, "Oi")
	w.sendsText(t, "Bem-vinda")
	w.advance(t, time.Second)
	golden(t, "status_sent_v23", w.recv.await(t, 2)[1].body)
}

// TestASCIIJSON: whatever the text, the bytes are ASCII, decode to the same text and use lower-case digits.
func TestASCIIJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, slash := rapid.String().Draw(t, "text"), rapid.Bool().Draw(t, "slash")
		out := asciiJSON(text, slash)
		if !isASCII(out) {
			t.Fatalf("not ASCII: %s", out)
		}
		var back string
		if err := json.Unmarshal(out, &back); err != nil || back != text {
			t.Fatalf("%q came back as %q: %v", text, back, err)
		}
		if slash && bytes.Contains(bytes.ReplaceAll(out, []byte(`\/`), nil), []byte("/")) {
			t.Fatalf("bare slash: %s", out)
		}
	})
	if got := string(asciiJSON("é<&>ÿ😀", false)); got != `"\u00e9<&>\u00ff\ud83d\ude00"` {
		t.Error(got)
	}
	if strings.Contains(string(asciiJSON("\u00ab", false)), "AB") {
		t.Error("upper-case digits")
	}
}
