package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/httpapi"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/ratelimit"
)

type httpapiDeps = httpapi.Deps

// The numbers are those of the receiver's test matrix, 11.2. What is refused must
// leave nothing behind.
func TestWhatsAppRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := w.hotel(), w.hotel()
	body := delivery(h, w.text("5512988887777", "Zo\u00eb"))
	digest := hexDigest(h.appSecret, body)
	unsigned := func(*request) {}
	big := strings.Repeat(" ", 5<<20)
	for name, c := range map[string]struct {
		body   any
		header option
		more   option
		status int
	}{
		"15 serialised anew":              {strings.Replace(body, "\u00eb", `\u00eb`, 1), with(signatureHeader, "sha256="+digest), nil, 401},
		"16 header missing":               {body, unsigned, nil, 401},
		"17 prefix missing":               {body, with(signatureHeader, digest), nil, 401},
		"17 sha1":                         {body, with(signatureHeader, "sha1="+digest), nil, 401},
		"17 only the old header":          {body, with("X-Hub-Signature", "sha1="+digest[:40]), nil, 401},
		"18 63 digits":                    {body, with(signatureHeader, "sha256="+digest[1:]), nil, 401},
		"18 65 digits":                    {body, with(signatureHeader, "sha256="+digest+"0"), nil, 401},
		"18 no digits":                    {body, with(signatureHeader, "sha256="+strings.Repeat("z", 64)), nil, 401},
		"20 header twice":                 {body, with(signatureHeader, "sha256="+digest, "sha256="+strings.Repeat("0", 64)), nil, 401},
		"22 another app":                  {body, signed("somebody's", body), nil, 401},
		"22 another hotel's app":          {body, signed(other.appSecret, body), nil, 401},
		"22 another hotel's, by its slug": {body, signed(other.appSecret, body), with("X-Tenant-Slug", other.Slug), 401},
		"the platform's, not the hotel's": {body, signed(platformSecret, body), nil, 401},
		"24 empty":                        {"", signed(platformSecret, ""), nil, 400},
		"24 blank":                        {" \n", signed(platformSecret, " \n"), nil, 400},
		"25 too large, announced":         {big, signed(h.appSecret, big), nil, 413},
		"26 too large, chunked":           {io.MultiReader(strings.NewReader(big)), signed(h.appSecret, big), nil, 413},
		"29 compressed":                   {body, signed(h.appSecret, body), with("Content-Encoding", "gzip"), 400},
		"unsigned, unknown number":        {strings.ReplaceAll(body, h.Number.PhoneNumberID, "1"), unsigned, nil, 401},
		"forged, unknown number":          {strings.ReplaceAll(body, h.Number.PhoneNumberID, "1"), signed("guess", body), nil, 401},
		"forged, no JSON":                 {"<html>", signed("guess", "<html>"), nil, 401},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := []option{c.header}
			if c.more != nil {
				options = append(options, c.more)
			}
			w := w.on(t)
			r := w.do(http.MethodPost, webhook, c.body, options...).want(c.status)
			if c.status == http.StatusRequestEntityTooLarge && r.header.Get("Connection") != "close" {
				t.Error("the connection stays open for the rest of the body")
			}
			w.wantNothing()
		})
	}
}

const guest = "5512988887777"

