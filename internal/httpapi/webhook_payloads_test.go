package httpapi_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// wamids makes ids of messages that no other message of the process has.
var wamids atomic.Int64

// text is a guest's message as Meta writes it.
func text(from, wamid string, at int64, words string) string {
	quoted, _ := json.Marshal(words)
	return fmt.Sprintf(`{"from":%q,"id":%q,"timestamp":"%d","type":"text","text":{"body":%s}}`, from, wamid, at, quoted)
}

func (w *world) text(from, words string) string {
	return text(from, newWAMID(), w.clock.Now().Unix(), words)
}

func newWAMID() string { return fmt.Sprintf("wamid.TEST%d", wamids.Add(1)) }

// value is what one change says about one number.
func value(number string, messages, statuses []string) string {
	v := fmt.Sprintf(`{"messaging_product":"whatsapp","metadata":{"display_phone_number":"+55 12 3000","phone_number_id":%q}`, number)
	if messages != nil {
		v += `,"messages":[` + strings.Join(messages, ",") + `]`
	}
	if statuses != nil {
		v += `,"statuses":[` + strings.Join(statuses, ",") + `]`
	}
	return v + "}"
}

func changeOf(value string) string { return `{"field":"messages","value":` + value + `}` }

func entry(waba string, changes ...string) string {
	return fmt.Sprintf(`{"id":%q,"changes":[%s]}`, waba, strings.Join(changes, ","))
}

func envelope(entries ...string) string {
	return `{"object":"whatsapp_business_account","entry":[` + strings.Join(entries, ",") + `]}`
}

// delivery is a body with messages for one number of a hotel.
func delivery(h hotel, messages ...string) string {
	return envelope(entry(h.Number.WABAID, changeOf(value(h.Number.PhoneNumberID, messages, nil))))
}

func hexDigest(secret, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return hex.EncodeToString(mac.Sum(nil))
}

const signatureHeader = "X-Hub-Signature-256"

// signed signs a body. It is written here again, so that a mistake in the product's
// own signature does not hide itself.
func signed(secret, body string) option {
	return with(signatureHeader, "sha256="+hexDigest(secret, body))
}

const webhook = "/webhooks/whatsapp"

// deliver posts a body as an app does.
func (w *world) deliver(secret, body string, options ...option) response {
	w.t.Helper()
	return w.do(http.MethodPost, webhook, body, append([]option{signed(secret, body)}, options...)...)
}

// stored counts what is kept for a hotel with a fate; the empty fate is any.
func (w *world) stored(h hotel, fate string) int {
	w.t.Helper()
	return w.count("SELECT count(*) FROM webhook_delivery WHERE tenant_id = $1 AND ($2 = '' OR fate = $2)", h.ID, fate)
}

// wantStored checks what is kept for a hotel, and how many items of it are queued.
func (w *world) wantStored(h hotel, fate string, deliveries, items int) {
	w.t.Helper()
	if got := w.stored(h, fate); got != deliveries {
		w.t.Errorf("%d deliveries are kept as %q, want %d", got, fate, deliveries)
	}
	if got := w.count("SELECT count(*) FROM lane_item WHERE kind = 'inbox' AND tenant_id = $1", h.ID); got != items {
		w.t.Errorf("%d items are queued, want %d", got, items)
	}
}

// wantNothing checks that nothing at all is kept.
func (w *world) wantNothing() {
	w.t.Helper()
	if n := w.count("SELECT (SELECT count(*) FROM webhook_delivery) + (SELECT count(*) FROM lane_item)"); n != 0 {
		w.t.Errorf("%d rows are kept", n)
	}
}

// says waits until a hotel has a number of messages with a text, and none is queued.
func (w *world) says(h hotel, words string, times int) {
	w.t.Helper()
	w.eventually(times, "SELECT count(*) FROM message WHERE tenant_id = $1 AND content = $2", h.ID, words)
	w.eventually(0, "SELECT count(*) FROM lane_item WHERE tenant_id = $1 AND kind = 'inbox'", h.ID)
}

// received checks the answer that Meta wants.
func (r response) received() response {
	r.t.Helper()
	if r.status != http.StatusOK || string(r.body) != "EVENT_RECEIVED" || !strings.HasPrefix(r.header.Get("Content-Type"), "text/plain") {
		r.t.Errorf("got %d %q %q", r.status, r.header.Get("Content-Type"), r.body)
	}
	return r
}

// each runs sub-tests, each with a hotel of its own.
func each(t *testing.T, w *world, cases map[string]func(w *world, h hotel)) {
	t.Helper()
	for name, run := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := w.on(t)
			run(w, w.hotel())
		})
	}
}
