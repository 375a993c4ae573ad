package simulator

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWebhookIsSignedOverTheEscapedBytes(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Olá, há café? ☕ 🏖")
	h := w.recv.await(t, 1)[0]
	mac := hmac.New(sha256.New, []byte("secret-1"))
	mac.Write(h.body)
	if got, want := h.header.Get("X-Hub-Signature-256"), "sha256="+hex.EncodeToString(mac.Sum(nil)); got != want {
		t.Errorf("signature %q, want %q", got, want)
	}
	if want := `Ol\u00e1, h\u00e1 caf\u00e9? \u2615 \ud83c\udfd6`; !bytes.Contains(h.body, []byte(want)) {
		t.Errorf("body %s lacks %s", h.body, want)
	}
	if got := h.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("content type %q", got)
	}
}

func TestWebhookIsRepeatedUntil200(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.recv.answer = func(n int, _ hook) int { return []int{500, 204, 302, 200}[min(n, 3)] }
	wamid := w.says(t, "Oi")
	hooks := w.recv.await(t, 4)
	for i, h := range hooks {
		if !bytes.Equal(h.body, hooks[0].body) || h.header.Get("X-Hub-Signature-256") != hooks[0].header.Get("X-Hub-Signature-256") {
			t.Errorf("attempt %d has other bytes", i+1)
		}
	}
	w.idle(t)
	if n := len(w.recv.all()); n != 4 {
		t.Errorf("%d attempts, want 4", n)
	}
	if got := w.marina().Transcript()[0]; got.ID != wamid || got.Status != StatusDelivered {
		t.Errorf("entry %+v", got)
	}
	var statuses []int
	for _, d := range w.sim.Deliveries() {
		statuses = append(statuses, d.Status)
	}
	if diff := cmp.Diff([]int{500, 204, 302, 200}, statuses); diff != "" {
		t.Error(diff)
	}
}

func TestWebhookScheduleFollowsTheClock(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) {
		o.Webhooks = Webhooks{Retry: []time.Duration{time.Hour}, GiveUpAfter: 100 * time.Minute}
	})
	w.recv.answer = func(int, hook) int { return 503 }
	if _, err := w.marina().Says(within(t), "Oi"); err != nil {
		t.Fatal(err)
	}
	w.recv.await(t, 1)
	awaitTrue(t, func() bool { return w.sim.clock.waiting() == 1 })
	w.sim.Advance(time.Hour)
	w.recv.await(t, 2)
	w.idle(t) // a third attempt would come after the time is up
	if c := w.sim.Counters(); c.WebhooksDropped != 1 || c.WebhookAttempts != 2 {
		t.Errorf("counters %+v", c)
	}
	if got := w.marina().Transcript()[0].Status; got != StatusDropped {
		t.Errorf("status %q", got)
	}
}

// awaitTrue looks again and again, for states nothing signals.
func awaitTrue(t *testing.T, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for ctx := within(t); !ok(); {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("never became true")
		}
	}
}

func TestWebhooksOfOneGuestKeepTheirOrderThroughFailures(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.Webhooks.Concurrency = 8 })
	w.recv.answer = func(n int, _ hook) int {
		if n%3 == 1 {
			return 500
		}
		return 200
	}
	var want []string
	for i := range 40 {
		want = append(want, fmt.Sprint(i))
		if _, err := w.marina().Says(within(t), fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	w.idle(t)
	if diff := cmp.Diff(want, w.recv.texts(t)); diff != "" {
		t.Error(diff)
	}
}

func TestWebhookOfOneGuestDoesNotHoldUpAnother(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.Webhooks.Retry = []time.Duration{time.Hour} })
	w.recv.answer = func(_ int, h hook) int {
		if bytes.Contains(h.body, []byte(marina)) {
			return 500
		}
		return 200
	}
	if _, err := w.marina().Says(within(t), "preso"); err != nil {
		t.Fatal(err)
	}
	other := w.sim.Guest(hotel, "5521998877665")
	wamid, err := other.Says(within(t), "livre")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Await(within(t), Taken(wamid)); err != nil {
		t.Error(err)
	}
}

func TestStatusesComeInOrderAndEchoTheCallbackData(t *testing.T) {
	t.Parallel()
	w := start(t)
	tune(t, w, func(k *Knobs) { k.Statuses.Read = time.Millisecond })
	w.says(t, "Oi")
	a := w.sendsText(t, "Bem-vinda")
	w.idle(t)
	if diff := cmp.Diff([]string{"sent", "delivered", "read"}, w.recv.statuses(t, a.WAMID)); diff != "" {
		t.Error(diff)
	}
	for _, h := range w.recv.all()[1:] {
		if !bytes.Contains(h.body, []byte(`"biz_opaque_callback_data":"out-1"`)) {
			t.Errorf("status without callback data: %s", h.body)
		}
	}
}

