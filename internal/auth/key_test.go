package auth_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// hotel makes a tenant whose flow's key is its slug and "first".
func (w *world) hotel(options ...func(*postgres.TenantRow)) pgtest.Hotel {
	w.t.Helper()
	h := pgtest.Tenant(w.t, w.db, options...)
	w.exec("UPDATE api_key SET hash = $1 WHERE tenant_id = $2", hash("first"), h.ID)
	return h
}

// opens checks what a key is answered with; nil: it opens its hotel.
func (w *world) opens(h pgtest.Hotel, secret string, want error) {
	w.t.Helper()
	got, err := w.auth.Flow(w.t.Context(), h.Slug+":"+secret, netip.Addr{})
	if !errors.Is(err, want) || want == nil && got.ID != h.ID || want != nil && got != nil {
		w.t.Errorf("%s: %v, want %v", secret, err, want)
	}
}

func TestFlow(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := w.hotel(), pgtest.Tenant(t, w.db)
	w.opens(h, "first", nil)
	for _, bad := range []string{"", "First", "first ", "firs", "firstt", "second", "first:x", h.Number.PhoneNumberID, string(hash("first")), strings.Repeat("a", 5000), "\x00"} {
		if bad == "first " {
			continue // headers lose their blanks
		}
		w.opens(h, bad, auth.ErrKey)
	}
	w.opens(other, "first", auth.ErrKey)
	for _, key := range []string{"", ":", "first", "nobody:first", strings.ToUpper(h.Slug) + ":first", h.ID.String() + ":first"} {
		if _, err := w.auth.Flow(t.Context(), key, netip.Addr{}); !errors.Is(err, auth.ErrKey) {
			t.Errorf("%q: %v", key, err)
		}
	}
}

// TestKeyRotation: an old key works as long as its overlap lasts, and no longer.
func TestKeyRotation(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	rotate := func(secret string, ends time.Time) {
		pgtest.InTx(t, w.db, h.ID, func(tx *postgres.Tx) error { return tx.RotateAPIKey(t.Context(), hash(secret), ends) })
	}
	rotate("second", w.clock.Now().Add(time.Hour))
	w.opens(h, "first", nil)
	w.opens(h, "second", nil)
	w.clock.Advance(time.Hour)
	w.opens(h, "first", auth.ErrKey)
	w.opens(h, "second", nil)
	rotate("third", time.Time{})
	w.opens(h, "second", auth.ErrKey)
	w.opens(h, "third", nil)
}

// TestLegacyKey: two public facts open only where a hotel switched that on.
func TestLegacyKey(t *testing.T) {
	t.Parallel()
	w := setup(t)
	off := w.hotel()
	on := w.hotel(func(row *postgres.TenantRow) { row.Bot.LegacyKey = true })
	second := pgtest.Number(t, w.db, on.ID)
	w.opens(off, off.Number.PhoneNumberID, auth.ErrKey)
	w.opens(on, on.Number.PhoneNumberID, nil)
	w.opens(on, second.PhoneNumberID, nil)
	w.opens(on, "first", nil)
	w.opens(on, off.Number.PhoneNumberID, auth.ErrKey)
	w.opens(on, "", auth.ErrKey)
	w.exec("UPDATE tenant SET legacy_key = false WHERE id = $1", on.ID)
	w.clock.Advance(5 * time.Second)
	w.opens(on, on.Number.PhoneNumberID, auth.ErrKey)
}

func TestKeyOfSuspendedHotel(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel(func(row *postgres.TenantRow) { row.Status = tenant.Suspended })
	w.opens(h, "first", tenant.ErrSuspended)
	w.opens(h, "second", auth.ErrKey) // who cannot open learns nothing
}
