package simulator

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) {
		knobs := LoadKnobs()
		o.Knobs = &knobs
		o.Bounds = Bounds{Transcript: 5, Guests: 3, Sends: 4, Opaque: 6, MediaBytes: 100, Deliveries: 7}
	})
	for i := range 10 {
		g := w.sim.Guest(hotel, fmt.Sprintf("55119%08d", i))
		if _, err := g.Says(within(t), "Oi"); err != nil {
			t.Fatal(err)
		}
		for n := range 8 {
			body := strings.NewReplacer(marina, g.phone, "out-1", fmt.Sprint(i, "-", n)).Replace(sendBody("text", `{"body":"x"}`))
			if a := w.call(t, "POST", messages, body); a.status != 200 {
				t.Fatal(a.raw)
			}
		}
		if _, err := w.sim.UploadMedia(hotel, "text/plain", "", make([]byte, 40)); err != nil {
			t.Fatal(err)
		}
	}
	w.idle(t)
	a := w.sim.account(hotel)
	a.mu.Lock()
	guests, known, listed, indexed := len(a.guests), len(a.byUserID), a.recent.Len(), len(a.messages)
	a.mu.Unlock()
	if guests != 3 || known != 3 || listed != 3 || indexed > 15 {
		t.Errorf("guests %d, ids %d, listed %d, messages %d", guests, known, listed, indexed)
	}
	if n := len(w.sim.Guest(hotel, "5511900000009").Transcript()); n != 5 {
		t.Errorf("transcript of %d", n)
	}
	if len(w.sim.Sends()) != 4 || len(w.sim.Deliveries()) != 7 || len(w.sim.opaque.seen) != 6 || w.sim.media.bytes != 80 {
		t.Errorf("sends %d, deliveries %d, opaque %d, media %d", len(w.sim.Sends()), len(w.sim.Deliveries()), len(w.sim.opaque.seen), w.sim.media.bytes)
	}
	c := w.sim.Counters()
	if c.Accepted != 80 || c.GuestsForgotten != 7 || c.OpaqueForgotten != 74 || c.MediaForgotten != 8 {
		t.Errorf("counters %+v", c)
	}
	if sends := w.sim.Sends(); sends[3].Opaque != "9-7" {
		t.Errorf("last send %+v", sends[3])
	}
	read := w.call(t, "POST", messages, `{"messaging_product":"whatsapp","status":"read","message_id":"wamid.forgotten"}`)
	if read.status != 200 {
		t.Errorf("a forgotten message may be read: %s", read.raw)
	}
}

func TestWebhookQueueIsBounded(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) {
		o.Bounds.Webhooks = 3
		o.Webhooks.Retry = []time.Duration{time.Hour}
	})
	w.recv.answer = func(int, hook) int { return 500 }
	for range 5 {
		if _, err := w.marina().Says(within(t), "Oi"); err != nil {
			t.Fatal(err)
		}
	}
	awaitTrue(t, func() bool {
		dropped := 0
		for _, e := range w.marina().Transcript() {
			if e.Status == StatusDropped {
				dropped++
			}
		}
		return dropped == 2
	})
	if c := w.sim.Counters(); c.WebhooksDropped != 2 || c.WebhooksWaiting != 3 {
		t.Errorf("counters %+v", c)
	}
}

// TestManyAtOnce is for the race detector: guests, sends, reads, knobs and readers all at the same time, nothing lost.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) {
		knobs := LoadKnobs()
		o.Knobs = &knobs
		o.Webhooks.Concurrency = 16
	})
	const guests, each = 8, 12
	var wg sync.WaitGroup
	for i := range guests {
		g := w.sim.Guest(hotel, fmt.Sprintf("55119%08d", i))
		body := strings.Replace(sendBody("text", `{"body":"x"}`), marina, g.phone, 1)
		ctx := within(t)
		wg.Go(func() {
			for n := range each {
				if _, err := g.Says(ctx, fmt.Sprint(n)); err != nil {
					t.Error(err)
				}
				if a, err := w.try(t, "POST", messages, body); err != nil || a.status != 200 {
					t.Errorf("%d %v", a.status, err)
				}
				_, _ = g.MarkRead(ctx)
				_ = w.sim.Guests(hotel)
				_ = w.sim.Counters()
			}
		})
	}
	wg.Wait()
	w.idle(t)
	if c := w.sim.Counters(); c.Accepted != guests*each || c.GuestMessages != guests*each || c.WebhooksDropped != 0 {
		t.Errorf("counters %+v", c)
	}
	if n := len(w.recv.texts(t)); n != guests*each {
		t.Errorf("%d texts arrived", n)
	}
}

// BenchmarkSend measures the simulator alone, statuses included, without the network.
func BenchmarkSend(b *testing.B) {
	knobs := LoadKnobs()
	knobs.Statuses.Off = true
	sim := New(Options{Knobs: &knobs, Accounts: []Account{{
		PhoneNumberID: hotel, DisplayNumber: "551133334444", WABAID: "3", AccessToken: "t", AppSecret: "s",
	}}})
	b.Cleanup(func() { _ = sim.Close(b.Context()) })
	a, body := sim.account(hotel), []byte(sendBody("text", `{"body":"Bem-vinda ao hotel"}`))
	for b.Loop() {
		req, gerr := sim.parseSend(a, body)
		if gerr != nil {
			b.Fatal(gerr)
		}
		m, gerr := sim.accept(a, req, nil)
		if gerr != nil {
			b.Fatal(gerr)
		}
		sim.follow(m)
		sim.open.Add(-1)
	}
}
