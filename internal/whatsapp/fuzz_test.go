package whatsapp_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// seed adds every payload of testdata, as it is, cut short, and with one part replaced.
func seed(f *testing.F, add func(body []byte)) {
	f.Helper()
	files, err := filepath.Glob("testdata/webhook/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			f.Fatal(err)
		}
		add(body)
		add(body[:len(body)/2])
		for _, with := range []string{"null", `"x"`, "[]", "{}", "1e400", `"\ud83d"`, `"\u0000"`} {
			add([]byte(strings.Replace(string(body), `"1795000`, with+` ,"1795000`, 1)))
			add([]byte(strings.Replace(string(body), `: {`, `: `+with+`, "x": {`, 3)))
			add([]byte(strings.Replace(string(body), `: [`, `: `+with+`, "x": [`, 4)))
		}
	}
}

func FuzzSplit(f *testing.F) {
	seed(f, func(body []byte) { f.Add(body) })
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := whatsapp.Split(body)
		if err != nil {
			return
		}
		for _, p := range d.Parts {
			again, err := whatsapp.Split(p.Envelope())
			if err != nil || len(again.Parts) != 1 || len(again.Parts[0].Items) != len(p.Items) {
				t.Fatalf("envelope %s: %v", p.Envelope(), err)
			}
			for i, item := range p.Items {
				checkItem(t, item)
				if again.Parts[0].Items[i].LaneKey != item.LaneKey || again.Parts[0].Items[i].WAMID != item.WAMID {
					t.Fatalf("envelope changes item %d", i)
				}
			}
		}
	})
}

// checkItem holds what storage relies on.
func checkItem(t *testing.T, item whatsapp.Item) {
	t.Helper()
	if !json.Valid(item.Payload) || !isStorable(item.LaneKey) || item.LaneKey == "" || !isStorable(item.WAMID) {
		t.Fatalf("item cannot be stored: %q %q %s", item.LaneKey, item.WAMID, item.Payload)
	}
	if item.Kind != whatsapp.ItemOther && !strings.HasPrefix(string(item.Payload), `{"`+string(item.Kind)+`":`) {
		t.Fatalf("the payload of a %s does not begin with its kind: %.40s", item.Kind, item.Payload)
	}
	switch item.Kind {
	case whatsapp.ItemMessage:
		checkMessage(t, item.Payload)
	case whatsapp.ItemStatus:
		checkStatus(t, item.Payload)
	case whatsapp.ItemOther:
	default:
		checkSeldom(t, item.Payload)
	}
}

func checkMessage(t *testing.T, payload []byte) {
	t.Helper()
	in, err := whatsapp.ParseMessage(payload, received)
	if err == nil {
		checkInbound(t, in)
	}
}

func checkInbound(t *testing.T, in whatsapp.Inbound) {
	t.Helper()
	if in.WAMID == "" || !in.From.IsKnown() || in.From.LaneKey() == "phone:" || (in.Kind == "") != (in.Change != nil) || in.At.IsZero() {
		t.Fatalf("half a message: %+v", in)
	}
	if c := in.Change; c != nil && (c.Target == "" || c.ID != in.WAMID || c.At != in.At || (c.Text != nil) != (c.Kind == message.Editing)) {
		t.Fatalf("half a change: %+v", c)
	}
	if in.Kind == message.Unsupported && (in.Content == "" || in.Metadata.Raw == nil) {
		t.Fatalf("an unsupported message says nothing: %+v", in)
	}
	checkStorable(t, in)
}

// checkSeldom reads a payload as each of the seldom kinds.
func checkSeldom(t *testing.T, payload []byte) {
	t.Helper()
	if in, err := whatsapp.ParseEcho(payload, received); err == nil {
		checkInbound(t, in)
	}
	if in, err := whatsapp.ParseCall(payload, received); err == nil {
		checkInbound(t, in)
	}
	if h, err := whatsapp.ParseHistory(payload, received); err == nil {
		for _, past := range h.Messages {
			checkInbound(t, past.Inbound)
			if past.Direction == "" || past.Status == "" || past.From != h.Guest {
				t.Fatalf("half a past message: %+v", past)
			}
		}
	}
	if e, err := whatsapp.ParseEntry(payload, received); err == nil {
		checkNamed(t, e.Who, e.At)
		checkStorable(t, e)
	}
	if p, err := whatsapp.ParsePreference(payload, received); err == nil {
		checkNamed(t, p.Who, p.At)
		checkStorable(t, p)
	}
	if n, err := whatsapp.ParseAccount(payload, received); err == nil {
		if n.Kind == "" || n.Severity == "" || n.At.IsZero() {
			t.Fatalf("half a piece of news: %+v", n)
		}
		checkStorable(t, n)
	}
}

func checkNamed(t *testing.T, who contact.Identity, at time.Time) {
	t.Helper()
	if !who.IsKnown() || at.IsZero() {
		t.Fatalf("nobody, or never: %+v %v", who, at)
	}
}

func FuzzParseSeldom(f *testing.F) {
	seed(f, func(body []byte) { seedItems(f, body) })
	f.Fuzz(func(t *testing.T, payload []byte) { checkSeldom(t, payload) })
}

func checkStatus(t *testing.T, payload []byte) {
	t.Helper()
	s, err := whatsapp.ParseStatus(payload, received)
	if err != nil {
		return
	}
	if s.WAMID == "" || s.At.IsZero() || s.Ignored != (s.Status == "") || (s.Failure != nil) != (s.Status == message.Failed) {
		t.Fatalf("half a status: %+v", s)
	}
	checkStorable(t, s)
}

// checkStorable holds that a value becomes JSON that a jsonb column takes.
func checkStorable(t *testing.T, value any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatalf("cannot be stored: %v", err)
	}
	var read any
	if err := json.Unmarshal(text, &read); err != nil || !isStorable(string(text)) {
		t.Fatalf("cannot be read again: %v\n%s", err, text)
	}
	if again, err := json.Marshal(read); err != nil || strings.Contains(string(again), `\u0000`) && !strings.Contains(string(again), `\\u0000`) {
		t.Fatalf("holds a zero character: %s", again)
	}
}

func isStorable(text string) bool { return utf8.ValidString(text) && !strings.Contains(text, "\x00") }

func FuzzParseMessage(f *testing.F) {
	seed(f, func(body []byte) { seedItems(f, body) })
	f.Fuzz(func(t *testing.T, payload []byte) { checkMessage(t, payload) })
}

func FuzzParseStatus(f *testing.F) {
	seed(f, func(body []byte) { seedItems(f, body) })
	f.Fuzz(func(t *testing.T, payload []byte) { checkStatus(t, payload) })
}

func seedItems(f *testing.F, body []byte) {
	f.Helper()
	d, err := whatsapp.Split(body)
	if err != nil {
		f.Add(body)
		return
	}
	for _, p := range d.Parts {
		for _, item := range p.Items {
			f.Add([]byte(item.Payload))
		}
	}
}
