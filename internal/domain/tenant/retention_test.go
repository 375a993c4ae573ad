package tenant_test

import (
	"errors"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/tenant"
)

func TestRetention(t *testing.T) {
	t.Parallel()
	for r, want := range map[tenant.Retention]error{
		tenant.DefaultRetention: nil, {Deliveries: 1}: nil, {Deliveries: 3650, Media: 3650}: nil, {Deliveries: 30, Media: 1}: nil,
		{Deliveries: 0, Media: 365}: tenant.ErrBadRetention, {Deliveries: -1, Media: 365}: tenant.ErrBadRetention,
		{Deliveries: 3651, Media: 365}: tenant.ErrBadRetention, {Deliveries: 30, Media: -1}: tenant.ErrBadRetention,
		{Deliveries: 30, Media: 3651}: tenant.ErrBadRetention, {}: tenant.ErrBadRetention,
	} {
		if got := r.Check(); !errors.Is(got, want) {
			t.Errorf("%+v: %v, want %v", r, got, want)
		}
	}
	today := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	r := tenant.Retention{Deliveries: 1, Media: 365}
	if got := r.DeliveriesBefore(today); !got.Equal(time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("deliveries from %s on", got)
	}
	if got, limited := r.MediaBefore(today); !limited || !got.Equal(time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("files from %s on, %v", got, limited)
	}
	r.Media = 0
	if _, limited := r.MediaBefore(today); limited {
		t.Error("files are not kept for ever")
	}
}
