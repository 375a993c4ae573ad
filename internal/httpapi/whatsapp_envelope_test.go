package httpapi_test

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
)

func sharesTheApp(row *postgres.TenantRow) { row.AppSecret = "" }

// The numbers are those of the receiver's test matrix, 11.3, for one hotel.
func TestWhatsAppEnvelope(t *testing.T) {
	t.Parallel()
	each(t, setup(t), map[string]func(w *world, h hotel){
		"46 three changes, two and two": func(w *world, h hotel) {
			status := func() string {
				return fmt.Sprintf(`{"id":%q,"status":"sent","timestamp":"1764590400","recipient_id":"5512988887777"}`, newWAMID())
			}
			full := changeOf(value(h.Number.PhoneNumberID, []string{w.text(guest, "1"), w.text(guest, "2")}, []string{status(), status()}))
			w.deliver(h.appSecret, envelope(entry(h.Number.WABAID, full, full, full))).received()
			w.wantStored(h, "QUEUED", 3, 12)
		},
		"47 unknown field": func(w *world, h hotel) {
			body := strings.Replace(delivery(h, w.text(guest, "x")), `"field":"messages"`, `"field":"something_new"`, 1)
			w.deliver(h.appSecret, body).received()
			w.wantStored(h, "IGNORED", 1, 0)
		},
		"48 field missing": func(w *world, h hotel) {
			w.deliver(h.appSecret, strings.Replace(delivery(h, w.text(guest, "x")), `"field":"messages",`, "", 1)).received()
			w.wantStored(h, "QUEUED", 1, 1)
		},
		"48 field inside value": func(w *world, h hotel) {
			body := strings.Replace(delivery(h, w.text(guest, "x")), `"field":"messages","value":{`, `"value":{"field":"messages",`, 1)
			w.deliver(h.appSecret, body).received()
			w.wantStored(h, "QUEUED", 1, 1)
		},
		"49 value is nothing": func(w *world, h hotel) {
			body := envelope(entry(h.Number.WABAID, changeOf("{}"), changeOf("null"), changeOf("[]"), changeOf("7")))
			w.deliver(h.appSecret, body, with("X-Tenant-Slug", h.Slug)).received()
			w.wantStored(h, "QUEUED", 0, 0)
			w.deliver(h.appSecret, body).received() // the account says whose it is
			strange := strings.ReplaceAll(body, h.Number.WABAID, "999")
			w.deliver(h.appSecret, strange).want(http.StatusUnauthorized) // nothing in it says whose it is
		},
		"51 another account than stored": func(w *world, h hotel) {
			body := envelope(entry("999", changeOf(value(h.Number.PhoneNumberID, []string{w.text(guest, "x")}, nil))))
			w.deliver(h.appSecret, body).received()
			w.wantStored(h, "POISON", 1, 0)
		},
		"52 display number does not matter": func(w *world, h hotel) {
			w.deliver(h.appSecret, strings.Replace(delivery(h, w.text(guest, "x")), "+55 12 3000", "<b>1</b>", 1)).received()
			w.wantStored(h, "QUEUED", 1, 1)
		},
		"53 errors only": func(w *world, h hotel) {
			v := strings.TrimSuffix(value(h.Number.PhoneNumberID, nil, nil), "}") + `,"errors":[{"code":130429,"title":"limit"}]}`
			w.deliver(h.appSecret, envelope(entry(h.Number.WABAID, changeOf(v)))).received()
			w.wantStored(h, "QUEUED", 1, 1) // for the hotel's administrators
		},
		"54 unknown keys everywhere": func(w *world, h hotel) {
			body := strings.ReplaceAll(delivery(h, w.text(guest, "x")), "{", `{"new":{"deep":[1,null]},`)
			w.deliver(h.appSecret, body).received()
			w.wantStored(h, "QUEUED", 1, 1)
		},
		"56 a thousand guests": func(w *world, h hotel) {
			messages := make([]string, 1000)
			for i := range messages {
				messages[i] = w.text(fmt.Sprintf("5512%09d", 900000000+i), fmt.Sprint(i))
			}
			w.deliver(h.appSecret, delivery(h, messages...)).received()
			w.wantStored(h, "QUEUED", 1, 1000)
			if n := w.count("SELECT count(*) FROM lane WHERE kind = 'inbox' AND tenant_id = $1", h.ID); n != 1000 {
				w.t.Errorf("%d lanes, want one for each guest", n)
			}
		},
	})
}

// 55, and names of numbers that are none.
func TestWhatsAppOddParts(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	h := w.hotel()
	bad := `{"from":"5512988887777","timestamp":"1764590400","type":"text","text":{"body":"no id"}}`
	w.deliver(h.appSecret, delivery(h, w.text(guest, "1"), w.text(guest, "2"), bad, w.text(guest, "3"), w.text(guest, "4"))).received()
	for _, words := range []string{"1", "2", "3", "4"} {
		w.says(h, words, 1)
	}
	random := make([]byte, 20_000)
	_, _ = rand.Read(random)
	odd := []string{`1\u0000`, `\ud83d`, "\xff", fmt.Sprintf("%x", random), "' OR 1=1 --"}
	for _, number := range odd {
		body := strings.Replace(envelope(entry("1", changeOf(value("NUMBER", []string{w.text(guest, "x")}, nil)))), "NUMBER", number, 1)
		w.deliver(platformSecret, body).received()
	}
	if n := w.count("SELECT count(*) FROM webhook_delivery"); n != 1+len(odd) {
		t.Errorf("%d deliveries are kept, want %d", n, 1+len(odd))
	}
}

