package inbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Case 21: when an app's secret is changed, what Meta signed with the old one is still taken
// for a day, the hotel's and the platform's alike; then it is refused.
func TestChangedSecrets(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	own, platforms := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	change := func(secret string) {
		t.Helper()
		err := db.SystemChangeTenant(ctx, own.ID, func(tx *postgres.TenantTx) error {
			tx.Row.AppSecret = box.Seal(secret, own.ID.String())
			return tx.Save(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	now := clock.NewFrozen(time.Now())
	dir := directory.New(db, box, now)
	r := NewReceiver(db, dir, "new platform", logtest.Logger())
	r.PreviousSecret, r.Now = "old platform", now.Now
	t.Cleanup(r.Close)
	taken := func(hotel pgtest.Hotel, secret string) bool {
		t.Helper()
		dir.ForgetAll()
		body := fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[{"id":%q,"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":%q}}}]}]}`,
			hotel.Number.WABAID, hotel.Number.PhoneNumberID)
		err := r.Receive(ctx, http.Header{"X-Hub-Signature-256": {whatsapp.Sign(secret, body)}}, body, "")
		if err != nil && !errors.Is(err, ErrSignature) {
			t.Fatal(err)
		}
		return err == nil
	}
	expect := func(when string, hotel pgtest.Hotel, want map[string]bool) {
		t.Helper()
		for secret, is := range want {
			if taken(hotel, secret) != is {
				t.Errorf("%s, signed with %q: taken %t, want %t", when, secret, !is, is)
			}
		}
	}
	change("first")
	expect("at first", own, map[string]bool{"first": true, "second": false, "new platform": false})
	change("second")
	expect("changed", own, map[string]bool{"first": true, "second": true, "third": false, "new platform": false, "": false})
	if err := db.SystemChangeTenant(ctx, own.ID, func(tx *postgres.TenantTx) error { tx.Row.Name = "Another"; return tx.Save(ctx) }); err != nil {
		t.Fatal(err)
	}
	expect("changed otherwise", own, map[string]bool{"first": true, "second": true})
	change("third")
	expect("changed again", own, map[string]bool{"first": false, "second": true, "third": true})
	now.Advance(directory.SecretOverlap + time.Minute)
	expect("a day later", own, map[string]bool{"first": false, "second": false, "third": true})
	expect("the platform's", platforms, map[string]bool{"old platform": true, "new platform": true, "second": false})
}
