package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func addFault(t *testing.T, w *world, f Fault) string {
	t.Helper()
	id, err := w.sim.AddFault(f)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestFaultRefusesTheNextSends(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	addFault(t, w, Fault{Times: 2, Code: 130429, HTTPStatus: 429, RetryAfter: 7, Details: "devagar"})
	for range 2 {
		a := w.sends(t, "text", `{"body":"x"}`)
		if a.status != 429 || a.Code != 130429 || a.Detail != "devagar" || a.header.Get("Retry-After") != "7" {
			t.Errorf("%d %s", a.status, a.raw)
		}
	}
	w.sendsText(t, "agora vai")
	if c := w.sim.Counters(); c.Refused != 2 || c.Accepted != 1 || c.Sends != 3 {
		t.Errorf("counters %+v", c)
	}
	if n := len(w.sim.Faults()); n != 0 {
		t.Errorf("%d faults left", n)
	}
}

func TestFaultScope(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	id := addFault(t, w, Fault{Recipient: "+55 (21) 99887-7665", Code: 131026})
	w.sendsText(t, "para Marina")
	a := w.call(t, "POST", messages, strings.ReplaceAll(sendBody("text", `{"body":"x"}`), marina, "5521998877665"))
	if a.Code != 131026 {
		t.Errorf("other guest: %s", a.raw)
	}
	if got := w.sim.Faults(); len(got) != 1 || got[0].Hits != 1 {
		t.Errorf("faults %+v", got)
	}
	w.sim.RemoveFault(id)
	addFault(t, w, Fault{Type: "image", Code: 131053})
	addFault(t, w, Fault{AccountID: "1", Code: 131000})
	w.sendsText(t, "texto passa")
	mark := `{"messaging_product":"whatsapp","status":"read","message_id":"` + w.marina().Transcript()[0].ID + `"}`
	addFault(t, w, Fault{Recipient: marina, Code: 131000})
	if a := w.call(t, "POST", messages, mark); a.status != 200 {
		t.Errorf("a fault of sends struck a read mark: %s", a.raw)
	}
	addFault(t, w, Fault{Type: "read", Code: 131016})
	if a := w.call(t, "POST", messages, mark); a.Code != 131016 {
		t.Errorf("read mark: %s", a.raw)
	}
	if a := w.sends(t, "image", `{"link":"https://hotel.example/a.jpg"}`); a.Code != 131053 {
		t.Errorf("image, the first of two faults that match: %s", a.raw)
	}
}

func TestFaultFailsLater(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	addFault(t, w, Fault{Effect: EffectFailLater, Code: 131049, Times: 1})
	a := w.sendsText(t, "promoção")
	w.idle(t)
	if diff := cmp.Diff([]string{"failed"}, w.recv.statuses(t, a.WAMID)); diff != "" {
		t.Error(diff)
	}
	if e := w.marina().Transcript()[1]; e.Status != StatusFailed || e.Error == nil || e.Error.Code != 131049 {
		t.Errorf("entry %+v", e)
	}
}

// TestFaultsAfterAcceptance: the caller learns nothing useful, yet the guest has the message and statuses come.
func TestFaultsAfterAcceptance(t *testing.T) {
	t.Parallel()
	for effect, check := range map[string]func(answer, error) bool{
		EffectHold:       func(_ answer, err error) bool { return errors.Is(err, context.DeadlineExceeded) },
		EffectResetAfter: func(_ answer, err error) bool { return err != nil },
		EffectHalfBody:   func(_ answer, err error) bool { return err != nil },
		EffectHTMLAfter: func(a answer, err error) bool {
			return err == nil && a.status == 502 && strings.Contains(a.raw, "<html")
		},
		EffectBadJSON: func(a answer, err error) bool { return err == nil && a.status == 200 && !json.Valid([]byte(a.raw)) },
	} {
		t.Run(effect, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.says(t, "Oi")
			addFault(t, w, Fault{Effect: effect, Times: 1})
			ctx := within(t)
			if effect == EffectHold {
				var cancel func()
				ctx, cancel = context.WithTimeout(ctx, 100*time.Millisecond)
				defer cancel()
			}
			if a, err := w.post(ctx, t, sendBody("text", `{"body":"Bem-vinda"}`)); !check(a, err) {
				t.Errorf("answer %d %q, %v", a.status, a.raw, err)
			}
			e, err := w.marina().AwaitText(within(t), "Bem-vinda")
			if err != nil {
				t.Fatal(err)
			}
			w.idle(t)
			if diff := cmp.Diff([]string{"sent", "delivered"}, w.recv.statuses(t, e.ID)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFaultsBeforeAcceptance(t *testing.T) {
	t.Parallel()
	for effect, check := range map[string]func(answer, error) bool{
		EffectResetBefore: func(_ answer, err error) bool { return err != nil },
		EffectHTML: func(a answer, err error) bool {
			return err == nil && a.status == 503 && strings.Contains(a.raw, "<html")
		},
	} {
		t.Run(effect, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.says(t, "Oi")
			addFault(t, w, Fault{Effect: effect, Times: 1, HTTPStatus: 503})
			if a, err := w.post(within(t), t, sendBody("text", `{"body":"x"}`)); !check(a, err) {
				t.Errorf("answer %d %q, %v", a.status, a.raw, err)
			}
			if n := len(w.sim.Sends()); n != 0 {
				t.Errorf("%d sends accepted", n)
			}
		})
	}
}

func (w *world) post(ctx context.Context, t *testing.T, body string) (answer, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.http.URL+messages, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer token-1")
	return do(w.http.Client(), req)
}

func TestHeldAnswerEndsWithTheSimulator(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	addFault(t, w, Fault{Effect: EffectHold})
	failed := make(chan error, 1)
	ctx := within(t)
	go func() {
		_, err := w.post(ctx, t, sendBody("text", `{"body":"Bem-vinda"}`))
		failed <- err
	}()
	if _, err := w.marina().AwaitText(within(t), "Bem-vinda"); err != nil {
		t.Fatal(err)
	}
	if err := w.sim.Close(within(t)); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-failed:
		if err == nil {
			t.Error("a held send was answered")
		}
	case <-within(t).Done():
		t.Error("the answer is still held")
	}
}

func TestLatencyDelaysTheAnswer(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	addFault(t, w, Fault{Effect: EffectDelay, LatencyMs: 60, Times: 1})
	for _, least := range []time.Duration{60 * time.Millisecond, 50 * time.Millisecond} {
		begun := time.Now()
		w.sendsText(t, "x")
		if took := time.Since(begun); took < least {
			t.Errorf("took %v, want at least %v", took, least)
		}
		tune(t, w, func(k *Knobs) { k.Latency = 50 * time.Millisecond })
	}
}

func TestSentTwiceIsCounted(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	w.sendsText(t, "um")
	if c := w.sim.Counters(); c.SentTwice != 0 {
		t.Fatalf("counters %+v", c)
	}
	addFault(t, w, Fault{Code: 131000, Times: 1})
	w.sends(t, "text", `{"body":"um"}`) // refused: does not count
	if n := w.sim.AcceptedWith("out-1"); n != 1 {
		t.Errorf("accepted %d times", n)
	}
	w.sendsText(t, "um")
	w.sendsText(t, "um")
	if diff := cmp.Diff(map[string]int{"out-1": 3}, w.sim.SentTwice()); diff != "" {
		t.Error(diff)
	}
	if c := w.sim.Counters(); c.SentTwice != 2 {
		t.Errorf("counters %+v", c)
	}
}

func TestBadFaultsAndKnobsAreRefused(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, f := range []Fault{{}, {Effect: "boom"}, {Code: 1, HTTPStatus: 200}, {Code: 1, Times: -1}} {
		if _, err := w.sim.AddFault(f); err == nil {
			t.Errorf("%+v was taken", f)
		}
	}
	before := w.sim.Knobs()
	for _, change := range []func(*Knobs){
		func(k *Knobs) { k.Window = "ajar" },
		func(k *Knobs) { k.Duplicates = -1 },
		func(k *Knobs) { k.Batch.Shape = "round" },
	} {
		if err := w.sim.Tune(change); err == nil {
			t.Error("bad knobs were taken")
		}
	}
	if diff := cmp.Diff(before, w.sim.Knobs()); diff != "" {
		t.Error(diff)
	}
}

// Read marks of hotels are struck only by faults that name them; read statuses of guests are
// webhooks as any other.
func TestFaultsOfWebhooksStrikeReadStatuses(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	w.sendsText(t, "Bom dia")
	if err := w.sim.AwaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	addFault(t, w, Fault{Effect: EffectLost})
	if n, err := w.sim.Guest(hotel, marina).MarkRead(t.Context()); err != nil || n != 1 {
		t.Fatalf("%d read: %v", n, err)
	}
	if got := w.sim.Faults(); got[0].Hits != 1 {
		t.Errorf("a read status was struck %d times", got[0].Hits)
	}
}

// Whoever skips time has to know when nothing is under way, and until when.
func TestOutlook(t *testing.T) {
	t.Parallel()
	w := start(t)
	if busy, next := w.sim.Outlook(); busy || !next.IsZero() {
		t.Errorf("at first: %v %v", busy, next)
	}
	addFault(t, w, Fault{Effect: EffectLate, DelayMs: time.Hour.Milliseconds(), Times: 1})
	if _, err := w.sim.Guest(hotel, marina).Says(t.Context(), "Oi"); err != nil {
		t.Fatal(err)
	}
	busy, next := w.sim.Outlook()
	if left := next.Sub(w.sim.Now()); busy || left <= 0 || left > time.Hour {
		t.Errorf("a webhook is an hour late: %v, in %v", busy, left)
	}
	w.sim.Advance(time.Hour)
	if err := w.sim.AwaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, next := w.sim.Outlook(); !next.IsZero() {
		t.Errorf("nothing waits, and yet %v", next)
	}
}
