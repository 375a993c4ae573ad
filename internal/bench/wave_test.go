package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/whatsapp"
)

func testHotels() []hotel {
	return []hotel{
		{index: 0, slug: "a", phoneNumberID: "100", secret: "of a", webhookPath: "/webhooks/whatsapp?tenant=a"},
		{index: 1, slug: "b", phoneNumberID: "200", secret: "of b", webhookPath: "/webhooks/whatsapp?tenant=b"},
	}
}

// TestWaveKeepsGuestsOnOneConnection is what makes the expected order known.
func TestWaveKeepsGuestsOnOneConnection(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]options{
		"one in a webhook":   {connections: 3, guests: 13, batch: 1},
		"four in a webhook":  {connections: 3, guests: 13, batch: 4},
		"as few as possible": {connections: 3, guests: 6, batch: 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWave(1, o, 100, testHotels(), time.Unix(1_795_000_000, 0))
			connection, next, total := map[int]int{}, map[int]int{}, 0
			for c, line := range w.lines {
				for _, hook := range line {
					for _, r := range hook.refs {
						if at, met := connection[r.guest]; met && at != c {
							t.Fatalf("guest %d writes on connections %d and %d", r.guest, at, c)
						}
						if r.seq != next[r.guest] || w.hotelOf(r.guest) != w.hotelOf(hook.refs[0].guest) {
							t.Fatalf("%+v is out of place", r)
						}
						connection[r.guest], next[r.guest] = c, r.seq+1
						total++
					}
				}
			}
			if total != 100 || w.messages != 100 || w.messagesOf(0)+w.messagesOf(1) != 100 {
				t.Errorf("%d messages are sent, %d are announced", total, w.messages)
			}
		})
	}
}

// TestWebhookIsWhatMetaSends reads requests as the product does.
func TestWebhookIsWhatMetaSends(t *testing.T) {
	t.Parallel()
	w := newWave(3, options{connections: 2, guests: 4, batch: 2}, 7, testHotels(), time.Unix(1_795_000_000, 0))
	found := 0
	for _, line := range w.lines {
		for _, hook := range line {
			found += checkWebhook(t, w, hook)
		}
	}
	if found != 7 {
		t.Errorf("%d messages were read, want 7", found)
	}
}

func checkWebhook(t *testing.T, w *wave, hook *webhook) int {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(hook.request)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || !json.Valid(body) {
		t.Fatalf("the body is no JSON: %v", err)
	}
	h := w.hotelOf(hook.refs[0].guest)
	if r.URL.Query().Get("tenant") != h.slug || !whatsapp.HasValidSignature(r.Header, body, h.secret) {
		t.Error("not signed for its hotel")
	}
	split, err := whatsapp.Split(body)
	if err != nil || len(split.Parts) != 1 || split.Parts[0].PhoneNumberID != h.phoneNumberID {
		t.Fatalf("split: %v", err)
	}
	for i, item := range split.Parts[0].Items {
		m, err := whatsapp.ParseMessage(item.Payload, time.Unix(1_795_000_001, 0))
		if err != nil || m.WAMID != hook.refs[i].wamid() {
			t.Errorf("message %d is %q: %v", i, m.WAMID, err)
		}
	}
	return len(split.Parts[0].Items)
}