// A body that nobody signed must not cost more because it names many numbers.
func TestWhatsAppManyNumbers(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	changes := make([]string, 30_000)
	for i := range changes {
		changes[i] = changeOf(fmt.Sprintf(`{"metadata":{"phone_number_id":"%d"}}`, i))
	}
	before := w.statements()
	w.deliver("forged", envelope(entry("1", changes...))).want(http.StatusUnauthorized)
	if asked := w.statements() - before; asked > 100 {
		t.Errorf("the database was asked %d times", asked)
	}
	changes = append(changes[:100], changeOf(value(h.Number.PhoneNumberID, []string{w.text(guest, "x")}, nil)))
	w.deliver(platformSecret, envelope(entry("1", changes...))).received()
	if n := w.count("SELECT count(*) FROM webhook_delivery WHERE fate = 'UNCLAIMED'"); n != 100 {
		t.Errorf("%d of 100 unknown numbers are kept", n)
	}
}

// statements counts the transactions of the database so far.
func (w *world) statements() int {
	w.t.Helper()
	w.count("SELECT 1 FROM (SELECT pg_stat_force_next_flush()) AS flushed")
	return w.count("SELECT xact_commit::int FROM pg_stat_database WHERE datname = current_database()")
}

// 45: two hotels in one body. Each part is believed only if the app that signed may
// speak for its number.
func TestWhatsAppTwoHotels(t *testing.T) {
	t.Parallel()
	w := setup(t)
	one, two, own := w.hotel(sharesTheApp), w.hotel(sharesTheApp), w.hotel()
	part := func(h hotel, words string) string {
		return entry(h.Number.WABAID, changeOf(value(h.Number.PhoneNumberID, []string{w.text(guest, words)}, nil)))
	}
	body := envelope(part(one, "for one"), part(two, "for two"), part(own, "for own"))
	keptFor := func(h hotel) int {
		return w.count("SELECT count(*) FROM webhook_delivery WHERE tenant_id = $1", h.ID)
	}
	w.deliver(platformSecret, body).received()
	if keptFor(one) != 1 || keptFor(two) != 1 || keptFor(own) != 0 {
		t.Errorf("kept %d, %d and %d, want 1, 1 and 0", keptFor(one), keptFor(two), keptFor(own))
	}
	for _, h := range []hotel{one, two} {
		mixed := w.count("SELECT count(*) FROM webhook_delivery WHERE tenant_id <> $1 AND position($2::bytea IN body) > 0",
			h.ID, []byte(h.Number.PhoneNumberID))
		if mixed != 0 {
			t.Errorf("what is of %s lies with another hotel", h.Slug)
		}
	}
	w.deliver(own.appSecret, body).received()
	if keptFor(own) != 1 || keptFor(one) != 1 {
		t.Error("the hotel's own app spoke for others, or not for its own")
	}
	w.deliver(own.appSecret, envelope(part(one, "forged"))).want(http.StatusUnauthorized)
	w.wantStored(own, "QUEUED", 1, 1)
}

// 50: a number that nobody has yet is kept for whoever connects it, but what a hotel's
// own app signed only for that hotel.
func TestWhatsAppUnknownNumber(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first, second := w.hotel(), w.hotel()
	number := "777000111222333"
	body := envelope(entry("1", changeOf(value(number, []string{w.text(guest, "early")}, nil))))
	w.deliver(platformSecret, body).received()
	w.deliver(second.appSecret, body, with("X-Tenant-Slug", second.Slug)).received()
	w.do(http.MethodPost, webhook+"?tenant="+first.Slug, body, signed(first.appSecret, body)).received()
	w.deliver(first.appSecret, body).want(http.StatusUnauthorized)
	if n := w.count("SELECT count(*) FROM webhook_delivery WHERE fate = 'UNCLAIMED'"); n != 3 {
		t.Errorf("%d deliveries wait for whoever connects the number, want 3", n)
	}
	line := w.connect(first, number)
	if err := w.receiver.Claim(t.Context(), first.ID, line.Number); err != nil {
		t.Fatal(err)
	}
	w.wantStored(first, "QUEUED", 2, 2)
	if n := w.count("SELECT count(*) FROM webhook_delivery WHERE tenant_id = $1 AND fate = 'UNCLAIMED'", second.ID); n != 1 {
		t.Error("what another hotel's app signed was claimed")
	}
}

func (w *world) connect(h hotel, phoneNumberID string) postgres.NumberRow {
	w.t.Helper()
	row := postgres.NumberRow{TenantID: h.ID}
	row.ID, row.PhoneNumberID = id.NewNumber(), phoneNumberID
	err := w.db.SystemChangeTenant(w.t.Context(), h.ID, func(tx *postgres.TenantTx) error { return tx.InsertNumber(w.t.Context(), row) })
	if err != nil {
		w.t.Fatal(err)
	}
	w.directory.ForgetAll()
	return row
}