func TestWhatsAppAccepted(t *testing.T) {
	t.Parallel()
	each(t, setup(t), map[string]func(w *world, h hotel){
		"13 ASCII": func(w *world, h hotel) {
			w.deliver(h.appSecret, delivery(h, w.text(guest, "Oi"))).received()
			w.wantStored(h, "QUEUED", 1, 1)
		},
		"19 upper-case hex": func(w *world, h hotel) {
			body := delivery(h, w.text(guest, "Oi"))
			w.do(http.MethodPost, webhook, body, with(signatureHeader, "sha256="+strings.ToUpper(hexDigest(h.appSecret, body)))).received()
			w.wantStored(h, "QUEUED", 1, 1)
		},
		"23 trailing newline, signed": func(w *world, h hotel) {
			w.deliver(h.appSecret, delivery(h, w.text(guest, "Oi"))+" \r\n").received()
			w.wantStored(h, "QUEUED", 1, 1)
		},
		"27 1,000 statuses, 2.9 MB": func(w *world, h hotel) {
			statuses := make([]string, 1000)
			for i := range statuses {
				statuses[i] = fmt.Sprintf(`{"id":%q,"status":"delivered","timestamp":"1764590400","recipient_id":"%s","pad":%q}`,
					newWAMID(), guest, strings.Repeat("x", 2750))
			}
			body := envelope(entry(h.Number.WABAID, changeOf(value(h.Number.PhoneNumberID, nil, statuses))))
			if len(body) < 2_800_000 || len(body) > 3_000_000 {
				w.t.Fatalf("%d bytes", len(body))
			}
			w.deliver(h.appSecret, body).received()
			w.wantStored(h, "QUEUED", 1, 1000)
		},
		"30 text/plain": func(w *world, h hotel) {
			w.deliver(h.appSecret, delivery(h, w.text(guest, "Oi")), with("Content-Type", "text/plain")).received()
			w.wantStored(h, "QUEUED", 1, 1)
		},
		"chunked": func(w *world, h hotel) {
			body := delivery(h, w.text(guest, "Oi"))
			w.do(http.MethodPost, webhook, io.MultiReader(strings.NewReader(body)), signed(h.appSecret, body)).received()
			w.wantStored(h, "QUEUED", 1, 1)
		},
		"32 byte order mark": func(w *world, h hotel) {
			w.deliver(h.appSecret, "\ufeff"+delivery(h, w.text(guest, "Oi"))).received()
			w.wantStored(h, "QUEUED", 1, 1)
		},
		"35 keys twice": func(w *world, h hotel) {
			w.deliver(h.appSecret, strings.Replace(delivery(h, w.text(guest, "Oi")), `{"from"`, `{"from":"5511900000000","from"`, 1)).received()
			w.wantStored(h, "QUEUED", 1, 1)
		},
		"unknown tenant in the address": func(w *world, h hotel) {
			w.do(http.MethodPost, webhook+"?tenant=nobody", delivery(h, w.text(guest, "Oi")), signed(h.appSecret, delivery(h))).want(401)
			body := delivery(h, w.text(guest, "Oi"))
			w.do(http.MethodPost, webhook+"?tenant=nobody", body, signed(h.appSecret, body)).received()
			w.wantStored(h, "QUEUED", 1, 1)
		},
		"hostile tenant in the address": func(w *world, h hotel) {
			body := delivery(h, w.text(guest, "Oi"))
			w.do(http.MethodPost, webhook+"?tenant=%00%ff';--", body, signed(h.appSecret, body)).received()
			w.do(http.MethodPost, webhook+"?tenant="+strings.Repeat("a", 10_000), body, signed(h.appSecret, body)).received()
			w.wantStored(h, "QUEUED", 2, 2)
		},
	})
}