func TestReadIsReportedOnlyWhenTheGuestReads(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	a := w.sendsText(t, "Bem-vinda")
	w.idle(t)
	if diff := cmp.Diff([]string{"sent", "delivered"}, w.recv.statuses(t, a.WAMID)); diff != "" {
		t.Error(diff)
	}
	for _, want := range []int{1, 0} {
		if n, err := w.marina().MarkRead(within(t)); err != nil || n != want {
			t.Errorf("read %d, %v, want %d", n, err, want)
		}
	}
	w.idle(t)
	if diff := cmp.Diff([]string{"sent", "delivered", "read"}, w.recv.statuses(t, a.WAMID)); diff != "" {
		t.Error(diff)
	}
}

func TestReceiptsFollowThePhone(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	if err := w.marina().Set(GuestSettings{Offline: true, NoReadReceipts: true}); err != nil {
		t.Fatal(err)
	}
	a := w.sendsText(t, "Bem-vinda")
	w.idle(t)
	if diff := cmp.Diff([]string{"sent"}, w.recv.statuses(t, a.WAMID)); diff != "" {
		t.Errorf("offline: %s", diff)
	}
	if err := w.marina().Set(GuestSettings{NoReadReceipts: true}); err != nil {
		t.Fatal(err)
	}
	w.idle(t)
	if _, err := w.marina().MarkRead(within(t)); err != nil {
		t.Fatal(err)
	}
	w.idle(t)
	if diff := cmp.Diff([]string{"sent", "delivered"}, w.recv.statuses(t, a.WAMID)); diff != "" {
		t.Errorf("back: %s", diff)
	}
	entries := w.marina().Transcript()
	if got := entries[len(entries)-1].Status; got != StatusRead {
		t.Errorf("the phone itself shows %q", got)
	}
}

func TestKnobDropsDuplicatesAndReverses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Knobs)
		want   []string
	}{
		"drop":       {func(k *Knobs) { k.DropStatuses = []string{"delivered"} }, []string{"sent"}},
		"duplicates": {func(k *Knobs) { k.Duplicates = 2 }, []string{"delivered", "delivered", "delivered", "sent", "sent", "sent"}},
		"reverse":    {func(k *Knobs) { k.OutOfOrder = 200 * time.Millisecond }, []string{"delivered", "sent"}},
		"off":        {func(k *Knobs) { k.Statuses.Off = true }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.says(t, "Oi")
			tune(t, w, c.change)
			a := w.sendsText(t, "Bem-vinda")
			w.idle(t)
			got := w.recv.statuses(t, a.WAMID)
			if name == "duplicates" {
				sort.Strings(got)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if e, err := w.marina().AwaitText(within(t), "Bem-vinda"); err != nil || e.ID != a.WAMID {
				t.Errorf("the phone must have it all the same: %v", err)
			}
		})
	}
}

func TestKnobSignature(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{SignatureWrong, SignatureMissing} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			tune(t, w, func(k *Knobs) { k.Signature = mode })
			w.says(t, "Oi")
			h := w.recv.await(t, 1)[0]
			got := h.header.Get("X-Hub-Signature-256")
			if got == Sign("secret-1", h.body) || (got == "") != (mode == SignatureMissing) {
				t.Errorf("signature %q", got)
			}
		})
	}
}

func TestKnobBatchJoinsItems(t *testing.T) {
	t.Parallel()
	for shape, want := range map[string][3]int{ // entries, changes of the first, messages of its first value
		BatchValue: {1, 1, 3}, BatchChanges: {1, 3, 1}, BatchEntries: {3, 1, 1},
	} {
		t.Run(shape, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			tune(t, w, func(k *Knobs) { k.Batch = Batch{Window: time.Hour, Max: 3, Shape: shape} })
			for _, phone := range []string{marina, "5521998877665", marina} {
				if _, err := w.sim.Guest(hotel, phone).Says(within(t), "Oi "+phone); err != nil {
					t.Fatal(err)
				}
			}
			p := parseHook(t, w.recv.await(t, 1)[0])
			got := [3]int{len(p.Entry), len(p.Entry[0].Changes), len(p.Entry[0].Changes[0].Value.Messages)}
			if got != want {
				t.Errorf("entries, changes, messages = %v, want %v", got, want)
			}
			if shape == BatchValue && len(p.Entry[0].Changes[0].Value.Contacts) != 2 {
				t.Errorf("contacts are not one per guest")
			}
			w.sim.Advance(2 * time.Hour) // the batch's timer must find nothing
			w.idle(t)
			if n := len(w.recv.all()); n != 1 {
				t.Errorf("%d webhooks", n)
			}
		})
	}
}