// The same matrix, where what is shown afterwards matters.
func TestWhatsAppUnderstood(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	each(t, w, map[string]func(w *world, h hotel){
		"14 escaped": func(w *world, h hotel) {
			body := strings.Replace(delivery(h, w.text(guest, "NAME")), "NAME", `Zo\u00eb \ud83c\udfe8`, 1)
			w.deliver(h.appSecret, body).received()
			w.says(h, "Zoë 🏨", 1)
			if kept := w.count("SELECT count(*) FROM webhook_delivery WHERE body = $1", []byte(body)); kept != 1 {
				w.t.Error("the raw bytes are not kept")
			}
		},
		"33 invalid UTF-8 and half a pair": func(w *world, h hotel) {
			w.deliver(h.appSecret, strings.Replace(delivery(h, w.text(guest, "NAME")), "NAME", "a\xff"+`b\ud83dc`, 1)).received()
			w.says(h, "a\ufffdb\ufffdc", 1)
		},
		"34 zero characters": func(w *world, h hotel) {
			w.deliver(h.appSecret, strings.Replace(delivery(h, w.text(guest, "NAME")), "NAME", `a\u0000b`, 1)).received()
			w.says(h, "ab", 1)
		},
		"37 odd numbers cost only their item": func(w *world, h hotel) {
			odd := strings.Replace(w.text(guest, "odd"), `"timestamp":"`, `"timestamp":1e400,"was":"`, 1)
			long := strings.Replace(w.text(guest, "long"), `"id":"wamid`, `"id":1234567890123456789012345678901234567890,"was":"wamid`, 1)
			w.deliver(h.appSecret, delivery(h, odd, w.text(guest, "fine"), long, w.text(guest, "too"))).received()
			w.says(h, "fine", 1)
			w.says(h, "too", 1)
		},
	})
}