func TestBatchWindowSendsAnIncompleteBatch(t *testing.T) {
	t.Parallel()
	w := start(t)
	tune(t, w, func(k *Knobs) { k.Batch.Window = 5 * time.Millisecond })
	w.says(t, "só uma")
	w.idle(t)
	if got := w.recv.texts(t); !slices.Equal(got, []string{"só uma"}) {
		t.Errorf("texts %v", got)
	}
}

func TestStatusFirstReachesTheReceiverBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	tune(t, w, func(k *Knobs) { k.StatusFirst = true; k.Statuses.Delivered = time.Hour })
	a := w.sendsText(t, "Bem-vinda")
	if diff := cmp.Diff([]string{"sent"}, w.recv.statuses(t, a.WAMID)); diff != "" {
		t.Error(diff)
	}
	tune(t, w, func(k *Knobs) { k.Duplicates = 1 })
	b := w.sendsText(t, "Duas vezes")
	w.recv.await(t, 4)
	if diff := cmp.Diff([]string{"sent", "sent"}, w.recv.statuses(t, b.WAMID)); diff != "" {
		t.Errorf("with a copy: %s", diff)
	}
}

func TestNothingIsDeliveredWithoutSubscription(t *testing.T) {
	t.Parallel()
	w := start(t)
	const edge = "/v25.0/301200000000001/subscribed_apps"
	if a := w.call(t, "DELETE", edge, ""); a.status != 200 {
		t.Fatal(a.raw)
	}
	if _, err := w.marina().Says(within(t), "Oi"); err != nil {
		t.Fatal(err)
	}
	w.idle(t)
	if n := len(w.recv.all()); n != 0 {
		t.Errorf("%d webhooks without subscription", n)
	}
	if a := w.call(t, "GET", edge, ""); a.raw != `{"data":[]}` {
		t.Error(a.raw)
	}
	w.call(t, "POST", edge, "")
	w.says(t, "de novo")
	if a := w.call(t, "GET", edge, ""); !strings.Contains(a.raw, "whatsapp_business_api_data") {
		t.Error(a.raw)
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	w := start(t)
	if err := w.sim.VerifyWebhook(within(t), hotel); err != nil {
		t.Errorf("right token: %v", err)
	}
	a := w.sim.Accounts()[0]
	a.VerifyToken = "other"
	if _, err := w.sim.AddAccount(a); err != nil {
		t.Fatal(err)
	}
	if err := w.sim.VerifyWebhook(within(t), hotel); err == nil {
		t.Error("wrong token was taken")
	}
	bad := w.call(t, "POST", "/v25.0/"+hotel, `{"webhook_configuration":{"override_callback_uri":"`+a.WebhookURL+`","verify_token":"no"}}`)
	if bad.status != 400 || bad.Code != 2200 {
		t.Errorf("override with a refused handshake: %s", bad.raw)
	}
	good := w.call(t, "POST", "/v25.0/"+hotel, `{"webhook_configuration":{"override_callback_uri":"`+a.WebhookURL+`/number","verify_token":"verify-me"}}`)
	if good.status != 200 {
		t.Errorf("override: %s", good.raw)
	}
	if url, _, _ := w.sim.account(hotel).target(); url != a.WebhookURL+"/number" {
		t.Errorf("target %q", url)
	}
}

func TestDeliverRawPostsAnyBytes(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.recv.answer = func(int, hook) int { return http.StatusUnauthorized }
	status, err := w.sim.DeliverRaw(within(t), hotel, []byte("{not json"), SignatureWrong)
	if err != nil || status != http.StatusUnauthorized {
		t.Errorf("status %d, %v", status, err)
	}
	if h := w.recv.await(t, 1)[0]; string(h.body) != "{not json" {
		t.Errorf("body %s", h.body)
	}
}

func TestUnorderedWebhooksOvertakeAStuckOne(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) {
		o.Webhooks.Unordered = true
		o.Webhooks.Retry = []time.Duration{time.Hour}
	})
	w.recv.answer = func(n int, _ hook) int { return []int{500, 200}[min(n, 1)] }
	for i, text := range []string{"preso", "livre"} {
		if _, err := w.marina().Says(within(t), text); err != nil {
			t.Fatal(err)
		}
		w.recv.await(t, i+1)
	}
	if got := w.recv.texts(t); !slices.Equal(got, []string{"livre"}) {
		t.Errorf("before the retry: %v", got)
	}
	awaitTrue(t, func() bool { return w.sim.clock.waiting() == 1 })
	w.sim.Advance(time.Hour)
	w.idle(t)
	if got := w.recv.texts(t); !slices.Equal(got, []string{"livre", "preso"}) {
		t.Errorf("after the retry: %v", got)
	}
}