// 31, 32, 36, 38: what is signed and cannot be read is kept and answered, because
// sending it again cannot help.
func TestWhatsAppPoison(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for name, body := range map[string]string{
		"31 HTML":          "<html>",
		"31 cut off":       `{"object":"whatsapp_business_account","entry":[{`,
		"36 nested 10,000": strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000),
		"36 nested inside": `{"object":"whatsapp_business_account","entry":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`,
		"38 array":         `[1,2]`,
		"38 text":          `"hello"`,
		"38 null":          `null`,
		"38 number":        `1e400`,
		"43 page":          `{"object":"page","entry":[{"id":"1","changes":[]}]}`,
		"44 entry empty":   `{"object":"whatsapp_business_account","entry":[]}`,
		"44 entry missing": `{"object":"whatsapp_business_account"}`,
		"44 entry null":    `{"object":"whatsapp_business_account","entry":null}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := w.on(t)
			h := w.hotel()
			w.deliver(platformSecret, body).received()
			w.deliver(h.appSecret, body, with("X-Tenant-Slug", h.Slug)).received()
			w.deliver(h.appSecret, body).want(http.StatusUnauthorized)
			w.wantStored(h, "", 1, 0)
			if raw := w.count("SELECT count(*) FROM webhook_delivery WHERE body = $1", []byte(body)); raw != 2 {
				t.Errorf("%d deliveries are kept raw, want 2", raw)
			}
		})
	}
}

// 28: a body must arrive in time. The deadline is set on the connection; a body that
// is cut off by it is refused.
func TestWhatsAppSlowBody(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	in := httptest.NewRequestWithContext(context.Background(), http.MethodPost, webhook, stalled{})
	in.ContentLength = 1000
	in.Header.Set(signatureHeader, "sha256="+hexDigest(h.appSecret, ""))
	recorder := &deadlineRecorder{ResponseRecorder: httptest.NewRecorder()}
	w.handler.ServeHTTP(recorder, in)
	if recorder.Code < 400 || recorder.Code >= 500 {
		t.Errorf("status %d: %s", recorder.Code, recorder.Body)
	}
	if left := time.Until(recorder.deadline); left <= 0 || left > 30*time.Second {
		t.Errorf("the deadline is in %s", left)
	}
	w.wantNothing()
}

// stalled is a body of which one byte arrives before the connection's deadline.
type stalled struct{}

func (stalled) Read(p []byte) (int, error) {
	p[0] = '{'
	return 1, errors.New("i/o timeout")
}

type deadlineRecorder struct {
	*httptest.ResponseRecorder
	deadline time.Time
}

func (r *deadlineRecorder) SetReadDeadline(t time.Time) error {
	r.deadline = t
	return nil
}

// 39: what cannot be kept is not taken, and Meta sends it again.
func TestWhatsAppDatabaseDown(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	body := delivery(h, w.text("5512988887777", "Oi"))
	w.deliver(h.appSecret, body).received()
	w.exec("ALTER TABLE webhook_delivery RENAME TO elsewhere")
	if r := w.deliver(h.appSecret, body); r.status != http.StatusInternalServerError && r.status != http.StatusServiceUnavailable {
		t.Errorf("status %d for what was not kept", r.status)
	}
	w.exec("ALTER TABLE elsewhere RENAME TO webhook_delivery")
	w.deliver(h.appSecret, body).received()
	w.cutOff()
	for range 2 {
		r := w.deliver(h.appSecret, body).want(http.StatusServiceUnavailable, "unavailable")
		if r.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		w.directory.ForgetAll() // the second time not even the hotel is known
	}
	w.do(http.MethodGet, "/health", nil).want(http.StatusOK)
	if r := w.do(http.MethodGet, "/api/health", nil).want(http.StatusServiceUnavailable); r.json()["database"] != "error" {
		t.Errorf("health: %s", r.body)
	}
}

// 40: who hangs up while the delivery is being kept loses nothing.
func TestWhatsAppDisconnect(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	body := delivery(h, w.text("5512988887777", "Oi"))
	lock := pgtest.Owner(t, w.db)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tx, err := lock.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(ctx, "LOCK TABLE webhook_delivery IN EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	gone, hangUp := context.WithCancel(ctx)
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		w.deliver(h.appSecret, body, func(r *request) { r.ctx = gone })
	}()
	w.eventually(1, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	hangUp()
	<-answered
	if err := tx.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	w.eventually(1, "SELECT count(*) FROM webhook_delivery")
	w.wantStored(h, "QUEUED", 1, 1)
}

// 41, 42: the same message again, at once or after a month, is the same message.
func TestWhatsAppRepeats(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	body := delivery(h, w.text("5512988887777", "Oi"))
	var all sync.WaitGroup
	for range 300 {
		all.Go(func() { w.deliver(h.appSecret, body).received() })
	}
	all.Wait()
	w.eventually(0, "SELECT count(*) FROM lane_item WHERE kind = 'inbox'")
	w.clock.Advance(30 * 24 * time.Hour)
	w.deliver(h.appSecret, body).received()
	w.eventually(0, "SELECT count(*) FROM lane_item WHERE kind = 'inbox'")
	if n := w.count("SELECT count(*) FROM message"); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
	if n := w.count("SELECT unread FROM conversation"); n != 1 {
		t.Errorf("%d unread, want 1", n)
	}
}

// The limit counts what could not be verified, by address; Meta is never refused.
func TestWhatsAppLimit(t *testing.T) {
	t.Parallel()
	w := setup(t, func(d *httpapiDeps) {
		d.Limits.Webhook = ratelimit.Policy{Name: "webhook", Count: 3, Window: time.Minute}
	})
	h := w.hotel()
	body := delivery(h, w.text("5512988887777", "Oi"))
	for range 10 {
		w.deliver(h.appSecret, body).received()
	}
	for range 3 {
		w.deliver("forged", body).want(http.StatusUnauthorized, "webhook_signature")
	}
	r := w.deliver("forged", body).want(http.StatusTooManyRequests, "rate_limited")
	if r.header.Get("Retry-After") != "20" {
		t.Errorf("Retry-After %q, want 20", r.header.Get("Retry-After"))
	}
	w.deliver("forged", body, from("198.51.100.1:1")).want(http.StatusUnauthorized)
	w.deliver(h.appSecret, body).received() // from the address that is refused
	w.wantStored(h, "QUEUED", 11, 11)
	if logs := w.logs.String(); strings.Contains(logs, "5512988887777") || strings.Contains(logs, h.appSecret) || strings.Contains(logs, "Oi\"") {
		t.Error("a number, a secret or a text is in the logs")
	}
}
